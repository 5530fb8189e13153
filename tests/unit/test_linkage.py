"""Who is who: links are symmetric and repeatable, spellings meet, and different people stay apart."""

import random
from collections import Counter
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment import linkage
from muniment.linkage import (
    LINKED,
    POSSIBLE,
    Description,
    Land,
    Link,
    Party,
    folded_address,
    link_beside,
    link_land,
    link_people,
    similarity,
)
from muniment.privacy import Tokens, name_parts

TOKENS = Tokens(b"a key for these tests")
FILE = frozenset(("matter:2026-0001",))


def party(name: str, context: str = "file:2026-0001", *shared: str, sin: str = "", beside: str = "") -> Party:
    sins = frozenset([f"sin:{sin}"]) if sin else frozenset()
    others = frozenset([str(TOKENS.of("person", beside))]) if beside else frozenset()
    token = TOKENS.of("person", name) or "person:none"
    return Party(token, context, name_parts(name), frozenset(shared) | sins, sins, others)


def statuses(*parties: Party) -> list[str]:
    return [link.status for link in link_people(parties)]


def on_one_file(one: str, other: str) -> list[str]:
    return statuses(party(one, "client:2026-0001", *FILE), party(other, "file:2026-0001", *FILE))


# --- people ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kaya Okafor", "KAYA OKAFOR"),
        ("Zoé Bélanger", "Belanger, Zoe"),
        ("Kaya Okafor", "Okafor Kaya"),
        ("Kaya Jane Okafor", "Kaya Okafor"),
        ("Katherine Montgomery", "Katherine Montgomrey"),
    ],
)
def test_spellings_of_one_name_on_one_file_are_linked(one: str, other: str) -> None:
    assert on_one_file(one, other) == ["linked"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kaya Okafor", "K. Okafor"),
        ("Christopher Lee", "Chris Lee"),
        ("Maria Smith", "Marie Smith"),
        ("John A. Smith", "John B. Smith"),
        ("John Smith", "John Smith Jr."),
    ],
)
def test_what_may_be_one_person_or_two_is_possible_and_no_more(one: str, other: str) -> None:
    assert on_one_file(one, other) == ["possible"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kaya Okafor", "Daniel Okafor"),
        ("Kaya Okafor", "Okafor"),
        ("John Smith Jr.", "John Smith Sr."),
        ("Kaya Okafor", "Kaya Nguyen"),
    ],
)
def test_different_people_are_not_linked(one: str, other: str) -> None:
    assert on_one_file(one, other) == []


def test_equal_names_that_share_nothing_are_possible() -> None:
    assert statuses(party("Kaya Okafor", "file:1"), party("Kaya Okafor", "file:2")) == ["possible"]


def test_names_named_side_by_side_are_two_people_however_alike() -> None:
    both = party("Jan Okafor", "file:1", *FILE, beside="Jane Okafor"), party("Jane Okafor", "file:1", *FILE)
    assert statuses(*both) == []


def test_an_insurance_number_joins_names_on_files_that_share_nothing_else() -> None:
    [link] = link_people([party("Kaya Okafor", "client:1", sin="1"), party("Kaya Okafor", "client:2", sin="1")])
    assert (link.status, link.evidence, link.method, link.score) == ("linked", "sin", "same_name", 1.0)


def test_a_changed_name_under_one_insurance_number_is_possible() -> None:
    assert statuses(party("Kaya Okafor", "client:1", sin="1"), party("Kaya Nguyen", "client:2", sin="1")) == [
        "possible"
    ]


def test_two_insurance_numbers_are_two_people() -> None:
    assert statuses(party("Kaya Okafor", "client:1", *FILE, sin="1"), party("Kaya Okafor", "c2", *FILE, sin="2")) == []


def test_what_very_many_share_says_nothing() -> None:
    office = "phone:office"
    crowd = [party(f"Person{at} Other{at}", f"file:{at}", office) for at in range(60)]
    met = [party("Kaya Okafor", "file:a", office), party("Kaya Okafor", "file:b", office)]
    assert statuses(*met) == ["linked"]
    assert statuses(*met, *crowd) == ["possible"]


NAMES = st.sampled_from(
    [
        "Kaya Okafor",
        "K. Okafor",
        "Okafor, Kaya",
        "Daniel Okafor",
        "Zoé Roy",
        "Zoe Roy",
        "Zoe R. Roy",
        "",
        "\x00",
        "李 小龙",
    ]
) | st.text(max_size=30)
PARTIES = st.lists(
    st.builds(
        party,
        NAMES,
        st.sampled_from(["file:1", "client:1", "file:2", "document:a"]),
        st.sampled_from(["matter:1", "matter:2", "email:a", "parcel:1", "unheard-of:1"]),
        sin=st.sampled_from(["", "", "1", "2"]),
    ),
    max_size=12,
)


@given(PARTIES, st.randoms(use_true_random=False))
def test_links_do_not_depend_on_the_order_or_on_repetition(parties: list[Party], rng: random.Random) -> None:
    again = [*parties, *parties]
    rng.shuffle(again)
    assert link_people(again) == link_people(parties)


@given(PARTIES)
def test_links_keep_their_promises(parties: list[Party]) -> None:
    clear = {part for one in parties for part in one.name if len(part) > 3}
    links = link_people(parties)
    nodes = [((one.left_entity, one.left_context), (one.right_entity, one.right_context)) for one in links]
    assert len(set(nodes)) == len(nodes)
    for link, (left, right) in zip(links, nodes, strict=True):
        assert left < right
        assert POSSIBLE <= link.score <= 1
        assert link.status == ("linked" if link.score >= LINKED else "possible")
        assert not clear & set(str(asdict(link)).lower().split())
    sins: dict[tuple[str, str], set[str]] = {}
    for one in parties:
        sins.setdefault((one.token, one.context), set()).update(one.sins)
    for left, right in nodes:
        assert not sins[left] or not sins[right] or sins[left] & sins[right]


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_whole_for_a_name_and_itself(one: str, other: str) -> None:
    left, right = name_parts(one), name_parts(other)
    assert similarity(left, right) == pytest.approx(similarity(right, left))
    assert 0 <= similarity(left, right) <= 1
    assert similarity(left, left) in (0.0, 1.0)


def test_names_of_ten_kilobytes_are_no_obstacle() -> None:
    long = ["A " * 5_000, "B" * 10_000, "Kaya " + "O" * 10_000, "\x1b[2J\x00 \x07", " ", ", ,"]
    assert isinstance(link_people([party(name, f"file:{at}", *FILE) for at, name in enumerate(long)]), list)


def test_the_cost_grows_with_the_names_and_not_with_their_square(monkeypatch: pytest.MonkeyPatch) -> None:
    compare, pairs = linkage._between, Counter[int]()

    def compared(count: int) -> int:
        def counting(one: Party, other: Party) -> Link | None:
            pairs[count] += 1
            return compare(one, other)

        monkeypatch.setattr(linkage, "_between", counting)
        rng = random.Random(5)
        link_people(party(f"{rng.choice('abcdefgh') * 4}{at % 997} Smith", f"file:{at}") for at in range(count))
        return pairs[count]

    assert 0 < compared(8_000) < 5 * compared(2_000)


def test_who_pays_on_a_file_is_compared_with_the_people_of_the_file_alone() -> None:
    client = party("Kaya Okafor", "client:1", *FILE)
    payers = [party("Kaya J. Okafor", "payer:1", *FILE), party("Kaya Okaför", "payer:1", *FILE)]
    assert {link.right_context for link in link_beside(payers, [client])} == {"payer:1"}
    assert len(link_beside(payers, [client])) == 2
    crowd = [party(f"Kaya Okafor{at}", f"client:{at}", *FILE) for at in range(linkage.COMMON + 1)]
    assert link_beside(payers, crowd) == []


# --- land -----------------------------------------------------------------------------------------------------------

LINC, OTHER_LINC = "0012345678", "0087654321"
LAND = Land(
    LINC,
    frozenset(["161 234 567"]),
    frozenset(["0412345;12;34"]),
    frozenset(["12 Elm Street, Foxhollow, Alberta T1X 0A1"]),
)


def said(type_: str, name: str, document: str = "d1", document_type: str = "mortgage") -> Description:
    return Description(type_, name, document, document_type)


def only(links: list[Link]) -> Link:
    [link] = links
    return link


@pytest.mark.parametrize(
    "one",
    [
        said("title", "161 234 567"),
        said("legal_description", "PLAN 0412345 BLOCK 12 LOT 34"),
        said("address", "12 ELM ST, FOXHOLLOW AB"),
    ],
)
def test_land_that_a_record_describes_is_linked_to_its_parcel(one: Description) -> None:
    link = only(link_land([LAND], [one]))
    assert {(link.left_type, link.left_entity), (link.right_type, link.right_entity)} == {
        (one.type, one.name),
        ("parcel", LINC),
    }
    assert (link.status, link.method) == ("linked", "record")


@pytest.mark.parametrize("address", ["12 ELM STREET", "12 Elm St, Foxholow"])
def test_an_address_in_other_words_is_possible(address: str) -> None:
    link = only(link_land([LAND], [said("address", address)]))
    assert (link.right_entity, link.status) == (LINC, "possible")


@pytest.mark.parametrize(
    "address", ["14 Elm Street, Foxhollow", "12 Oak Avenue, Stonebrook", "", "\x00", "Elm " * 3_000]
)
def test_another_address_is_another_place(address: str) -> None:
    assert link_land([LAND], [said("address", address)]) == []


def test_an_address_of_several_parcels_leads_to_each_but_certainly_to_none() -> None:
    unit = Land(OTHER_LINC, addresses=LAND.addresses)
    links = link_land([LAND, unit], [said("address", "12 Elm Street, Foxhollow")])
    assert [(link.right_entity, link.status) for link in links] == [(LINC, "possible"), (OTHER_LINC, "possible")]


def test_what_a_document_says_of_one_parcel_is_possible_and_on_a_certificate_of_title_linked() -> None:
    for kind, status in (("mortgage", "possible"), ("certificate_of_title", "linked")):
        link = only(link_land([], [said("parcel", LINC, "d", kind), said("title", "161 234 567", "d", kind)]))
        assert (link.left_type, link.right_type, link.status) == ("parcel", "title", status)


def test_a_document_that_speaks_of_two_parcels_does_not_say_whose_title_it_names() -> None:
    given = [said("parcel", LINC), said("parcel", OTHER_LINC), said("title", "161 234 567")]
    assert link_land([], given) == []


@given(
    st.lists(
        st.builds(
            said,
            st.sampled_from(["parcel", "title", "legal_description", "address"]),
            st.sampled_from([LINC, "161 234 567", "12 Elm Street", "PLAN 0412345 BLOCK 12 LOT 34"])
            | st.text(max_size=9),
            st.sampled_from(["d1", "d2"]),
            st.sampled_from(["mortgage", "certificate_of_title"]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_links_of_land_do_not_depend_on_the_order(given_: list[Description], rng: random.Random) -> None:
    links = link_land([LAND], given_)
    again = [*given_, *given_]
    rng.shuffle(again)
    assert link_land([LAND, LAND], again) == links
    assert all(POSSIBLE <= link.score <= 1 and link.left_type != link.right_type for link in links)


def test_addresses_are_compared_without_province_and_postal_code() -> None:
    assert folded_address("12 Elm Street NW, Calgary, Alberta T2P 1A1, Canada") == "12 elm st nw calgary"
