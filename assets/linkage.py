"""Who is who: mentions and links in the warehouse, worked out from what was mirrored there.

They are made by the step that mirrors. Were it a step of its own between the mirror and dbt, Dagster would cut dbt's
models into several runs of dbt: dbt's tests of the mirrored tables stand before it and the models behind.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.windows import lake_key
from muniment.contract import contracts, tables
from muniment.privacy import Tokens
from muniment.progress import Reporter
from muniment.stages.link import INPUTS, link

if TYPE_CHECKING:
    import psycopg

MENTIONS = dg.AssetKey(["linkage", "mentions"])
LINKS = dg.AssetKey(["linkage", "entity_links"])
KEYS = {MENTIONS, LINKS}
TORN = "no_link_between_two_insurance_numbers"
_DEPS = [
    *(lake_key(contract) for contract in tables() if contract.table in INPUTS),
    lake_key(contracts()["objects"]),
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


SPECS = [
    _spec(MENTIONS, "Which name, by its token, stands in which document or record"),
    _spec(LINKS, "Which names are probably one person, which descriptions one parcel, and what speaks for it"),
]
CHECK = dg.AssetCheckSpec(
    TORN,
    asset=LINKS,
    blocking=True,
    description="Nobody is linked to somebody with another social insurance number",
)


def linked(
    context: dg.AssetExecutionContext, connection: "psycopg.Connection[Any]", tokens: Tokens, reporter: Reporter
) -> Iterator[dg.MaterializeResult]:
    """Link what the warehouse holds; the results of those of the assets that are asked for."""
    with reporter.stage("link entities") as stage:
        took = link(connection, tokens, context.run_id)
        stage.count(links=took.links, linked=took.linked)
    if MENTIONS in context.selected_asset_keys:
        yield dg.MaterializeResult(asset_key=MENTIONS, metadata={"dagster/row_count": took.mentions})
    if LINKS in context.selected_asset_keys:
        torn = dg.AssetCheckResult(
            passed=not took.torn, check_name=TORN, asset_key=LINKS, metadata={"links": took.torn}
        )
        yield dg.MaterializeResult(
            asset_key=LINKS,
            metadata={"dagster/row_count": took.links, "linked": took.linked, "changed": took.changed},
            check_results=[torn] if dg.AssetCheckKey(LINKS, TORN) in context.selected_asset_check_keys else [],
        )
