"""What reading a window took is counted: what was read and remembered, and what recognition did, so that it cannot stop
unseen."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from muniment.documents.model import Document, Outcome, Page, Refusal
from muniment.erasure.tombstones import Erased
from muniment.platform import Platform
from muniment.progress import Stage
from muniment.register import Entry, Manifest
from muniment.stages import read_documents as stage


def document(*pages: Page) -> Document:
    return Document("other", 0.5, None, pages, (), (), ())


SCAN = document(Page(1, 1, 1, "ocr", 0.9, "a"), Page(2, 1, 1, "ocr", 0.7, "b"), Page(3, 1, 1, "layer", None, "c", 4))
TYPED = document(Page(1, 1, 1, "text", None, "d", 6))
OUTCOMES: dict[str, tuple[Outcome, float]] = {
    "scan": (SCAN, 2.5),
    "typed": (TYPED, 0.0),
    "broken": (Refusal("damaged", "It is damaged."), 0.25),
}


class Memory(dict[str, Outcome]):
    put = dict.__setitem__


class Pool:
    """Gives outcomes that are known beforehand, a few ahead of whoever asks."""

    def __init__(self, *_: object) -> None:
        self.ocr_seconds = 0.0

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, jobs: Iterator[tuple[str, Path]]) -> Iterator[tuple[str, Outcome]]:
        for sha256, _ in list(jobs):
            outcome, seconds = OUTCOMES[sha256]
            self.ocr_seconds += seconds
            yield sha256, outcome


def manifest(key: str, *contents: str) -> Manifest:
    entries = tuple(
        Entry(sha, f"{sha}.pdf", 10, "2026-03-08T12:00:00+00:00", "v", sha, "pdf", False) for sha in contents
    )
    return cast(Manifest, SimpleNamespace(window_key=key, entries=entries))


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Platform:
    monkeypatch.setattr(stage, "ReadingPool", Pool)
    parts: dict[str, Any] = {
        "memo": Memory(),
        "settings": SimpleNamespace(workers=1),
        "limits": None,
        "over_limit": lambda size: None,
        "scratch": lambda: nullcontext(tmp_path),
        "originals": SimpleNamespace(fetch=lambda sha256, target: target.touch() or target),
        "erased": Erased((), None),
    }
    return cast(Platform, SimpleNamespace(**parts))


def test_each_window_counts_its_own_recognition(platform: Platform) -> None:
    for entry in ("scan", "typed", "broken"):
        assert platform.memo.get(entry) is None
    took = stage.read_documents(platform, [manifest("first", "scan", "typed"), manifest("second", "broken", "scan")])
    first, second = took["first"], took["second"]
    assert (first.read, first.pages, first.pages_recognised, first.pages_layered) == (2, 4, 2, 1)
    assert (first.ocr_seconds, first.ocr_confidence, first.hidden_characters) == (2.5, 0.8, 10)
    assert (second.read, second.ocr_seconds, second.ocr_confidence) == (1, 0.25, None)
    assert second.refusals == {"damaged": 1}


def test_what_is_remembered_counts_its_pages_and_no_seconds(platform: Platform) -> None:
    stage.read_documents(platform, [manifest("first", "scan", "typed")])
    (again,) = stage.read_documents(platform, [manifest("first", "scan", "typed")]).values()
    assert (again.read, again.remembered, again.ocr_seconds) == (0, 2, 0)
    assert (again.pages_recognised, again.ocr_confidence) == (2, 0.8)


def test_a_stage_tells_its_counts_and_means_in_one_line() -> None:
    one = Stage("read documents")
    one.count(pages=1200, refused=0)
    one.mean("ocr_confidence", 1.8, 2)
    one.mean("ocr_confidence", 0.6, 1)
    one.mean("nothing", 0.0, 0)
    assert one.summary() == "1,200 pages, 0.80 ocr confidence"
