"""The quarantine: what was refused, and trying it again."""

from dataclasses import dataclass

from muniment.contract import contracts
from muniment.erasure.tombstones import REASON
from muniment.platform import Platform
from muniment.windows import Window


@dataclass(frozen=True)
class Refused:
    """One refusal: a whole object, or one row of it at `line`."""

    key: str
    stage: str
    reason: str
    message: str
    window: str
    scope: str
    table: str | None
    line: int | None
    column: str | None
    sha256: str


_COLUMNS = ["key", "stage", "reason", "message", "window_key", "scope", "table_name", "line", "column_name", "sha256"]


def refused(platform: Platform) -> list[Refused]:
    """Every refusal in the lake, by window."""
    contract = contracts()["quarantine"]
    if not platform.lake.present() or not platform.lake.exists(contract):
        return []
    found = []
    for batch in platform.lake.scan(contract, columns=_COLUMNS):
        found += [Refused(*row) for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)]
    return found


def reopen(platform: Platform) -> list[Window]:
    """Forget what reading gave for every refused object, and name the windows that must run again.

    The originals are in the raw store, so nothing has to be landed again.
    """
    again = [r for r in refused(platform) if r.reason != REASON]  # what was erased is not there to be tried
    for sha256 in {r.sha256 for r in again if r.scope == "object"}:
        platform.memo.forget(sha256)
    windows = {r.window for r in again}
    return sorted(manifest.window for manifest in platform.register.live() if manifest.window_key in windows)
