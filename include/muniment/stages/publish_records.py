"""Publishing records: every delivered file is read strictly and judged alone; what passes is committed together."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from muniment import gate, records
from muniment.contract import Contract, contracts
from muniment.gate import Judge, Verdict
from muniment.isolation import Confined, Lost
from muniment.masking import mask
from muniment.outcomes import Part
from muniment.platform import Platform
from muniment.records import Unreadable
from muniment.records.checking import Checked, bad_rows, check_file, good_rows
from muniment.register import Entry, FirstSeen, Manifest
from muniment.stages.result import Published
from muniment.staging import Staged, Writer

_NOTHING_READ = Checked(0, 0, ())


@dataclass(frozen=True)
class _Refusal:
    stage: str
    reason: str
    message: str


@dataclass(frozen=True)
class _Examined:
    """A file after reading and gate: `staged` has its good rows when it may be published, else there is a `refusal`."""

    entry: Entry
    staged: Staged | None = None
    refusal: _Refusal | None = None
    checked: Checked = _NOTHING_READ
    bad: Path | None = None
    verdict: Verdict = gate.NOTHING


@dataclass(frozen=True)
class _Examiner:
    """What examining the files of one table and window takes."""

    platform: Platform
    contract: Contract
    manifest: Manifest
    judge: Judge
    confined: Confined
    run_id: str
    folder: Path

    def examine(self, entry: Entry) -> _Examined:
        """Read a file in the confined process, then judge what was good in it. A bad file gives a refusal."""
        problem = self.platform.over_limit(entry.size)
        if problem:
            return _Examined(entry, refusal=_Refusal("records", "too_large", problem))
        good, bad = (self.folder / f"{entry.object_id}.{name}" for name in ("good", "bad"))
        try:
            with self.platform.original(entry.sha256) as path:
                checked = self.confined.call(check_file, path, self.contract, good, bad)
        except Lost as lost:
            return _Examined(entry, refusal=_Refusal("records", lost.reason, str(lost)))
        if isinstance(checked, Unreadable):
            return _Examined(entry, refusal=_Refusal("records", checked.reason, str(checked)))
        staged = self._stage(entry, good)
        verdict = self.judge(self.contract, staged.batches()) if staged.rows else gate.NOTHING
        problem = self._acceptance(checked) or "; ".join(map(str, verdict.failures))
        if problem:
            return _Examined(entry, None, _Refusal("gate", "gate", problem), checked, bad)
        return _Examined(entry, staged, None, checked, bad, verdict)

    def _stage(self, entry: Entry, good: Path) -> Staged:
        source = pa.scalar(entry.object_id)
        with Writer(self.contract, self.manifest.window, self.run_id, self.folder / entry.object_id) as writer:
            for batch in good_rows(good):
                writer.add_batch(batch.append_column("source_object_id", pa.repeat(source, batch.num_rows)))
        return writer.staged

    def _acceptance(self, checked: Checked) -> str:
        total, least = checked.good + checked.bad, self.contract.acceptance
        if not total or checked.good / total >= least:
            return ""
        return f"only {checked.good} of {total} rows keep their rules; the contract asks for {least:.0%}"


def publish_records(
    platform: Platform,
    contract: Contract,
    manifest: Manifest,
    first: FirstSeen,
    judge: Judge,
    confined: Confined,
    run_id: str,
) -> Published:
    """Commit a record table of a window. A file that misses a threshold is quarantined whole; the others count."""
    result = Published(verdicts={contract.name: gate.NOTHING})
    with platform.scratch() as folder, ExitStack() as stack:
        part = stack.enter_context(Part(platform.own_store, manifest, contract.name, run_id, folder))
        with ExitStack() as writing:
            tables = [table for table in (contract, contract.vault) if table]
            writers = [writing.enter_context(Writer(table, manifest.window, run_id, folder)) for table in tables]
            examiner = _Examiner(platform, contract, manifest, judge, confined, run_id, folder)
            erased = platform.erased
            for entry in _record_files(manifest, contract):
                if erased.whole(entry.sha256):
                    part.erased(entry)
                    continue
                examined = examiner.examine(entry)
                if first.is_original(entry):
                    _tell(part, contract, examined)
                    _note(result, contract, examined)
                    _write(examined, contract, writers)
                else:
                    _tell_copy(part, contract, examined)
        for writer in writers:
            table = writer.contract
            result.committed[table.name if table is contract else table.table] = platform.lake.commit(
                writer.staged, run_id
            )
    return result


def _record_files(manifest: Manifest, contract: Contract) -> Iterator[Entry]:
    known = contracts().values()
    for entry in manifest.entries:
        if entry.kind == "records" and records.contract_for(entry.key, known) is contract:
            yield entry


def _tell(part: Part, contract: Contract, examined: _Examined) -> None:
    """Put the file and its bad rows on record."""
    entry, bad = examined.entry, examined.checked.bad
    for row in bad_rows(examined.bad) if examined.bad else ():
        part.bad_row(entry, "records", contract.name, row.line, row.column, row.reason, row.message)
    if examined.refusal:
        why = examined.refusal
        part.quarantined(entry, why.stage, why.reason, why.message, bad)
    else:
        part.published(entry, examined.checked.good, bad, table_name=contract.name)


def _tell_copy(part: Part, contract: Contract, examined: _Examined) -> None:
    """A copy of an earlier file ends as its original did: a duplicate of what was published, else refused like it."""
    if examined.refusal:
        why = examined.refusal
        part.quarantined(examined.entry, why.stage, why.reason, why.message)
    else:
        part.duplicate(examined.entry, table_name=contract.name)


def _note(result: Published, contract: Contract, examined: _Examined) -> None:
    key = examined.entry.key
    result.verdicts[contract.name] += examined.verdict
    if examined.refusal:
        result.refused[key] = f"{examined.refusal.reason}: {examined.refusal.message}"
    if examined.checked.unknown:
        result.unknown_columns[key] = list(examined.checked.unknown)


def _write(examined: _Examined, contract: Contract, writers: list[Writer]) -> None:
    """Append the file's rows to the public table, masked, and to the vault's, in clear."""
    if not examined.staged:
        return
    for batch in examined.staged.batches(contract.loose_schema.names):
        for writer in writers:
            writer.add_batch(mask(batch, contract) if writer.contract is contract else batch)
