"""What must be kept although somebody asks to be forgotten: the rules of a file, held against a person's matters.

A rule ends on a day that follows from the records of the matter; while a matter is open, or says nothing of its end,
every rule holds. There is no way past a rule but to change the file.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from muniment.contract import contracts
from muniment.errors import MunimentError
from muniment.platform import Platform

if TYPE_CHECKING:
    import yaml

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
    """The rules of a file; RetentionError says where in it what is wrong."""
    import yaml

    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
        listed = _under(root, "rules", path)
        if not isinstance(listed, yaml.SequenceNode):
            raise _fault(path, _line(listed), "rules is not a list of rules")
        found = [_rule(node, path) for node in listed.value]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _fault(
            path, mark.line + 1 if mark else 1, getattr(error, "problem", None) or " ".join(str(error).split())
        ) from None
    except UnicodeDecodeError as error:
        raise _fault(path, error.object.count(b"\n", 0, error.start) + 1, "this is not text in UTF-8") from None
    except OSError as error:
        raise RetentionError(f"{path}, the file of rules of retention, cannot be read: {error.strerror}.") from None
    return found


def _fault(path: Path, line: int, wrong: str) -> RetentionError:
    return RetentionError(
        f"{path}, line {line}: {wrong}. Rules of retention are written as in include/retention.yaml, and nobody is "
        "forgotten while they cannot be read."
    )


def _line(node: "yaml.Node | None") -> int:
    return node.start_mark.line + 1 if node else 1


def _under(node: "yaml.Node | None", name: str, path: Path) -> "yaml.Node":
    """What a mapping of the file has under a name."""
    import yaml

    entries = node.value if isinstance(node, yaml.MappingNode) else []
    for key, value in entries:
        if key.value == name:
            return value  # type: ignore[no-any-return]
    what = "has" if entries else "is no mapping and so has"
    raise _fault(path, _line(node), f"the {'file' if name == 'rules' else 'rule'} that begins here {what} no `{name}:`")


def _rule(node: "yaml.Node", path: Path) -> Rule:
    given = {name: _under(node, name, path) for name in ("id", "holds", "from", "years", "text")}
    for name, one in given.items():
        if not isinstance(one.value, str) or not one.value.strip():
            raise _fault(path, _line(one), f"{name} has no value")
    for name, choices in (("holds", _HOLDS), ("from", _FROM)):
        if given[name].value not in choices:
            raise _fault(path, _line(given[name]), f"{name} is {given[name].value!r}, none of {', '.join(choices)}")
    if not re.fullmatch(r"[0-9]{1,3}", given["years"].value):
        raise _fault(path, _line(given["years"]), f"years is {given['years'].value!r}, no whole number from 0 to 999")
    return Rule(
        given["id"].value,
        given["holds"].value,
        given["from"].value,
        int(given["years"].value),
        " ".join(given["text"].value.split()),
    )


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
