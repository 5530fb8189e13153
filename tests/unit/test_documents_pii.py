"""Personal data: what is found, what is not taken for it, and that masking leaves none."""

import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.documents import pii
from muniment.documents.catalogue import FieldRule
from muniment.documents.found import Found
from muniment.documents.layout import Sheet, Word
from muniment.documents.reading import understood
from muniment.sample.facts import luhn_digit


def sheet(text: str, number: int = 1) -> Sheet:
    """A page of the given lines, every word in a box of its own."""
    lines = []
    for row, line in enumerate(text.split("\n")):
        words, x = [], 40.0
        for word in line.split():
            words.append(Word(word, x, 40.0 + 13 * row, x + 5 * len(word), 50.0 + 13 * row))
            x += 5 * len(word) + 3
        if words:
            lines.append(tuple(words))
    return Sheet(number, 612, 792, "text", None, tuple(lines))


def found(text: str) -> list[tuple[str, str]]:
    page = sheet(text)
    (detections,) = pii.detect([page], [], typed=False)
    return [(one.pii_class, page.text[one.start : one.end]) for one in detections]


def masked(text: str) -> str:
    page = sheet(text)
    (detections,) = pii.detect([page], [], typed=False)
    return pii.mask(page.text, detections)


@pytest.mark.parametrize(
    ("text", "pii_class", "value"),
    [
        ("write to closings@larkfield.example.com today", "email", "closings@larkfield.example.com"),
        ("call 780-555-0110 or", "phone", "780-555-0110"),
        ("Tel: (403) 555-0142", "phone", "(403) 555-0142"),
        ("phone +1 587 555 0199", "phone", "+1 587 555 0199"),
        ("Social insurance number: 046 454 286", "sin", "046 454 286"),
        ("S.I.N. 046454286", "sin", "046454286"),
        ("SIN 046-454-286", "sin", "046-454-286"),
        ("the number 046-454-286 on the slip", "sin", "046-454-286"),
        ("SIN 046 454 287", "sin", "046 454 287"),  # named as one, so a misprint is one too
        ("Date of birth: 12 May 1960", "date_of_birth", "12 May 1960"),
        ("born on March 3, 1971 in", "date_of_birth", "March 3, 1971"),
        ("card 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("pay into 01234-002-1234567", "bank_account", "01234-002-1234567"),
        ("trust account no. 7654321", "bank_account", "7654321"),
        ("Dear Mr. Oakley-Grant and Mrs. Odette Vasquero:", "person", "Odette Vasquero"),
        ("Witness: Tomas B. Reinholt", "person", "Tomas B. Reinholt"),
        ("Attention: Yasmin Okonjo", "person", "Yasmin Okonjo"),
        ("Dear Mr. Oakley:", "person", "Oakley"),
        ("as Dr. Vance said", "person", "Vance"),
        ("Yours truly,\nYasmin Okonjo", "person", "Yasmin Okonjo"),
        ("Mailing address: 12 Elm St, Foxhollow, Alberta T0Y 2M7", "address", "12 Elm St, Foxhollow, Alberta T0Y 2M7"),
        ("I, Yasmin Okonjo, of 12 Elm St, Foxhollow, Alberta, say", "address", "12 Elm St, Foxhollow, Alberta"),
        ("Owner: Yasmin Okonjo\nof PO Box 9, Foxhollow, AB T0Y 2M7", "address", "PO Box 9, Foxhollow, AB T0Y 2M7"),
    ],
)
def test_personal_data_is_found(text: str, pii_class: str, value: str) -> None:
    assert (pii_class, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "LINC 0046 454 286",
        "LINC 0046454286",
        "Title number 046 454 286 +1",
        "instrument number 046 454 286",
        "registered as 046 454 286",
        "Roll number 046454286",
        "REGISTRATION  DATE\n046 454 286  05/06/2015  CAVEAT",
        "the sum of $450,000.00 on March 12, 2026",
        "Plan 072 1234 Block 3 Lot 12",
        "matter 2026-0012",
        "4111 1111 1111 1112 is no card",
        "Sold to Northern Beacon Bank by the City of Aldergate",
        "Seller: Ridgeline Homes Inc.",
        "7462 Marigold Boulevard, Foxhollow, Alberta T0Y 2M7",
        "Property address: 12 Elm Street, Foxhollow, Alberta T0Y 2M7",
        "at 42 Maple Dr. Calgary",
    ],
)
def test_other_numbers_and_names_are_not_taken_for_it(text: str) -> None:
    assert found(text) == []


@settings(deadline=None)
@given(stem=st.text("0123456789", min_size=8, max_size=8), gap=st.sampled_from(["", " ", "-"]))
def test_any_sin_that_is_named_so_is_masked(stem: str, gap: str) -> None:
    digits = stem + str(luhn_digit(stem))
    printed = gap.join((digits[:3], digits[3:6], digits[6:]))
    assert masked(f"Social insurance number: {printed}.") == "Social insurance number: [SIN]."


def test_a_known_person_is_masked_in_every_spelling() -> None:
    text = (
        "Witness: Renée B. Oakley\n"
        "RENÉE OAKLEY signed. Renee Oakley came. Oakley, Renée left. Mrs. Oakley agreed.\n"
        "R. Oakley waits. The land at 12 Oakley Road and Oakley Homes Ltd. are something else."
    )
    said = masked(text)
    assert said.count("[PERSON]") == 6
    assert "12 Oakley Road" in said
    assert "Oakley Homes Ltd." in said


def table(*rows: tuple[str, ...]) -> Sheet:
    """A page with a table of three columns."""
    lines = []
    for row, texts in enumerate(rows):
        words = []
        for x, text in zip((40.0, 200.0, 360.0), texts, strict=False):
            for word in text.split():
                words.append(Word(word, x, 40.0 + 13 * row, x + 5 * len(word), 50.0 + 13 * row))
                x += 5 * len(word) + 3
        lines.append(tuple(words))
    return Sheet(1, 612, 792, "text", None, tuple(lines))


def test_people_are_found_all_down_a_column_of_theirs_and_no_further() -> None:
    page = table(
        ("Unit", "Owner", "Levy"),
        ("1", "Odette Vasquero", "$100.00"),
        ("2", "Tomas B. Reinholt", "$120.00"),
        ("3", "Yasmin Okonjo and Bo Li Chan", "$99.00"),
        ("Total", "3 units", "$319.00"),
        ("Scheme", "Green Field", ""),
    )
    (detections,) = pii.detect([page], [], typed=False)
    assert [page.text[one.start : one.end] for one in detections] == [
        "Odette Vasquero",
        "Tomas B. Reinholt",
        "Yasmin Okonjo",
        "Bo Li Chan",
    ]


def test_what_stands_beside_a_label_is_no_column_of_it() -> None:
    page = table(("Seller", "Odette Vasquero", ""), ("Scheme", "Green Field", ""))
    (detections,) = pii.detect([page], [], typed=False)
    assert [page.text[one.start : one.end] for one in detections] == ["Odette Vasquero"]


@pytest.mark.parametrize(
    "text",
    [
        "STATEMENT OF ADJUSTMENTS\nYasmin Okonjo to Tomas B. Reinholt",
        "STATEMENT OF ADJUSTMENTS\nYasmin Okonjo sale to Tomas B. Reinholt",
        "Yasmin Okonjo (seller) and Tomas B. Reinholt (buyer)",
        "Our customer: Yasmin Okonjo\nwitnessed by Tomas B. Reinholt",
        "the mortgage granted by Yasmin Okonjo, paid in full by Tomas B. Reinholt",
        "Transferor: OKONJO, Yasmin and REINHOLT,\n            Tomas B.",
        "Owner(s): OKONJO, Yasmin\nWitness: REINHOLT, Tomas B.",
    ],
)
def test_people_are_masked_in_the_ways_that_papers_of_known_types_name_them(text: str) -> None:
    page = sheet(text)
    (detections,) = pii.detect([page], [], typed=True)
    shown = pii.mask(page.text, detections).lower()
    assert not [name for name in ("okonjo", "reinholt", "yasmin", "tomas") if name in shown], shown


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kept on file\nThornbury, Sabine K.\nsince the spring", "Thornbury"),
        ("kept on file\nSabine K. Thornbury\nsince the spring", "Thornbury"),
        ("kept on file for Sabine Thornbury and Emil Thornbury since the spring", "Emil"),
        ("Witness: Thornbury\nsaw it", "Thornbury"),
        ("Owner: d'Entrevaux\nlives there", "Owner: d'"),
        ("R.J. Thornbury\nBarrister and Solicitor", "Thornbury"),
    ],
)
def test_names_that_look_like_nothing_else_are_masked(text: str, name: str) -> None:
    assert name not in masked(text)


def test_a_heading_of_a_form_is_nobody() -> None:
    assert masked("Owner: Mailing Address") == "Owner: Mailing Address"


@pytest.mark.parametrize(
    "text",
    ["OWNER CONDOMINIUM CONTRIBUTIONS PER MONTH", "from Lac Sainte to the town", "Foxhollow to Larkfield road"],
)
def test_captions_and_places_between_them_are_no_people(text: str) -> None:
    page = sheet(text)
    assert pii.detect([page], [], typed=True) == [[]]


def test_a_name_over_a_line_break_is_masked() -> None:
    assert "Thornbury" not in masked("Witness: Sabine Thornbury\nwas seen when Sabine\nThornbury came")


def test_a_word_in_ordinary_use_is_not_a_name() -> None:
    said = masked("Seller: Good Faith\nthe parties act in good faith, and Faith is kept")
    assert "Faith is kept" in said


def test_the_longer_or_surer_finding_wins_where_two_overlap() -> None:
    both = [
        pii.Detection(0, 10, "phone", 0.5, "a"),
        pii.Detection(4, 8, "sin", 0.9, "b"),
        pii.Detection(10, 12, "card", 0.9, "c"),
    ]
    assert [one.pii_class for one in pii._settled(both, "x" * 12)] == ["phone", "card"]


def test_what_the_other_of_two_covers_alone_stays_masked() -> None:
    text = "Odette Vasquero-Lee 780-555-0110"
    found = [
        pii.Detection(0, 15, "person", 0.9, "field", "buyer"),
        pii.Detection(0, 19, "person", 0.8, "known_name"),
        pii.Detection(17, 32, "phone", 0.8, "phone"),
    ]
    assert pii.mask(text, pii._settled(found, text)) == "[PERSON][PERSON][PHONE]"


@settings(deadline=None)
@given(
    spans=st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(["", "owner"]), st.sampled_from([0.5, 0.9])),
        max_size=8,
    )
)
def test_no_letter_that_anything_covers_is_left_in_clear(spans: list[tuple[int, int, str, float]]) -> None:
    text = "abcdefghijklmnopqrstuvwxyz0123"
    found = [pii.Detection(min(a, b), max(a, b), "person", score, "r", field or None) for a, b, field, score in spans]
    settled = pii._settled(found, text)
    covered = {at for one in found for at in range(one.start, one.end)}
    assert [at for one in settled for at in range(one.start, one.end)] == sorted(covered)


@settings(deadline=None)
@given(text=st.text(string.ascii_letters + string.digits + " @.-+()\n,", max_size=300))
def test_findings_never_overlap_and_masking_keeps_the_rest(text: str) -> None:
    page = sheet(text)
    (detections,) = pii.detect([page], [], typed=True)
    for before, after in pairwise(detections):
        assert before.end <= after.start
    rest = page.text
    for one in reversed(detections):
        rest = rest[: one.start] + pii.placeholder(one.pii_class) + rest[one.end :]
    assert pii.mask(page.text, detections) == rest


# -- failing closed


SECRET = "Witness: Odette Vasquero\nSIN 046 454 286, call 780-555-0110"


def raising(*_: object) -> None:
    raise ValueError("a defect")


def test_a_page_that_cannot_be_looked_through_is_withheld_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    shaped = pii._shaped
    monkeypatch.setattr(pii, "_shaped", lambda text: raising() if "Our file" in text else shaped(text))
    document = understood([sheet("Our file: 2026-0012\n" + SECRET), sheet("Odette Vasquero signs", number=2)])
    assert [page.text for page in document.pages] == ["[WITHHELD]", "[PERSON] signs"]
    assert [one.text for one in document.chunks] == ["[WITHHELD]\n[PERSON] signs"]
    assert {(one.value, one.normalised, one.pii_class) for one in document.fields} == {("[WITHHELD]", None, "withheld")}
    (withheld,) = (one for one in document.findings if one.page == 1)
    assert withheld.pii_class == "withheld"
    assert "046 454 286" in withheld.value


@pytest.mark.parametrize("stage", ["_ordinary", "_introduced", "_of_fields", "_Names"])
def test_where_names_cannot_be_learned_every_page_is_withheld(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pii, stage, raising)
    document = understood([sheet(SECRET), sheet("Odette Vasquero signs", number=2)])
    assert [page.text for page in document.pages] == ["[WITHHELD]"] * 2


@pytest.mark.parametrize("stage", ["_labelled", "_homes", "_settled", "_engine"])
def test_no_step_can_fail_and_leave_text_in_clear(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pii, stage, raising)
    assert [page.text for page in understood([sheet(SECRET), sheet("", number=2)]).pages] == ["[WITHHELD]", ""]


def test_running_out_of_memory_is_for_the_worker_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    for stage in ("_shaped", "_ordinary"):
        monkeypatch.setattr(pii, stage, exhausted)
        with pytest.raises(MemoryError):
            understood([sheet(SECRET)])


@pytest.mark.parametrize(("name", "kind", "masked_as"), [("owner", "person", "person"), ("sin", "text", "sin")])
def test_the_value_of_a_personal_field_is_masked_whatever_it_looks_like(name: str, kind: str, masked_as: str) -> None:
    page = sheet("the holder is x-17 of nobody")
    one = Found(FieldRule(name, kind), 1, (3,), "x-17", "x-17", 0.9)  # type: ignore[arg-type]
    (detections,) = pii.detect([page], [one], typed=True)
    assert pii.mask(page.text, detections) == f"the holder is [{masked_as.upper()}] of nobody"
    assert [(hit.pii_class, hit.field) for hit in detections] == [(masked_as, name)]


@settings(deadline=None, max_examples=20)
@given(before=st.integers(19_500, 20_500))
def test_data_is_found_wherever_a_long_text_is_cut(before: int) -> None:
    text = "a " * (before // 2) + "SIN 046 454 286\n" + "b " * 9_000
    assert {text[hit.start : hit.end] for hit in pii._shaped(text)} == {"046 454 286"}


def test_findings_are_numbered_and_stand_on_their_page() -> None:
    document = understood([sheet("mail a.b@example.com and c.d@example.com"), sheet("call 780-555-0110", number=2)])
    assert [(one.ordinal, one.page) for one in document.findings] == [(1, 1), (2, 1), (3, 2)]
    assert [page.text for page in document.pages] == ["mail [EMAIL] and [EMAIL]", "call [PHONE]"]
    assert all(one.box is not None for one in document.findings)


def test_passages_are_cut_from_masked_text() -> None:
    document = understood([sheet("mail a.b@example.com about SIN 046 454 286")])
    assert [one.text for one in document.chunks] == ["mail [EMAIL] about SIN [SIN]"]


@pytest.mark.parametrize(
    "unit", ["046 454 286 ", "a@b.", "Mr. ", "+44 20 ", "account ", "SIN ", "born ", "4111 ", "Re: Aa Bb, "]
)
def test_no_text_keeps_the_recognisers_busy(unit: str) -> None:
    import time

    page = sheet("\n".join([unit * 12] * 300))
    started = time.process_time()
    pii.detect([page], [], typed=True)
    assert time.process_time() - started < 8
