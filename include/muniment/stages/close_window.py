"""Closing a window: every registered object has ended in one state, and the tables that say so are committed."""

import hashlib

from muniment import records
from muniment.contract import contracts, of_origin
from muniment.lake import Committed
from muniment.outcomes import Balance, Part, gather
from muniment.platform import Platform
from muniment.register import Entry, Manifest


def close_window(platform: Platform, manifest: Manifest, run_id: str) -> tuple[Balance, list[Committed]]:
    """Commit `objects` and `quarantine` of a window; ConservationError unless every object ended in one state."""
    names = ["documents", *(contract.name for contract in of_origin("records")), "unclaimed"]
    with platform.scratch() as folder:
        with Part(platform.store, manifest, "unclaimed", run_id, folder) as part:
            for entry in manifest.entries:
                _refuse_unclaimed(entry, part)
        staged, balance = gather(platform.store, manifest, names, run_id, folder)
        return balance, [platform.lake.commit(batch, run_id) for batch in reversed(staged)]


def _refuse_unclaimed(entry: Entry, part: Part) -> None:
    if entry.kind == "other":
        part.quarantined(
            entry, "register", "unknown_format", "Muniment reads PDF, CSV, JSON lines and Parquet; convert the file."
        )
    elif entry.kind == "records" and records.contract_for(entry.key, contracts().values()) is None:
        tables = ", ".join(f"{c.name} ({c.format})" for c in of_origin("records"))
        part.quarantined(
            entry, "register", "unknown_table", f"Name the file or its folder after one of the record tables: {tables}."
        )


def inputs_digest(platform: Platform, manifest: Manifest, judge_fingerprint: str) -> str:
    """Names everything that decides what a window's lake rows are, for telling whether they are still right."""
    versions = ",".join(f"{c.name}={c.version}" for c in contracts().values())
    text = f"{manifest.digest}\n{platform.processor}\n{versions}\n{judge_fingerprint}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
