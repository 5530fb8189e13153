"""The warehouse's mirror of the lake, the marts that dbt builds on it, the release that ties all together, and the mark
that a window is through."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)

from assets import evidence, linkage
from assets.windows import ONE_RUN, WINDOWS, lake_key, of_run, warehouse_key
from muniment import marts, releases, warehouse
from muniment.contract import contracts
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.progress import Reporter

if TYPE_CHECKING:
    import psycopg

# dbt's unit tests try the models' logic on rows of their own: they belong to development, not to every run.
_BUILD = ["build", "--exclude-resource-type", "unit_test"]
# Below dbt's target folder: what dbt says about its last run. No other dbt writes there.
RUN_FOLDER = "run"
TABLES = warehouse.loadable()


@dg.multi_asset(
    specs=[
        evidence.table_spec(
            c, warehouse_key(c), [lake_key(c), lake_key(contracts()["objects"])], {"postgres"}, "warehouse"
        )
        for c in TABLES
    ]
    + linkage.SPECS,
    check_specs=[linkage.CHECK],
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
    # Dagster refuses a backfill of a multi-asset that must run whole and whose tables hang on different parents: it
    # compares their subsets of windows with `!=`, which is true also of equal ones (TimeWindowPartitionsSubset).
    can_subset=True,
)
def mirror(
    context: dg.AssetExecutionContext,
    platform: dg.ResourceParam[Platform],
    dsn: dg.ResourceParam[Dsn],
    reporter: dg.ResourceParam[Reporter],
) -> Iterator[dg.MaterializeResult]:
    with reporter.stage("load warehouse") as stage, warehouse.connected(dsn, autocommit=True) as connection:
        selected = [c for c in TABLES if warehouse_key(c) in context.selected_asset_keys]
        for done, contract in enumerate(selected, start=1):
            loaded = warehouse.sync(connection, platform.lake, contract, context.run_id)
            changed = [window for window in loaded if window.changed]
            stage.count(rows=sum(window.rows for window in changed), table_windows=len(changed))
            reporter.advance(done, len(selected))
            metadata: dict[str, Any] = {
                "dagster/row_count": sum(window.rows for window in loaded),
                "dagster/column_schema": evidence.column_schema(contract),
                "dagster/table_name": contract.table,
                "windows_loaded": [window.window_key for window in changed],
            }
            yield dg.MaterializeResult(asset_key=warehouse_key(contract), metadata=metadata)
    if linkage.KEYS & context.selected_asset_keys:
        with warehouse.connected(dsn, autocommit=True) as connection:
            yield from linkage.linked(context, connection, platform.tokens, reporter)


class _Translator(DagsterDbtTranslator):
    """Groups models and seeds by their schema; sources carry the mirror's asset keys in their own metadata. A mart is
    called what readers call it, wherever dbt builds it."""

    def get_group_name(self, dbt_resource_props: Any) -> str | None:
        schema = dbt_resource_props["config"].get("schema")
        return str(schema) if schema else None

    def get_metadata(self, dbt_resource_props: Any) -> Mapping[str, Any]:
        schema = dbt_resource_props["schema"]
        return super().get_metadata(
            {**dbt_resource_props, "schema": marts.MARTS if schema == marts.CANDIDATE else schema}
        )


def models(project: DbtProject) -> dg.AssetsDefinition:
    """dbt's models as assets, built once a run; dbt's tests are their checks, those of sources the mirror's."""
    manifest = Path(project.manifest_path)
    translator = _Translator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    @dbt_assets(
        manifest=manifest,
        project=project,
        dagster_dbt_translator=translator,
        name="marts",
        # A mart has no parts by window: its window is one that it was built with. Assets without partitions would cut
        # every backfill into several runs.
        partitions_def=WINDOWS,
        backfill_policy=ONE_RUN,
    )
    def build(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        platform: dg.ResourceParam[Platform],
        dsn: dg.ResourceParam[Dsn],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[Any]:
        built = _tested(context, build)
        with reporter.stage("build marts") as stage, warehouse.connected(dsn, autocommit=True) as connection:
            os.environ.update(warehouse.dbt_environment(dsn))
            with marts.building(connection, built):
                building = dbt.cli(_BUILD, context=context, target_path=Path(project.target_path) / RUN_FOLDER)
                for event in building.stream():
                    yield _counted(event, building.manifest["nodes"], connection)
            stage.count(models=len(context.selected_asset_keys))
            if built:  # else dbt only tested what it builds on
                whole = context.selected_asset_keys >= build.keys
                context.log.info(_published(releases.publish(platform, connection, context.run_id, whole=whole)))

    return build


def _published(made: releases.Cut) -> str:
    """What became of marts that were built."""
    if made.release:
        return f"The marts are built, and published with release {made.release.id}"
    if made.published:
        return f"The marts are built and published; {made.reason}"
    return f"The marts are built, and published by the run that cuts the next release: {made.reason}"


def _tested(context: dg.AssetExecutionContext, models: dg.AssetsDefinition) -> list[str]:
    """The marts of the models that are to be built; MartsError where somebody left their checks out: what was not
    tested is not published. (The context's own definition has only what was selected.)"""
    selected = context.selected_asset_keys
    built = {key for key in selected if key.path[0] == marts.MARTS}
    checks = {spec.key for spec in models.check_specs if spec.asset_key in selected}
    if built and not checks <= context.selected_asset_check_keys:
        raise marts.MartsError("Marts are published only when they are tested: materialise them with their checks.")
    return [key.path[-1] for key in built]


def _counted(event: Any, nodes: Mapping[str, Any], connection: "psycopg.Connection[Any]") -> Any:
    """The event of a table that dbt built with the number of its rows; any other as it is.

    `fetch_row_counts` would do it with an adapter of dbt's own in this process and a thread that waits without rest:
    four seconds of a processor in every run.
    """
    if not isinstance(event, dg.Output | dg.AssetMaterialization):
        return event
    node = nodes[str(event.metadata["unique_id"].value)]
    if node["config"]["materialized"] == "view":
        return event
    rows = warehouse.row_count(connection, node["schema"], node["alias"])
    return event.with_metadata({**event.metadata, "dagster/row_count": rows})


_RELEASED = dg.AssetKey(["windows", "released"])
_SETTLED = dg.AssetKey(["windows", "settled"])


def finished(models: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """The assets downstream of everything: what readers of the lake see from now on, and windows that need no look.

    One step makes both, under one lock. If windows were settled first, a run killed before its release would leave
    nothing that the next has to do; if they were settled without the lock, two runs that end together would each leave
    the release to the other.
    """
    deps = [
        dg.AssetKey(["search", "passages"]),
        *sorted(key for key in models.keys if key.path[0] == marts.MARTS),
        *(warehouse_key(contract) for contract in TABLES if contract.namespace == "vault"),  # no mart reads it
    ]

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                _RELEASED,
                deps=deps,
                description="The newest release: a name for what all tables hold together, and what readers see",
                kinds={"iceberg"},
                group_name="windows",
            ),
            dg.AssetSpec(
                _SETTLED,
                deps=[*deps, _RELEASED],
                description="Windows that went through every stage; what the next run has not to look at",
                kinds={"postgres"},
                group_name="windows",
            ),
        ],
        partitions_def=WINDOWS,
        backfill_policy=ONE_RUN,
        can_subset=True,  # see `mirror`
    )
    def finish(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        dsn: dg.ResourceParam[Dsn],
        reporter: dg.ResourceParam[Reporter],
    ) -> Iterator[dg.MaterializeResult]:
        manifests = platform.register.of([window.key for window in of_run(context)])
        mine = {m.window_key: m.digest for m in manifests}
        with (
            reporter.stage("cut release") as stage,
            releases.alone(platform.lake),
            warehouse.connected(dsn, autocommit=True) as connection,
        ):
            if _RELEASED in context.selected_asset_keys:
                made = releases.cut(platform, connection, mine, context.run_id)
                if made.again:
                    raise releases.ReleaseError(f"No release was cut: {made.reason}. Run the windows again.")
                stage.count(tables_changed=len(made.release.changed) if made.release else 0)
                yield dg.MaterializeResult(asset_key=_RELEASED, metadata=_told(made))
            if _SETTLED in context.selected_asset_keys:
                warehouse.settle(connection, mine, context.run_id)
                warehouse.unsettle(connection, platform.register.retired())  # they are out of it by now
                yield dg.MaterializeResult(asset_key=_SETTLED)

    return finish


def _told(made: releases.Cut) -> dict[str, Any]:
    """What a materialisation says of a release, or why there was none."""
    if made.release is None:
        return {"release": "none", "reason": made.reason}
    lines = ["| table | rows | windows | snapshot | changed |", "|---|---|---|---|---|"]
    for name, table in made.release.tables.items():
        changed = "yes" if name in made.release.changed else ""
        lines.append(f"| {name} | {table.rows} | {table.windows} | {table.snapshot} | {changed} |")
    return {
        "release": made.release.id,
        "windows_changed": list(made.release.windows),
        "code": made.release.code,
        "contracts": made.release.contracts,
        "models": made.release.models,
        "tables": dg.MetadataValue.md("\n".join(lines)),
    }
