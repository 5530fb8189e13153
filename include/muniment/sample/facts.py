"""The invented practice: people, parcels and matters as plain data. How values are printed or filed belongs
elsewhere.

Matter `i` is a function of the seed and `i` alone, so that any one of thousands can be made again without the
rest. Every name, firm, place and number is made up. Identifiers follow the rules of the real ones, with
values that are not issued: telephone numbers 555-01xx, e-mail addresses below example.*, social insurance
numbers that begin with 0 or 9.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

MatterType = Literal["purchase", "sale", "refinance"]

FIRM = "Larkfield & Stroud LLP"
FIRM_ADDRESS = "Suite 410, 1180 Tamarack Avenue, Aldergate, Alberta T0Z 4K1"
FIRM_PHONE = "780-555-0110"
FIRM_EMAIL = "closings@larkfieldstroud.example.com"
YEAR = 2026

GIVEN = (
    "Marguerite", "Tomas", "Ingrid", "Desmond", "Yasmin", "Callum", "Oksana", "Priya", "Renée", "Wendell",
    "Beatriz", "Hamish", "Noor", "Anselm", "Lucille", "Rajan", "Sabine", "Thaddeus", "Mireille", "Kofi",
    "Elspeth", "Dmitri", "Marisol", "Gareth", "Chiamaka", "Leopold", "Astrid", "Josué", "Winifred", "Haruto",
    "Philippa", "Emeka", "Odette", "Rupert", "Zainab", "Ivan", "Corinne", "Matthias", "Lerato", "Aurèle",
)  # fmt: skip
FAMILY = (
    "Oakley", "Reinholt", "Castellane", "Abernathy", "Vukovic", "Thornbury", "Nakashima", "Okonjo",
    "Pelletrin", "Szymanek", "Drummond", "Farrukh", "Lindqvist", "Whitcombe", "Beauséjour", "Haldane",
    "Mwangira", "Petrosyan", "Quillan", "Ravensworth", "Sandhar", "Tremblay-Roux", "Underhill", "Vasquero",
    "Winterbourne", "Yellowlees", "Zaremba", "Ashdown", "Brannigan", "Chowdhary", "Delacroix", "Eskelund",
    "Fairweather", "Gundersen", "Hollis", "Iwasaki", "Jorgensen", "Kovalenko", "Lachance", "McAllister",
    "Ndiaye", "O'Rourke", "Prendergast", "Rosquist", "Stavros", "Turcott", "Ursino", "Villeray", "Wojcik",
    "Zimmerli",
)  # fmt: skip
STREETS = (
    "Alder Ridge Close", "Tamarack Avenue", "Sandpiper Crescent", "Old Mill Road", "Chokecherry Lane",
    "Prairie Rose Way", "Kestrel Landing", "Saskatoon Drive", "Larch Hollow", "Coulee View Terrace",
    "Marigold Boulevard", "Fescue Point", "Harrier Green", "Birch Bend", "Juniper Gate", "Meadowlark Street",
    "Silverberry Court", "Willow Run",
)  # fmt: skip
CITIES = (
    ("City of Aldergate", "Aldergate", "T0Z 4K"),
    ("City of Foxhollow", "Foxhollow", "T0Y 2M"),
    ("Town of Beaumarié", "Beaumarié", "T0X 1B"),
    ("Town of Stonebrook", "Stonebrook", "T0Z 7S"),
    ("Village of Lac Désirée", "Lac Désirée", "T0W 3R"),
)
COUNTIES = (
    ("County of Wheatmere", "Wheatmere", "T0V 5W"),
    ("Municipal District of Bittern Hills", "Bittern Hills", "T0V 8H"),
)
LENDERS = (
    "Prairie Lantern Credit Union Ltd.", "Northern Beacon Bank", "Chinook Arch Mortgage Corporation",
    "Foothills Mutual Trust Company", "Harvest Gate Savings and Credit Union Ltd.",
    "Bow Crossing Financial Inc.",
)  # fmt: skip
SURVEYORS = ("Kestrel Geomatics Ltd.", "Boundary Line Surveys Inc.", "Trillium Peak Land Surveyors Ltd.")
CAVEATORS = (
    "Wheatmere Natural Gas Co-op Ltd.", "Ridgeline Homes Inc.", "Silver Birch Developments Ltd.",
    "Aldergate Light and Power Corporation", "Bittern Hills Water Co-operative Ltd.",
)  # fmt: skip
OTHER_FIRMS = (
    "Penhallow Grant LLP", "Marchbank Iyer Law Office", "Castor & Vale LLP",
    "Hollingshead Legal Professional Corporation",
)  # fmt: skip
BROKERAGES = ("Red Osier Realty Ltd.", "Four Quarters Real Estate Inc.", "Hearth & Section Realty")
LAWYERS = ("Adaeze Larkfield", "Jonas Stroud", "Miriam Castlebrae", "Pascal Guérin")

MOST_MATTERS = 9_999  # as many as the numbering of files has
_FIRST_NEIGHBOUR = 10_000


@dataclass(frozen=True)
class Linc:
    """A land identification number: ten digits, printed `0012 345 678`."""

    digits: str

    def __post_init__(self) -> None:
        if len(self.digits) != 10 or not self.digits.isdigit():
            raise ValueError(f"{self.digits!r} is not a LINC of ten digits")


@dataclass(frozen=True)
class TitleNumber:
    """A title or registration number: two digits of the year, one of the land titles office (1 north, 2
    south) and a sequence of six; `suffix` counts the titles that one registration made."""

    year: int
    office: int
    sequence: int
    suffix: int | None = None

    def __str__(self) -> str:
        digits = f"{self.year % 100:02d}{self.office}{self.sequence:06d}"
        plain = f"{digits[:3]} {digits[3:6]} {digits[6:]}"
        return plain if self.suffix is None else f"{plain} +{self.suffix}"


@dataclass(frozen=True)
class Lot:
    """A lot of a registered plan."""

    plan: str
    block: str
    lot: str

    def __str__(self) -> str:
        return f"PLAN {self.plan} BLOCK {self.block} LOT {self.lot}"


@dataclass(frozen=True)
class Unit:
    """A unit of a condominium plan."""

    plan: str
    unit: int

    def __str__(self) -> str:
        return f"CONDOMINIUM PLAN {self.plan} UNIT {self.unit}"


@dataclass(frozen=True)
class Quarter:
    """A quarter section of the Alberta Township System."""

    quarter: str
    section: int
    township: int
    range: int
    meridian: int

    def __str__(self) -> str:
        return f"{self.quarter}-{self.section}-{self.township}-{self.range}-W{self.meridian}"


Legal = Lot | Unit | Quarter


@dataclass(frozen=True)
class Person:
    """A natural person. `sin` is nine digits with a valid check digit."""

    name: str
    email: str
    phone: str
    sin: str
    born: date


@dataclass(frozen=True)
class Parcel:
    """A piece of land with its title and taxes. Money is in Canadian dollars, area in hectares."""

    linc: Linc
    legal: Legal
    ats: Quarter | None
    title: TitleNumber
    registered_on: date
    consideration: Decimal
    municipality: str
    address: str
    area_ha: Decimal
    roll_number: str
    assessed_value: Decimal
    tax_levy: Decimal
    tax_arrears: Decimal

    @property
    def property_class(self) -> str:
        """The assessment class."""
        return "farmland" if isinstance(self.legal, Quarter) else "residential"


@dataclass(frozen=True)
class Matter:
    """One file of the practice. `client` is the buyer of a purchase, the seller of a sale, the owner of a
    refinance."""

    index: int
    number: str
    type: MatterType
    owners: tuple[Person, ...]
    buyers: tuple[Person, ...]
    parcel: Parcel
    price: Decimal
    deposit: Decimal
    opened_on: date
    contract_on: date
    closing_on: date
    lawyer: str
    other_firm: str
    brokerage: str
    lender: str
    old_lender: str
    principal: Decimal
    rate: Decimal
    old_mortgage: TitleNumber
    caveat: TitleNumber
    caveat_on: date
    caveator: str
    surveyor: str
    surveyed_on: date
    certified_on: date
    contribution: Decimal
    contribution_arrears: Decimal
    holdback: Decimal

    @property
    def clients(self) -> tuple[Person, ...]:
        """Those for whom the practice acts."""
        return self.buyers if self.type == "purchase" else self.owners

    @property
    def borrowers(self) -> tuple[Person, ...]:
        """Those who sign the new mortgage."""
        return self.owners if self.type == "refinance" else self.buyers

    @property
    def tax_adjustment(self) -> Decimal:
        """The seller's share of the year's tax up to the completion date, credited to the buyer."""
        days = (self.closing_on - date(self.closing_on.year, 1, 1)).days
        return _cents(self.parcel.tax_levy * days / 365)

    @property
    def balance_due(self) -> Decimal:
        """What the buyer owes on completion: price less deposit less the tax adjustment."""
        return self.price - self.deposit - self.tax_adjustment

    @property
    def trust_amount(self) -> Decimal:
        """The sum that an undertaking answers for."""
        return self.balance_due if self.type != "refinance" else self.principal


def luhn_digit(digits: str) -> int:
    """The check digit that follows `digits` (Luhn, ISO/IEC 7812-1 annex B), as in social insurance
    numbers."""
    doubled = (sum(divmod(int(d) * 2, 10)) for d in digits[::-1][::2])
    plain = (int(d) for d in digits[::-1][1::2])
    return -(sum(doubled) + sum(plain)) % 10


def matter(seed: int, index: int) -> Matter:
    """The matter at `index`, from 0 to `MOST_MATTERS` - 1."""
    rng = random.Random(f"{seed}:matter:{index}")
    kind: MatterType = ("purchase", "sale", "purchase", "sale", "refinance")[index % 5]
    owners, buyers = _people(rng, 2 * index), _people(rng, 2 * index + 1)
    land = parcel(seed, index, _legal_kind(index))
    price = _round(Decimal(rng.randrange(285, 940)) * 1000 + rng.choice((0, 500, 900)), "1")
    contract_on = date(YEAR, 1, 19) + timedelta(days=rng.randrange(44))
    closing_on = _weekday(date(YEAR, 3, 18) + timedelta(days=rng.randrange(58)))
    lender, old_lender = rng.sample(LENDERS, 2)
    return Matter(
        index=index,
        number=f"{YEAR}-{index + 1:04d}",
        type=kind,
        owners=owners,
        buyers=buyers,
        parcel=land,
        price=price,
        deposit=_round(price * rng.choice((2, 3, 4, 5)) / 100, "500"),
        opened_on=contract_on + timedelta(days=rng.randrange(1, 5)),
        contract_on=contract_on,
        closing_on=closing_on,
        lawyer=rng.choice(LAWYERS),
        other_firm=rng.choice(OTHER_FIRMS),
        brokerage=rng.choice(BROKERAGES),
        lender=lender,
        old_lender=old_lender,
        principal=_round(price * rng.choice((65, 75, 80, 90)) / 100, "100"),
        rate=Decimal(rng.randrange(365, 589)) / 100,
        old_mortgage=_registration(rng, land.registered_on.year, index),
        caveat=_registration(rng, land.registered_on.year, index + 3),
        caveat_on=_in_year(rng, land.registered_on.year, after=land.registered_on),
        caveator=rng.choice(CAVEATORS),
        surveyor=rng.choice(SURVEYORS),
        surveyed_on=date(2025, 5, 1) + timedelta(days=rng.randrange(270)),
        certified_on=date(YEAR, 2, 16) + timedelta(days=rng.randrange(18)),
        contribution=_cents(Decimal(rng.randrange(21000, 68000)) / 100),
        contribution_arrears=rng.choice((Decimal("0.00"), _cents(Decimal(rng.randrange(15000, 90000)) / 100))),
        holdback=Decimal(rng.choice((1500, 2500, 5000))),
    )


def parcel(seed: int, index: int, kind: type[Legal]) -> Parcel:
    """The parcel at `index`, described as `kind` says. Those from 10,000 on are neighbours that no matter is
    about."""
    rng = random.Random(f"{seed}:parcel:{index}")
    rural = kind is Quarter
    municipality, town, postal = rng.choice(COUNTIES if rural else CITIES)
    ats = Quarter(
        rng.choice(("NE", "NW", "SE", "SW")),
        rng.randint(1, 36),
        rng.randint(38, 60),
        rng.randint(1, 28),
        rng.choice((4, 5)),
    )
    registered_on = _in_year(rng, rng.randint(1998, 2024))
    legal: Legal = ats
    if kind is Lot:
        legal = Lot(
            _plan(rng, index, registered_on.year),
            str(rng.randint(1, 40)),
            f"{rng.randint(1, 120)}{rng.choice(('', '', '', '', 'A'))}",
        )
    elif kind is Unit:
        legal = Unit(_plan(rng, index, registered_on.year), rng.randint(1, 140))
    value = _round(Decimal(rng.randrange(240, 900)) * 1000, "500")
    suite = f"{rng.randint(1, 24):d}{rng.randint(1, 20):02d}, " if kind is Unit else ""
    street = f"Range Road {ats.range}{rng.randint(1, 5)}" if rural else rng.choice(STREETS)
    house = f"{ats.township}{rng.randint(10, 99)}{rng.randint(10, 99)}" if rural else str(rng.randint(11, 9890))
    return Parcel(
        linc=Linc(f"00{(10_000_000 + index * 6_151_543 + seed % 97) % 99_999_989:08d}"),
        legal=legal,
        ats=ats if rural or rng.random() < 0.3 else None,
        title=replace(_registration(rng, registered_on.year, index + 7), suffix=rng.choice((None, None, 1, 2))),
        registered_on=registered_on,
        consideration=_round(value * rng.randint(45, 90) / 100, "500"),
        municipality=municipality,
        address=f"{suite}{house} {street}, {town}, Alberta {postal}{rng.randint(1, 9)}",
        area_ha=Decimal("64.7500") if rural else Decimal(rng.randrange(280, 900)) / 10000,
        roll_number=f"{10_000_000 + index * 317 + rng.randrange(300)}",
        assessed_value=value,
        tax_levy=_cents(value * rng.randint(780, 1130) / 100_000),
        tax_arrears=rng.choice((Decimal("0.00"),) * 3 + (_cents(Decimal(rng.randrange(20000, 310000)) / 100),)),
    )


def neighbours(seed: int, first: int, count: int) -> Iterator[Parcel]:
    """Parcels of the district that no matter is about, for the municipal record files."""
    kinds: tuple[type[Legal], ...] = (Lot, Lot, Unit, Quarter)
    for offset in range(first, first + count):
        yield parcel(seed, _FIRST_NEIGHBOUR + offset, kinds[offset % len(kinds)])


def _legal_kind(index: int) -> type[Legal]:
    return (Lot, Lot, Unit, Lot, Lot, Lot, Quarter, Unit)[index % 8]


def _people(rng: random.Random, serial: int) -> tuple[Person, ...]:
    """One person or a couple."""
    family = rng.choice(FAMILY)
    names = [f"{given} {_middle(rng)}{family}" for given in rng.sample(GIVEN, 1 if rng.random() < 0.55 else 2)]
    return tuple(_person(rng, name, 2 * serial + order) for order, name in enumerate(names))


def _middle(rng: random.Random) -> str:
    return f"{rng.choice('ABCDEFGHJKLMNPRST')}. " if rng.random() < 0.35 else ""


def _person(rng: random.Random, name: str, serial: int) -> Person:
    folded = name.translate(str.maketrans("éèû", "eeu", ".'")).lower().split()
    area = rng.choice(("780", "403", "587", "825"))
    # 7,919 is prime to ten million, so no two people of a practice share a number
    stem = f"{rng.choice('0999')}{(1_234_567 + serial * 7_919) % 10_000_000:07d}"
    return Person(
        name=name,
        email=f"{folded[0]}.{folded[-1]}@{rng.choice(('example.com', 'example.org', 'mail.example.net'))}",
        phone=f"{area}-555-01{rng.randrange(100):02d}",
        sin=f"{stem}{luhn_digit(stem)}",
        born=date(1948, 1, 1) + timedelta(days=rng.randrange(19_000)),
    )


def _plan(rng: random.Random, index: int, latest: int) -> str:
    """A plan number: two digits of the year (at most `latest`), one of the office, four of a sequence."""
    return f"{rng.randint(1978, latest) % 100:02d}{rng.choice('12')}{(index * 37 + 1201) % 10_000:04d}"


def _registration(rng: random.Random, year: int, index: int) -> TitleNumber:
    return TitleNumber(year, rng.choice((1, 2)), (index * 48_271 + 10_007) % 1_000_000)


def _in_year(rng: random.Random, year: int, after: date | None = None) -> date:
    earliest = after or date(year, 1, 5)
    return _weekday(earliest + timedelta(days=rng.randrange(max(1, (date(year, 12, 20) - earliest).days))))


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _round(value: Decimal, step: str) -> Decimal:
    """The nearest multiple of `step` dollars, with cents."""
    return _cents((value / Decimal(step)).quantize(Decimal(1), ROUND_HALF_UP) * Decimal(step))
