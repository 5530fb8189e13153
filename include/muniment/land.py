"""Where land of the Alberta Township System lies: its approximate latitude and longitude on WGS 84.

The Dominion Land Survey's third system, by which Alberta was laid out: townships count north from the base line at
49° N, ranges west from the meridians at 110°, 114° and 118° W. A township is six miles square and has a road allowance
of one chain at every mile going west and at every second mile going north. Ranges are measured along the base lines,
four townships apart, and their limits run due north and due south from there to the correction lines, so that the
meridians' convergence begins anew at each base line. What survey is on the ground differs from this by some hundred
metres, which is why positions are good to about a kilometre and say nothing of boundaries. Plans of subdivision have
no position here. How descriptions are printed belongs to `documents.values`.
"""

import math
import re
from dataclasses import dataclass

_FOOT = 0.3048  # metres
_MILE, _CHAIN = 5280 * _FOOT, 66 * _FOOT
_TOWNSHIP_NORTH = 6 * _MILE + 3 * _CHAIN
_SECTION_WEST = _MILE + _CHAIN
_TOWNSHIP_WEST = 6 * _SECTION_WEST
_BASE = 49.0
_MERIDIANS = {4: 110.0, 5: 114.0, 6: 118.0}
_WEST_END = {4: 114.0, 5: 118.0, 6: 120.0}  # the next meridian, and the border with British Columbia
_NORTH_END = 126  # townships up to 60° N
_STRAY = 0.05  # degrees by which the centre of a cut-off range may lie beyond its meridian
_A, _E2 = 6378137.0, 0.00669437999014  # WGS 84: semi-major axis in metres, eccentricity squared

_ATS = re.compile(
    r"(?:(?P<quarter>NE|NW|SE|SW)|LSD-(?P<lsd>\d{1,2})|(?P<half>[NSEW])|(?P<whole>SEC))"
    r"-(?P<section>\d{1,2})-(?P<township>\d{1,3})-(?P<range>\d{1,2})-W(?P<meridian>\d)"
)
_HALVES = {"N": (0.75, 0.5), "S": (0.25, 0.5), "E": (0.5, 0.25), "W": (0.5, 0.75)}
_QUARTERS = {"NE": (0.75, 0.25), "NW": (0.75, 0.75), "SE": (0.25, 0.25), "SW": (0.25, 0.75)}


@dataclass(frozen=True)
class Position:
    """Degrees north and, negative in the west, east, on WGS 84."""

    latitude: float
    longitude: float


def position(description: str) -> Position | None:
    """The centre of land described as `values.legal` writes it: `NE-3-50-25-W4`, `LSD-4-12-50-25-W4`, `N-3-50-25-W4`
    or `SEC-3-50-25-W4`; None for any other description and for land that Alberta does not have."""
    found = _ATS.fullmatch(description)
    if not found:
        return None
    section, township, west, meridian = (int(found[name]) for name in ("section", "township", "range", "meridian"))
    within = _within(found)
    known = 1 <= section <= 36 and 1 <= township <= _NORTH_END and west >= 1 and meridian in _MERIDIANS
    if within is None or not known:
        return None
    row, column = _place(section, 6)
    north = (township - 1) * _TOWNSHIP_NORTH + (row + within[0]) * _MILE + (row // 2 + 1) * _CHAIN
    along = (west - 1) * _TOWNSHIP_WEST + column * _SECTION_WEST + within[1] * _MILE
    longitude = _MERIDIANS[meridian] + along / _degree_west(_latitude(_base_line(township)))
    if longitude > _WEST_END[meridian] + _STRAY:
        return None
    return Position(round(_latitude(north), 4), round(-longitude, 4))


def _within(found: re.Match[str]) -> tuple[float, float] | None:
    """How far north and west the centre lies within its section, in miles; None where there is no such part."""
    if found["quarter"]:
        return _QUARTERS[found["quarter"]]
    if found["half"]:
        return _HALVES[found["half"]]
    if found["whole"]:
        return 0.5, 0.5
    subdivision = int(found["lsd"])
    if not 1 <= subdivision <= 16:
        return None
    row, column = _place(subdivision, 4)
    return (row + 0.5) / 4, (column + 0.5) / 4


def _place(number: int, side: int) -> tuple[int, int]:
    """Row from the south and column from the east of a number: counting begins in the south-east and turns at the end
    of each row, as an ox ploughs."""
    row, column = divmod(number - 1, side)
    return row, column if row % 2 == 0 else side - 1 - column


def _base_line(township: int) -> float:
    """Metres from 49° N to the base line from which a township's ranges are laid out: the nearer of the two about it,
    since correction lines lie midway."""
    return (township + 1) // 4 * 4 * _TOWNSHIP_NORTH


def _latitude(north: float) -> float:
    """The latitude so many metres north of 49° N, by the radius of the meridian halfway there."""
    degrees = _BASE
    for _ in range(3):
        degrees = _BASE + math.degrees(north / _meridian_radius((_BASE + degrees) / 2))
    return degrees


def _meridian_radius(latitude: float) -> float:
    """The radius of curvature along a meridian of the ellipsoid."""
    return _A * (1 - _E2) / math.pow(1 - _E2 * math.sin(math.radians(latitude)) ** 2, 1.5)


def _degree_west(latitude: float) -> float:
    """The metres of a degree along a parallel of the ellipsoid."""
    phi = math.radians(latitude)
    return math.radians(_A * math.cos(phi) / math.sqrt(1 - _E2 * math.sin(phi) ** 2))
