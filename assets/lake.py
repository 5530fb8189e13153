"""Lake tables: documents, records, and the objects that close a window. Each is judged before it is committed."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from assets import evidence
from assets.landing import readings, register
from assets.windows import ONE_RUN, WINDOWS, lake_key, of_run
from expectations.judge import judge
from muniment.contract import Contract, contracts, of_origin
from muniment.isolation import Confined
from muniment.outcomes import ConservationError, part_of
from muniment.platform import Platform
from muniment.progress import Reporter, Stage
from muniment.register import FirstSeen, Manifest
from muniment.stages.close_window import close_window
from muniment.stages.publish_documents import publish_documents
from muniment.stages.publish_records import publish_records
from muniment.stages.result import Blocked, Published

Results = Iterator[dg.MaterializeResult | dg.AssetCheckResult]

DOCUMENTS = of_origin("documents")
CONSERVATION = "conservation"


def _spec(contract: Contract, *deps: dg.AssetKey) -> dg.AssetSpec:
    return evidence.table_spec(contract, lake_key(contract), deps, {"iceberg", "parquet"}, "lake")


def _judged(contracts: list[Contract]) -> list[dg.AssetCheckSpec]:
    return [spec for contract in contracts for spec in evidence.check_specs(contract, lake_key(contract))]


def _manifests(platform: Platform, context: dg.AssetExecutionContext) -> tuple[list[Manifest], FirstSeen]:
    wanted = {window.key for window in of_run(context)}
    manifests = platform.register.live()
    return [m for m in manifests if m.window_key in wanted], FirstSeen(manifests, part_of)


def report(
    context: dg.AssetExecutionContext, contract: Contract, published: Mapping[str, Published]
) -> dg.MaterializeResult:
    """The materialisation of one judged table over the run's windows."""
    key = lake_key(contract)
    for result in published.values():
        evidence.committed(context, key, contract, result.committed[contract.name])
    return dg.MaterializeResult(asset_key=key, check_results=evidence.check_results(contract, key, published))


def blocked(context: dg.AssetExecutionContext, tables: list[Contract], key: str, error: Blocked) -> Results:
    """The failed checks of a window that may not be committed."""
    for contract in tables:
        yield from evidence.check_results(contract, lake_key(contract), {key: error.published})


@dg.multi_asset(
    specs=[_spec(contract, readings.key) for contract in DOCUMENTS],
    check_specs=_judged(DOCUMENTS),
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
)
def documents(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], reporter: dg.ResourceParam[Reporter]
) -> Results:
    manifests, first = _manifests(platform, context)
    published: dict[str, Published] = {}
    with reporter.stage("publish documents") as stage:
        for done, manifest in enumerate(manifests, start=1):
            try:
                published[manifest.window_key] = publish_documents(platform, manifest, first, judge, context.run_id)
            except Blocked as error:
                yield from blocked(context, DOCUMENTS, manifest.window_key, error)
                raise dg.Failure(str(error), allow_retries=False) from error
            _count(stage, published[manifest.window_key])
            reporter.advance(done, len(manifests))
    for contract in DOCUMENTS:
        yield report(context, contract, published)


def _count(stage: Stage, published: Published) -> None:
    stage.count(
        **{
            table.rpartition(".")[2]: commit.rows
            for table, commit in published.committed.items()
            if "vault" not in table
        }
    )


def _record_assets(contract: Contract) -> dg.AssetsDefinition:
    vault = contract.vault

    @dg.multi_asset(
        name=f"records_{contract.name}",
        specs=[_spec(table, register.key) for table in (contract, vault) if table],
        check_specs=_judged([contract]),
        partitions_def=WINDOWS,
        backfill_policy=ONE_RUN,
    )
    def table(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        confined: dg.ResourceParam[Confined],
        reporter: dg.ResourceParam[Reporter],
    ) -> Results:
        manifests, first = _manifests(platform, context)
        published: dict[str, Published] = {}
        with reporter.stage(f"publish {contract.name}") as stage:
            for manifest in manifests:
                result = publish_records(platform, contract, manifest, first, judge, confined, context.run_id)
                published[manifest.window_key] = result
                _count(stage, result)
                stage.count(refused_files=len(result.refused))
                _warn(context, result)
        yield report(context, contract, published)
        if vault:
            for result in published.values():
                evidence.committed(context, lake_key(vault), vault, result.committed[vault.table])
            yield dg.MaterializeResult(asset_key=lake_key(vault))

    return table


def _warn(context: dg.AssetExecutionContext, published: Published) -> None:
    for file, why in published.refused.items():
        context.log.warning(f"{file} was refused: {why}")
    for file, columns in published.unknown_columns.items():
        context.log.warning(f"{file} has columns that the contract does not know: {', '.join(columns)}")


RECORDS = [_record_assets(contract) for contract in of_origin("records")]

_CLOSING = [contracts()["objects"], contracts()["quarantine"]]


@dg.multi_asset(
    specs=[
        _spec(
            contract,
            *(
                lake_key(c)
                for c in (*DOCUMENTS, *of_origin("records"))
                if c.name in ("documents", contract.name) or c.origin == "records"
            ),
        )
        for contract in _CLOSING
    ],
    check_specs=[
        dg.AssetCheckSpec(
            CONSERVATION,
            asset=lake_key(contracts()["objects"]),
            blocking=True,
            description="Registered = published + duplicate + quarantined, in every window",
        )
    ],
    partitions_def=WINDOWS,
    backfill_policy=ONE_RUN,
)
def closing(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], reporter: dg.ResourceParam[Reporter]
) -> Results:
    manifests, _ = _manifests(platform, context)
    lines = ["| window | registered | published | duplicate | quarantined |", "|---|---|---|---|---|"]
    with reporter.stage("close windows") as stage:
        for manifest in manifests:
            try:
                balance, commits = close_window(platform, manifest, context.run_id)
            except ConservationError as error:
                yield _conservation(passed=False, window=manifest.window_key, why=str(error))
                raise dg.Failure(str(error), allow_retries=False) from error
            counts = (balance.registered, balance.published, balance.duplicate, balance.quarantined)
            lines.append(f"| {manifest.window_key} | " + " | ".join(map(str, counts)) + " |")
            stage.count(published=counts[1], duplicate=counts[2], quarantined=counts[3])
            for contract, commit in zip(reversed(_CLOSING), commits, strict=True):
                evidence.committed(context, lake_key(contract), contract, commit)
    yield dg.MaterializeResult(asset_key=lake_key(_CLOSING[1]))
    windows = dg.MetadataValue.md("\n".join(lines))
    yield dg.MaterializeResult(
        asset_key=lake_key(_CLOSING[0]), check_results=[_conservation(passed=True, windows=windows)]
    )


def _conservation(*, passed: bool, **metadata: Any) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed, asset_key=lake_key(_CLOSING[0]), check_name=CONSERVATION, metadata=metadata
    )
