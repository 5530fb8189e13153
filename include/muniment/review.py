"""What a reviewer should look at next, and the file in which corrections are written down.

What a correction may say belongs to `corrections`, what comes of one to dbt.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from muniment.contract import contracts
from muniment.documents.catalogue import OTHER, catalogue
from muniment.errors import MunimentError
from muniment.postgres import Dsn

_KEY = ("document_id", "field", "ordinal")
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d+(?:\.\d+)?$)")


@dataclass(frozen=True)
class Doubt:
    """A value that nobody has looked at; `value` is as printed, `normalised` in canonical form where there is one."""

    document_id: str
    key: str
    document_type: str
    field: str
    ordinal: int
    value: str
    normalised: str | None
    page: int | None
    confidence: float
    checks: str | None


def doubts(dsn: Dsn, limit: int, document_type: str | None = None) -> list[Doubt]:
    """The least sure values of current documents, the least sure first."""
    from muniment import warehouse

    known = (*catalogue().types, OTHER)
    if document_type is not None and document_type not in known:
        raise MunimentError(f"There is no type {document_type!r}: take one of {', '.join(known)}.")
    of_type = f"WHERE document_type = '{document_type}'" if document_type else ""
    columns = ", ".join(Doubt.__dataclass_fields__)
    _, rows = warehouse.query(
        dsn,
        f"SELECT {columns} FROM marts.review_queue {of_type} "
        f"ORDER BY confidence, document_id, field, ordinal LIMIT {int(limit)}",
    )
    return [Doubt(*row) for row in rows]


def write_form(found: Sequence[Doubt], path: Path) -> None:
    """Write the values as a file of corrections: to be put right where wrong, signed, and landed.

    A row that is signed without a change confirms what was read; one that nobody signs is refused by itself.
    MunimentError when the file is there already, because it may hold somebody's work.
    """
    names = [column.name for column in contracts()["corrections"].input_columns]
    beside = [name for name in Doubt.__dataclass_fields__ if name not in _KEY]
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, [*names, *(f"read_{name}" for name in beside)], restval="")
            rows.writeheader()
            for one in found:
                told = asdict(one)
                rows.writerow(
                    {name: told[name] for name in _KEY}
                    | {"value": _plain(one.normalised or one.value)}
                    | {f"read_{name}": _plain(told[name]) for name in beside}
                )
    except FileExistsError:
        raise MunimentError(f"{path} is there already: name another file, or move it away.") from None


def _plain(value: object) -> object:
    """The value as a spreadsheet may open it: text that would begin a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
