"""Whether a contract contradicts itself, in sentences: every fault of it at once, before any row meets it.

What two versions differ in belongs to `evolution`; what a row must keep to `gate` and `records`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import get_args

from muniment.contract import FOLDER, LINEAGE, Column, Contract, ContractError, Format, Origin, Partition, read

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_NUMBERS = ("integer", "bigint", "double", "decimal")
_SUFFIX = ".odcs.yaml"
_LONGEST = 63  # bytes of a name that PostgreSQL tells apart


NEEDED = (
    "assessments",
    "cells",
    "chunks",
    "corrections",
    "documents",
    "embeddings",
    "entities",
    "fields",
    "matters",
    "objects",
    "pages",
    "parcels",
    "payments",
    "pii_findings",
    "quarantine",
    "registry_events",
    "relationships",
)
"""The contracts that runs and marts of Muniment name: without one of them they fail, and not at once."""


def examine(folder: Path = FOLDER, needed: Collection[str] = ()) -> tuple[list[Contract], list[str]]:
    """The sound contracts of a folder, and the faults of the others, each a sentence that begins with its file. A file
    that is not read for its name is at fault, and so is a contract that is needed and has none."""
    sound, faulty = list[Contract](), list[str]()
    paths = sorted(folder.glob(f"*{_SUFFIX}"))
    for path in paths:
        contract, found = examine_file(path)
        if contract and path.name != f"{contract.name}{_SUFFIX}":
            found.append(f"{path.name}: the contract of {contract.name} belongs in {contract.name}{_SUFFIX}.")
        faulty += found
        sound += [contract] if contract and not found else []
    others = sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml") and path not in paths)
    faulty += [f"{path.name} is not read: a contract belongs in NAME{_SUFFIX}." for path in others]
    missing = sorted({*needed} - {path.name.removesuffix(_SUFFIX) for path in paths})
    faulty += [f"{name}{_SUFFIX} is missing in {folder}, but its table is needed: put it back." for name in missing]
    return sound, faulty


def examine_file(path: Path) -> tuple[Contract | None, list[str]]:
    """The contract in a file, None when it cannot be read, and its faults, each a sentence that begins with the name of
    the file."""
    try:
        contract = read(path)
    except ContractError as error:
        return None, [f"{error}."]
    return contract, [f"{path.name}: {fault}." for fault in faults(contract)]


def faults(contract: Contract) -> Iterator[str]:
    """What is wrong with a contract, without a full stop."""
    yield from _of_table(contract)
    yield from _of_names(contract)
    yield from _of_key(contract)
    for column in contract.columns:
        yield from (f"column {column.name} {fault}" for fault in _of_column(column))


def _of_table(contract: Contract) -> Iterator[str]:
    if not _NAME.fullmatch(contract.name):
        yield f"{contract.name!r} is no name of a table: write it in snake case"
    if not _VERSION.fullmatch(contract.version):
        yield f"the version {contract.version!r} is not of the form 1.2.3"
    if not contract.description.strip():
        yield "the table has no description"
    for what, value, choices in (
        ("origin", contract.origin, get_args(Origin)),
        ("partition", contract.partition, get_args(Partition)),
        ("namespace", contract.namespace, ("lake", "vault")),
        ("format", contract.format, (None, *get_args(Format))),
    ):
        if value not in choices:
            yield f"the {what} {value!r} is none of {', '.join(filter(None, choices))}"
    if contract.origin == "records" and not contract.format:
        yield "records have no format that they are delivered in"
    if contract.personal and contract.namespace != "vault" and contract.origin != "records":
        yield "columns are personal, but only records are masked by their contract; documents are as they are read"
    for name, share in {**asdict(contract.thresholds), "acceptance": contract.acceptance}.items():
        if not 0 <= share <= 1:
            yield f"the threshold of {name}, {share:g}, is not a share between 0 and 1"
    if contract.retention_days <= 0:
        yield f"a retention of {contract.retention_days} days keeps nothing"


def _of_names(contract: Contract) -> Iterator[str]:
    names = Counter(column.name for column in contract.columns)
    sources = Counter(column.renamed_from for column in contract.columns if column.renamed_from)
    yield from (f"column {name} is there {count} times" for name, count in names.items() if count > 1)
    yield from (f"{count} columns were renamed from {name}" for name, count in sources.items() if count > 1)
    for name in sorted(sources.keys() & names.keys()):
        yield f"a column was renamed from {name}, which is still a column"
    for name in sorted({column.name for column in LINEAGE} & (names.keys() | sources.keys())):
        yield f"the name {name} is kept for where a row comes from"


def _of_key(contract: Contract) -> Iterator[str]:
    columns = {column.name: column for column in contract.columns}
    if not contract.key:
        also = ", so that its vault could not tell whose personal data it keeps" if contract.personal else ""
        yield f"no column is part of the key{also}"
    for name in contract.row_key:
        column = columns.get(name)
        if column is None:
            yield f"the key names {name}, which is no column"
        elif not column.required and not column.since:
            yield f"column {name} is part of the key and must be required"
        elif column.pii and contract.namespace != "vault":
            yield f"column {name} is part of the key and cannot be personal, because the lake holds it masked"


def _of_column(column: Column) -> Iterator[str]:
    if not _NAME.fullmatch(column.name) or len(column.name) > _LONGEST:
        yield f"needs a name in snake case of at most {_LONGEST} letters"
    if not column.description.strip():
        yield "has no description"
    if column.pii and column.type != "text":
        yield f"is personal and of the type {column.type}: only text can be masked"
    if column.since and not _VERSION.fullmatch(column.since):
        yield f"was added in {column.since!r}, which is no version"
    yield from _of_pattern(column)
    yield from _of_allowed(column)
    yield from _of_range(column)


def _of_pattern(column: Column) -> Iterator[str]:
    if column.pattern is None:
        return
    if column.type != "text":
        yield f"has a pattern but is of the type {column.type}"
    if fault := _pattern_fault(column.pattern):
        yield f"has a pattern that cannot be used: {fault}"
    else:
        for value in column.allowed:
            if not _matches(column.pattern, value):
                yield f"allows {value!r}, which its pattern {column.pattern} does not"


def _pattern_fault(pattern: str) -> str:
    """Why the gate's engine (RE2, which has no look-around) cannot use a pattern; empty when it can."""
    try:
        _matches(pattern, "")
    except ValueError as error:
        return str(error).removeprefix("Invalid regular expression: ")
    return ""


def _matches(pattern: str, value: str) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    return bool(pc.match_substring_regex(pa.scalar(value), pattern).as_py())


def _of_allowed(column: Column) -> Iterator[str]:
    yield from (f"allows {value!r} {count} times" for value, count in Counter(column.allowed).items() if count > 1)
    if column.allowed and column.type != "text":
        yield f"lists the values that it allows but is of the type {column.type}"


def _of_range(column: Column) -> Iterator[str]:
    valid = column.valid or {}
    bounds = {
        "minimum": column.minimum,
        "maximum": column.maximum,
        "least plausible value": valid.get("minimum"),
        "greatest plausible value": valid.get("maximum"),
    }
    given = {name: value for name, value in bounds.items() if value is not None}
    if given and not column.type.startswith(_NUMBERS):
        yield f"has a {next(iter(given))} but is of the type {column.type}"
    numbers = {name: _number(value) for name, value in given.items()}
    wrong = [name for name, number in numbers.items() if number is None]
    yield from (f"has a {name} that is no number: {given[name]!r}" for name in wrong)
    for low, high in _ordered(numbers):
        yield f"has a {low} of {given[low]} above its {high} of {given[high]}"


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _ordered(numbers: dict[str, Decimal | None]) -> Iterable[tuple[str, str]]:
    """Pairs of bounds that stand the wrong way round. What is plausible lies within what is possible."""
    for low, high in (
        ("minimum", "maximum"),
        ("least plausible value", "greatest plausible value"),
        ("minimum", "greatest plausible value"),
        ("least plausible value", "maximum"),
    ):
        first, second = numbers.get(low), numbers.get(high)
        if first is not None and second is not None and first > second:
            yield low, high
