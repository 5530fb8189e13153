"""What must be kept although somebody asks to be forgotten: the rules of a file, held against a person's matters.

A rule ends on a day that follows from the records of the matter; while a matter is open, or says nothing of its end,
every rule holds. There is no way past a rule but to change the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from muniment.contract import contracts
from muniment.errors import MunimentError
from muniment.platform import Platform

_HOLDS = ("files", "trust", "identified")
_FROM = ("closed", "last_payment")


class RetentionError(MunimentError):
    """Rules that cannot be read."""


@dataclass(frozen=True)
class Rule:
    """One rule: which matters it `holds`, and for how many full years from when; `text` is what it says."""

    id: str
    holds: Literal["files", "trust", "identified"]
    since: Literal["closed", "last_payment"]
    years: int
    text: str

    def end(self, matter: "Matter") -> date | None:
        """The first day on which it no longer holds for a matter; None while it has no end."""
        last = matter.last_payment if self.since == "last_payment" else matter.closed
        return None if last is None or matter.closed is None else date(last.year + self.years + 1, 1, 1)

    def covers(self, matter: "Matter") -> bool:
        """Whether it is about such a matter."""
        return {"files": True, "trust": matter.last_payment is not None, "identified": matter.identified}[self.holds]


@dataclass(frozen=True)
class Matter:
    """What the records say of a matter: when it closed, its last payment, whether they identify its client."""

    number: str
    closed: date | None
    last_payment: date | None
    identified: bool


@dataclass(frozen=True)
class Refusal:
    """A matter that a rule wants kept, `until` a day or without an end that is known."""

    rule: Rule
    matter: str
    until: date | None

    def __str__(self) -> str:
        until = f"until {self.until}" if self.until else "as long as no record says that it is closed"
        return f"Matter {self.matter}, {until}: {self.rule.text} (rule {self.rule.id})"


def rules(path: Path) -> list[Rule]:
    """The rules of a file; RetentionError says what is wrong in it."""
    import yaml

    try:
        found = yaml.safe_load(path.read_text("utf-8"))["rules"]
        return [_rule(one) for one in found]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise RetentionError(f"{path} holds no rules of retention that can be used: {error!r}") from None


def _rule(given: Mapping[str, Any]) -> Rule:
    rule = Rule(
        str(given["id"]), given["holds"], given["from"], int(given["years"]), " ".join(str(given["text"]).split())
    )
    if rule.holds not in _HOLDS or rule.since not in _FROM or rule.years < 0:
        raise ValueError(f"rule {rule.id}: holds is one of {_HOLDS}, from one of {_FROM}, years 0 or more")
    return rule


def standing_against(platform: Platform, numbers: Iterable[str], known: Iterable[Rule], today: date) -> list[Refusal]:
    """Which rules want which of the matters kept on a day, in their order. Legal holds join here."""
    wanted = sorted(set(numbers))
    matters = [_matter(platform, number) for number in wanted]
    return [
        Refusal(rule, matter.number, end)
        for rule in known
        for matter in matters
        if rule.covers(matter)
        for end in [rule.end(matter)]
        if end is None or today < end
    ]


def _matter(platform: Platform, number: str) -> Matter:
    """A matter by its latest record. One that the records do not know is open, for all that is known."""
    told = _of_matter(platform, "matters", number)
    paid = [row["paid_at"].date() for row in _of_matter(platform, "payments", number)]
    latest = max(told, key=lambda row: (row["window_start"], row["source_line"]), default=None)
    closed = latest["closing_on"] or latest["opened_on"] if latest and latest["status"] != "open" else None
    identifying = ("client_name", "client_email", "client_phone", "client_sin")
    identified = any(row[name] for row in told for name in identifying)
    return Matter(number, max([closed, *paid]) if closed else None, max(paid, default=None), identified)


def _of_matter(platform: Platform, table: str, number: str) -> list[dict[str, Any]]:
    contract = contracts()[table]
    if not platform.lake.present() or not platform.lake.exists(contract):
        return []
    rows = platform.lake.find(contract, lambda columns: columns["matter_number"] == number)
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def by_rule(refusals: Iterable[Refusal]) -> dict[Rule, list[Refusal]]:
    """Refusals by the rule that says so."""
    found: defaultdict[Rule, list[Refusal]] = defaultdict(list)
    for one in refusals:
        found[one.rule].append(one)
    return dict(found)
