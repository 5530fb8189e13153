"""Expectation suites: completeness, uniqueness and validity from a contract, and the domain's rules.

Which thresholds hold is the contract's to say; how figures are added up over batches is `judge`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.domain import RULES
from muniment.contract import Contract
from muniment.gate import Dimension

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

DIGEST = "key_digest"


@dataclass(frozen=True)
class Check:
    """One expectation with the threshold that its figures must reach over the whole batch."""

    name: str
    dimension: Dimension
    columns: tuple[str, ...]
    threshold: float
    expectation: "Expectation"


def row_checks(contract: Contract) -> list[Check]:
    """Checks whose figures add up over parts of a batch."""
    return [*_completeness(contract), *_validity(contract), *_domain(contract)]


def key_check(contract: Contract) -> Check:
    """The check that rows differ in their key; it is made on digests of the keys of the whole batch."""
    import great_expectations.expectations as gxe

    least = contract.thresholds.uniqueness
    unique = gxe.ExpectColumnValuesToBeUnique(column=DIGEST, mostly=least)
    return Check(f"{contract.name}_uniqueness", "uniqueness", contract.row_key, least, unique)


def check_names(contract: Contract) -> list[tuple[str, Dimension]]:
    """Name and dimension of every check of a contract without loading Great Expectations: one a dimension."""
    return [(f"{contract.name}_{dimension}", dimension) for dimension in ("completeness", "uniqueness", "validity")]


def _completeness(contract: Contract) -> Iterator[Check]:
    import great_expectations.expectations as gxe

    least = contract.thresholds.completeness
    for column in contract.columns:
        if column.critical:
            expectation = gxe.ExpectColumnValuesToNotBeNull(column=column.name, mostly=least)
            yield Check(f"{column.name} has a value", "completeness", (column.name,), least, expectation)


def _validity(contract: Contract) -> Iterator[Check]:
    import great_expectations.expectations as gxe

    least = contract.thresholds.validity
    for column in contract.columns:
        if column.pattern:
            matches = gxe.ExpectColumnValuesToMatchRegex(column=column.name, regex=_exact(column.pattern), mostly=least)
            yield Check(f"{column.name} matches its pattern", "validity", (column.name,), least, matches)
        if column.allowed:
            within = gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.allowed), mostly=least)
            yield Check(f"{column.name} is an allowed value", "validity", (column.name,), least, within)
        bounds = _bounds(column.minimum, column.maximum, column.valid)
        if bounds:
            between = gxe.ExpectColumnValuesToBeBetween(column=column.name, mostly=least, **bounds)
            yield Check(f"{column.name} is in its range", "validity", (column.name,), least, between)


def _exact(pattern: str) -> str:
    """The pattern spelled so that the engine of pandas, which depends on the data, matches what the gate's does: only
    ASCII digits are digits, and the end is not before a last line feed. Groups that capture make pandas warn.
    """
    spelled = re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern).replace(r"\d", "[0-9]")
    return rf"{spelled[:-1]}\Z" if spelled.endswith("$") else spelled


def _bounds(minimum: float | None, maximum: float | None, valid: Any) -> dict[str, float]:
    """The narrower of the hard bounds, which rows cannot break any more, and the soft ones."""
    soft = valid or {}
    bounds = {"min_value": soft.get("minimum", minimum), "max_value": soft.get("maximum", maximum)}
    return {name: value for name, value in bounds.items() if value is not None}


def _domain(contract: Contract) -> Iterator[Check]:
    import great_expectations.expectations as gxe

    least = contract.thresholds.validity
    names = {column.name for column in contract.columns}
    for rule in RULES.get(contract.name, ()):
        if not {rule.greater, rule.lesser} <= names:  # a companion in the vault has some columns only
            continue
        ordered = gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=rule.greater,
            column_B=rule.lesser,
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            mostly=least,
        )
        columns = (rule.greater, rule.lesser)
        yield Check(f"{rule.greater} is not below {rule.lesser}", "validity", columns, least, ordered)
