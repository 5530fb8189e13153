"""Resources: the parts that assets are given. Opening and closing them belongs here, using them does not."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from assets import alive
from assets.windows import of_tags
from muniment import warehouse
from muniment.backup import restoring
from muniment.isolation import Confined
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.settings import Settings


class Dbt(DbtCliResource):
    """dbt's command line, the one that is installed beside us: its version is known without starting it, and what
    it built is looked at over our own connection, not through an adapter of dbt's in this process."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None


def confined_resource(settings: Settings) -> dg.ResourceDefinition:
    """The confined process in which record files are read, for the length of a run."""

    def opened(_: dg.InitResourceContext) -> Iterator[Confined]:
        with Confined(settings.records_timeout_seconds, settings.parse_memory_mb) as confined:
            yield confined

    return dg.ResourceDefinition(opened, description="Confined process for reading record files")


def platform_resource(settings: Settings) -> dg.ResourceDefinition:
    """The installation, for every asset and schedule; BackupError says so where it is half restored."""

    def opened(_: dg.InitResourceContext) -> Platform:
        restoring.refuse(settings)
        return Platform(settings)

    return dg.ResourceDefinition(opened, description="Stores, register and lake of the installation")


def warehouse_resource(settings: Settings) -> dg.ResourceDefinition:
    """The warehouse's address for the length of a run, which is known to live meanwhile; the embedded server does.

    No other run on the lake, on any machine, may have the run's windows meanwhile.
    """

    def opened(context: dg.InitResourceContext) -> Iterator[Dsn]:
        mine = of_tags(context.dagster_run.tags) if context.dagster_run else []
        with (
            alive.held(settings, str(context.run_id)),
            Platform(settings).lake.claimed(mine),
            warehouse.opened(settings) as dsn,
        ):
            with warehouse.connected(dsn, autocommit=True) as connection:
                warehouse.prepare(connection, dsn)
            yield dsn

    return dg.ResourceDefinition(opened, description="Address of the warehouse")
