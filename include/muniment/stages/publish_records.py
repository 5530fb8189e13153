"""Publishing records: every delivered file is read strictly and judged alone; what passes is committed together."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa

from muniment import gate, records
from muniment.contract import Contract, contracts
from muniment.documents.model import Refusal
from muniment.gate import Judge
from muniment.masking import mask
from muniment.outcomes import Part
from muniment.platform import Platform
from muniment.register import Entry, FirstSeen, Manifest
from muniment.stages.result import Published
from muniment.staging import Staged, Writer


def publish_records(
    platform: Platform, contract: Contract, manifest: Manifest, first: FirstSeen, judge: Judge, run_id: str
) -> Published:
    """Commit a record table of a window. A file that misses a threshold is quarantined whole; the others count."""
    result = Published(verdicts={contract.name: gate.NOTHING})
    vault = contract.vault
    with platform.scratch() as folder, ExitStack() as stack:
        part = stack.enter_context(Part(platform.store, manifest, contract.name, run_id, folder))
        with ExitStack() as writing:
            public = writing.enter_context(Writer(contract, manifest.window, run_id, folder))
            private = writing.enter_context(Writer(vault, manifest.window, run_id, folder)) if vault else None
            for entry in _record_files(manifest, contract):
                file = _RecordFile(platform, contract, manifest, entry, judge, run_id, folder)
                if not first.is_original(entry):
                    _publish_copy(file, part)
                    continue
                staged = file.stage(part)
                _note(result, file)
                if staged:
                    part.published(entry, staged.rows, file.bad_rows, table_name=contract.name)
                    for batch in staged.batches(contract.loose_schema.names):
                        public.add_batch(mask(batch, contract))
                        if private:
                            private.add_batch(batch)
        for writer in (public, private):
            if writer:
                table = writer.contract.table if writer is private else contract.name
                result.committed[table] = platform.lake.commit(writer.staged, run_id)
    return result


def _record_files(manifest: Manifest, contract: Contract) -> Iterator[Entry]:
    known = contracts().values()
    for entry in manifest.entries:
        if entry.kind == "records" and records.contract_for(entry.key, known) is contract:
            yield entry


def _publish_copy(file: "_RecordFile", part: Part) -> None:
    """A copy of an earlier file ends as its original did: a duplicate of what was published, else refused like it."""
    if file.stage(None):
        part.duplicate(file.entry, table_name=file.contract.name)
    else:
        part.quarantined(file.entry, file.refusal_stage, file.refusal.reason, file.refusal.message)


def _note(result: Published, file: "_RecordFile") -> None:
    name = file.contract.name
    result.verdicts[name] = result.verdicts[name] + (file.verdict if not file.refusal_stage else gate.NOTHING)
    if file.refusal_stage:
        result.refused[file.entry.key] = f"{file.refusal.reason}: {file.refusal.message}"
    if file.unknown_columns:
        result.unknown_columns[file.entry.key] = file.unknown_columns


class _RecordFile:
    """One delivered file on its way through strict reading and the gate."""

    def __init__(
        self,
        platform: Platform,
        contract: Contract,
        manifest: Manifest,
        entry: Entry,
        judge: Judge,
        run_id: str,
        folder: Path,
    ) -> None:
        self.contract = contract
        self.entry = entry
        self._platform = platform
        self._judge = judge
        self._writer = Writer(contract, manifest.window, run_id, folder / entry.object_id)
        self.bad_rows = 0
        self.verdict = gate.NOTHING
        self.refusal = Refusal("", "")
        self.refusal_stage = ""
        self.unknown_columns: list[str] = []

    def stage(self, part: Part | None) -> Staged | None:
        """The file's good rows when it may be published, else None with `refusal` set. Bad rows go to `part`."""
        problem = self._platform.over_limit(self.entry.size)
        if problem:
            self._refuse("records", "too_large", problem, part)
            return None
        try:
            with self._platform.local(self.entry.raw_key) as path:
                self._read(path, part)
        except records.Unreadable as error:
            self._refuse("records", error.reason, str(error), part)
            return None
        staged = self._writer.staged
        problem = self._acceptance(staged.rows)
        if not problem and staged.rows:
            self.verdict = self._judge(self.contract, staged.batches())
            problem = "; ".join(map(str, self.verdict.failures))
        if problem:
            self._refuse("gate", "gate", problem, part)
            return None
        return staged

    def _read(self, path: Path, part: Part | None) -> None:
        source = pa.scalar(self.entry.object_id)
        with self._writer as writer:
            for batch in records.read_records(path, self.contract):
                rows = batch.rows.append_column("source_object_id", pa.repeat(source, batch.rows.num_rows))
                writer.add_batch(rows)
                self.unknown_columns = list(batch.unknown)
                self.bad_rows += len(batch.bad)
                if part:
                    for bad in batch.bad:
                        table = self.contract.name
                        part.bad_row(self.entry, "records", table, bad.line, bad.column, bad.reason, bad.message)

    def _acceptance(self, good: int) -> str:
        total = good + self.bad_rows
        least = self.contract.acceptance
        if not total or good / total >= least:
            return ""
        return f"only {good} of {total} rows keep their rules, fewer than the {least:.0%} that the contract asks for"

    def _refuse(self, stage: str, reason: str, message: str, part: Part | None) -> None:
        """Keep why the file is refused, and tell the quarantine."""
        self.refusal_stage, self.refusal = stage, Refusal(reason, message)
        if part:
            part.quarantined(self.entry, stage, reason, message, self.bad_rows)
