"""Resources: the parts that assets are given. Opening and closing them belongs here, using them does not."""

from collections.abc import Iterator

import dagster as dg
from muniment import warehouse
from muniment.postgres import Dsn
from muniment.settings import Settings


def warehouse_resource(settings: Settings) -> dg.ResourceDefinition:
    """The warehouse's address for the length of a run; the embedded server runs at least as long."""

    def opened(_: dg.InitResourceContext) -> Iterator[Dsn]:
        with warehouse.opened(settings) as dsn:
            with warehouse.connected(dsn, autocommit=True) as connection:
                warehouse.prepare(connection, dsn)
            yield dsn

    return dg.ResourceDefinition(opened, description="Address of the warehouse")
