"""Cells leave a record file, and nothing else of it changes."""

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.contract import contracts
from muniment.erasure.redaction import Row, cells_of, redact
from muniment.records import read_records

MATTERS, PAYMENTS = contracts()["matters"], contracts()["payments"]
HEADER = "matter_number,matter_type,client_name,client_email,client_sin,property_address,linc,opened_on,status"
KAYA = '2026-0001,purchase,"OKAFOR, Kaya",kaya@example.ca,046454286,12 Elm St,0012345678,2026-03-08,open'
OTHER = "2026-0002,sale,Noor Vasquero,noor@example.net,,9 Oak St,0012345679,2026-03-08,open"


def kaya(row: Row) -> set[str]:
    """The columns that name Kaya, and what else is hers of a row that does."""
    named = {name for name, text in row.items() if "Kaya" in text}
    return named | ({"client_email", "client_sin"} & {name for name, text in row.items() if text} if named else set())


def redacted(path: Path, contract: object = MATTERS) -> Path:
    target = path.with_name("redacted")
    redact(path, contract, cells_of(path, contract, kaya), target)  # type: ignore[arg-type]
    return target


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_other_rows_of_a_csv_file_stay_byte_by_byte(tmp_path: Path, ending: str, encoding: str) -> None:
    path = tmp_path / "matters.csv"
    lines = [HEADER, OTHER.replace("Noor", "Noël"), KAYA, "", OTHER.replace("0002", "0003"), "broken,row"]
    path.write_bytes(ending.join(lines).encode(encoding))
    now = redacted(path).read_bytes().decode(encoding).split(ending)
    assert [one for at, one in enumerate(now) if at != 2] == [one for at, one in enumerate(lines) if at != 2]
    assert now[2] == '"2026-0001","purchase","erased","","","12 Elm St","0012345678","2026-03-08","open"'


def test_a_redacted_file_is_read_with_its_rows_at_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "matters.csv"
    path.write_text("\n".join([HEADER, KAYA.replace("12 Elm St", '"12 Elm St\nUnit 4"'), OTHER]))
    [before], [after] = list(read_records(path, MATTERS)), list(read_records(redacted(path), MATTERS))
    assert after.rows["source_line"].to_pylist() == before.rows["source_line"].to_pylist() == [2, 4]
    assert after.rows["client_name"].to_pylist() == ["erased", "Noor Vasquero"]
    assert after.rows["client_sin"].to_pylist() == [None, None]
    assert after.rows["property_address"].to_pylist() == before.rows["property_address"].to_pylist()


def test_a_line_that_cannot_be_told_apart_goes_whole(tmp_path: Path) -> None:
    path = tmp_path / "matters.csv"
    path.write_text("\n".join([HEADER, OTHER, '2026-0009,"Kaya Okafor, never closed', OTHER]))
    assert redacted(path).read_text() == "\n".join([HEADER, OTHER, "erased", OTHER])


def test_numbers_of_json_lines_stay_as_they_are_spelled(tmp_path: Path) -> None:
    path = tmp_path / "payments.jsonl"
    other = '{"payment_id": "P-2", "amount": 1.10, "payer": "Noor Vasquero"}'
    path.write_text(
        '{"payment_id":"P-1","amount":100.00,"odd":[1e3,null],"payer":"Kaya Okafor"}\n' + other + "\nKaya {\n"
    )
    lines = redacted(path, PAYMENTS).read_text().splitlines()
    assert lines[0] == '{"payment_id": "P-1", "amount": 100.00, "odd": [1e3, null], "payer": null}'
    assert lines[1:] == [other, "erased"]


def test_cells_of_parquet_are_emptied(tmp_path: Path) -> None:
    path = tmp_path / "registry_events.parquet"
    rows = [{"linc": f"{at:010}", "remark": "none"} for at in range(2_500)]
    rows[1_700]["remark"] = "by Kaya Okafor"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=800)
    now = pq.read_table(redacted(path, contracts()["registry_events"]))
    rows[1_700]["remark"] = "erased"
    assert now.to_pylist() == rows


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts, texts, st.booleans()), max_size=6))
def test_whatever_cells_hold_the_others_are_what_they_were(tmp_path: Path, rows: list[tuple[str, str, bool]]) -> None:
    path = tmp_path / "matters.csv"
    spelled = io.StringIO(newline="")
    writer = csv.writer(spelled)
    writer.writerow(["matter_number", "client_name", "property_address"])
    writer.writerows(
        [f"2026-{at:04}", f"Kaya {name}" if hers else "Noor", said] for at, (name, said, hers) in enumerate(rows)
    )
    path.write_bytes(spelled.getvalue().encode())
    text = redacted(path).read_bytes().decode()
    now, was = (
        [row for row in csv.reader(io.StringIO(said, newline=""), skipinitialspace=True) if row][1:]
        for said in (text, spelled.getvalue())
    )
    kept = [(row[0], row[2]) for row in was if "Kaya" not in row[2]]
    assert [(row[0], row[2]) for row in now if (row[0], row[2]) in kept] == kept
    assert "Kaya" not in text or any("Kaya" in said for _, said, _ in rows)


def test_a_json_row_keeps_all_other_values(tmp_path: Path) -> None:
    path = tmp_path / "payments.jsonl"
    row = {"payment_id": "P-1", "payer": "Kaya Okafor", "note": "é\u2028", "deep": {"a": [True, 1]}}
    path.write_text(json.dumps(row) + "\n")
    assert json.loads(redacted(path, PAYMENTS).read_text()) == row | {"payer": None}
