"""The record files of one window: rows made of facts, written with the dirt that real exports have.

Dirt of two sorts. What a strict reader must cope with: byte order marks, Windows-1252, CRLF, blank lines,
quoted commas and line breaks, spaces around values, an unknown column. And rows it must refuse: one kind of
fault a row, noted with its line and reason. Which windows get which files belongs to `practice`.
"""

import csv
import io
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from muniment.sample import facts
from muniment.sample.documents import Personal
from muniment.sample.facts import Matter, Parcel, TitleNumber
from muniment.sample.truth import BadRow
from muniment.windows import TIMEZONE, Window

Row = dict[str, str]
Outcome = tuple[Row, str | None]
"""A row and the reason for which it must be refused; None for a good one."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "matters": (
        "matter_number", "matter_type", "client_name", "client_email", "client_phone", "client_sin",
        "property_address", "linc", "purchase_price", "deposit", "opened_on", "closing_on",
        "responsible_lawyer", "status",
    ),
    "parcels": ("linc", "short_legal", "ats_description", "title_number", "municipality", "area_ha"),
    "assessments": (
        "roll_number", "assessment_year", "linc", "municipality", "property_class", "assessed_value",
        "tax_levy",
    ),
    "payments": (
        "payment_id", "matter_number", "paid_at", "amount", "direction", "purpose", "method", "payer",
    ),
    "registry_events": (
        "event_id", "registered_at", "title_number", "linc", "instrument_number", "instrument_type",
        "matter_number",
    ),
    "corrections": ("document_id", "field", "ordinal", "value", "remark", "reviewer", "reviewed_at"),
}  # fmt: skip
_PERSONAL = {"client_sin": "sin", "client_email": "email", "client_phone": "phone"}
_CUT = "cut line"  # the only key of a row that stands for a line of JSON cut short
_BAD_SHARE = 0.12  # of the good rows at most, well below the share at which a whole file is refused


@dataclass(frozen=True)
class RecordFile:
    """The bytes of a records file and what is true of it."""

    data: bytes
    table: str
    rows_good: int
    bad_rows: tuple[BadRow, ...]
    unknown_columns: tuple[str, ...] = ()
    personal: tuple[Personal, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A row gone wrong: `spoil` changes a copy of a good row; a `reason` tells how a strict reader refuses
    it.

    `keeps_key` leaves the key as it is, so that the row repeats one above it.
    """

    reason: str
    spoil: Callable[[Row], Row]
    keeps_key: bool = False


def _put(column: str, value: str) -> Callable[[Row], Row]:
    return lambda row: {**row, column: value}


FAULTS: Mapping[str, tuple[Fault, ...]] = {
    "matters": (
        Fault("bad_value", _put("purchase_price", "$412,500.00")),
        Fault("not_allowed", _put("matter_type", "lease")),
        Fault("missing_value", _put("opened_on", "")),
        Fault("duplicate_key", _put("status", "abandoned"), keeps_key=True),
        Fault("bad_value", _put("linc", "0012 345")),
        Fault("malformed_row", lambda row: {key: row[key] for key in list(row)[:6]}),
    ),
    "parcels": (
        Fault("bad_value", _put("area_ha", "0,4047")),
        Fault("malformed_row", lambda row: {**row, "overflow": "see file"}),
        Fault("missing_value", _put("short_legal", "")),
        Fault("bad_value", _put("title_number", "see file")),
        Fault("duplicate_key", _put("area_ha", "0.0500"), keeps_key=True),
    ),
    "assessments": (
        Fault("bad_value", _put("tax_levy", "$1,234.00")),
        Fault("not_allowed", _put("property_class", "industrial")),
        Fault("bad_value", _put("assessment_year", "two thousand")),
        Fault("missing_value", _put("assessed_value", "")),
        Fault("duplicate_key", _put("tax_levy", "1.00"), keeps_key=True),
    ),
    "payments": (
        Fault("malformed_row", lambda row: {_CUT: json.dumps(row)[:-9]}),
        Fault("bad_value", _put("amount", "n/a")),
        Fault("not_allowed", _put("direction", "sideways")),
        Fault("missing_value", _put("paid_at", "")),
        Fault("bad_value", _put("paid_at", "2026-03-07 14:05")),
        Fault("duplicate_key", _put("amount", "0.01"), keeps_key=True),
    ),
    "registry_events": (
        Fault("not_allowed", _put("instrument_type", "lien")),
        Fault("missing_value", _put("instrument_number", "")),
        Fault("duplicate_key", _put("instrument_type", "easement"), keeps_key=True),
    ),
}


# -- rows


def matter_row(matter: Matter, record_price: Decimal, status: str) -> Row:
    """The matter as the practice's system has it. A refinance has no price."""
    client = matter.clients[0]
    priced = matter.type != "refinance"
    return _row(
        "matters", matter.number, matter.type, " and ".join(one.name for one in matter.clients),
        client.email, client.phone, client.sin if matter.index % 3 else "", matter.parcel.address,
        matter.parcel.linc.digits, f"{record_price}" if priced else "",
        f"{matter.deposit}" if priced else "", matter.opened_on.isoformat(),
        matter.closing_on.isoformat() if matter.index % 7 != 5 else "", matter.lawyer, status,
    )  # fmt: skip


def parcel_row(parcel: Parcel) -> Row:
    """The parcel as the municipality's land file has it."""
    return _row(
        "parcels", parcel.linc.digits, str(parcel.legal), str(parcel.ats) if parcel.ats else "",
        str(parcel.title), parcel.municipality, f"{parcel.area_ha:.4f}",
    )  # fmt: skip


def assessment_row(parcel: Parcel, year: int) -> Row:
    """The parcel's assessment of a year."""
    return _row(
        "assessments", parcel.roll_number, str(year), parcel.linc.digits, parcel.municipality,
        parcel.property_class, f"{parcel.assessed_value}", f"{parcel.tax_levy}",
    )  # fmt: skip


def payment_rows(matter: Matter, window: Window) -> list[Row]:
    """The matter's movements on the trust account, a few hours before the end of the window at the latest."""
    rng = random.Random(f"payments:{matter.number}")
    client = matter.clients[0].name
    movements: list[tuple[Decimal, str, str, str]] = [(Decimal("1450.00"), "in", "fees", client)]
    if matter.type == "purchase":
        movements += [
            (matter.deposit, "in", "deposit", client),
            (matter.balance_due - matter.principal, "in", "cash_to_close", client),
        ]
    if matter.type == "sale":
        movements += [
            (matter.deposit, "in", "deposit", matter.buyers[0].name),
            (matter.principal / 2, "out", "mortgage_payout", facts.FIRM),
        ]
    if matter.type == "refinance":
        movements += [
            (matter.principal / 2, "out", "mortgage_payout", facts.FIRM),
            (matter.parcel.tax_levy, "out", "property_tax", facts.FIRM),
        ]
    movements.append((Decimal("385.00"), "out", "disbursement", facts.FIRM))
    zone = ZoneInfo(TIMEZONE) if matter.index % 3 else UTC
    return [
        _row(
            "payments", f"PAY-{matter.index + 1:04d}-{order + 1}", matter.number,
            _instant(rng, window).astimezone(zone).isoformat(), f"{abs(amount):.2f}", direction, purpose,
            rng.choice(("wire", "draft", "cheque", "eft")), payer,
        )
        for order, (amount, direction, purpose, payer) in enumerate(movements)
    ]  # fmt: skip


def event_rows(matter: Matter, window: Window) -> list[Row]:
    """What was registered against the matter's title, and one event of a neighbour's."""
    rng = random.Random(f"events:{matter.number}")
    kinds = {
        "purchase": ("transfer", "mortgage"),
        "sale": ("transfer", "discharge"),
        "refinance": ("mortgage", "discharge"),
    }
    land = matter.parcel
    return [
        _row(
            "registry_events", f"EV-{matter.index + 1:05d}-{order + 1}", _instant(rng, window).isoformat(),
            str(land.title), land.linc.digits,
            str(TitleNumber(facts.YEAR, 1 + order % 2, 40_000 + 3 * matter.index + order)), kind,
            matter.number if order < 2 else "",
        )
        for order, kind in enumerate((*kinds[matter.type], "caveat" if matter.index % 2 else "easement"))
    ]  # fmt: skip


def _row(table: str, *values: str) -> Row:
    return dict(zip(COLUMNS[table], values, strict=True))


def _instant(rng: random.Random, window: Window) -> datetime:
    """A whole second of the two days before the window's end."""
    return window.end - timedelta(seconds=rng.randrange(600, 172_800))


# -- files


@dataclass(frozen=True)
class Dirt:
    """What is odd about a CSV file without being wrong: `accented` is Windows-1252, `padded` has spaces
    around values, `broken_addresses` line breaks in quoted ones."""

    bom: bool = False
    accented: bool = False
    crlf: bool = False
    blank_lines: bool = False
    padded: bool = False
    broken_addresses: bool = False
    unknown_column: str | None = None

    @property
    def encoding(self) -> str:
        """The file's encoding."""
        return "cp1252" if self.accented else "utf-8-sig" if self.bom else "utf-8"


def spoiled(table: str, rows: Sequence[Row], seed: str, serial: int) -> list[Outcome]:
    """The rows with as many bad ones among them as `_BAD_SHARE` lets, each with its reason; None stands for a
    good row.

    `serial` turns the list of faults, so that successive files show different ones.
    """
    rng = random.Random(f"{seed}:{table}:{serial}")
    out: list[Outcome] = [(row, None) for row in rows]
    menu = FAULTS[table]
    for order in range(min(len(menu), int(len(rows) * _BAD_SHARE))):
        fault = menu[(serial + order) % len(menu)]
        model = rng.randrange(len(rows))
        copy = rows[model] if fault.keeps_key else {**rows[model], COLUMNS[table][0]: _fresh_key(table, serial, order)}
        at = len(out) if fault.keeps_key else rng.randint(1, len(out))  # a repeated key comes after the first
        out.insert(at, (fault.spoil(copy), fault.reason))
    return out


def _fresh_key(table: str, serial: int, order: int) -> str:
    """A key that no good row has."""
    number = 9000 + 20 * (serial % 45) + order
    return {
        "matters": f"{facts.YEAR - 1}-{number}",
        "parcels": f"009999{number}",
        "assessments": f"9999{number}",
        "payments": f"PAY-X-{number}",
        "registry_events": f"EV-X-{number}",
    }[table]


def csv_file(table: str, rows: Iterable[Outcome], dirt: Dirt) -> RecordFile:
    """A CSV file of the rows, as dirty as `dirt` says."""
    unknown = (dirt.unknown_column,) if dirt.unknown_column else ()
    text = [_csv_line((*COLUMNS[table], *unknown), dirt)]
    line = 2
    bad: list[BadRow] = []
    kept: list[Row] = []
    for order, (row, reason) in enumerate(rows):
        if dirt.blank_lines and order % 5 == 3:
            text.append(_csv_line((), dirt))
            line += 1
        if reason:
            bad.append(BadRow(line, reason))
        else:
            kept.append(row)
        cells = _dirty(list(row.values()), order, dirt)
        text.append(_csv_line((*cells, *("n/a" for _ in unknown)), dirt))
        line += text[-1].count("\n")
    return RecordFile("".join(text).encode(dirt.encoding), table, len(kept), tuple(bad), unknown, _personal(kept))


def _personal(rows: Iterable[Row]) -> tuple[Personal, ...]:
    return tuple(
        Personal(None, kind, row[column], row[column])
        for row in rows
        for column, kind in _PERSONAL.items()
        if row.get(column)
    )


def _dirty(cells: list[str], order: int, dirt: Dirt) -> list[str]:
    if dirt.broken_addresses and order % 6 == 2:
        cells = [cell.replace(", ", ",\n", 1) if ", Alberta" in cell else cell for cell in cells]
    if dirt.padded and order % 4 == 1:
        cells = [f" {cell}  " if cell else cell for cell in cells]
    return cells


def _csv_line(cells: Sequence[str], dirt: Dirt) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n" if dirt.crlf else "\n").writerow(cells)
    return out.getvalue()


def json_file(table: str, rows: Sequence[Outcome]) -> RecordFile:
    """JSON lines of the rows. An empty value is left out; a line cut short is written as it is."""
    lines = [row.get(_CUT) or json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False) for row, _ in rows]
    return _numbered("".join(f"{line}\n" for line in lines).encode(), table, rows)


def parquet_file(table: str, rows: Sequence[Outcome]) -> RecordFile:
    """A Parquet file of the rows; instants in microseconds UTC, an empty value is null."""
    import pyarrow as pa
    from pyarrow import parquet

    arrays = []
    for name in COLUMNS[table]:
        values = [row[name] or None for row, _ in rows]
        instants = (
            [datetime.fromisoformat(value) if value else None for value in values] if name.endswith("_at") else None
        )
        arrays.append(pa.array(instants, pa.timestamp("us", "UTC")) if instants else pa.array(values, pa.string()))
    sink = io.BytesIO()
    parquet.write_table(pa.table(arrays, names=list(COLUMNS[table])), sink, compression="zstd")
    return _numbered(sink.getvalue(), table, rows)


def _numbered(data: bytes, table: str, rows: Sequence[Outcome]) -> RecordFile:
    """A file in which each row has the line of its place."""
    bad = tuple(BadRow(number, reason) for number, (_, reason) in enumerate(rows, 1) if reason)
    return RecordFile(data, table, len(rows) - len(bad), bad)
