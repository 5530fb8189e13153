"""Who is who: mentions and links in the warehouse, worked out from what was mirrored there."""

from collections.abc import Iterator

import dagster as dg

from assets.windows import ONE_RUN, WINDOWS, warehouse_key
from muniment import warehouse
from muniment.contract import contracts, tables
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.progress import Reporter
from muniment.stages.link import INPUTS, link

MENTIONS = dg.AssetKey(["linkage", "mentions"])
LINKS = dg.AssetKey(["linkage", "entity_links"])
TORN = "no_link_between_two_insurance_numbers"
_DEPS = [
    *(warehouse_key(contract) for contract in tables() if contract.table in INPUTS),
    warehouse_key(contracts()["objects"]),
]


def _spec(key: dg.AssetKey, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        deps=_DEPS,
        description=description,
        kinds={"postgres"},
        group_name="linkage",
        metadata={"dagster/table_name": ".".join(key.path)},
    )


@dg.multi_asset(
    specs=[
        _spec(MENTIONS, "Which name, by its token, stands in which document or record"),
        _spec(LINKS, "Which names are probably one person, which descriptions one parcel, and what speaks for it"),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            TORN,
            asset=LINKS,
            blocking=True,
            description="Nobody is linked to somebody with another social insurance number",
        )
    ],
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
)
def entity_links(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    dsn: dg.ResourceParam[Dsn],
    reporter: dg.ResourceParam[Reporter],
) -> Iterator[dg.MaterializeResult]:
    with reporter.stage("link entities") as stage, warehouse.connected(dsn, autocommit=True) as connection:
        took = link(connection, platform.tokens, context.run_id)
        stage.count(links=took.links, linked=took.linked)
    yield dg.MaterializeResult(asset_key=MENTIONS, metadata={"dagster/row_count": took.mentions})
    yield dg.MaterializeResult(
        asset_key=LINKS,
        metadata={"dagster/row_count": took.links, "linked": took.linked, "changed": took.changed},
        check_results=[
            dg.AssetCheckResult(passed=not took.torn, check_name=TORN, asset_key=LINKS, metadata={"links": took.torn})
        ],
    )
