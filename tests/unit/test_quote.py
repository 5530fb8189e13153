"""Words quoted from a document: found however they are spelt, broken or interrupted, and only where they stand."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.documents.model import PageSpan
from muniment.quote import find

PAGE = """Certified copy 12 of 30
The tax arrears of $1,250.00 are the ven-
dor's. [PERSON] of Foxhollow pays to Côté & Fils “forthwith”
(LINC 0012 345 678)."""


def found(quotation: str, *texts: str, passages: list[PageSpan] | None = None) -> list[list[str]]:
    """What stands at each place where the quotation is found, piece by piece."""
    pages = dict(enumerate(texts, 1))
    return [[pages[page][start:end] for page, start, end in place] for place in find(quotation, pages, passages or [])]


@pytest.mark.parametrize(
    ("quotation", "stands"),
    [
        ("tax arrears", "tax arrears"),
        ("  TAX\n\tArrears ", "tax arrears"),
        ("the vendor's", "the ven-\ndor's"),
        ("the vendor’s", "the ven-\ndor's"),
        ("ven- dor's", "ven-\ndor's"),
        ("of 30 the tax", "of 30\nThe tax"),
        ("[PERSON] of Foxhollow", "[PERSON] of Foxhollow"),
        ("[person]", "[PERSON]"),
        ("Cote & fils", "Côté & Fils"),
        ("Co\u0302te\u0301", "Côté"),
        ('"forthwith"', "“forthwith”"),
        ("forthwith", "forthwith"),
        ("0012345678", "0012 345 678"),
        ("(LINC 0012-345-678).", "(LINC 0012 345 678)."),
        ("$1,250.00", "$1,250.00"),
        (PAGE, PAGE),
    ],
)
def test_words_are_found_however_they_are_spelt_or_broken(quotation: str, stands: str) -> None:
    assert found(quotation, PAGE) == [[stands]]


@pytest.mark.parametrize(
    "quotation",
    [
        "", " \n", "-", "\u00ad", "ax arrears", "tax arrear", "arrears tax", "12 345",
        ".*", "[A-Z]+", "(?:", "\\", "\0", "\ud800", "\U0010ffff", "tax" * 30_000, "[" * 100_000,
    ],
)  # fmt: skip
def test_what_does_not_stand_there_is_not_found(quotation: str) -> None:
    assert found(quotation, PAGE) == []


def test_every_place_is_found_in_order() -> None:
    assert find("the deed", {2: "the deed", 1: "The deed and the deed"}, []) == [
        (PageSpan(1, 0, 8),),
        (PageSpan(1, 13, 21),),
        (PageSpan(2, 0, 8),),
    ]


def test_words_go_on_over_a_page_break_and_past_what_runs_along_every_page() -> None:
    texts = ("A heading\nthe buyer pays the\nPage 1", "A heading\ntax arrears in full")
    assert found("pays the tax arrears", *texts) == []
    bodies = [PageSpan(1, 10, 28), PageSpan(2, 10, 29)]
    assert found("pays the tax arrears", *texts, passages=bodies) == [["pays the", "tax arrears"]]
    assert found("the page 1 a heading tax", *texts, passages=bodies) == [["the\nPage 1", "A heading\ntax"]]
    assert found("the buyer", *texts, passages=bodies) == [["the buyer"]], "once, though it is in both"
    assert found("a heading", *texts, passages=bodies) == [["A heading"], ["A heading"]]


word = st.text("abÀéI'’7$(]İﬁß", min_size=1, max_size=4)
blank = st.sampled_from([" ", "\n", "\n\n", " -\n", "-", "\u00a0"])


@settings(max_examples=300, deadline=None)
@given(words=st.lists(word, min_size=1, max_size=12), blanks=st.lists(blank, min_size=12, max_size=12), data=st.data())
def test_any_words_of_a_page_are_found_where_they_stand(
    words: list[str], blanks: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    page, starts, ends = "", [], []
    for text, after in zip(words, blanks, strict=False):
        starts.append(len(page))
        ends.append(len(page) + len(text))
        page += text + after
    quotation = " ".join(words[first : last + 1])
    places = [place for [place] in find(quotation, {1: page}, [])]
    assert any(place.start < ends[last] and place.end > starts[first] for place in places)
    length = sum(map(len, words[first : last + 1]))
    for _, start, end in places:
        assert len("".join(page[start:end].replace("-", "").split())) == length
        assert PageSpan(1, start, end) in [place for [place] in find(page[start:end], {1: page}, [])]


@pytest.mark.parametrize(
    ("page", "quotation"),
    [
        ("a" * 400_000, "a" * 100_000),
        ("a " * 200_000, "a" * 100_001),
        ("aa " * 130_000, "a" * 99_999),
        ("ab " * 130_000, "ab " * 30_000 + "ba"),
        ("- " * 200_000, "a"),
        ("[PERSON] " * 40_000, "[PERSON] " * 10_000 + "[SIN]"),
    ],
)
def test_no_page_and_no_quotation_keep_the_search_busy(page: str, quotation: str) -> None:
    began = time.process_time()
    find(quotation, {1: page}, [PageSpan(1, 0, len(page))])
    assert time.process_time() - began < 20
