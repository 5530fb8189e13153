"""Promise 5: every value knows its object, page, box and extractor; every row its window and run."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pypdfium2
import pytest

from muniment import warehouse
from muniment.contract import tables
from muniment.platform import Platform
from tests.conftest import Ran

Row = dict[str, Any]


@pytest.fixture(scope="module")
def platform(ran: Ran) -> Platform:
    """The installation that ran, for calls in this process."""
    return ran.installation.platform


def rows(platform: Platform, table: str) -> list[Row]:
    """All rows of a lake table, the vault's too."""
    [contract] = [contract for contract in tables() if contract.table == table]
    return [row for batch in platform.lake.scan(contract) for row in batch.to_pylist()]


def known_runs(platform: Platform) -> set[str]:
    """Runs that the Dagster instance remembers."""
    with closing(sqlite3.connect(platform.settings.dagster_home / "history" / "runs.db")) as history:
        return {run for (run,) in history.execute("SELECT run_id FROM runs")}


def test_every_row_of_the_lake_names_a_registered_window_and_a_run_of_the_instance(platform: Platform) -> None:
    registered = {(m.window_key, m.window.start) for m in platform.register.manifests()}
    runs = known_runs(platform)
    for contract in tables():
        found = rows(platform, contract.table)
        assert found, contract.table
        assert {(row["window_key"], row["window_start"]) for row in found} <= registered, contract.table
        assert {row["run_id"] for row in found} <= runs, contract.table


def test_every_row_of_the_warehouse_names_a_registered_window_and_a_run_of_the_instance(platform: Platform) -> None:
    registered = {(m.window_key, m.window.start) for m in platform.register.manifests()}
    runs = known_runs(platform)
    with warehouse.opened(platform.settings) as dsn, psycopg.connect(dsn.conninfo()) as connection:
        looked_at = 0
        for name, columns in _lineage(connection):
            for column in columns:
                if column.endswith("run_id"):
                    values = connection.execute(f"SELECT DISTINCT {column} FROM {name}").fetchall()
                    assert {value for (value,) in values} - {None} <= runs, f"{name}.{column}"
                    looked_at += 1
            if {"window_key", "window_start"} <= set(columns):
                pairs = connection.execute(f"SELECT DISTINCT window_key, window_start FROM {name}").fetchall()
                assert set(pairs) <= registered, name
    assert looked_at > len(list(warehouse.loadable()))


def _lineage(connection: "psycopg.Connection[Any]") -> list[tuple[str, list[str]]]:
    return connection.execute(
        "SELECT table_schema || '.' || table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema IN ('lake', 'vault', 'staging', 'intermediate', 'marts', 'search')"
        " AND (column_name LIKE '%%run_id' OR column_name LIKE 'window_%%') GROUP BY 1"
    ).fetchall()


def test_every_mart_leads_back_to_a_window_or_to_rows_that_do(platform: Platform) -> None:
    """A mart has lineage of its own, or the keys of rows that have it."""
    leads = {"window_key", "document_id", "source_object_id", "contract_document_id", "matter_number"}
    leads.add("left_entity")  # the key of entities of the lake and of parties, which name their documents
    with warehouse.opened(platform.settings) as dsn, psycopg.connect(dsn.conninfo()) as connection:
        marts = connection.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema = 'marts' GROUP BY 1"
        ).fetchall()
    assert marts
    assert [name for name, columns in marts if not leads & set(columns)] == []


def test_every_field_names_a_page_of_its_document_a_box_on_that_page_and_its_extractor(platform: Platform) -> None:
    pages = {(row["document_id"], row["page"]): row for row in rows(platform, "lake.pages")}
    documents = {row["document_id"] for row in rows(platform, "lake.documents")}
    with_box = 0
    for row in (*rows(platform, "lake.fields"), *rows(platform, "vault.pii_findings")):
        assert row["document_id"] in documents
        page = pages[row["document_id"], row["page"]]
        assert (row.get("extractor") or row.get("recogniser") or "").strip()
        edges = [row[name] for name in ("x0", "y0", "x1", "y1")]
        if None in edges:
            assert edges == [None] * 4
            continue
        with_box += 1
        x0, y0, x1, y1 = edges
        assert -0.5 <= x0 < x1 <= page["width"] + 0.5
        assert -0.5 <= y0 < y1 <= page["height"] + 0.5
    assert with_box > 50


def squeezed(text: str) -> str:
    """Text without white space, for comparing what different readers make of the same glyphs."""
    return re.sub(r"\s+", "", text)


def printed(platform: Platform, row: Row, original: Path) -> str:
    """What stands inside a field's box, read again from the original with two points to spare."""
    document = pypdfium2.PdfDocument(original)
    try:
        page = document[row["page"] - 1]
        text: str = page.get_textpage().get_text_bounded(
            left=row["x0"] - 2,
            right=row["x1"] + 2,
            top=page.get_height() - row["y0"] + 2,
            bottom=page.get_height() - row["y1"] - 2,
        )
    finally:
        document.close()
    return text


def traceable(platform: Platform) -> Iterator[tuple[Row, Row]]:
    """Fields that stand in clear on pages with text, with their documents."""
    documents = {row["document_id"]: row for row in rows(platform, "lake.documents")}
    read = {(row["document_id"], row["page"]) for row in rows(platform, "lake.pages") if row["source"] == "text"}
    for row in rows(platform, "lake.fields"):
        if row["pii_class"] is None and row["x0"] is not None and (row["document_id"], row["page"]) in read:
            yield row, documents[row["document_id"]]


def test_the_value_of_every_field_stands_inside_its_box_in_the_original(platform: Platform) -> None:
    raw = platform.settings.state / "lake" / "raw" / "objects"
    found = 0
    for row, document in traceable(platform):
        inside = printed(platform, row, raw / document["sha256"])
        assert squeezed(row["value"]) in squeezed(inside), (row["field"], row["value"], inside)
        found += 1
    assert found > 50


def test_fields_agree_with_the_truth_in_value_and_place(ran: Ran, platform: Platform) -> None:
    """What the sample printed there, and where: at least 95 of 100 fields of documents with text."""
    documents = {row["document_id"]: row["key"] for row in rows(platform, "lake.documents")}
    found = {
        (documents[row["document_id"]], row["field"]): row
        for row in rows(platform, "lake.fields")
        if row["pii_class"] is None and row["ordinal"] == 1
    }
    personal = {row["field"] for row in rows(platform, "lake.fields") if row["pii_class"]}
    wanted = {
        (one.key, name): truth
        for one in ran.truth.objects
        if one.kind == "pdf" and one.state == "published"
        for name, truth in one.fields.items()
        if name not in personal
    }
    right = [key for key, truth in wanted.items() if key in found and _agrees(found[key], truth)]
    assert len(right) >= 0.95 * len(wanted), sorted(wanted.keys() - set(right))


def _agrees(row: Row, truth: Any) -> bool:
    same = squeezed(truth.value).upper() in (squeezed(row["normalised"] or "").upper(), squeezed(row["value"]).upper())
    return same and row["page"] in {place.page for place in truth.places}


def test_trace_tells_the_same_as_the_tables(ran: Ran, platform: Platform) -> None:
    row, document = next((row, doc) for row, doc in traceable(platform) if row["field"] == "purchase_price")
    for name in (document["document_id"], document["key"], document["sha256"][:12]):
        told = ran.installation.json("trace", name, "purchase_price")
        assert (told["document"], told["key"], told["sha256"]) == (
            document["document_id"],
            document["key"],
            document["sha256"],
        )
        assert (told["window"], told["run"]) == (document["window_key"], document["run_id"])
        assert told["raw"].endswith(f"raw/objects/{document['sha256']}")
        [place] = told["fields"]
        assert place["page"] == row["page"]
        assert place["box"] == {name: row[name] for name in ("x0", "y0", "x1", "y1")}
        assert place["extractor"] == row["extractor"]
        assert place["value"] == (row["normalised"] or row["value"])


def test_a_figure_of_a_mart_can_be_followed_to_the_page(ran: Ran, platform: Platform, tmp_path: Path) -> None:
    """A contract's price that is not the record's, from `marts.price_reconciliation` to the ink."""
    figures = ran.installation.sql(
        "select matter_number, contract_price, contract_document_id, contract_page"
        " from marts.price_reconciliation where contract_price is not null order by matter_number"
    )
    prices = {
        one.matter_number: one.fields["purchase_price"].value
        for one in ran.truth.latest().values()
        if one.document_type == "purchase_contract" and one.state == "published"
    }
    assert figures
    for figure in figures:
        assert float(figure["contract_price"]) == float(prices[figure["matter_number"]])
    figure = figures[0]
    image = tmp_path / "page.png"
    told = ran.installation.muniment(
        "trace", figure["contract_document_id"], "purchase_price", "--image", str(image), "--json"
    )
    import json

    trace = json.loads(told.stdout)
    [place] = trace["fields"]
    assert place["page"] == figure["contract_page"]
    original = platform.settings.state / "lake" / "raw" / "objects" / trace["sha256"]
    inside = printed(platform, {"page": place["page"], **place["box"]}, original)
    assert re.sub(r"[^\d.]", "", inside).rstrip(".").startswith(f"{float(figure['contract_price']):.0f}"), inside
    assert image.read_bytes().startswith(b"\x89PNG")


def test_a_row_of_a_record_table_leads_to_its_file_and_line(ran: Ran, platform: Platform) -> None:
    objects = {row["object_id"]: row for row in rows(platform, "lake.objects")}
    raw = platform.settings.state / "lake" / "raw" / "objects"
    looked_at = 0
    for row in rows(platform, "lake.parcels"):
        source = objects[row["source_object_id"]]
        assert (source["state"], source["table_name"]) == ("published", "parcels")
        assert source["window_key"] == row["window_key"]
        line = (raw / source["sha256"]).read_bytes().splitlines()[row["source_line"] - 1]
        assert row["linc"].encode() in re.sub(rb"\s", b"", line), (row["linc"], line)
        looked_at += 1
    assert looked_at
