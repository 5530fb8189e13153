"""Reading: every document of the windows goes through the pool of workers once, and the memo keeps what it gave."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from muniment.documents.model import Outcome, Read, Reason, Refusal
from muniment.documents.pool import ReadingPool
from muniment.platform import Platform
from muniment.progress import Progress, silent
from muniment.register import Entry, Manifest


@dataclass
class Reading:
    """What reading a window's documents took: `remembered` ones cost nothing, `read` ones were parsed now.

    `ocr_seconds` were spent now; pages are those of all documents, remembered or read, `pages_layered` those with a
    hidden layer that was believed, and `certainty` the sum of the recognised pages' mean word confidences.
    """

    remembered: int = 0
    read: int = 0
    pages: int = 0
    pages_recognised: int = 0
    pages_layered: int = 0
    hidden_characters: int = 0
    certainty: float = 0.0
    ocr_seconds: float = 0.0
    refusals: Counter[str] = field(default_factory=Counter)

    @property
    def ocr_confidence(self) -> float | None:
        """The mean confidence of the recognised pages, 0 to 1; None when there are none."""
        return round(self.certainty / self.pages_recognised, 4) if self.pages_recognised else None


def read_documents(
    platform: Platform, manifests: Iterable[Manifest], progress: Progress = silent
) -> dict[str, Reading]:
    """Read every document of the manifests that is not remembered; what they gave is in the memo afterwards.

    Returns what it took by window key. No document can make this fail: bad ones become refusals.
    """
    readings: dict[str, Reading] = {}
    todo: dict[str, tuple[Entry, str]] = {}
    erased = platform.erased
    for manifest in manifests:
        reading = readings.setdefault(manifest.window_key, Reading())
        for sha256, entry in _documents(manifest).items():
            if erased.whole(sha256):
                continue
            outcome = platform.memo.get(sha256)
            if outcome is None:
                todo.setdefault(sha256, (entry, manifest.window_key))
            else:
                reading.remembered += 1
                _count(reading, outcome)
    with _reading(platform, [entry for entry, _ in todo.values()]) as outcomes:
        for done, (sha256, one) in enumerate(outcomes, start=1):
            platform.memo.put(sha256, one.outcome)
            reading = readings[todo[sha256][1]]
            reading.read += 1
            reading.ocr_seconds += one.ocr_seconds
            _count(reading, one.outcome)
            progress(done, len(todo))
    return readings


def _documents(manifest: Manifest) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in manifest.entries:
        if entry.kind == "pdf":
            found.setdefault(entry.sha256, entry)
    return found


def _count(reading: Reading, outcome: Outcome) -> None:
    if isinstance(outcome, Refusal):
        reading.refusals[outcome.reason] += 1
    else:
        reading.pages += len(outcome.pages)
        reading.pages_recognised += sum(page.source == "ocr" for page in outcome.pages)
        reading.pages_layered += sum(page.source == "layer" for page in outcome.pages)
        reading.hidden_characters += sum(page.hidden_characters for page in outcome.pages)
        reading.certainty += sum(page.ocr_confidence or 0.0 for page in outcome.pages)


@contextmanager
def _reading(platform: Platform, entries: list[Entry]) -> Iterator[Iterator[tuple[str, Read]]]:
    """Outcomes of the entries by content, in their order; the worker processes start with the first that needs one."""
    sizes = {entry.sha256: platform.over_limit(entry.size) for entry in entries}
    large = {sha256: Refusal.of(Reason.too_large, problem) for sha256, problem in sizes.items() if problem}
    readable = [entry for entry in entries if entry.sha256 not in large]
    if not readable:
        yield ((sha256, Read(refusal, 0.0)) for sha256, refusal in large.items())
        return
    with platform.scratch() as folder, ReadingPool(platform.settings.workers, platform.limits) as pool:
        names = (entry.sha256 for entry in readable)
        files = ((sha256, platform.originals.fetch(sha256, folder / sha256)) for sha256 in names)

        def outcomes() -> Iterator[tuple[str, Read]]:
            yield from ((sha256, Read(refusal, 0.0)) for sha256, refusal in large.items())
            before = 0.0
            for sha256, outcome in pool.read(files):
                yield sha256, Read(outcome, pool.ocr_seconds - before)
                before = pool.ocr_seconds
                (folder / sha256).unlink()  # no more than the pool takes ahead lie here at once

        yield outcomes()
