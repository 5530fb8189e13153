"""Properties of reading records: what is valid comes back exactly; no bytes can do worse than be refused."""

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.contract import Column, Contract, contracts, of_origin
from muniment.records import Batch, Unreadable, read_records

DELIVERED = of_origin("records")
Rows = list[dict[str, Any]]


def _has_plain_ends(text: str) -> bool:
    return all(unicodedata.category(end)[0] not in "ZC" for end in (text[:1] or " ", text[-1:] or " "))


def value(column: Column) -> st.SearchStrategy[Any]:
    """Values that keep every hard rule of a column."""
    kind = column.arrow_type
    if column.name == "field":  # those of which a correction may say anything
        values: st.SearchStrategy[Any] = st.sampled_from(("party_role", "property_address"))
    elif column.allowed:
        values = st.sampled_from(column.allowed)
    elif column.pattern:
        values = st.from_regex(re.compile(column.pattern, re.ASCII), fullmatch=True).map(str.strip)
    elif pa.types.is_decimal(kind):
        values = st.decimals(0, Decimal(10 ** (kind.precision - kind.scale)) - 1, places=kind.scale)
    elif pa.types.is_date(kind):
        values = st.dates(date(1000, 1, 1))
    elif pa.types.is_timestamp(kind):
        values = st.datetimes(datetime(1001, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))
    elif pa.types.is_integer(kind):
        values = st.integers(int(column.minimum or -(2**31)), int(column.maximum or 2**31 - 1))
    else:
        characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
        values = st.text(characters, min_size=1, max_size=20).filter(_has_plain_ends)
    return values if column.required else st.none() | values


def tables(contract: Contract, max_size: int = 8) -> st.SearchStrategy[Rows]:
    row = st.fixed_dictionaries({column.name: value(column) for column in contract.input_columns})
    return st.lists(row, max_size=max_size, unique_by=lambda r: tuple(r[name] for name in contract.key))


def _spelled(cell: Any) -> str:
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def as_csv(contract: Contract, rows: Rows, delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    names = [column.name for column in contract.input_columns]
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if end != "\r\n" else csv.QUOTE_MINIMAL,
    )
    writer.writerow(names)
    writer.writerows([_spelled(row[name]) for name in names] for row in rows)
    return text.getvalue().encode(encoding)


def as_jsonl(rows: Rows, ascii_only: bool = True) -> bytes:
    return "".join(json.dumps(row, default=_spelled, ensure_ascii=ascii_only) + "\n" for row in rows).encode()


def as_parquet(contract: Contract, rows: Rows) -> bytes:
    schema = pa.schema([(column.name, column.arrow_type) for column in contract.input_columns])
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema), sink, row_group_size=5)
    return bytes(sink.getvalue())


def read(folder: Path, contract: Contract, content: bytes, batch_rows: int = 3) -> list[Batch]:
    path = folder / "file"
    path.write_bytes(content)
    return list(read_records(path, contract, batch_rows))


def read_or_refuse(folder: Path, contract: Contract, content: bytes) -> list[Batch] | None:
    """The batches, or None after a refusal that tells its reason; any other error is the test's failure."""
    try:
        return read(folder, contract, content)
    except Unreadable as caught:
        refusal = caught
    assert refusal.reason in {"empty", "bad_encoding", "missing_columns", "unknown_format", "unreadable"}
    assert str(refusal)
    return None


def assert_exact(batches: list[Batch], rows: Rows) -> None:
    assert [bad for batch in batches for bad in batch.bad] == []
    found = [row for batch in batches for row in batch.rows.drop_columns(["source_line"]).to_pylist()]
    assert found == rows


common = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def of_format(name: str) -> list[Contract]:
    return [contract for contract in DELIVERED if contract.format == name]


@common
@given(st.data())
def test_any_valid_table_comes_back_exactly_from_csv(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    contract = data.draw(st.sampled_from(of_format("csv")))
    rows = data.draw(tables(contract))
    content = as_csv(
        contract,
        rows,
        data.draw(st.sampled_from(",;\t")),
        data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        data.draw(st.sampled_from(["\r\n", "\n", "\r"])),
    )
    assert_exact(read(tmp_path_factory.getbasetemp(), contract, content), rows)


@common
@given(st.data())
def test_any_valid_table_comes_back_exactly_from_json_lines(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    [contract] = of_format("jsonl")
    rows = data.draw(tables(contract))
    content = as_jsonl(rows, data.draw(st.booleans()))
    if rows:
        assert_exact(read(tmp_path_factory.getbasetemp(), contract, content), rows)


@common
@given(st.data())
def test_any_valid_table_comes_back_exactly_from_parquet(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    [contract] = of_format("parquet")
    rows = data.draw(tables(contract))
    assert_exact(read(tmp_path_factory.getbasetemp(), contract, as_parquet(contract, rows)), rows)


def _nth(column: Column, n: int) -> Any:
    """A valid value: plain where it must be, else with quotes, quoted line breaks and letters beyond ASCII."""
    if column.name == "field":
        return "property_address"
    if column.pattern == "^[0-9a-f]{16}$":
        return f"{n:016x}"
    kind = column.arrow_type
    shaped = {r"^\d{4}-\d{4}$": f"2026-{n:04d}", r"^\d{10}$": f"{n:010d}", r"^\d{9}$": f"{n:09d}"}
    if column.allowed:
        return column.allowed[n % len(column.allowed)]
    if column.pattern:
        return shaped.get(column.pattern, f"161 234 {n:03d} +1")
    if pa.types.is_decimal(kind):
        return Decimal(n) / 4
    if pa.types.is_date(kind):
        return date(2026, 1, n + 1)
    if pa.types.is_timestamp(kind):
        return datetime(2026, 3, 8, n, tzinfo=UTC)
    if pa.types.is_integer(kind):
        return 2000 + n
    if column.required:
        return f"{column.name}-{n}"
    return ["Lac Sainte-Anne é", 'two\nlines, "quoted"', "plain", None, "Zoë; semi"][n % 5]


def _sample(contract: Contract) -> bytes:
    rows = [{column.name: _nth(column, n) for column in contract.input_columns} for n in range(12)]
    if contract.format == "csv":
        return as_csv(contract, rows)
    return as_jsonl(rows, False) if contract.format == "jsonl" else as_parquet(contract, rows)


SAMPLES = {contract.name: _sample(contract) for contract in DELIVERED}


@pytest.mark.parametrize("contract", DELIVERED, ids=lambda contract: contract.name)
def test_the_samples_that_are_damaged_below_are_valid(tmp_path: Path, contract: Contract) -> None:
    batches = read(tmp_path, contract, SAMPLES[contract.name])
    assert (sum(len(batch.rows) for batch in batches), [bad for batch in batches for bad in batch.bad]) == (
        12,
        [],
    )


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The content after a few cuts, insertions and changed bytes."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        put = draw(
            st.binary(max_size=6)
            | st.sampled_from([b'"', b",", b"\n", b"\r", b"{", b"}", b"\\ud800", b"\0", b"\xff\xfe"])
        )
        cut = draw(st.sampled_from(["replace", "truncate", "repeat"]))
        tail = content[end:] if cut == "replace" else b"" if cut == "truncate" else content[start:]
        content = content[:start] + put + tail
    return content


def _lines(content: bytes) -> list[str]:
    """The physical lines that are not blank, by a reading of the bytes that is not the reader's own."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return [line for line in re.split("\r\n|\n|\r", text) if line.strip()]


def _counted(content: bytes, contract: Contract) -> int | None:
    """How many records the bytes hold, where that can be told simply."""
    if contract.format == "parquet":
        return int(pq.read_metadata(io.BytesIO(content)).num_rows)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    if contract.format == "jsonl":
        return len(_lines(content))
    return None if b'"' in content else len(_lines(content)) - 1


@pytest.mark.parametrize("contract", DELIVERED, ids=lambda contract: contract.name)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_is_refused_or_every_record_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, contract: Contract, data: st.DataObject
) -> None:
    content = data.draw(damaged(SAMPLES[contract.name]))
    batches = read_or_refuse(tmp_path_factory.getbasetemp(), contract, content)
    if batches is None:
        return
    good = [line for batch in batches for line in batch.rows["source_line"].to_pylist()]
    bad = [row.line for batch in batches for row in batch.bad]
    assert len(set(good) | set(bad)) == len(good) + len(bad)
    assert good == sorted(good)
    assert bad == sorted(bad)
    assert _counted(content, contract) in (None, len(good) + len(bad))


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_are_refused_or_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    for contract in DELIVERED:
        read_or_refuse(tmp_path_factory.getbasetemp(), contract, content)


def test_real_files_of_other_publishers_are_refused_by_column_name(corpus: Path) -> None:
    files = sorted((corpus / "records").rglob("*.csv"))
    assert files
    for path in files:
        with pytest.raises(Unreadable) as caught:
            list(read_records(path, contracts()["assessments"]))
        assert caught.value.reason == "missing_columns", path
        assert "assessment_year" in str(caught.value)
        assert "property_class" in str(caught.value)


def test_memory_does_not_grow_with_the_rows_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "assessments.csv"
    with path.open("w") as file:
        file.write("roll_number,assessment_year,linc,municipality,property_class,assessed_value\n")
        file.writelines(
            f"R-{n},2026,{n:010d},Example Municipality {n % 50},residential,{n}.50\n" for n in range(300_000)
        )
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from muniment.contract import contracts\n"
        "from muniment.records import read_records\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "batches = read_records(Path(sys.argv[1]), contracts()['assessments'])\n"
        "rows = len(next(batches).rows) + len(next(batches).rows)\n"
        "before = peak()\n"
        "rows += sum(len(batch.rows) for batch in batches)\n"
        "print(rows, peak() - before)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=120
    )
    rows, grown = map(int, answer.stdout.split())
    assert rows == 300_000
    assert grown < 100, "MiB: the rows themselves would take more, their 16-byte keys take some 50"
