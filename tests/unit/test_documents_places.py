"""Boxes of any span of a page's masked text: exactly around its words, on text pages and scans, and small to keep."""

import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.documents.columns import arranged
from muniment.documents.layout import Sheet, Span, Word
from muniment.documents.model import Box, Document, Page
from muniment.documents.pii import Detection, Masked, placeholder
from muniment.documents.places import in_pages, lines, packed, span_boxes, unpacked
from muniment.documents.reading import Limits, read_document
from muniment.sample import facts
from muniment.sample.documents import render
from muniment.sample.forms import FORMS
from tests import papers

LIMITS = Limits(timeout_seconds=60, memory_mb=2048, max_pages=20, ocr_dpi=200)
WIDTH, PITCH = 20.0, 14.0  # of the words below, and of their lines


def around(boxes: list[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


# -- pages made up


def laid(texts: list[list[str]]) -> Sheet:
    """Words of one width, side by side and line by line."""
    return Sheet(
        1,
        612,
        792,
        "text",
        None,
        tuple(
            tuple(
                Word(text, WIDTH * 1.5 * at, PITCH * row, WIDTH * 1.5 * at + WIDTH, PITCH * row + 10)
                for at, text in enumerate(line)
            )
            for row, line in enumerate(texts)
        ),
    )


letters = st.text("abcdéF7.,-", min_size=1, max_size=6)
pages = st.lists(st.lists(letters, min_size=1, max_size=6), min_size=1, max_size=6).map(laid)


@st.composite
def masked_pages(draw: st.DrawFn) -> tuple[Sheet, list[Detection]]:
    """A page and what is personal on it."""
    sheet = arranged(draw(pages))
    cuts = sorted(draw(st.sets(st.integers(0, len(sheet.text)), max_size=8)))
    spans = [Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    classes = st.sampled_from(["person", "sin", "withheld"])
    return sheet, [Detection(*span, draw(classes), 1.0, "") for span in spans if sheet.text[slice(*span)].strip()]


def wanted(sheet: Sheet, detections: list[Detection]) -> list[list[Box]]:
    """The rectangles of each word of the masked text, told character by character."""
    tails = dict(sheet.tails)
    line_of = [row for row, line in enumerate(sheet.lines) for _ in line]
    stands_for: list[tuple[str, range]] = []  # for each character of the masked text: itself, what it was
    at = 0
    for one in detections:
        stands_for += [(sheet.text[place], range(place, place + 1)) for place in range(at, one.start)]
        stands_for += [(character, range(one.start, one.end)) for character in placeholder(one.pii_class)]
        at = one.end
    stands_for += [(sheet.text[place], range(place, place + 1)) for place in range(at, len(sheet.text))]
    result = []
    for blank, group in groupby(stands_for, key=lambda one: one[0].isspace()):
        if blank:
            continue
        places = {place for _, clear in group for place in clear if not sheet.text[place].isspace()}
        touched = sorted({position for place in places for position in sheet.positions(Span(place, place + 1))})
        rows: list[list[Box]] = []
        for _, positions in groupby(touched, key=lambda position: line_of[position]):
            own = list(positions)
            rows.append([Box(*sheet.words[position][1:5]) for position in own])
            rows += [[Box(*tails[position][1:5])] for position in own if position in tails]
        result.append([around(row) for row in rows])
    return result


@settings(max_examples=400, deadline=None)
@given(page=masked_pages())
def test_each_word_of_the_masked_text_keeps_a_rectangle_a_line_around_what_it_stands_for(
    page: tuple[Sheet, list[Detection]],
) -> None:
    sheet, detections = page
    masked = Masked.of(sheet.text, detections)
    assert unpacked(packed(sheet, masked)) == wanted(sheet, detections)
    assert packed(sheet, masked) == packed(sheet, masked)


@settings(max_examples=200, deadline=None)
@given(page=masked_pages(), data=st.data())
def test_a_span_in_clear_is_what_stands_for_it_in_the_masked_text(
    page: tuple[Sheet, list[Detection]], data: st.DataObject
) -> None:
    sheet, detections = page
    start = data.draw(st.integers(0, len(sheet.text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(sheet.text))))
    masked = Masked.of(sheet.text, detections)
    shown = masked.text[slice(*masked.span(span))]
    for one in detections:
        if one.start < span.end and one.end > span.start:
            assert placeholder(one.pii_class) in shown
    outside = [one for one in detections if one.end <= span.start or one.start >= span.end]
    if len(outside) == len(detections):
        assert shown == sheet.text[slice(*span)]


@settings(max_examples=200, deadline=None)
@given(sheet=pages, data=st.data())
def test_a_span_has_one_box_a_line_around_the_words_that_it_touches(sheet: Sheet, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sheet.text)))
    end = data.draw(st.integers(0, len(sheet.text)))
    touched = [at for at in sheet.positions(Span(start, end)) if sheet.starts[at] + len(sheet.words[at].text) > start]
    line_of = [row for row, line in enumerate(sheet.lines) for _ in line]
    rows = [list(group) for _, group in groupby(touched, key=lambda at: line_of[at])] if start < end else []
    found = lines(sheet.text, packed(sheet, Masked.of(sheet.text, ())), start, end)
    assert [one.text for one in found] == [" ".join(sheet.words[at].text for at in row) for row in rows]
    assert [one.box for one in found] == [around([Box(*sheet.words[at][1:5]) for at in row]) for row in rows]


def test_a_word_that_a_hyphen_broke_has_a_box_on_both_lines() -> None:
    broken = laid([["free", "of", "encum-"], ["brances", "noted"]])
    sheet = arranged(broken)
    assert "encumbrances" in sheet.text
    at = sheet.text.index("encumbrances")
    kept = packed(sheet, Masked.of(sheet.text, ()))
    first, second = (Box(*word[1:5]) for word in (broken.words[2], broken.words[3]))
    assert span_boxes(sheet.text, kept, at, at + 1) == [first, second]
    assert [one.text for one in lines(sheet.text, kept, 0, len(sheet.text))] == [
        "free of encumbrances", "encumbrances noted",
    ]  # fmt: skip


def test_a_name_on_two_lines_is_part_of_both_and_not_of_the_third() -> None:
    sheet = laid([["between", "Ada"], ["Okafor", "and"], ["others"]])
    name = Detection(sheet.text.index("Ada"), sheet.text.index(" and"), "person", 1.0, "")
    masked = Masked.of(sheet.text, [name])
    found = lines(masked.text, packed(sheet, masked), 0, len(masked.text))
    assert [one.text for one in found] == ["between [PERSON]", "[PERSON] and", "others"]
    alone = laid([["between", "Ada"], ["Okafor"], ["others"]])
    masked = Masked.of(alone.text, [name])
    found = lines(masked.text, packed(alone, masked), 0, len(masked.text))
    assert [one.text for one in found] == ["between [PERSON]", "[PERSON]", "others"]


def test_of_masked_words_nothing_is_kept_but_where_all_of_them_stand() -> None:
    """Two names as wide as one another, in one word and in three, leave the same."""
    one = Sheet(1, 612, 792, "text", None, ((Word("by", 0, 0, 9, 10), Word("Oyelaranovich", 12, 0, 90, 10)),))
    three = (Word("by", 0, 0, 9, 10), Word("Jo", 12, 0, 20, 10), Word("van", 25, 0, 40, 10), Word("As", 45, 0, 90, 10))
    other = Sheet(1, 612, 792, "text", None, (three,))
    kept = [packed(s, Masked.of(s.text, [Detection(3, len(s.text), "person", 1.0, "")])) for s in (one, other)]
    assert kept[0] == kept[1]
    assert unpacked(kept[0])[1] == [Box(12, 0, 90, 10)]


def test_a_page_without_words_keeps_nothing() -> None:
    sheet = Sheet(1, 612, 792, "none", None, ())
    assert packed(sheet, Masked.of("", ())) == ""
    assert unpacked("") == []
    assert span_boxes("", "", 0, 9) == []


def test_what_is_kept_of_a_full_page_is_no_more_than_ten_characters_a_word() -> None:
    sheet = laid([["words"] * 12] * 50)
    assert len(packed(sheet, Masked.of(sheet.text, ()))) < 10 * len(sheet.words)


# -- the sample's documents


@dataclass(frozen=True)
class Paper:
    """A document of the sample and what reading it gave."""

    path: Path
    document: Document


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[Paper]:
    """A document of each type in two layouts that are usual and one that is held out."""
    folder = tmp_path_factory.mktemp("sample")
    read = []
    for number, (kind, index, layouts) in enumerate(
        (kind, index, layouts) for kind in FORMS for index, layouts in ((0, "usual"), (1, "usual"), (2, "held-out"))
    ):
        path = folder / f"{number}.pdf"
        path.write_bytes(render(7, facts.matter(7, index), kind, layouts=layouts).pdf)  # type: ignore[arg-type]
        outcome = read_document(path, LIMITS)
        assert isinstance(outcome, Document)
        read.append(Paper(path, outcome))
    return read


@cache
def printed(path: Path, number: int) -> list[tuple[str, float, float]]:
    """Every character that pdfium finds on a page, and the middle of its box in points from the top left."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[number - 1]
        textpage = page.get_textpage()
        found = []
        for at in range(textpage.count_chars()):
            character = textpage.get_text_range(at, 1)
            left, bottom, right, top = textpage.get_charbox(at, loose=True)
            if character.strip():
                found.append((character, (left + right) / 2, page.get_height() - (bottom + top) / 2))
        return found


def inside(paper: Paper, number: int, boxes: list[Box]) -> Counter[str]:
    return Counter(
        character
        for character, x, y in printed(paper.path, number)
        if any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in boxes)
    )


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_boxes_of_any_span_hold_the_characters_of_its_words_and_no_others(
    sample: list[Paper], data: st.DataObject
) -> None:
    paper = data.draw(st.sampled_from(sample))
    page = data.draw(st.sampled_from([page for page in paper.document.pages if page.text]))
    start = data.draw(st.integers(0, len(page.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(page.text), start + 400)))
    found = lines(page.text, page.word_boxes, start, end)
    words = " ".join(one.text for one in found).split()
    there = inside(paper, page.number, [one.box for one in found])
    plain = Counter("".join(word for word in words if "[" not in word))
    if any("[" in word for word in words):
        assert plain <= there
    else:
        assert plain == there


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_span_of_a_passage_has_the_boxes_of_the_same_words_on_its_pages(
    sample: list[Paper], data: st.DataObject
) -> None:
    paper = data.draw(st.sampled_from([paper for paper in sample if paper.document.chunks]))
    passage = data.draw(st.sampled_from(paper.document.chunks))
    texts = {page.number: page.text for page in paper.document.pages}
    start = data.draw(st.integers(0, len(passage.text) - 1))
    end = data.draw(st.integers(start + 1, len(passage.text)))
    spans = list(in_pages(passage.text, passage.spans, texts, start, end))
    said = "".join(texts[page][first:last] for page, first, last in spans)
    assert "".join(said.split()) == "".join(passage.text[start:end].split())


# -- scans


@dataclass(frozen=True)
class Twins:
    """A page as text and the same page photographed, tilted by `degrees` and turned by quarter turns."""

    typed: Page
    scanned: Page
    degrees: float
    turns: int

    def photographed(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the typed page is on the photograph."""
        tilt = math.radians(self.degrees)
        x, y = x - self.typed.width / 2, y - self.typed.height / 2
        x, y = x * math.cos(tilt) + y * math.sin(tilt), y * math.cos(tilt) - x * math.sin(tilt)
        for _ in range(self.turns):
            x, y = y, -x
        return x + self.scanned.width / 2, y + self.scanned.height / 2


@pytest.fixture(scope="module", params=[(0.0, 0), (1.5, 0), (-0.8, 1)])
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    degrees, turns = request.param
    folder = tmp_path_factory.mktemp("twins")
    typed = render(7, facts.matter(7, 3), "tax_certificate").pdf
    pages = []
    for name, content in (("typed", typed), ("scanned", papers.photographed(typed, degrees=degrees, turns=turns))):
        (folder / name).write_bytes(content)
        outcome = read_document(folder / name, LIMITS)
        assert isinstance(outcome, Document)
        pages.append(outcome.pages[0])
    assert [page.source for page in pages] == ["text", "ocr"]
    return Twins(pages[0], pages[1], degrees, turns)


def test_the_words_of_a_scan_stand_where_they_are_on_the_picture(twins: Twins) -> None:
    typed, scanned = (
        dict(zip(page.text.split(), unpacked(page.word_boxes), strict=True)) for page in (twins.typed, twins.scanned)
    )
    counts = Counter(twins.typed.text.split()) + Counter(twins.scanned.text.split())
    common = [word for word in typed.keys() & scanned.keys() if counts[word] == 2 and "[" not in word]
    assert len(common) > 30
    for word in common:
        [[box], [there]] = typed[word], scanned[word]
        x, y = twins.photographed((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        assert math.dist((x, y), ((there.x0 + there.x1) / 2, (there.y0 + there.y1) / 2)) < 3, word
        wide = box.y1 - box.y0 if twins.turns else box.x1 - box.x0
        assert abs((there.x1 - there.x0) - wide) < 6, word


def test_what_is_kept_is_json_of_integers(twins: Twins) -> None:
    for page in (twins.typed, twins.scanned):
        numbers = json.loads(page.word_boxes)
        assert {type(number) for row in numbers.values() for number in row} == {int}
