"""What a correction may say, what of it is masked, and the file in which a reviewer writes it down."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.contract import contracts
from muniment.corrections import fault, masked
from muniment.documents.catalogue import catalogue
from muniment.documents.values import FORMS
from muniment.errors import MunimentError
from muniment.records import read_records
from muniment.review import Doubt, write_form

DOUBT = Doubt("0123456789abcdef", "a.pdf", "mortgage", "principal", 1, "$1,O00", "1000.00", 2, 0.4, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purchase_price", "450000.00"),
        ("interest_rate", "4.35"),
        ("linc", "0012345678"),
        ("short_legal", "PLAN 1234567 BLOCK 3 LOT 12"),
        ("municipality", "Town of Stonebrook"),
        ("property_address", "12 Elm Street, Stonebrook, Alberta T1A 2B3"),
        ("purchase_price", None),
        ("document_type", "mortgage"),
        ("agreement_kind", "reseller"),
        ("party_role", "Lender"),
    ],
)
def test_a_value_in_canonical_form_is_taken_and_none_says_that_there_is_none(field: str, value: str | None) -> None:
    assert fault(field, value) is None


@pytest.mark.parametrize(
    ("field", "value", "column", "said"),
    [
        ("purchase_price", "$450,000", "value", "write it as 450000.00"),
        ("linc", "0012 345 678", "value", "write it as 0012345678"),
        ("linc", "12", "value", "it is none"),
        ("colour", "blue", "field", "is no field"),
        ("document_type", "novel", "value", "is no type of document"),
        ("document_type", None, "value", "is no type of document"),
    ],
)
def test_what_marts_could_not_use_is_refused_with_the_form_to_write(
    field: str, value: str | None, column: str, said: str
) -> None:
    found = fault(field, value)
    assert found
    assert found[0] == column
    assert said in found[1]


@pytest.mark.parametrize("name", sorted({rule.name for one in catalogue().types.values() for rule in one.fields}))
def test_people_are_masked_in_every_field_of_the_catalogue_and_shaped_values_stay(name: str) -> None:
    rules = [rule for one in catalogue().types.values() for rule in one.fields if rule.name == name]
    shown = masked(name, "Kaya Okafor, kaya@example.com")
    if any(rule.kind == "person" or rule.finder for rule in rules):
        assert shown == "[PERSON]"
    if all(rule.shape == "money" for rule in rules):
        assert masked(name, "450000.00") == "450000.00"
    if all(FORMS[rule.shape].loose or rule.shape == "text" for rule in rules):
        assert "kaya@example.com" not in shown


def test_nothing_of_an_unknown_field_is_shown() -> None:
    assert masked("mothers_maiden_name", "Okafor") == "[PERSONAL]"


@given(st.text(max_size=40), st.none() | st.text(max_size=80))
def test_any_text_ends_in_a_sentence_or_in_a_value(field: str, value: str | None) -> None:
    found = fault(field, value)
    assert found is None or (found[0] in ("field", "value") and found[1])
    if value is not None:
        assert isinstance(masked(field, value), str)


def corrections(path: Path, *lines: str) -> tuple[list[dict[str, object]], list[tuple[int, str | None, str]]]:
    """Good rows and refusals of a file of corrections."""
    path.write_text("document_id,field,ordinal,value,remark,reviewer,reviewed_at\n" + "".join(f"{x}\n" for x in lines))
    [batch] = read_records(path, contracts()["corrections"])
    return batch.rows.to_pylist(), [(row.line, row.column, row.reason) for row in batch.bad]


def test_a_file_is_refused_row_by_row(tmp_path: Path) -> None:
    signed = "KM,2026-03-08T10:00:00-07:00"
    rows, bad = corrections(
        tmp_path / "c.csv",
        f"0123456789abcdef,linc,1,0012345678,,{signed}",
        f"0123456789abcdef,linc,1,0012345679,,{signed}",
        f"0123456789abcdef,linc,2,0012 345 678,,{signed}",
        f"0123456789abcdef,lint,1,x,,{signed}",
        "0123456789abcdef,linc,3,0012345678,,,",
        f"my document,linc,1,0012345678,,{signed}",
        f"0123456789abcdef,linc,0,0012345678,,{signed}",
    )
    assert [row["value"] for row in rows] == ["0012345678"]
    assert bad == [
        (3, "document_id, field, ordinal", "duplicate_key"),
        (4, "value", "bad_value"),
        (5, "field", "bad_value"),
        (6, "reviewer", "missing_value"),
        (7, "document_id", "bad_value"),
        (8, "ordinal", "bad_value"),
    ]


def test_the_form_signed_as_it_is_confirms_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    write_form([DOUBT], path)
    with path.open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["read_value"] == "$1,O00"
    row |= {"reviewer": "KM", "reviewed_at": "2026-03-08T10:00:00Z"}
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    [batch] = read_records(path, contracts()["corrections"])
    assert not batch.bad
    assert batch.rows.to_pylist()[0]["value"] == "1000.00"


def test_a_form_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text("somebody's work")
    with pytest.raises(MunimentError, match="there already"):
        write_form([DOUBT], path)
    assert path.read_text() == "somebody's work"


def test_no_value_of_a_document_becomes_a_formula_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    hostile = Doubt("0" * 16, '=cmd|"x"!A1', "other", "matter_number", 1, "@SUM(1)", None, 1, 0.1, "-1+2")
    write_form([hostile], path)
    with path.open(newline="") as file:
        [row] = csv.DictReader(file)
    assert not [cell for cell in row.values() if cell.startswith(("=", "@", "+", "-"))]
