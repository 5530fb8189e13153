"""Where land of the Alberta Township System lies: against places that are known, and by the survey's own rules."""

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.documents.values import legal
from muniment.land import Position, position

SECTIONS, TOWNSHIPS = st.integers(1, 36), st.integers(1, 126)


def found(description: str) -> Position:
    place = position(description)
    assert place is not None
    return place


def kilometres(one: Position, other: Position) -> float:
    """The distance on a sphere, which is enough for a few kilometres."""
    north = math.radians(one.latitude - other.latitude)
    east = math.radians(one.longitude - other.longitude) * math.cos(math.radians(one.latitude))
    return 6371.0 * math.hypot(north, east)


@pytest.mark.parametrize(
    ("description", "latitude", "longitude"),
    [
        ("SEC-15-24-1-W5", 51.0443, -114.0631),  # Calgary Tower: the railway's first townsite was this section
        ("LSD-1-3-34-16-W4", 51.8835, -112.1814),  # a well near Endiang, surveyed
        ("LSD-6-34-91-8-W4", 56.9345, -111.2050),  # a well north-east of Fort McMurray, surveyed
        ("SE-1-50-1-W4", 53.2783, -110.0050),  # Lloydminster, on the fourth meridian
    ],
)
def test_known_places_are_met_within_a_kilometre(description: str, latitude: float, longitude: float) -> None:
    assert kilometres(found(description), Position(latitude, longitude)) < 1.0


def test_a_quarter_near_nisku_is_where_it_should_be() -> None:
    place = found("NE-3-50-25-W4")
    assert (round(place.latitude, 2), round(place.longitude, 1)) == (53.29, -113.6)


def test_townships_run_from_the_49th_to_the_60th_parallel() -> None:
    """That there are 126 is a fact of the survey, not of the formula."""
    assert found("LSD-1-1-1-1-W4").latitude == pytest.approx(49.0, abs=0.003)
    assert found("LSD-16-36-126-1-W4").latitude == pytest.approx(60.0, abs=0.01)


@pytest.mark.parametrize(("meridian", "west"), [(4, 110), (5, 114), (6, 118)])
def test_ranges_begin_at_their_meridian(meridian: int, west: int) -> None:
    assert found(f"LSD-1-1-10-1-W{meridian}").longitude == pytest.approx(-west, abs=0.005)


@given(section=SECTIONS, township=TOWNSHIPS)
def test_the_parts_of_a_section_lie_around_its_centre(section: int, township: int) -> None:
    land = f"-{section}-{township}-5-W4"
    whole = found(f"SEC{land}")
    for part, north, east in (("NE", 1, 1), ("NW", 1, -1), ("SE", -1, 1), ("SW", -1, -1), ("N", 1, 0), ("W", 0, -1)):
        place = found(part + land)
        assert (place.latitude - whole.latitude) * north >= 0
        assert (place.longitude - whole.longitude) * east >= 0
        assert 0.35 < kilometres(place, whole) < 0.6
    corners = {"SE": (1, 7), "SW": (3, 5), "NW": (11, 13), "NE": (9, 15)}  # opposite subdivisions of each quarter
    for quarter, (one, other) in corners.items():
        first, last = found(f"LSD-{one}{land}"), found(f"LSD-{other}{land}")
        middle = Position((first.latitude + last.latitude) / 2, (first.longitude + last.longitude) / 2)
        assert kilometres(middle, found(quarter + land)) < 0.02


@given(township=TOWNSHIPS)
def test_sections_are_counted_as_an_ox_ploughs(township: int) -> None:
    places = [found(f"SEC-{section}-{township}-3-W5") for section in range(1, 37)]
    steps = [kilometres(one, other) for one, other in pairwise(places)]
    assert all(1.58 < step < 1.7 for step in steps)
    assert places[0].longitude > places[5].longitude
    assert places[6].longitude < places[11].longitude


def test_ranges_are_measured_anew_at_every_base_line() -> None:
    """Limits of ranges run due north between correction lines, and jog there."""
    at = {township: found(f"SW-6-{township}-20-W4").longitude for township in range(1, 8)}
    assert at[3] == at[4] == at[5] == at[6]
    assert at[1] == at[2] != at[3]
    assert at[7] < at[6]


@pytest.mark.parametrize(
    "description",
    [
        "NE-37-50-25-W4", "NE-0-50-25-W4", "NE-3-127-25-W4", "NE-3-0-25-W4", "NE-3-50-0-W4", "NE-3-50-25-W3",
        "LSD-17-3-50-25-W4", "LSD-0-3-50-25-W4",
        "NE-3-1-31-W4",  # beyond the fifth meridian
        "NE-3-70-16-W6",  # in British Columbia
        "PLAN 0721234 BLOCK 3 LOT 12", "", "NE-3-50-25", "xNE-3-50-25-W4",
    ],
)  # fmt: skip
def test_land_that_does_not_exist_has_no_position(description: str) -> None:
    assert position(description) is None


@given(st.text(max_size=40) | st.from_regex(re.compile(r"[A-Z]{1,3}(-\d{1,4}){3,5}-W\d", re.ASCII), fullmatch=True))
def test_any_text_has_a_position_in_alberta_or_none(text: str) -> None:
    place = position(text)
    assert place is None or (49 <= place.latitude <= 60.01 and -120.1 <= place.longitude <= -110)


def test_what_is_read_from_a_page_has_a_position() -> None:
    for printed in ("NE 3-50-25 W4M", "LSD 4-12-50-25 W4M", "N ½ 12-50-25-W4", "4;25;50;3;NE", "Section 3-50-25-W4"):
        canonical = legal(printed)
        assert canonical is not None, printed
        assert position(canonical), canonical
