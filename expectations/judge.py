"""The judge: runs a contract's suite over batches with Great Expectations and adds the figures up.

A batch is looked at in parts so that memory stays bounded; an expectation's own verdict on a part is not used, only its
counts. An expectation that raises is an error, never a pass or a plain failure.
"""

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pyarrow as pa

from expectations import suites
from expectations.suites import Check
from muniment.contract import Contract
from muniment.gate import Figure, GateError, Verdict


def judge(contract: Contract, batches: Iterable[pa.RecordBatch]) -> Verdict:
    """The verdict on a batch given in parts. GateError when a check could not be made."""
    checks = suites.row_checks(contract)
    rows = 0
    totals = [(0, 0)] * len(checks)
    digests = array("q")
    for batch in batches:
        rows += batch.num_rows
        counts = _counts(checks, _frame(batch, checks))
        totals = [(e + de, u + du) for (e, u), (de, du) in zip(totals, counts, strict=True)]
        digests.extend(_digests(batch, contract))
    figures = [_figure(check, *total) for check, total in zip(checks, totals, strict=True)]
    return Verdict(rows, (*figures, _uniqueness(contract, digests)))


def _figure(check: Check, elements: int, unexpected: int) -> Figure:
    return Figure(check.name, check.dimension, check.columns, elements, unexpected, check.threshold)


def _uniqueness(contract: Contract, digests: "array[int]") -> Figure:
    import numpy as np
    import pandas as pd

    check = suites.key_check(contract)
    [(elements, unexpected)] = _counts([check], pd.DataFrame({suites.DIGEST: np.frombuffer(digests, np.int64)}))
    return _figure(check, elements, unexpected)


def _digests(batch: pa.RecordBatch, contract: Contract) -> Iterator[int]:
    """Keys as numbers of 64 bits: two of ten million different ones agree with a chance of about 1 in 370,000."""
    keys = zip(*(batch.column(name).to_pylist() for name in contract.row_key), strict=True)
    for key in keys:
        digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
        yield int.from_bytes(digest, signed=True)


def _frame(batch: pa.RecordBatch, checks: list[Check]) -> Any:
    """The columns that are checked, as pandas sees them best: nullable numbers stay numbers, decimals become floats."""
    import pyarrow.compute as pc

    columns: dict[str, Any] = {}
    for name in sorted({column for check in checks for column in check.columns}):
        values = batch.column(name)
        if pa.types.is_decimal(values.type):
            values = pc.cast(values, pa.float64())
        columns[name] = values
    return pa.table(columns).to_pandas(date_as_object=False)


def _counts(checks: list[Check], frame: Any) -> list[tuple[int, int]]:
    """Elements looked at and unexpected ones, by check."""
    if frame.empty or not checks:
        return [(0, 0)] * len(checks)
    suite, batches = _validation([check.expectation for check in checks])
    results = batches.get_batch({"dataframe": frame}).validate(suite).results
    by_config = {_identity(result.expectation_config): result for result in results}
    return [_count(check, by_config[_identity(check.expectation.configuration)]) for check in checks]


def _identity(config: Any) -> str:
    kwargs = {name: value for name, value in config.kwargs.items() if name != "batch_id"}
    return f"{config.type} {sorted(kwargs.items(), key=str)}"


def _count(check: Check, result: Any) -> tuple[int, int]:
    if result.exception_info and _raised(result.exception_info):
        raise GateError(f"The check {check.name!r} could not be made: {_message(result.exception_info)}")
    values = result.result
    missing = int(values.get("missing_count") or 0)
    return int(values["element_count"]) - missing, int(values["unexpected_count"])


def _raised(info: dict[str, Any]) -> bool:
    """GX says `raised_exception` at the top, or one level down by metric when a metric failed."""
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(inner.get("raised_exception") for inner in info.values() if isinstance(inner, dict))


def _message(info: dict[str, Any]) -> str:
    inner = info if "exception_message" in info else next(iter(info.values()))
    return str(inner.get("exception_message"))


def _validation(expectations: list[Any]) -> tuple[Any, Any]:
    import great_expectations as gx

    return gx.ExpectationSuite(name="suite", expectations=expectations), _batches()


@cache
def _batches() -> Any:
    """One ephemeral context for the process, without progress bars or telemetry."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    frame = context.data_sources.add_pandas("staged").add_dataframe_asset("batch")
    return frame.add_batch_definition_whole_dataframe("whole")
