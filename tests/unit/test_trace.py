"""Any text of a document traced to its page: as a program calls it and as the command line tells it."""

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from muniment import trace, windows
from muniment.cli import main
from muniment.contract import contracts
from muniment.platform import Platform
from muniment.settings import load
from muniment.trace import Spot, TraceError
from muniment.windows import Window
from tests import papers
from tests.installation import Installation
from tests.stages import to_the_lake

KEY = "caveats/oak lane.pdf"
TEXT = [
    (
        "CAVEAT FORBIDDING REGISTRATION",
        "LINC 0012 345 678",
        "Witness: Odette Vasquero",
        "The caveator claims an interest in the land under an agree-",
        "ment in writing and forbids the registration of any",
    ),
    ("instrument that affects that interest unless it is expressed", "to be subject to the claim of the caveator."),
    ("Notices go to the office of the caveator at Foxhollow.", ""),
]
HEAD, FOOT = "Alberta land titles", "File of the office"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """An installation with one document of three pages, which have a header and a footer."""
    state = tmp_path_factory.mktemp("traced") / "state"
    path = state / "landing" / KEY
    path.parent.mkdir(parents=True)
    pages = [[(72.0, 40.0, HEAD), *papers.lines(*text), (72.0, 760.0, FOOT)] for text in TEXT]
    path.write_bytes(papers.typed(pages))
    window = windows.parse("2026-03-08-06:00")
    os.utime(path, (window.start.timestamp() + 60,) * 2)
    platform = Platform(load(state_dir=state))
    publish(platform, window)
    return platform


def publish(platform: Platform, window: Window) -> None:
    to_the_lake(platform, [window], datetime(2026, 3, 9, tzinfo=UTC), "run-1")


@pytest.fixture(scope="module")
def document(platform: Platform) -> str:
    return trace.origin(platform, KEY).document


def inside(platform: Platform, document: str, spot: Spot) -> str:
    """What pdfium reads within the box, a little widened since boxes are kept to a tenth of a point; it leaves out
    a hyphen at the end of a line."""
    [sha256] = [row["sha256"] for row in rows(platform, "documents") if row["document_id"] == document]
    box = spot.box
    wide = type(box)(box.x0 - 0.2, box.y0 - 0.2, box.x1 + 0.2, box.y1 + 0.2)
    return papers.text_within(platform.settings.state / "lake" / "raw" / "objects" / sha256, spot.page, wide)


def rows(platform: Platform, table: str) -> list[dict[str, Any]]:
    return [row for batch in platform.lake.scan(contracts()[table]) for row in batch.to_pylist()]


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("an interest in the land", [(1, "an interest in the land")]),
        ("LINC 0012345678", [(1, "LINC 0012 345 678")]),
        ("under an agreement in writing", [(1, "under an agree"), (1, "ment in writing")]),
        (
            "the registration of any instrument that affects",
            [(1, "the registration of any"), (2, "instrument that affects")],
        ),
        ("of any File of the office", [(1, "of any"), (1, FOOT)]),
        ("Witness: [PERSON]", [(1, "Witness: Odette Vasquero")]),
        ("claim of the caveator. notices go", [(2, "claim of the caveator."), (3, "Notices go")]),
    ],
)
def test_text_is_traced_to_a_box_on_each_line_that_it_is_on(
    platform: Platform, document: str, words: str, stands: list[tuple[int, str]]
) -> None:
    spots = trace.quoted(platform, document, words)
    assert [(spot.page, inside(platform, document, spot)) for spot in spots] == stands
    assert {spot.occurrence for spot in spots} == {1}


def test_every_place_of_text_that_recurs_is_told_apart(platform: Platform, document: str) -> None:
    spots = trace.quoted(platform, document, HEAD)
    assert [(spot.occurrence, spot.page) for spot in spots] == [(1, 1), (2, 2), (3, 3)]


def test_a_passage_is_traced_to_all_its_lines_without_headers_and_footers(platform: Platform, document: str) -> None:
    [passage] = rows(platform, "chunks")
    spots = trace.passage(platform, document, 1)
    assert [spot.page for spot in spots] == [1] * 5 + [2] * 2 + [3]
    said = " ".join(inside(platform, document, spot) for spot in spots).replace("Odette Vasquero", "[PERSON]")
    assert said.replace("agree ment", "agreement").split() == passage["text"].split()
    assert trace.quoted(platform, document, passage["text"]) == spots


@pytest.mark.parametrize(
    "words",
    ["", " \n", "---", ".*", "[A-Z]+", "(", "the moon", "Odette Vasquero", "\ud800", "\0", "a\u202e", "x" * 100_000,
     "caveator " * 12_000],
)  # fmt: skip
def test_text_that_is_not_there_is_refused_in_a_sentence_that_does_not_repeat_it(
    platform: Platform, document: str, words: str
) -> None:
    with pytest.raises(TraceError, match="the words to look for|does not have these words") as told:
        trace.quoted(platform, document, words)
    assert len(str(told.value)) < 500
    assert "Odette" not in str(told.value)


@pytest.mark.parametrize("ordinal", [0, -1, 2, 10**30])
def test_a_passage_that_is_not_there_is_refused(platform: Platform, document: str, ordinal: int) -> None:
    with pytest.raises(TraceError, match="it has 1, counted from 1"):
        trace.passage(platform, document, ordinal)


def test_nothing_that_is_kept_of_the_page_tells_the_name(platform: Platform) -> None:
    for table in ("pages", "chunks"):
        assert "Vasquero" not in str(rows(platform, table))
    [first, *_] = sorted(rows(platform, "pages"), key=lambda row: int(row["page"]))
    assert len(json.loads(first["word_boxes"])["width"]) == len(first["text"].split()) + 1  # agree-ment


def test_a_document_that_was_read_before_boxes_were_kept_says_how_to_read_it_again(
    platform: Platform, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {"word_boxes": None, "spans": None}
    kept = trace._rows
    monkeypatch.setattr(
        trace, "_rows", lambda *asked: [row | {name: None for name in older if name in row} for row in kept(*asked)]
    )
    for ask in (partial(trace.quoted, platform, document, "the land"), partial(trace.passage, platform, document, 1)):
        with pytest.raises(TraceError, match="--from 2026-03-08-06:00 --to 2026-03-08-06:00"):
            ask()


# -- the command


Told = tuple[int, str, str]
Muniment = Callable[..., Told]


@pytest.fixture
def muniment(platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Muniment:
    """Runs a command in this process: exit code, output, what it says."""

    def run(*arguments: str) -> Told:
        monkeypatch.setenv("MUNIMENT_STATE_DIR", str(platform.settings.state))
        monkeypatch.setattr("sys.argv", ["muniment", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


def test_the_command_lists_pages_and_boxes_and_draws_them(platform: Platform, tmp_path: Path) -> None:
    image = tmp_path / "page.png"
    installation = Installation(platform.settings.state)
    done = installation.muniment("trace", KEY, "--text", "of any instrument", "--image", str(image))
    assert re.search(r"^1 +1 +260,126 288,138 +of any *$", done.stdout, re.MULTILINE)
    assert re.search(r"^1 +2 +72,70 119,82 +instrument *$", done.stdout, re.MULTILINE)
    assert "page 1; there is more on page 2" in done.stderr
    with Image.open(image) as picture:
        down, across = np.nonzero((np.asarray(picture.convert("RGB")) == (255, 0, 0)).all(axis=2))
        scale = picture.width / 612
    edges = [across.min() / scale, down.min() / scale, across.max() / scale, down.max() / scale]
    assert edges == pytest.approx([260, 126, 288, 138], abs=4)


def test_the_command_as_json_says_what_the_library_does(muniment: Muniment, platform: Platform, document: str) -> None:
    for asked, spots in (
        (("--text", "the caveator"), trace.quoted(platform, document, "the caveator")),
        (("--passage", "1"), trace.passage(platform, document, 1)),
    ):
        code, out, _ = muniment("trace", document, *asked, "--json")
        told = json.loads(out)
        assert code == 0
        assert (told["document"], told["key"]) == (document, KEY)
        assert [(one["occurrence"], one["page"], one["text"]) for one in told["places"]] == [
            (spot.occurrence, spot.page, spot.text) for spot in spots
        ]
        assert [one["box"] for one in told["places"]] == [vars(spot.box) for spot in spots]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--text", ""], "Give the words to look for"),
        (["--text", "the moon"], "does not have these words"),
        (["--text", "x" * 100_000], "does not have these words"),
        (["--passage", "7"], "no passage 7"),
        (["linc", "--text", "LINC"], "one of them"),
        (["--text", "LINC", "--passage", "1"], "one of them"),
    ],
)
def test_what_cannot_be_traced_ends_with_a_sentence_and_exit_code_2(
    muniment: Muniment, arguments: list[str], says: str
) -> None:
    code, out, said = muniment("trace", KEY, *arguments)
    assert (code, out) == (2, "")
    assert says in said
    assert "Traceback" not in said
