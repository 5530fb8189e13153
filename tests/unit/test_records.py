"""Record files are read strictly: each record is a good row or a bad row with its line, column and reason."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from muniment.contract import Column, Contract, contracts
from muniment.records import BadRow, Batch, Unreadable, contract_for, read_records

ASSESSMENTS = contracts()["assessments"]
MATTERS = contracts()["matters"]
PAYMENTS = contracts()["payments"]
EVENTS = contracts()["registry_events"]

HEADER = "roll_number,assessment_year,linc,municipality,property_class,assessed_value,tax_levy"
ROW = "R-1,2026,0012345678,Calgary,residential,500000.00,3200.5"

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file with exactly these bytes."""

    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def rows_of(batches: list[Batch]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.rows.to_pylist()]


def bad_of(batches: list[Batch]) -> list[BadRow]:
    return [bad for batch in batches for bad in batch.bad]


def refusal(path: Path, contract: Contract) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        list(read_records(path, contract))
    return caught.value


def assessments(write: Write, *records: str, header: str = HEADER) -> tuple[list[dict[str, Any]], list[BadRow]]:
    batches = list(read_records(write("a.csv", "\n".join([header, *records]) + "\n"), ASSESSMENTS))
    return rows_of(batches), bad_of(batches)


def assessment(**changed: str) -> str:
    """A good record but for the given cells."""
    cells = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | changed
    return ",".join(cells.values())


def payment(**changed: object) -> dict[str, object]:
    return {
        "payment_id": "P-1",
        "matter_number": "2026-0001",
        "paid_at": "2026-03-08T06:00:00-07:00",
        "amount": "10.50",
        "direction": "in",
        "purpose": "deposit",
        "method": "wire",
        "payer": "Jordan Example",
    } | changed


def payments(write: Write, *lines: str | dict[str, object]) -> tuple[list[dict[str, Any]], list[BadRow]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    batches = list(read_records(write("p.jsonl", text), PAYMENTS))
    return rows_of(batches), bad_of(batches)


# Which contract a file belongs to


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("records/matters/2026-03-08.csv", "matters"),
        ("matters_2026.csv", "matters"),
        ("deep/er/MATTERS.CSV", "matters"),
        ("matters2026.csv", "matters"),
        ("payments/day.ndjson", "payments"),
        ("payments/day.jsonl", "payments"),
        ("Registry_Events/a.parquet", "registry_events"),
        ("parcels/matters.csv", "parcels"),
        ("matters/day.jsonl", None),
        ("matters.pdf", None),
        ("matterslike.csv", None),
        ("other/2026.csv", None),
        ("matters", None),
        ("", None),
    ],
)
def test_a_file_belongs_to_the_contract_that_its_folder_or_name_bears(key: str, name: str | None) -> None:
    found = contract_for(key, contracts().values())
    assert (found and found.name) == name


def test_the_longest_name_wins() -> None:
    longer = replace(MATTERS, name="matters_closed")
    assert contract_for("matters_closed_2026.csv", [MATTERS, longer]) is longer
    assert contract_for("matters_2026.csv", [MATTERS, longer]) is MATTERS


def test_a_table_that_is_not_delivered_as_files_gets_none() -> None:
    assert contract_for("documents/a.csv", contracts().values()) is None


# What good rows become


def test_values_take_the_types_of_the_contract(write: Write) -> None:
    [batch] = read_records(write("a.csv", f"{HEADER}\n{ROW}\n"), ASSESSMENTS)
    assert batch.rows.schema.names == [*(c.name for c in ASSESSMENTS.input_columns), "source_line"]
    assert all(batch.rows.schema.field(n).equals(ASSESSMENTS.arrow_schema.field(n)) for n in batch.rows.schema.names)
    assert batch.rows.to_pylist() == [
        {
            "roll_number": "R-1",
            "assessment_year": 2026,
            "linc": "0012345678",
            "municipality": "Calgary",
            "property_class": "residential",
            "assessed_value": Decimal("500000.00"),
            "tax_levy": Decimal("3200.50"),
            "source_line": 2,
        }
    ]
    assert batch.bad == []


def test_surrounding_white_space_goes_and_nothing_left_is_null(write: Write) -> None:
    rows, bad = assessments(write, "  R-1 ,2026,   ,\u00a0Calgary\t,residential , 5 ,")
    assert bad == []
    assert (rows[0]["roll_number"], rows[0]["linc"], rows[0]["municipality"]) == ("R-1", None, "Calgary")
    assert (rows[0]["assessed_value"], rows[0]["tax_levy"]) == (Decimal("5.00"), None)


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        ("5", "5.00"),
        ("5.1", "5.10"),
        ("5.1000", "5.10"),
        ("0005.10", "5.10"),
        (".5", "0.50"),
        ("+5", "5.00"),
        ("999999999999.99", "999999999999.99"),
        ("-0", "0.00"),
    ],
)
def test_a_decimal_may_have_zeros_around_it(write: Write, spelled: str, value: str) -> None:
    rows, bad = assessments(write, assessment(assessed_value=spelled))
    assert (bad, rows and rows[0]["assessed_value"]) == ([], Decimal(value))


@pytest.mark.parametrize(
    "spelled",
    [
        "1000000000000",
        "0.001",
        "1e5",
        "NaN",
        "Infinity",
        "-inf",
        "$5",
        '"1,000.00"',
        "5 000",
        "5.1.2",
        ".",
        "+",
        "-",
        "--5",
        "0x1F",
        "five",
        "5,00\u00a0$".replace(",", "."),
        "٥",
    ],
)
def test_what_does_not_fit_a_decimal_exactly_is_a_bad_value(write: Write, spelled: str) -> None:
    rows, bad = assessments(write, assessment(assessed_value=spelled))
    assert rows == []
    assert [(b.line, b.column, b.reason) for b in bad] == [(2, "assessed_value", "bad_value")]
    assert "at most 12 digits before the point and 2 after it" in bad[0].message


@pytest.mark.parametrize(
    "spelled", ["12.0", "2026.", "1e3", "2,026", "99999999999", "99999999999999999999999", "MMXXVI", "+-1"]
)
def test_what_is_not_a_whole_number_that_fits_is_a_bad_value(write: Write, spelled: str) -> None:
    _, bad = assessments(write, assessment(assessment_year=f'"{spelled}"'))
    assert [(b.column, b.reason) for b in bad] == [("assessment_year", "bad_value")]


@pytest.mark.parametrize(
    ("spelled", "utc"),
    [
        ("2026-03-08T06:00:00-07:00", datetime(2026, 3, 8, 13, tzinfo=UTC)),
        ("2026-03-08 06:00:00.123456Z", datetime(2026, 3, 8, 6, 0, 0, 123456, tzinfo=UTC)),
        ("2026-03-08T06:00:00.1234560000+05:30", datetime(2026, 3, 8, 0, 30, 0, 123456, tzinfo=UTC)),
        ("2026-03-08T06:00-0700", datetime(2026, 3, 8, 13, tzinfo=UTC)),
        ("2026-03-08T06:00:00+14", datetime(2026, 3, 7, 16, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_an_instant_becomes_utc(write: Write, spelled: str, utc: datetime) -> None:
    rows, bad = payments(write, payment(paid_at=spelled))
    assert (bad, rows and rows[0]["paid_at"]) == ([], utc)


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-03-08T06:00:00",
        "2026-03-08",
        "2026-02-30T06:00:00Z",
        "2026-03-08T25:00:00Z",
        "2026-03-08T24:00:00Z",
        "2026-03-08T06:00:60Z",
        "2026-03-08T06:00:00.1234567Z",
        "2026-03-08T06:00:00+15:00",
        "2026-03-08T06:00:00 MST",
        "08/03/2026 06:00 -07:00",
        "9999-12-31T20:00:00-07:00",
        "0001-01-01T00:00:00+14:00",
        "1772974800",
        "now",
    ],
)
def test_an_instant_without_offset_or_sense_is_a_bad_value(write: Write, spelled: str) -> None:
    rows, bad = payments(write, payment(paid_at=spelled))
    assert (rows, [(b.column, b.reason) for b in bad]) == ([], [("paid_at", "bad_value")])


MATTER_HEADER = "matter_number,matter_type,client_name,client_sin,opened_on,status"


@pytest.mark.parametrize(
    "spelled", ["2026-02-30", "2025-02-29", "26-02-01", "2026-2-1", "01/02/2026", "0000-01-01", "2026-13-01"]
)
def test_a_date_that_is_not_iso_or_not_in_the_calendar_is_a_bad_value(write: Write, spelled: str) -> None:
    content = f"{MATTER_HEADER}\n2026-0001,sale,Sam Example,,2024-02-29,open\n2026-0002,sale,,,{spelled},open\n"
    batches = list(read_records(write("m.csv", content), MATTERS))
    assert [row["opened_on"] for row in rows_of(batches)] == [date(2024, 2, 29)]
    assert [(b.line, b.column, b.reason) for b in bad_of(batches)] == [(3, "opened_on", "bad_value")]


@pytest.mark.parametrize(
    ("kind", "spelled", "value"),
    [
        ("boolean", "TRUE", True),
        ("boolean", "no", None),
        ("double", "1e-3", 0.001),
        ("double", "1e999", None),
        ("double", "nan", None),
        ("bigint", "-9223372036854775808", -(2**63)),
        ("bigint", "9223372036854775808", None),
    ],
)
def test_the_other_types_of_a_contract_are_as_strict(write: Write, kind: str, spelled: str, value: object) -> None:
    columns = tuple(Column("tax_levy", kind, "") if c.name == "tax_levy" else c for c in ASSESSMENTS.columns)
    path = write("a.csv", f"{HEADER}\n{assessment(tax_levy=spelled)}\n")
    [batch] = read_records(path, replace(ASSESSMENTS, columns=columns))
    assert [row["tax_levy"] for row in batch.rows.to_pylist()] == ([] if value is None else [value])


# What makes a row bad


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"roll_number": " "}, "roll_number", "missing_value"),
        ({"assessment_year": ""}, "assessment_year", "missing_value"),
        ({"linc": "123"}, "linc", "bad_value"),
        ({"linc": "٠٠١٢٣٤٥٦٧٨"}, "linc", "bad_value"),
        ({"assessment_year": "1949"}, "assessment_year", "bad_value"),
        ({"assessment_year": "2101"}, "assessment_year", "bad_value"),
        ({"assessed_value": "-0.01"}, "assessed_value", "bad_value"),
        ({"property_class": "Residential"}, "property_class", "not_allowed"),
    ],
)
def test_a_row_that_breaks_a_hard_rule_is_bad(write: Write, changed: dict[str, str], column: str, reason: str) -> None:
    rows, bad = assessments(write, assessment(roll_number="R-0"), assessment(**changed), assessment(roll_number="R-2"))
    assert [row["source_line"] for row in rows] == [2, 4]
    assert [(b.line, b.column, b.reason) for b in bad] == [(3, column, reason)]


def test_a_soft_rule_is_left_to_the_gate(write: Write) -> None:
    rows, bad = assessments(write, assessment(assessed_value="0.00"))
    assert (len(rows), bad) == (1, [])


def test_a_row_with_several_faults_is_one_bad_row_that_tells_them_all(write: Write) -> None:
    _, [bad] = assessments(write, assessment(linc="12", property_class="castle", tax_levy="$5"))
    assert (bad.line, bad.column, bad.reason) == (2, "linc", "bad_value")
    assert all(
        f"{column}: '{value}'" in bad.message
        for column, value in [("linc", "12"), ("property_class", "castle"), ("tax_levy", "$5")]
    )


def test_a_repeated_key_is_bad_and_the_first_good_row_stays(write: Write) -> None:
    rows, bad = assessments(
        write,
        assessment(assessed_value="x"),
        assessment(),
        assessment(assessment_year="2025"),
        assessment(assessment_year="02026", linc=""),
    )
    assert [row["source_line"] for row in rows] == [3, 4]
    assert [(b.line, b.reason) for b in bad] == [(2, "bad_value"), (5, "duplicate_key")]
    assert "line 3" in bad[1].message


def test_a_repeated_key_is_found_across_batches(write: Write) -> None:
    records = [assessment(roll_number=f"a roll number longer than the digest {n % 7}") for n in range(20)]
    batches = list(read_records(write("a.csv", "\n".join([HEADER, *records])), ASSESSMENTS, batch_rows=3))
    assert [row["source_line"] for row in rows_of(batches)] == list(range(2, 9))
    assert [bad.line for bad in bad_of(batches)] == list(range(9, 22))


def test_parts_of_a_key_do_not_run_together(write: Write) -> None:
    contract = replace(ASSESSMENTS, key=("roll_number", "municipality"))
    path = write(
        "a.csv",
        "\n".join(
            [
                HEADER,
                assessment(roll_number="ab", municipality="c"),
                assessment(roll_number="a", municipality="bc"),
            ]
        ),
    )
    [batch] = read_records(path, contract)
    assert (len(batch.rows), batch.bad) == (2, [])


def test_messages_never_tell_personal_values(write: Write) -> None:
    content = (
        f"{MATTER_HEADER}\n"
        "2026-0001,gift,Sam Example,123-456-782,2026-01-01,open\n"
        "2026-0002,sale,Sam Example,1,2026-01-01\n"
    )
    bad = bad_of(list(read_records(write("m.csv", content), MATTERS)))
    assert [(b.line, b.reason) for b in bad] == [(2, "not_allowed"), (3, "malformed_row")]
    assert "client_sin" in bad[0].message
    assert "'gift'" in bad[0].message
    assert not any(secret in b.message for b in bad for secret in ["123-456-782", "Sam", "782"])


def test_a_shown_value_is_short_and_on_one_line(write: Write) -> None:
    _, [bad] = assessments(write, assessment(assessed_value='"' + "x\n" * 5000 + '"'))
    assert len(bad.message) < 200
    assert "\n" not in bad.message


# CSV


def test_the_line_of_a_record_is_where_it_starts_even_after_quoted_line_breaks(write: Write) -> None:
    rows, bad = assessments(
        write,
        assessment(municipality='"two\nlines, ""quoted"""'),
        assessment(roll_number="R-2", municipality='"and\r\n\r\nthree"', linc="1"),
        "",
        assessment(roll_number="R-3"),
    )
    assert [(row["source_line"], row["municipality"]) for row in rows] == [
        (2, 'two\nlines, "quoted"'),
        (8, "Calgary"),
    ]
    assert [b.line for b in bad] == [4]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_line_end_and_three_delimiters_are_read(write: Write, end: str, delimiter: str) -> None:
    text = end.join([HEADER, ROW, "", assessment(roll_number="R-2")]).replace(",", delimiter)
    batches = list(read_records(write("a.csv", text), ASSESSMENTS))
    assert ([row["source_line"] for row in rows_of(batches)], bad_of(batches)) == ([2, 4], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_that_spreadsheets_write_are_read(write: Write, encoding: str) -> None:
    text = f"{HEADER}\r\n{assessment(municipality='Lac Sainte-Anne – é')}\r\n"
    [batch] = read_records(write("a.csv", text.encode(encoding)), ASSESSMENTS)
    assert [row["municipality"] for row in batch.rows.to_pylist()] == ["Lac Sainte-Anne – é"]


def test_utf_16_of_either_byte_order_is_read(write: Write) -> None:
    for mark, encoding in [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]:
        [batch] = read_records(write("a.csv", mark + f"{HEADER}\n{ROW}".encode(encoding)), ASSESSMENTS)
        assert len(batch.rows) == 1


@pytest.mark.parametrize(
    ("content", "reason", "said"),
    [
        (b"", "empty", "empty"),
        (b"\xef\xbb\xbf", "empty", "empty"),
        (b" \r\n\n\t ", "empty", "empty"),
        (f"{HEADER}\n{ROW}\0\n".encode(), "bad_encoding", "NUL"),
        (f"{HEADER}\n{ROW}".encode("utf-16-le"), "bad_encoding", "NUL"),
        (f"{HEADER}\n{ROW}\x81\n".encode("latin-1"), "bad_encoding", "line 2"),
        (f"{HEADER}\n{ROW}é é é".encode() + b"\n\xe9\n", "bad_encoding", "line 3"),
        (b"\xff\xfea\0b", "bad_encoding", "utf-16"),
        (b"PK\x03\x04" + b"x" * 100, "unknown_format", "Excel"),
        (b"%PDF-1.7\n", "unknown_format", "PDF"),
        (b"PAR1" + b"x" * 100, "unknown_format", "Parquet"),
        (f'"{HEADER}\n{ROW}\n'.encode(), "unreadable", "line 1"),
        (b"x" * 3_000_000, "unreadable", "too long"),
        (f"{HEADER},Linc \n{ROW},1\n".encode(), "unreadable", "linc"),
        (b"roll_number,amount\n1,2\n", "missing_columns", "assessment_year, property_class, assessed_value"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused_with_a_reason(
    write: Write, content: bytes, reason: str, said: str
) -> None:
    error = refusal(write("a.csv", content), ASSESSMENTS)
    assert error.reason == reason
    assert said in str(error)


def test_a_refusal_survives_the_way_out_of_a_worker(write: Write) -> None:
    error = refusal(write("a.csv", ""), ASSESSMENTS)
    assert (pickle.loads(pickle.dumps(error)).reason, str(pickle.loads(pickle.dumps(error)))) == (
        "empty",
        str(error),
    )


def test_a_refused_header_is_shown_only_when_it_is_one(write: Write) -> None:
    assert "'amount'" in str(refusal(write("a.csv", "roll_number,amount\n"), ASSESSMENTS))
    headless = refusal(write("m.csv", "2026-0001,sale,Sam Example,123456782,2026-01-01,open\n"), MATTERS)
    assert headless.reason == "missing_columns"
    assert "Sam" not in str(headless)
    assert "is the header missing" in str(headless)


def test_header_names_are_trimmed_and_in_any_case_and_order(write: Write) -> None:
    header = " ROLL_NUMBER ,Property_Class,assessed_value,Assessment_Year,notes,"
    batches = list(read_records(write("a.csv", f"{header}\nR-1,farmland,5,2026,keep off,\n"), ASSESSMENTS))
    assert [(row["roll_number"], row["assessment_year"], row["linc"]) for row in rows_of(batches)] == [
        ("R-1", 2026, None)
    ]
    assert batches[0].unknown == ("notes",)


def test_columns_of_provenance_cannot_be_delivered(write: Write) -> None:
    [batch] = read_records(write("a.csv", f"{HEADER},source_line,run_id\n{ROW},99,me\n"), ASSESSMENTS)
    assert batch.rows.column("source_line").to_pylist() == [2]
    assert batch.unknown == ("source_line", "run_id")


def test_a_header_without_records_gives_one_empty_batch(write: Write) -> None:
    [batch] = read_records(write("a.csv", f"\n\n{HEADER},notes"), ASSESSMENTS)
    assert (len(batch.rows), batch.bad, batch.unknown) == (0, [], ("notes",))


@pytest.mark.parametrize("record", ["R-1,2026", ROW + ",", "x", f"{ROW},extra,{ROW}"])
def test_a_wrong_number_of_cells_is_a_malformed_row(write: Write, record: str) -> None:
    rows, bad = assessments(write, record, assessment(roll_number="R-9"))
    assert [row["roll_number"] for row in rows] == ["R-9"]
    assert [(b.line, b.column, b.reason) for b in bad] == [(2, None, "malformed_row")]
    assert "where the header has 7" in bad[0].message


def test_an_unterminated_quote_costs_its_own_row_only(write: Write) -> None:
    good = [assessment(roll_number=f"R-{n}", municipality='"Red Deer, County of"') for n in range(5)]
    rows, bad = assessments(write, good[0], assessment(municipality='"Calgary'), *good[1:])
    assert [row["source_line"] for row in rows] == [2, 4, 5, 6, 7]
    assert [(b.line, b.reason) for b in bad] == [(3, "malformed_row")]
    assert "quote" in bad[0].message


@pytest.mark.parametrize("following", [3, 50_000])
def test_an_unterminated_quote_does_not_swallow_unquoted_rows_after_it(write: Write, following: int) -> None:
    rows, bad = assessments(
        write,
        assessment(municipality='"Calgary'),
        *(assessment(roll_number=f"R-{n}") for n in range(following)),
    )
    assert [row["source_line"] for row in rows] == list(range(3, following + 3))
    assert [b.line for b in bad] == [2]


def test_a_file_full_of_runaway_quotes_is_refused_in_good_time(write: Write) -> None:
    error = refusal(write("a.csv", HEADER + "\n" + 'z","\n' * 500_000), ASSESSMENTS)
    assert error.reason == "unreadable"
    assert "quotes" in str(error)


def test_a_record_that_is_too_long_is_one_malformed_row(write: Write) -> None:
    rows, bad = assessments(
        write,
        "x" * 5_000_000,
        assessment(),
        assessment(roll_number="y" * 200_000),
        assessment(roll_number="R-4"),
    )
    assert [row["source_line"] for row in rows] == [3, 5]
    assert [(b.line, b.reason) for b in bad] == [(2, "malformed_row"), (4, "malformed_row")]


def test_batches_are_as_small_as_asked_and_keep_the_order(write: Write) -> None:
    path = write("a.csv", "\n".join([HEADER, *(assessment(roll_number=f"{n}") for n in range(10))]))
    batches = list(read_records(path, ASSESSMENTS, batch_rows=4))
    assert [len(batch.rows) for batch in batches] == [4, 4, 2]
    assert [row["roll_number"] for row in rows_of(batches)] == [str(n) for n in range(10)]


def test_batches_of_long_records_have_fewer_rows(write: Write) -> None:
    path = write("a.csv", "\n".join([HEADER, *(assessment(roll_number=f"{n}" * 40_000) for n in range(100, 300))]))
    batches = list(read_records(path, ASSESSMENTS))
    assert sum(len(batch.rows) for batch in batches) == 200
    assert len(batches) > 1


# JSON lines


def test_json_numbers_keep_their_digits(write: Write) -> None:
    line = json.dumps(payment()).replace('"10.50"', "123456789012.34")
    rows, bad = payments(write, line, "", json.dumps(payment(payment_id=7)))
    assert bad == []
    assert [(row["payment_id"], row["amount"], row["source_line"]) for row in rows] == [
        ("P-1", Decimal("123456789012.34"), 1),
        ("7", Decimal("10.50"), 3),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "character"),
        ("[]", "no object"),
        ("1", "no object"),
        ('"x"', "no object"),
        ("null", "no object"),
        ('{"payment_id": ["P-1"]}', "list or an object"),
        ('{"amount": {"CAD": 5}}', "list or an object"),
        ('{"amount": 5, "Amount ": 6}', "more than once"),
        ('{"payment_id": "\\ud800"}', "surrogate"),
        ('{"payment_id": 1} {"payment_id": 2}', "goes on"),
        ("[" * 100_000, "nested"),
        ("'x'", "character"),
        ('{"payment_id": "' + "x" * 2_000_000 + '"}', "longer"),
    ],
)
def test_a_line_that_is_no_flat_json_object_is_a_malformed_row(write: Write, line: str, said: str) -> None:
    rows, bad = payments(write, line, payment())
    assert [row["source_line"] for row in rows] == [2]
    assert [(b.line, b.column, b.reason) for b in bad] == [(1, None, "malformed_row")]
    assert said in bad[0].message


@pytest.mark.parametrize("spelled", ["NaN", "Infinity", "-Infinity", "1e3", "true", '"$5"', '"1,000"'])
def test_json_that_is_no_plain_number_is_a_bad_amount(write: Write, spelled: str) -> None:
    _, bad = payments(write, json.dumps(payment()).replace('"10.50"', spelled))
    assert [(b.column, b.reason) for b in bad] == [("amount", "bad_value")]


def test_null_and_absent_names_are_missing_values(write: Write) -> None:
    absent = payment()
    del absent["paid_at"]
    rows, bad = payments(write, payment(method=None), payment(amount=None), absent)
    assert [row["method"] for row in rows] == [None]
    assert [(b.column, b.reason) for b in bad] == [("amount", "missing_value"), ("paid_at", "missing_value")]


def test_a_nul_character_cannot_be_stored_and_is_a_bad_value(write: Write) -> None:
    _, bad = payments(write, payment(payer="a\0b"))
    assert [(b.column, b.reason) for b in bad] == [("payer", "bad_value")]


def test_names_that_no_column_has_are_told_and_not_an_error(write: Write) -> None:
    path = write("p.jsonl", "\n".join(json.dumps(payment(payment_id=n, **{f"extra{n}": [1]})) for n in range(300)))
    batches = list(read_records(path, PAYMENTS, batch_rows=50))
    assert sum(len(batch.rows) for batch in batches) == 300
    assert batches[0].unknown[:2] == ("extra0", "extra1")
    assert len(batches[-1].unknown) == 100


# Parquet

EVENT: dict[str, Any] = {
    "event_id": "E-1",
    "registered_at": datetime(2026, 3, 8, 13, tzinfo=UTC),
    "title_number": "161 234 567 +1",
    "linc": "0012345678",
    "instrument_number": "261 000 001",
    "instrument_type": "transfer",
    "matter_number": None,
}


def events(tmp_path: Path, table: pa.Table, contract: Contract = EVENTS, **options: Any) -> list[Batch]:
    path = tmp_path / "e.parquet"
    pq.write_table(table, path, **options)
    return list(read_records(path, contract))


def test_parquet_rows_are_checked_by_the_same_rules(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([EVENT, EVENT | {"event_id": "E-2", "linc": "1"}, EVENT, EVENT | {"event_id": None}])
    batches = events(tmp_path, table.append_column("notes", pa.array(["x"] * 4)))
    assert rows_of(batches) == [EVENT | {"source_line": 1}]
    assert [(b.line, b.column, b.reason) for b in bad_of(batches)] == [
        (2, "linc", "bad_value"),
        (3, "event_id", "duplicate_key"),
        (4, "event_id", "missing_value"),
    ]
    assert batches[0].unknown == ("notes",)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "America/Edmonton", "+05:30"])
def test_instants_of_any_zone_and_unit_become_utc_microseconds(tmp_path: Path, unit: str, zone: str) -> None:
    table = pa.Table.from_pylist([EVENT])
    table = table.set_column(1, "registered_at", table["registered_at"].cast(pa.timestamp(unit, zone)))
    assert rows_of(events(tmp_path, table)) == [EVENT | {"source_line": 1}]


def test_an_instant_finer_than_a_microsecond_or_out_of_the_calendar_is_a_bad_value(tmp_path: Path) -> None:
    for unit, number in [("ns", 1), ("us", 2**63 - 1), ("us", -(2**63)), ("ms", 2**62)]:
        table = pa.Table.from_pylist([EVENT])
        table = table.set_column(1, "registered_at", pa.array([number], pa.timestamp(unit, "UTC")))
        assert [(b.column, b.reason) for b in bad_of(events(tmp_path, table))] == [("registered_at", "bad_value")]


def test_dictionaries_large_strings_and_columns_of_nulls_are_text(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([EVENT])
    table = table.set_column(2, "title_number", table["title_number"].dictionary_encode())
    table = table.set_column(3, "linc", table["linc"].cast(pa.large_string()))
    table = table.set_column(6, "matter_number", pa.nulls(1))
    assert rows_of(events(tmp_path, table)) == [EVENT | {"source_line": 1}]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("registered_at", pa.array([0], pa.timestamp("us"))),
        ("registered_at", pa.array([0], pa.int64())),
        ("linc", pa.array([12345678])),
        ("event_id", pa.array([b"E-1"])),
        ("event_id", pa.array([["E-1"]])),
        ("event_id", pa.array([{"a": "E-1"}])),
    ],
)
def test_a_column_whose_type_may_have_lost_something_is_refused(tmp_path: Path, name: str, values: pa.Array) -> None:
    table = pa.Table.from_pylist([EVENT])
    with pytest.raises(Unreadable, match=f"{name} has the Parquet type") as caught:
        events(tmp_path, table.set_column(table.schema.get_field_index(name), name, values))
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (pa.array([Decimal("0"), Decimal("1.5")], pa.decimal128(38, 18)), [Decimal("0.00"), Decimal("1.50")]),
        (pa.array([Decimal("0"), Decimal("1.005")], pa.decimal128(9, 3)), [Decimal("0.00")]),
        (pa.array([Decimal("-1"), Decimal("2")], pa.decimal256(70, 2)), [Decimal("2.00")]),
        (pa.array([7, 10**12], pa.int64()), [Decimal("7.00")]),
        (pa.array(["7.10", "$8"]), [Decimal("7.10")]),
    ],
)
def test_amounts_in_parquet_are_read_without_loss(tmp_path: Path, values: pa.Array, read: list[Decimal]) -> None:
    table = pa.table(
        {
            "roll_number": ["R-1", "R-2"],
            "assessment_year": pa.array([2026, 2026], pa.int16()),
            "property_class": ["farmland", "farmland"],
            "assessed_value": values,
        }
    )
    batches = events(tmp_path, table, replace(ASSESSMENTS, format="parquet"))
    assert [row["assessed_value"] for row in rows_of(batches)] == read
    assert len(bad_of(batches)) == 2 - len(read)


def test_floating_point_is_no_money(tmp_path: Path) -> None:
    table = pa.table(
        {
            "roll_number": ["R-1"],
            "assessment_year": [2026],
            "property_class": ["farmland"],
            "assessed_value": [1.5],
        }
    )
    with pytest.raises(Unreadable, match="assessed_value has the Parquet type double"):
        events(tmp_path, table, replace(ASSESSMENTS, format="parquet"))


def test_a_parquet_file_without_required_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="needs the columns registered_at, title_number") as caught:
        events(
            tmp_path,
            pa.table({"event_id": ["E-1"], "instrument_number": ["1"], "instrument_type": ["caveat"]}),
        )
    assert caught.value.reason == "missing_columns"


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    table = pa.Table.from_pylist([EVENT])
    broken = pa.array([b"\xff\xfe"]).view(pa.string())
    with pytest.raises(Unreadable):
        events(tmp_path, table.set_column(0, "event_id", broken))


def test_a_parquet_file_without_rows_gives_one_empty_batch(tmp_path: Path) -> None:
    [batch] = events(tmp_path, pa.Table.from_pylist([EVENT])[:0])
    assert (len(batch.rows), batch.bad) == (0, [])


def test_rows_are_numbered_across_row_groups_and_batches(tmp_path: Path) -> None:
    path = tmp_path / "e.parquet"
    pq.write_table(pa.Table.from_pylist([EVENT | {"event_id": f"E-{n}"} for n in range(10)]), path, row_group_size=3)
    batches = list(read_records(path, EVENTS, batch_rows=4))
    assert [row["source_line"] for row in rows_of(batches)] == list(range(1, 11))
    assert max(len(batch.rows) for batch in batches) <= 4


def test_a_dictionary_cannot_blow_a_batch_up(tmp_path: Path) -> None:
    names = pa.DictionaryArray.from_arrays(pa.array([0] * 5000, pa.int32()), pa.array(["x" * 1_000_000]))
    table = pa.Table.from_pylist([EVENT | {"event_id": f"E-{n}"} for n in range(5000)]).set_column(
        4, "instrument_number", names
    )
    path = tmp_path / "e.parquet"
    pq.write_table(table, path)
    assert path.stat().st_size < 1_000_000
    assert len(next(read_records(path, EVENTS)).rows) < 100


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1PAR1", b"not parquet at all", b"PAR1" + b"\xff" * 100 + b"PAR1"]
)
def test_what_is_not_parquet_is_refused(write: Write, content: bytes) -> None:
    assert refusal(write("e.parquet", content), EVENTS).reason == ("unreadable" if content else "empty")


def test_offsets_that_are_fixed_zones_of_python_are_the_same_instant(tmp_path: Path) -> None:
    local = EVENT["registered_at"].astimezone(timezone(timedelta(hours=-6)))
    assert rows_of(events(tmp_path, pa.Table.from_pylist([EVENT | {"registered_at": local}]))) == [
        EVENT | {"source_line": 1}
    ]
