"""Rows of the document tables: all that reading gave, under the names of the contracts."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from muniment import gate, tabulate
from muniment.contract import contracts, of_origin
from muniment.documents.model import Box, Chunk, Document, Field, Finding, Page, PageSpan, TableCell
from muniment.privacy import Tokens
from muniment.register import Entry

ENTRY = Entry("0123456789abcdef", "titles/a.pdf", 10, "2026-03-08T12:00:00.000000+00:00", "v", "ab" * 32, "pdf", False)
BOX = Box(1.0, 2.0, 3.0, 4.0)
TOKENS = Tokens(b"a key for these tests")


def field(name: str, kind: str, value: str, **changes: Any) -> Field:
    given: dict[str, Any] = {
        "ordinal": 1,
        "normalised": None,
        "pii_class": None,
        "page": 1,
        "box": BOX,
        "confidence": 0.9,
        "extractor": "rules/1",
    }
    return Field(name=name, kind=kind, value=value, **(given | changes))


def document(*fields: Field, kind: str = "certificate_of_title") -> Document:
    return Document(
        document_type=kind,
        type_confidence=0.9,
        matter_number="2026-0012",
        pages=(Page(1, 612.0, 792.0, "text", None, "one two"), Page(2, 612.0, 792.0, "ocr", 0.8, "three")),
        fields=fields,
        findings=(Finding(1, "person", "registered_owner", "Kaya Okafor", 1, BOX, 0.9, "names"),),
        chunks=(Chunk(1, 1, 2, "one two three", "cd" * 32, (PageSpan(1, 0, 7), PageSpan(2, 0, 5))),),
        runner_up="other",
        runner_up_confidence=0.1,
        cells=(TableCell(1, 1, 2, 1, "Deposit", BOX), TableCell(1, 1, 2, 2, "$9,500.00", BOX)),
    )


def rows(*fields: Field, kind: str = "certificate_of_title") -> dict[str, list[dict[str, Any]]]:
    return dict(tabulate.rows(ENTRY, document(*fields, kind=kind), "processor/1", TOKENS))


def test_there_are_rows_for_every_table_that_comes_from_documents() -> None:
    assert set(rows()) == {contract.name for contract in of_origin("documents")}


def test_a_document_keeps_its_runner_up() -> None:
    (row,) = rows()["documents"]
    assert (row["runner_up"], row["runner_up_confidence"]) == ("other", 0.1)


def test_nothing_that_was_read_is_dropped_because_a_contract_lacks_its_column() -> None:
    """Arrow drops a name that is not in the schema without a word."""
    linc = field("linc", "linc", "0012 345 678", normalised="0012345678")
    for table, made in rows(linc).items():
        assert made, table
        for row in made:
            assert set(row) == {column.name for column in contracts()[table].columns}, table


@pytest.mark.parametrize("kind", ["certificate_of_title", "mortgage", "discharge", "other"])
def test_rows_of_a_good_document_keep_every_rule(kind: str) -> None:
    given = [field("linc", "linc", "0012345678"), field("title_number", "title_number", "161 234 567", box=None)]
    for table, made in rows(*given, kind=kind).items():
        contract = contracts()[table]
        batch = pa.RecordBatch.from_pylist(made, schema=contract.loose_schema)
        assert gate.row_faults(batch, contract) == [], table


def test_every_row_bears_the_document_s_name() -> None:
    names = {row["document_id"] for made in rows(field("linc", "linc", "1")).values() for row in made}
    assert names == {tabulate.document_id(ENTRY.sha256)} == {"ab" * 8}


def test_a_document_counts_its_pages_and_characters() -> None:
    [row] = rows()["documents"]
    assert (row["pages"], row["pages_recognised"], row["characters"]) == (2, 1, 12)
    assert (row["key"], row["object_id"], row["processor"]) == ("titles/a.pdf", ENTRY.object_id, "processor/1")


def test_a_document_says_that_it_was_repaired_and_what_it_would_do_by_itself() -> None:
    [plain] = rows()["documents"]
    assert (plain["repaired"], plain["active_content"]) == (False, None)
    loaded = replace(document(), repaired=True, active_content=("javascript", "launch"))
    [row] = dict(tabulate.rows(ENTRY, loaded, "processor/1", TOKENS))["documents"]
    assert (row["repaired"], row["active_content"]) == (True, "javascript,launch")


def test_a_document_counts_the_pages_that_are_withheld() -> None:
    withheld = Finding(2, "withheld", None, "all of it", 2, BOX, 1.0, "none")
    read = replace(document(), findings=(*document().findings, withheld))
    [row] = dict(tabulate.rows(ENTRY, read, "processor/1", TOKENS))["documents"]
    assert row["pages_withheld"] == 1
    assert rows()["documents"][0]["pages_withheld"] == 0


def test_a_passage_says_which_characters_of_its_pages_it_is() -> None:
    assert [row["spans"] for row in rows()["chunks"]] == ["1:0-7 2:0-5"]


def test_a_value_s_place_is_its_box_and_unknown_without_one() -> None:
    with_box, without = rows(field("linc", "linc", "1"), field("roll_number", "text", "2", box=None))["fields"]
    assert [with_box[name] for name in ("x0", "y0", "x1", "y1")] == [1.0, 2.0, 3.0, 4.0]
    assert not {"x0", "y0", "x1", "y1"} & set(without)


def test_a_personal_value_goes_by_its_token_which_leads_to_the_value_in_the_vault() -> None:
    made = rows(field("registered_owner", "person", "[PERSON]", pii_class="person"))
    token = TOKENS.of("person", "Kaya Okafor")
    assert [row["normalised"] for row in made["fields"]] == [token]
    assert [(row["value"], row["token"]) for row in made["pii_findings"]] == [("Kaya Okafor", token)]
    assert [(row["entity_type"], row["entity"]) for row in made["entities"]] == [("person", token)]
    assert "Okafor" not in str([made[table] for table in made if table != "pii_findings"])


def test_land_of_the_township_system_lies_somewhere_and_a_plan_does_not() -> None:
    quarter = field("short_legal", "legal", "N.E. 3-50-25-W4M", normalised="NE-3-50-25-W4")
    lot = field("other_legal", "legal", "Lot 2, Block 1, Plan 1234567", normalised="PLAN 1234567 BLOCK 1 LOT 2")
    places = {row["entity"]: (row["latitude"], row["longitude"]) for row in rows(quarter, lot)["entities"]}
    assert places["NE-3-50-25-W4"] == pytest.approx((53.29, -113.57), abs=0.01)
    assert places["PLAN 1234567 BLOCK 1 LOT 2"] == (None, None)


def test_entities_and_relationships_bear_the_place_that_shows_them() -> None:
    made = rows(field("title_number", "title_number", "161 234 567", page=2))
    for row in (*made["entities"], *made["relationships"]):
        assert [row[name] for name in ("field", "page", "x0", "y0", "x1", "y1", "confidence")] == [
            "title_number", 2, 1.0, 2.0, 3.0, 4.0, 0.9,
        ]  # fmt: skip
