"""How a contract changes: what two versions differ in, and by which step the version must rise for it.

Pure comparison. Whether one contract is sound belongs to `soundness`, what tables need in order to follow to
`migration`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from muniment.contract import Column, Contract, Thresholds

Level = Literal["patch", "minor", "major"]
_LEVELS: tuple[Level, ...] = ("patch", "minor", "major")

RULES: dict[str, Level] = {
    "description changed": "patch",
    "column added": "minor",
    "type widened": "minor",
    "nulls allowed": "minor",
    "rule loosened": "minor",
    "kept longer": "minor",
    "partition changed": "minor",
    "required column added": "major",
    "column renamed": "major",
    "column dropped": "major",
    "type changed": "major",
    "nulls forbidden": "major",
    "rule tightened": "major",
    "personal class changed": "major",
    "key changed": "major",
    "kept shorter": "major",
    "format changed": "major",
    "origin changed": "major",
    "moved to another namespace": "major",
}
"""What each kind of change is: a change that asks for a new major version is breaking, any other compatible. A rule is
loosened when every value that kept it still does."""


@dataclass(frozen=True)
class Change:
    """One difference of two versions; `column` is empty when it is about the table."""

    kind: str
    column: str = ""
    before: str = ""
    after: str = ""

    @property
    def level(self) -> Level:
        """The part of the version that must rise."""
        return RULES[self.kind]

    @property
    def breaking(self) -> bool:
        """Whether somebody who delivers or reads rows by the old version may be harmed."""
        return self.level == "major"

    def __str__(self) -> str:
        told = f" ({self.before or 'none'} → {self.after or 'none'})" if self.before or self.after else ""
        return f"{self.column}: {self.kind}{told}" if self.column else f"{self.kind}{told}"


def compare(old: Contract, new: Contract) -> list[Change]:
    """What `new` changes: the table first, then its columns in the new order, then those that are gone."""
    there = {column.name: column for column in old.columns}
    names = _names(old, new)
    changes = list(_of_table(old, new))
    for column in new.columns:
        former = there.pop(names.get(column.name, ""), None)
        changes += _of_column(former, column) if former else [_added(column)]
    return changes + [Change("column dropped", name) for name in there]


def _names(old: Contract, new: Contract) -> dict[str, str]:
    """What each column of `new` was called in `old`. A renaming is declared by the later contract: on the way back that
    is the old one."""
    before, after = ({column.name for column in one.columns} for one in (old, new))
    back = {column.renamed_from: column.name for column in old.columns if column.name not in after}
    forward = {column.name: column.renamed_from for column in new.columns if column.renamed_from in before - after}
    return {name: name if name in before else forward.get(name) or back.get(name, "") for name in after}


def required(changes: Iterable[Change]) -> Level | None:
    """The part of the version that must rise for all of the changes; None when there are none."""
    return max((change.level for change in changes), key=_LEVELS.index, default=None)


def step_faults(old: Contract, new: Contract) -> list[str]:
    """Why tables that follow the old contract may not be brought to the new one; empty when they may."""
    fault = version_fault(old, new, compare(old, new))
    return [*renaming_faults(old, new), *([fault] if fault else [])]


def version_fault(old: Contract, new: Contract, changes: Iterable[Change]) -> str:
    """Why the new contract's version does not do for its changes; empty when it does."""
    level = required(changes)
    before, after = _numbers(old.version), _numbers(new.version)
    if level is None and after < before:
        return f"{new.name} {new.version} needs a version of at least {old.version}, because that is in force"
    if level is None:
        return ""
    count = len(_LEVELS) - _LEVELS.index(level)  # numbers that may not stay as they are: 1 of major, 3 of patch
    if after[:count] > before[:count]:
        return ""
    least = (*before[: count - 1], before[count - 1] + 1, *(0,) * (len(before) - count))
    breaking = "; ".join(str(change) for change in changes if change.level == level)
    return (
        f"{new.name} {new.version} needs a new {level} version, at least {'.'.join(map(str, least))}, "
        f"because {old.version} is in force and this changes: {breaking}"
    )


def renaming_faults(old: Contract, new: Contract) -> Iterator[str]:
    """Columns of the new contract that say they were renamed, but not from a column that the old one knows: followed,
    such a column would come up empty and the one that was meant be dropped."""
    known = {column.name: column for column in old.columns}
    names = _names(old, new)
    for column in new.columns:
        before, same = column.renamed_from, known.get(column.name)
        if before and names[column.name] in ("", column.name) and not (same and same.renamed_from == before):
            why = "which is there beside it" if before in known else "which it does not have"
            yield (
                f"{new.name} {new.version}: column {column.name} was not renamed from {before} of version "
                f"{old.version}, {why}: name the column that it was, or take renamed_from away"
            )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _of_table(old: Contract, new: Contract) -> Iterator[Change]:
    for kind, before, after in (
        ("moved to another namespace", old.namespace, new.namespace),
        ("origin changed", old.origin, new.origin),
        ("format changed", old.format or "", new.format or ""),
        ("key changed", ", ".join(_renamed(old, new)), ", ".join(new.key)),
        ("partition changed", old.partition, new.partition),
    ):
        if before != after:
            yield Change(kind, "", before, after)
    if old.retention_days != new.retention_days:
        kind = "kept longer" if new.retention_days > old.retention_days else "kept shorter"
        yield Change(kind, "", f"{old.retention_days} days", f"{new.retention_days} days")
    limits = {**asdict(old.thresholds), "acceptance": old.acceptance}
    for name, after_share in {**asdict(new.thresholds), "acceptance": new.acceptance}.items():
        if limits[name] != after_share:
            kind = "rule tightened" if after_share > limits[name] else "rule loosened"
            yield Change(kind, "", f"{name} {limits[name]:g}", f"{after_share:g}")
    if (old.description, old.granularity) != (new.description, new.granularity):
        yield Change("description changed")


def _renamed(old: Contract, new: Contract) -> list[str]:
    """The old key by the names that its columns have now."""
    now = {before: after for after, before in _names(old, new).items()}
    return [now.get(name, name) for name in old.key]


def _added(column: Column) -> Change:
    return Change("required column added" if column.required else "column added", column.name, "", column.type)


def _of_column(old: Column, new: Column) -> Iterator[Change]:
    if old.name != new.name:
        yield Change("column renamed", new.name, old.name, new.name)
    if old.type != new.type:
        yield Change("type widened" if widens(old.type, new.type) else "type changed", new.name, old.type, new.type)
    if old.required != new.required:
        yield Change("nulls forbidden" if new.required else "nulls allowed", new.name)
    if old.pii != new.pii:
        yield Change("personal class changed", new.name, old.pii or "", new.pii or "")
    yield from _of_rules(old, new)
    if old.description != new.description:
        yield Change("description changed", new.name)


def _of_rules(old: Column, new: Column) -> Iterator[Change]:
    """Changes of what a value must keep; of a pattern only its absence is known to be looser."""
    looser = {
        "critical": old.critical,
        "pattern": new.pattern is None,
        "allowed": not new.allowed or (bool(old.allowed) and set(old.allowed) <= set(new.allowed)),
        "minimum": _within((old.minimum, None), (new.minimum, None)),
        "maximum": _within((None, old.maximum), (None, new.maximum)),
        "valid": _within(_range(old), _range(new)),
    }
    for name, is_looser in looser.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            kind = "rule loosened" if is_looser else "rule tightened"
            yield Change(kind, new.name, f"{name} {_shown(before)}", _shown(after))


_Range = tuple[float | None, float | None]


def _range(column: Column) -> _Range:
    valid = column.valid or {}
    return valid.get("minimum"), valid.get("maximum")


def _within(old: _Range, new: _Range) -> bool:
    """Whether every number of the old range is in the new one; None is no bound."""
    (low, high), (least, most) = old, new
    return (least is None or (low is not None and low >= least)) and (
        most is None or (high is not None and high <= most)
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)


def widens(old: str, new: str) -> bool:
    """Whether every value of the old type is one of the new, in a form that Iceberg reads old files in."""
    if (old, new) == ("integer", "bigint"):
        return True
    if not (old.startswith("decimal(") and new.startswith("decimal(")):
        return False
    (digits, scale), (more, same) = (map(int, kind[len("decimal(") : -1].split(",")) for kind in (old, new))
    return more > digits and scale == same


# --- a contract as text, so that the one in force can be kept with its table ------------------------------------------


def as_text(contract: Contract) -> str:
    """The whole contract as JSON that `from_text` reads."""
    return json.dumps(asdict(contract), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Contract:
    """The contract in a text that this version or another one wrote: what it does not know is left out."""
    found: dict[str, Any] = json.loads(text)
    columns = tuple(Column(**_known(Column, c) | {"allowed": tuple(c["allowed"])}) for c in found["columns"])
    rest = {"columns": columns, "key": tuple(found["key"]), "thresholds": Thresholds(**found["thresholds"])}
    return Contract(**_known(Contract, found) | rest)


def digest(contract: Contract) -> str:
    """A short name of everything that the contract says."""
    return hashlib.sha256(as_text(contract).encode()).hexdigest()[:16]


def _known(kind: type[Column] | type[Contract], found: dict[str, Any]) -> dict[str, Any]:
    return {field.name: found[field.name] for field in fields(kind) if field.name in found}
