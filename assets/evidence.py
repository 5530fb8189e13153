"""What a materialisation carries: rows, snapshot, columns, places, and check results with their figures."""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from expectations.suites import check_names
from muniment.contract import Contract
from muniment.gate import Dimension, Verdict
from muniment.lake import Committed
from muniment.stages.result import Published


def column_schema(contract: Contract) -> dg.TableSchema:
    """The contract's columns as the UI shows them."""
    columns = [
        dg.TableColumn(
            c.name,
            c.postgres_type,
            c.description,
            constraints=dg.TableColumnConstraints(nullable=not c.required),
            tags={"pii": c.pii} if c.pii else {},
        )
        for c in contract.all_columns
    ]
    return dg.TableSchema(columns=columns)


def table_spec(
    contract: Contract, key: dg.AssetKey, deps: Iterable[dg.AssetKey], kinds: set[str], group: str
) -> dg.AssetSpec:
    """An asset that is a table of a contract."""
    return dg.AssetSpec(
        key,
        deps=list(deps),
        description=contract.description,
        kinds=kinds,
        group_name=group,
        metadata={
            "dagster/column_schema": column_schema(contract),
            "dagster/table_name": contract.table,
            "contract": f"{contract.name} {contract.version}",
            "retention_days": contract.retention_days,
        },
    )


def check_specs(contract: Contract, key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """The gate's checks of a table; nothing downstream runs when one fails."""
    least = contract.thresholds
    return [
        dg.AssetCheckSpec(
            name,
            asset=key,
            blocking=True,
            description=f"{dimension} of at least {getattr(least, dimension):.2f}, judged before the commit",
        )
        for name, dimension in check_names(contract)
    ]


def committed(context: dg.AssetExecutionContext, key: dg.AssetKey, contract: Contract, commit: Committed) -> None:
    """Attach what a commit did to the materialisation of its window."""
    context.add_asset_metadata(
        {
            "dagster/partition_row_count": commit.rows,
            "iceberg_snapshot_id": str(commit.snapshot),
            "content": commit.content_id,
            "changed": commit.changed,
            "dagster/column_schema": column_schema(contract),
            "dagster/table_name": contract.table,
        },
        asset_key=key,
        partition_key=commit.window_key,
    )


def check_results(
    contract: Contract, key: dg.AssetKey, published: Mapping[str, Published]
) -> list[dg.AssetCheckResult]:
    """One result a dimension over the run's windows: failed when a batch or a file of any window missed a threshold."""
    return [_check_result(contract, key, name, dimension, published) for name, dimension in check_names(contract)]


def _check_result(
    contract: Contract, key: dg.AssetKey, name: str, dimension: Dimension, published: Mapping[str, Published]
) -> dg.AssetCheckResult:
    verdicts = {window: p.verdicts[contract.name] for window, p in published.items() if contract.name in p.verdicts}
    failed = any(f.dimension == dimension for v in verdicts.values() for f in v.failures)
    refused = {file: why for p in published.values() for file, why in p.refused.items() if f"{dimension} of" in why}
    metadata: dict[str, Any] = {
        "rows": sum(v.rows for v in verdicts.values()),
        "threshold": getattr(contract.thresholds, dimension),
        "least_share": min(
            (f.share for v in verdicts.values() for f in v.figures if f.dimension == dimension), default=1.0
        ),
        "figures": _figures(verdicts, dimension),
    }
    if refused:
        metadata["refused_files"] = dg.MetadataValue.json(refused)
    # A refused file is in quarantine and nothing of it is visible, so it warns; a failed batch stops the run.
    severity = dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        passed=not failed and not refused, asset_key=key, check_name=name, severity=severity, metadata=metadata
    )


def _figures(verdicts: Mapping[str, Verdict], dimension: Dimension) -> dg.MarkdownMetadataValue:
    lines = ["| window | check | elements | unexpected | share |", "|---|---|---|---|---|"]
    for window, verdict in verdicts.items():
        lines += [
            f"| {window} | {f.check} | {f.elements} | {f.unexpected} | {f.share:.4f} |"
            for f in verdict.figures
            if f.dimension == dimension
        ]
    return dg.MetadataValue.md("\n".join(lines))
