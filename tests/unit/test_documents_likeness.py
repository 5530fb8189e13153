"""What papers a text's words are like."""

from hypothesis import given
from hypothesis import strategies as st

from muniment.documents.catalogue import OTHER, catalogue
from muniment.documents.likeness import Weights, likeness, weights, words_of
from muniment.sample import facts

KNOWN = sorted(weights().words)
FEW = Weights(("deed", OTHER), (0.0, 1.0), {"grantor": (3.0, -1.0), "invoice": (-2.0, 2.0)})


@given(st.lists(st.sampled_from(KNOWN) | st.text(max_size=12)).map(" ".join))
def test_probabilities_add_up_whatever_is_written(text: str) -> None:
    found = likeness(text)
    assert abs(sum(found.values()) - 1) < 1e-9
    assert all(0 <= share <= 1 for share in found.values())


@given(
    st.lists(st.sampled_from(KNOWN), min_size=1).flatmap(
        lambda words: st.tuples(st.just(words), st.permutations(words))
    )
)
def test_neither_order_nor_repetition_nor_case_counts(words: tuple[list[str], list[str]]) -> None:
    first, second = words
    assert likeness(" ".join(first)) == likeness(" ".join(second + second).upper())


def test_a_text_without_a_known_word_is_like_none_of_the_types() -> None:
    assert max(likeness("xyzzy 123"), key=likeness("xyzzy 123").__getitem__) == OTHER
    assert likeness("") == likeness("xyzzy 123")


def test_a_word_speaks_for_the_type_that_it_weighs_for() -> None:
    assert likeness("the Grantor", FEW)["deed"] > 0.9
    assert likeness("an INVOICE", FEW)[OTHER] > 0.9


def test_every_type_that_the_sample_prints_is_known_and_no_other() -> None:
    general = {rule.name for rule in catalogue().types.values() if rule.general}
    assert set(weights().types) == {*catalogue().types, OTHER} - general


def test_no_name_of_the_practice_weighs_anything() -> None:
    names = words_of(" ".join((facts.FIRM, *facts.GIVEN, *facts.FAMILY)))
    assert not names & weights().words.keys()
