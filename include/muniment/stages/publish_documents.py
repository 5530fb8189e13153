"""Publishing documents: rows of all document tables from the memo, judged together, committed together."""

from collections.abc import Mapping
from contextlib import ExitStack

import pyarrow as pa

from muniment import gate, tabulate
from muniment.contract import of_origin
from muniment.documents.model import Document, Refusal
from muniment.gate import GateError, Judge
from muniment.outcomes import Part
from muniment.platform import Platform
from muniment.register import Entry, FirstSeen, Manifest
from muniment.stages.result import Blocked, Published
from muniment.staging import Staged, Writer


def publish_documents(platform: Platform, manifest: Manifest, first: FirstSeen, judge: Judge, run_id: str) -> Published:
    """Commit the document tables of a window from what the memo holds.

    Blocked, with nothing committed, when a table misses a threshold: reading went wrong, not one input.
    """
    tables = {contract.name: contract for contract in of_origin("documents")}
    with platform.scratch() as folder, ExitStack() as stack:
        part = stack.enter_context(Part(platform.own_store, manifest, "documents", run_id, folder))
        with ExitStack() as writing:
            writers = {
                name: writing.enter_context(Writer(contract, manifest.window, run_id, folder))
                for name, contract in tables.items()
            }
            erased = platform.erased
            for entry in manifest.entries:
                if entry.kind == "pdf" and erased.whole(entry.sha256):
                    part.erased(entry)
                elif entry.kind == "pdf":
                    _publish_document(platform, entry, first, part, writers)
        return commit_all(platform, [writer.staged for writer in writers.values()], judge, run_id)


def _publish_document(
    platform: Platform, entry: Entry, first: FirstSeen, part: Part, writers: Mapping[str, Writer]
) -> None:
    outcome = platform.memo.get(entry.sha256)
    if outcome is None:
        raise GateError(f"{entry.key} has not been read under processor {platform.processor}: run the stage before.")
    if isinstance(outcome, Refusal):
        part.quarantined(entry, "parse", outcome.reason, outcome.message)
        return
    name = tabulate.document_id(entry.sha256)
    if first.is_original(entry):
        part.published(entry, _write_document(platform, entry, outcome, part, writers), document_id=name)
    else:
        part.duplicate(entry, document_id=name)


def _write_document(
    platform: Platform, entry: Entry, document: Document, part: Part, writers: Mapping[str, Writer]
) -> int:
    """Write the document's rows, except those that break a row rule, which go to the quarantine."""
    written = 0
    for table, rows in tabulate.rows(entry, document, platform.processor, platform.tokens):
        writer = writers[table]
        batch = pa.RecordBatch.from_pylist(rows, schema=writer.contract.loose_schema)
        faults = gate.row_faults(batch, writer.contract)
        for fault in faults:
            part.bad_row(entry, "gate", table, fault.index + 1, fault.column, fault.reason, fault.message)
        good = gate.without(batch, faults)
        written += good.num_rows
        writer.add(good.to_pylist())
    return written


def commit_all(platform: Platform, staged: list[Staged], judge: Judge, run_id: str) -> Published:
    """Judge every batch, then commit them all; Blocked names every threshold missed."""
    result = Published()
    for batch in staged:
        if batch.rows:
            result.verdicts[batch.contract.name] = judge(batch.contract, batch.batches())
    failures = [f"{table}: {figure}" for table, verdict in result.verdicts.items() for figure in verdict.failures]
    if failures:
        where = f"Window {staged[0].window.key} was not committed, the tables are as they were:"
        raise Blocked("\n  ".join([where, *failures]), result)
    for batch in staged:
        result.committed[batch.contract.name] = platform.lake.commit(batch, run_id)
    return result
