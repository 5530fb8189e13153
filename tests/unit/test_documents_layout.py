"""Boxes: around the words of a value, and around no more of a word than the value's part of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from muniment.documents import pdf
from muniment.documents.layout import Pose, Sheet, Word
from tests import papers


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("Price:", "$450,000.00", ""),
        ("(LINC:", "0016151614", ")."),
        ("", "April 3, 2026", ",witnessed"),
        ("owner/", "Priya Zimmerli", "/"),
        ("", "$7,000.00", ""),
    ],
)
def test_the_box_of_a_part_of_a_word_overlaps_that_part(tmp_path: Path, before: str, value: str, after: str) -> None:
    (tmp_path / "page.pdf").write_bytes(papers.typed([[(100, 200, before + value + after)]]))
    with pdf.opened(tmp_path / "page.pdf", 1) as document:
        sheet = pdf.text_of(document[0], 1)
    box = sheet.box(range(len(sheet.words)), value)
    assert box is not None
    left = 100 + stringWidth(before, "Helvetica", 10)
    right = left + stringWidth(value, "Helvetica", 10)
    common = min(box.x1, right) - max(box.x0, left)
    assert common / (max(box.x1, right) - min(box.x0, left)) > 0.85


texts = st.lists(
    st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=9), min_size=1, max_size=5
)


@given(texts=texts, data=st.data())
def test_a_box_never_leaves_the_words_and_is_never_empty(texts: list[str], data: st.DataObject) -> None:
    words = tuple(Word(text, 50.0 * at, 10, 50.0 * at + 40, 20) for at, text in enumerate(texts))
    sheet = Sheet(1, 612, 792, "text", None, (words,))
    whole = " ".join(texts)
    start = data.draw(st.integers(0, len(whole) - 1))
    value = whole[start : data.draw(st.integers(start + 1, len(whole)))]
    box, around = sheet.box(range(len(words)), value), sheet.box(range(len(words)))
    assert box is not None
    assert around is not None
    assert around.x0 <= box.x0 < box.x1 <= around.x1
    assert (box.y0, box.y1) == (around.y0, around.y1)


def test_words_that_do_not_say_the_value_keep_their_box() -> None:
    sheet = Sheet(1, 612, 792, "text", None, ((Word("$450,000.00", 10, 10, 60, 20),),))
    assert sheet.box([0], "450000.00") == sheet.box([0])
    assert sheet.box([], "450000.00") is None


def test_a_value_over_two_lines_of_a_slanting_page_has_the_box_of_its_words_alone() -> None:
    """Not of the level rectangle around both lines tilted, which is as wide as the page."""
    lines = ((Word("Lot", 400, 100, 540, 110),), (Word("29", 70, 115, 200, 125),))
    tilted = Sheet(1, 612, 792, "ocr", 0.9, lines, Pose(slope=-1.3))
    box, singly = tilted.box([0, 1]), [tilted.box([0]), tilted.box([1])]
    assert box is not None
    assert box.y0 == min(one.y0 for one in singly if one)
    assert box.y1 == max(one.y1 for one in singly if one)
    assert box.y1 - box.y0 < 25


def test_a_heading_is_a_paragraph_of_its_own() -> None:
    heading, text = (Word("DISCHARGE", 50, 10, 150, 28),), (Word("Foothills", 50, 33, 100, 45),)
    assert Sheet(1, 612, 792, "ocr", 0.9, (heading, text)).text == "DISCHARGE\n\nFoothills"
    assert Sheet(1, 612, 792, "ocr", 0.9, (text, (text[0]._replace(y0=50, y1=62),))).text == "Foothills\nFoothills"
