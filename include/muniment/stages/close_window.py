"""Closing a window: every registered object has ended in one state, and the tables that say so are committed."""

from muniment.contract import of_origin
from muniment.lake import Committed
from muniment.outcomes import Balance, Part, gather, part_of
from muniment.platform import Platform
from muniment.register import Entry, Manifest


def close_window(platform: Platform, manifest: Manifest, run_id: str) -> tuple[Balance, list[Committed]]:
    """Commit `objects` and `quarantine` of a window; ConservationError unless every object ended in one state."""
    names = ["documents", *(contract.name for contract in of_origin("records")), "unclaimed"]
    with platform.scratch() as folder:
        with Part(platform.own_store, manifest, "unclaimed", run_id, folder) as part:
            erased = platform.erased
            for entry in manifest.entries:
                if part_of(entry) == "unclaimed" and erased.whole(entry.sha256):
                    part.erased(entry)
                elif part_of(entry) == "unclaimed":
                    part.quarantined(entry, "register", *_why_unclaimed(entry))
        staged, balance = gather(platform.own_store, manifest, names, run_id, folder)
        return balance, [platform.lake.commit(batch, run_id) for batch in reversed(staged)]


def _why_unclaimed(entry: Entry) -> tuple[str, str]:
    """Reason and message for an object that no stage reads."""
    if entry.kind == "unreadable":
        return "unreadable", "Muniment may not read the file: give it the right to."
    if entry.kind == "records":
        tables = ", ".join(f"{c.name} ({c.format})" for c in of_origin("records"))
        return "unknown_table", f"Name the file or its folder after one of the record tables: {tables}."
    return "unknown_format", "Muniment reads PDF, CSV, JSON lines and Parquet; convert the file."
