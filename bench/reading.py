"""How fast plain text pages are read in one process, beside bare text extraction of the same pages in the same run.

Four things are timed on the same files, in turns, so that a busy machine slows all of them alike; the fastest of the
rounds counts for each:

- `text`: pypdfium2's text of every page, without boxes.
- `words`: what Muniment makes of every page: words with boxes, what is hidden left out, how to read it decided.
- `understanding`: type, fields, personal data and passages of pages that are read.
- `document`: the whole document: both, and what its structure says.

Prints a table and writes bench/out/reading.json. The files are contracts of the corpus; it says how many of their
pages were recognised, which are no plain text pages.

    python bench/reading.py [--files 20] [--rounds 3] [--corpus FOLDER]
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from muniment.documents import pdf, recognition, worker
from muniment.documents.columns import arranged
from muniment.documents.layout import Sheet
from muniment.documents.model import Document
from muniment.documents.reading import Limits, read_document, understood

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench" / "out" / "reading.json"
LIMITS = Limits(timeout_seconds=300, memory_mb=2048, max_pages=2000, ocr_dpi=200)


def text(path: Path) -> Callable[[], object]:
    """Bare extraction."""
    import pypdfium2

    def extract() -> None:
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                textpage = page.get_textpage()
                textpage.get_text_range()
                textpage.close()
                page.close()

    return extract


def words(path: Path) -> Callable[[], object]:
    """The pages as sheets."""
    return partial(_sheets, path)


def understanding(path: Path) -> Callable[[], object]:
    """What sheets mean, of which nothing is told yet."""
    return partial(understood, [arranged(sheet) for sheet in _sheets(path)])


def document(path: Path) -> Callable[[], object]:
    """The document as it is remembered."""
    return partial(read_document, path, LIMITS)


STEPS: tuple[Callable[[Path], Callable[[], object]], ...] = (text, words, understanding, document)
"""What each gives is timed; preparing it is not."""


def _sheets(path: Path) -> list[Sheet]:
    with pdf.opened(path, LIMITS.max_pages) as document:
        return [_sheet(document, index) for index in range(len(document))]


def _sheet(document: "PdfDocument", index: int) -> Sheet:
    page = pdf.page_at(document, index)
    try:
        return recognition.sheet_of(page, index + 1, LIMITS.ocr_dpi)
    finally:
        page.close()


def measure(paths: list[Path], pages: int, rounds: int) -> dict[str, dict[str, float]]:
    """Seconds and pages per second of each step, with how many times as long as bare text it takes."""
    seconds: dict[str, list[float]] = {step.__name__: [] for step in STEPS}
    for _ in range(rounds):
        spent = dict.fromkeys(seconds, 0.0)
        for path in paths:
            for step in STEPS:
                timed = step(path)
                began = time.process_time()
                timed()
                spent[step.__name__] += time.process_time() - began
        for name, took in spent.items():
            seconds[name].append(took)
    best = {name: min(took) for name, took in seconds.items()}
    return {
        name: {"seconds": took, "pages_per_second": pages / took, "times_bare": took / best["text"]}
        for name, took in best.items()
    }


def _pages(path: Path) -> tuple[int, int]:
    """Pages, and those among them that are recognised."""
    outcome = read_document(path, LIMITS)
    assert isinstance(outcome, Document), outcome
    return len(outcome.pages), sum(page.source == "ocr" for page in outcome.pages)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus", help="real documents")
    asked = parser.parse_args()
    found = sorted(path for path in (asked.corpus / "contracts").glob("*") if path.suffix.lower() == ".pdf")
    if not found:
        sys.exit(f"No contracts at {asked.corpus}.")
    worker.warm()
    counted = [_pages(path) for path in found[: asked.files]]
    pages, recognised = (sum(column) for column in zip(*counted, strict=True))
    figures = measure(found[: asked.files], pages, asked.rounds)
    print(f"{len(counted)} contracts, {pages} pages, {recognised} of them recognised, one process")
    print(f"{'':<13} {'s':>8} {'pages/s':>9} {'× bare':>8}")
    for name, figure in figures.items():
        print(f"{name:<13} {figure['seconds']:8.2f} {figure['pages_per_second']:9.1f} {figure['times_bare']:8.2f}")
    OUT.parent.mkdir(exist_ok=True)
    result = {"files": len(counted), "pages": pages, "recognised": recognised, "steps": figures}
    OUT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"\n{OUT}")


if __name__ == "__main__":
    main()
