"""How one document prints its values, and the normalised form that a reader should make of each.

A `Spelling` is drawn once a document, because an office writes its dates and sums in one way on a page. What
values a document has belongs to `forms`; where they stand on the page to `typeset`.
"""

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from muniment.sample.facts import Linc, Lot, Person, Quarter, TitleNumber, Unit

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_QUARTERS = {"NE": "North East", "NW": "North West", "SE": "South East", "SW": "South West"}

DATES = ("long", "iso", "short", "slashed", "day_first", "ordinal", "suffixed", "abbreviated")
MONEY = ("dollar", "dollar", "bare_dollar", "code", "plain", "code_after", "spaced")
LEGALS = ("line", "commas", "lot_first", "bare", "numbered")
SINS = ("spaces", "dashes", "solid")


@dataclass(frozen=True)
class Percent:
    """A rate in per cent a year."""

    value: Decimal


@dataclass(frozen=True)
class Years:
    """A length of time."""

    count: int


@dataclass(frozen=True)
class Sin:
    """A social insurance number of nine digits."""

    digits: str


Value = (
    str | int | date | Decimal | Percent | Years | Sin | Linc | TitleNumber | Lot | Unit | Quarter | tuple[Person, ...]
)


@dataclass(frozen=True)
class Printed:
    """A value as the page shows it (`text`, a newline where the line must break) and normalised (`value`)."""

    text: str
    value: str


@dataclass(frozen=True)
class Spelling:
    """One choice a kind of value: a name out of DATES, MONEY, LEGALS (or "short", "stacked") and SINS."""

    dates: str = "long"
    money: str = "dollar"
    legal: str = "line"
    sins: str = "spaces"

    @classmethod
    def draw(cls, rng: random.Random, legal: str | None) -> "Spelling":
        """A spelling at random; `legal` where the form prescribes how land is described."""
        drawn = cls(rng.choice(DATES), rng.choice(MONEY), rng.choice(LEGALS), rng.choice(SINS))
        return cls(drawn.dates, drawn.money, legal, drawn.sins) if legal else drawn

    def printed(self, value: Value) -> Printed:
        """The value as this document prints it, and normalised: ISO dates, plain decimals, ten-digit LINCs,
        people joined by " and ", land as `facts` writes it."""
        match value:
            case tuple():
                names = " and ".join(person.name for person in value)
                return Printed(names, names)
            case date():
                return Printed(self._date(value), value.isoformat())
            case Decimal():
                return Printed(self._money(value), f"{value:.2f}")
            case Percent():
                return Printed(f"{value.value}%", str(value.value))
            case Years(count):
                return Printed(f"{count} years", f"P{count}Y")
            case Linc(digits):
                return Printed(f"{digits[:4]} {digits[4:7]} {digits[7:]}", digits)
            case Sin(digits):
                return Printed(self._sin(digits), digits)
            case Lot() | Unit() | Quarter():
                return Printed(self._legal(value), str(value))
            case _:
                return Printed(str(value), str(value))

    def _date(self, day: date) -> str:
        month = _MONTHS[day.month - 1]
        if self.dates == "slashed" and day.day > 12:  # below 13 day and month could be taken for each other
            return f"{day:%d/%m/%Y}"
        spellings = {
            "iso": day.isoformat(),
            "short": f"{day.day} {month[:3]} {day.year}",
            "day_first": f"{day.day} {month} {day.year}",
            "ordinal": f"{_ordinal(day.day)} day of {month}, {day.year}",
            "suffixed": f"{month} {_ordinal(day.day)}, {day.year}",
            "abbreviated": f"{month[:3]}. {day.day}, {day.year}" if month != "May" else f"May {day.day}, {day.year}",
        }
        return spellings.get(self.dates, f"{month} {day.day}, {day.year}")

    def _money(self, amount: Decimal) -> str:
        whole = amount == amount.to_integral_value()
        if self.money == "bare_dollar" and whole:
            return f"${amount:,.0f}"
        spellings = {
            "code": f"CAD {amount:,.2f}",
            "plain": f"{amount:,.2f}",
            "code_after": f"${amount:,.2f} CAD",
            "spaced": f"$ {amount:,.2f}",
        }
        return spellings.get(self.money, f"${amount:,.2f}")

    def _sin(self, digits: str) -> str:
        mark = {"spaces": " ", "dashes": "-"}.get(self.sins, "")
        return mark.join((digits[:3], digits[3:6], digits[6:]))

    def _legal(self, land: Lot | Unit | Quarter) -> str:
        parts: tuple[str, ...]
        match land:
            case Lot(plan, block, lot):
                parts = (f"PLAN {plan}", f"BLOCK {block}", f"LOT {lot}")
                short = f"{plan};{block};{lot}"
            case Unit(plan, unit):
                parts = (f"CONDOMINIUM PLAN {plan}", f"UNIT {unit}")
                short = f"{plan};{unit}"
            case Quarter():
                return self._quarter(land)
        gapped = [part.title().replace(plan, f"{plan[:3]} {plan[3:]}") for part in parts]
        return {
            "short": short,
            "stacked": "\n".join(parts),
            "commas": ", ".join(gapped),
            "lot_first": ", ".join(reversed(gapped)),
            "bare": " ".join(reversed(gapped)),
            "numbered": ", ".join((parts[0].title().replace("Plan ", "Plan No. "), *gapped[1:])),
        }.get(self.legal, " ".join(parts))

    def _quarter(self, land: Quarter) -> str:
        name = _QUARTERS[land.quarter]
        parts = (
            f"MERIDIAN {land.meridian}", f"RANGE {land.range}", f"TOWNSHIP {land.township}",
            f"SECTION {land.section}", f"QUARTER {name.upper()}",
        )  # fmt: skip
        return {
            "short": f"{land.meridian};{land.range};{land.township};{land.section};{land.quarter}",
            "stacked": "\n".join(parts),
            "commas": f"{land.quarter} {land.section}-{land.township}-{land.range} W{land.meridian}M",
            "bare": f"{land.quarter} 1/4 of Section {land.section} Township {land.township} Range {land.range} "
            f"West of the {land.meridian}th Meridian",
            "numbered": f"{land.quarter}-{land.section}-{land.township}-{land.range}-W{land.meridian}",
            "lot_first": f"{name} Quarter of Section {land.section}, Township {land.township}, "
            f"Range {land.range}, West of the {land.meridian}th Meridian",
        }.get(self.legal, " ".join(parts))


def _ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{ending}"
