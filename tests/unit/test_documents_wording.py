"""Expressions are found where `re` finds them, only sooner."""

import re
import string
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from muniment.documents.catalogue import catalogue, spaced
from muniment.documents.prose import _expression
from muniment.documents.shapes import SHAPES
from muniment.documents.wording import Wording, lowered

FLAGS = re.IGNORECASE | re.DOTALL
KNOWN = catalogue()
PATTERNS = sorted(
    {
        spaced(pattern)
        for rule in KNOWN.types.values()
        for pattern in (*rule.cues, *rule.against, *(one for one, _ in (*rule.phrases, *rule.headings)))
    }
)
TEMPLATES = sorted(
    {
        (template, rule.shape)
        for own in (*(one.fields for one in KNOWN.types.values()), (KNOWN.shared.people, KNOWN.shared.parties))
        for rule in own
        for template in rule.prose
    }
)
WORDINGS = [
    *(Wording(pattern, flags=FLAGS) for pattern in PATTERNS),
    *(_expression(template, shape).after for template, shape in TEMPLATES),
    *(shape.pattern for shape in SHAPES),
]
PLAIN = [re.compile(one.pattern.pattern, one.pattern.flags) for one in WORDINGS]  # `re` itself keeps but 512
WORDS = sorted({word for one in WORDINGS for word in (*one.beginnings, *one.words)})
TEXTS = st.lists(
    st.sampled_from(WORDS)
    | st.sampled_from(WORDS).map(str.title)
    | st.sampled_from(
        [" ", "\n", ", ", "s", "ſ", "İ", "ı", "\u212a", "“", "Jane Doe", "March 3, 2026", "Alberta", "1 234 567"]
    )
    | st.text(max_size=4)
).map("".join)


@settings(deadline=None, max_examples=60)
@given(text=TEXTS, start=st.integers(0, 30))
def test_every_wording_of_the_catalogue_is_found_where_re_finds_it(text: str, start: int) -> None:
    for wording, plain in zip(WORDINGS, PLAIN, strict=True):
        expected = [match.span() for match in plain.finditer(text, start)]
        assert [match.span() for match in wording.finditer(text, start)] == expected, plain.pattern
        first = wording.search(text, start)
        assert (first.span() if first else None) == (expected[0] if expected else None)


PIECES = st.sampled_from(
    ["ab", "i", "k", "s", "a", r"\b", r"\s", ".", "[xy]", "é", "", "^", "(?=a)", "(?<!b)", "(?-i:AB)"]
)
PATTERN = st.recursive(
    PIECES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
        | st.tuples(inner, st.sampled_from(["?", "*", "{2}", "{1,3}?"])).map(lambda part: f"(?:{part[0]}){part[1]}")
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=400)
@given(pattern=PATTERN, text=st.text("abABiIıİkKsSſ\u212axyé \n", max_size=24))
@example(pattern="(?:ab)?s", text="ſABs")
@example(pattern="abab", text="ababab")
@example(pattern="(?:ab|aba)b", text="abab")
def test_any_expression_is_found_where_re_finds_it(pattern: str, text: str) -> None:
    for flags in (re.IGNORECASE, re.NOFLAG):
        expected = [match.span() for match in re.finditer(pattern, text, flags)]
        assert [match.span() for match in Wording(pattern, flags=flags).finditer(text)] == expected


def test_lower_case_is_what_re_ignores_case_by_and_keeps_places() -> None:
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        lower = lowered(letter)
        assert len(lower) == 1, letter
        if re.match("[a-z]", letter, re.IGNORECASE):
            assert lower in string.ascii_lowercase
            assert re.match(lower, letter, re.IGNORECASE)


@pytest.mark.parametrize(
    ("pattern", "beginnings", "words"),
    [
        (r"\b(?:dear|yours)\s+(?P<value>\w+)", ("dear", "yours"), ()),
        (r"(?:the\s)?(?:buyer|buyers)\b", ("buyer", "the"), ()),
        (r",?\s(?:witness|deponent)\b", (), ("deponent", "witness")),
        (r"[a-z]+@[a-z]+", (), ("@",)),
        (r"\d{3}", (), ()),
    ],
)
def test_an_expression_gives_away_what_it_begins_with_or_holds(
    pattern: str, beginnings: tuple[str, ...], words: tuple[str, ...]
) -> None:
    wording = Wording(pattern, flags=re.IGNORECASE)
    assert (wording.beginnings, wording.words) == (beginnings, words)
