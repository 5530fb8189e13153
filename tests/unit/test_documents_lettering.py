"""Boxes of recognised words: what they span, whatever letters the words have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.documents.layout import Word
from muniment.documents.lettering import evened, inked

CAPITAL, BASE = 72.0, 200.0


def word(text: str, left: float, *, foot: float = 0.0, top: float = CAPITAL, width: float = 0.0) -> Word:
    """A word whose ink reaches from `top` above the base line to `foot` below it."""
    return Word(text, left, BASE - top, left + (width or 45.0 * len(text)), BASE + foot)


def extents(line: tuple[Word, ...]) -> list[tuple[float, float]]:
    return [(round(one.y0, 3), round(one.y1, 3)) for one in line]


def test_words_of_a_line_are_equally_high_whatever_letters_they_have() -> None:
    (line,) = evened([[word("Lot", 0), word("page", 200, foot=20, top=52), word("are", 450, top=52)]])
    (only,) = set(extents(line))
    assert only[0] < BASE - CAPITAL
    assert only[1] > BASE + 20


def test_a_box_that_took_in_a_rule_does_not_count() -> None:
    sound = [word("Lot", 160.0 * at) for at in range(4)]
    spoilt = [*sound[:3], sound[3]._replace(y0=BASE - 110, y1=BASE + 60)]
    assert extents(evened([spoilt])[0]) == extents(evened([sound])[0])


def test_entries_far_apart_have_heights_of_their_own() -> None:
    (line,) = evened([[word("Total", 0), word("Deed", 2000, top=36, width=90)]])
    (tall, low) = (one.height for one in line)
    assert tall == pytest.approx(2 * low)


def test_boxes_follow_a_line_that_still_falls_a_little() -> None:
    fall = 0.003
    level = [word("Deed", 260.0 * at) for at in range(12)]
    falling = [one._replace(y0=one.y0 + fall * one.x0, y1=one.y1 + fall * one.x0) for one in level]
    (flat,), (line,) = evened([level]), evened([falling])
    assert [after.y0 - before.y0 for before, after in zip(flat, line, strict=True)] == pytest.approx(
        [fall * one.x0 for one in level], abs=0.5
    )


def test_boxes_of_a_typewriter_are_as_high_as_those_of_other_faces() -> None:
    """Its capitals are lower for their width."""
    pitch = 60.0
    texts = ["THE", "LAND", "TITLES", "OFFICE"] * 4
    lefts = [pitch * (sum(map(len, texts[:at])) + at) for at in range(len(texts))]
    typed = [word(text, left, top=56.0, width=pitch * len(text) - 6) for text, left in zip(texts, lefts, strict=True)]
    assert {round(one.height) for one in evened([typed])[0]} == {round(1.44 * 1.2 * pitch)}


@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=8), *[st.integers(0, 3000)] * 2, *[st.integers(1, 300)] * 2),
        min_size=1,
        max_size=12,
    )
)
def test_no_word_is_lost_and_no_box_is_empty(given_words: list[tuple[str, int, int, int, int]]) -> None:
    line = [Word(text, x, y, x + wide, y + high) for text, x, y, wide, high in given_words]
    (after,) = evened([line])
    assert [one.text for one in after] == [one.text for one in line]
    assert all(one.x1 > one.x0 >= 0 and one.y1 > one.y0 >= 0 for one in after)


def test_the_box_of_a_word_is_drawn_to_its_ink() -> None:
    picture = np.full((60, 100), 250, np.uint8)
    picture[20:40, 30:70] = 10
    assert inked(picture, Word("Lot", 5, 2, 95, 58))[1:5] == (30, 20, 70, 40)


def test_the_tail_of_a_comma_is_below_the_line() -> None:
    picture = np.full((60, 100), 250, np.uint8)
    picture[20:40, 30:70] = 10
    picture[40:46, 50:53] = 10
    assert inked(picture, Word("1,0", 5, 2, 95, 58)).y1 == 40
    assert inked(picture, Word("pg", 5, 2, 95, 58)).y1 == 46


@pytest.mark.parametrize("box", [(0, 0, 100, 60), (-5, -5, 3, 3), (90, 50, 400, 300), (200, 200, 210, 220)])
def test_a_box_without_ink_or_off_the_picture_stays_as_it_is(box: tuple[int, int, int, int]) -> None:
    assert inked(np.full((60, 100), 250, np.uint8), Word("Lot", *box))[1:5] == box
