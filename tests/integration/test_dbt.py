"""The marts of a small practice with one of each hard case, built by dbt in a real PostgreSQL."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

from muniment import warehouse, windows
from muniment.contract import contracts
from muniment.marts import CANDIDATE, MartsError, building, modelled, publish
from muniment.postgres import Dsn, Server
from muniment.settings import PROJECT

pytestmark = pytest.mark.timeout(300)

DBT = PROJECT / "dbt"
WINDOWS = FIRST, SECOND, THIRD = [
    windows.parse(key) for key in ("2026-03-08-00:00", "2026-03-08-18:00", "2026-03-09-00:00")
]
CONTRACT, NEWER, TITLE, CERTIFICATE, STATEMENT, DEAR, ESTOPPEL, ORPHAN = (f"{number:016x}" for number in range(1, 9))
CLIENT, BUYER = f"person:{1:024x}", f"person:{2:024x}"
DEFAULTS: dict[str, dict[str, object]] = {
    "objects": {
        "size": 1,
        "modified_at": FIRST.start,
        "late": False,
        "kind": "pdf",
        "rows_published": 0,
        "rows_quarantined": 0,
    },
    "documents": {
        "type_confidence": 0.9,
        "pages": 2,
        "pages_recognised": 0,
        "characters": 100,
        "processor": "p1",
        "pages_withheld": 0,
    },
    "fields": {"ordinal": 1, "page": 1, "confidence": 0.9, "extractor": "e1"},
    "pages": {"width": 612, "height": 792, "source": "text", "text": ""},
    "quarantine": {"stage": "parse"},
    "matters": {"opened_on": date(2026, 3, 1), "status": "open", "source_line": 2},
    "parcels": {"municipality": "Town of Stonebrook", "source_line": 2},
    "assessments": {"property_class": "residential", "source_line": 2},
    "payments": {"source_line": 1},
    "registry_events": {"source_line": 1},
    "relationships": {},
    "corrections": {"ordinal": 1, "reviewer": "KM", "reviewed_at": FIRST.start, "source_line": 2},
}


class Practice:
    """Rows of the lake's tables; what a test does not say comes from DEFAULTS."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, object]]] = []

    def add(self, table: str, window: windows.Window = FIRST, **values: object) -> None:
        lineage = {"window_start": window.start, "window_key": window.key, "run_id": f"run {window.key}"}
        self.rows.append((table, {**DEFAULTS[table], **values, **lineage}))

    def land(self, name: str, key: str, state: str, window: windows.Window = FIRST, **values: Any) -> None:
        content: dict[str, Any] = {
            "sha256": name.ljust(64, "0"),
            "register_sequence": WINDOWS.index(window) + 1,
            **values,
        }
        self.add("objects", window, object_id=name, key=key, state=state, **content)

    def document(
        self, name: str, document_id: str, key: str, kind: str, window: windows.Window = FIRST, **values: Any
    ) -> None:
        self.land(name, key, "published", window, document_id=document_id)
        identity: dict[str, Any] = {
            "document_id": document_id,
            "object_id": name,
            "key": key,
            "sha256": f"{document_id:0<64}",
        }
        self.add("documents", window, **identity, document_type=kind, **values)
        self.add("pages", window, document_id=document_id, page=1)
        if values.get("pages_recognised"):
            self.add("pages", window, document_id=document_id, page=2, source="ocr", ocr_confidence=0.9)
            self.add("pages", window, document_id=document_id, page=3, source="layer", hidden_characters=7)

    def field(self, document_id: str, name: str, kind: str, value: str, normalised: str | None, **values: Any) -> None:
        self.add("fields", document_id=document_id, field=name, kind=kind, value=value, normalised=normalised, **values)

    def store(self, connection: psycopg.Connection[Any]) -> None:
        for table, row in self.rows:
            names = sql.SQL(", ").join(map(sql.Identifier, row))
            marks = sql.SQL(", ").join([sql.Placeholder()] * len(row))
            statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier("lake", table), names, marks)
            connection.execute(statement, list(row.values()))


def small_practice() -> Practice:
    """Three matters: a house whose record was corrected, a flat whose contract disagrees, one that is closed."""
    p = Practice()
    for name in ("matters", "parcels", "assessments", "payments", "registry_events"):
        p.land(f"{name}1", f"records/{name}.csv", "published", kind="records", table_name=name)
    p.land(
        "matters2",
        "records/matters-corrected.csv",
        "published",
        SECOND,
        kind="records",
        table_name="matters",
        rows_quarantined=1,
    )
    p.land(
        "matters3", "records/copy of matters.csv", "duplicate", SECOND, kind="records", sha256="matters1".ljust(64, "0")
    )

    house: dict[str, Any] = {
        "matter_number": "2026-0001",
        "matter_type": "purchase",
        "linc": "0012345678",
        "deposit": 25000,
    }
    p.add("matters", **house, purchase_price=490000, closing_on=date(2026, 3, 20), source_object_id="matters1")
    p.add(
        "matters",
        SECOND,
        **house,
        purchase_price=500000,
        closing_on=date(2026, 3, 15),
        source_object_id="matters2",
        source_line=7,
    )
    flat: dict[str, Any] = {"matter_number": "2026-0002", "matter_type": "sale", "linc": "0087654321", "deposit": 9000}
    p.add("matters", **flat, purchase_price=300000, closing_on=None, source_object_id="matters1", responsible_lawyer="")
    p.add(
        "matters",
        matter_number="2026-0003",
        matter_type="refinance",
        linc="0012345678",
        status="closed",
        source_object_id="matters1",
    )

    lot, unit = "PLAN 0412345 BLOCK 12 LOT 34", "9912345;7"
    p.add(
        "parcels",
        linc="0012345678",
        short_legal=lot,
        title_number="161 234 567 +1",
        area_ha=Decimal("0.05"),
        source_object_id="parcels1",
    )
    p.add("parcels", linc="0087654321", short_legal=unit, title_number="171 000 001", source_object_id="parcels1")
    for roll, year, value in (("100", 2025, 400000), ("100", 2026, 420000), ("101", 2026, 5000)):
        p.add(
            "assessments",
            roll_number=roll,
            assessment_year=year,
            linc="0012345678",
            assessed_value=value,
            tax_levy=value // 100,
            source_object_id="assessments1",
        )
    for event, at, kind in (("E1", "2026-03-07T17:00Z", "caveat"), ("E2", "2026-03-08T06:30Z", "mortgage")):
        p.add(
            "registry_events",
            event_id=event,
            registered_at=at,
            title_number="161 234 567 +1",
            linc="0012345678",
            instrument_number=f"N-{event}",
            instrument_type=kind,
            source_object_id="registry_events1",
        )
    for payment, matter, at, amount, direction, purpose in (
        ("P1", "2026-0001", "2026-03-03T06:30Z", "25000.00", "in", "deposit"),
        ("P2", "2026-0001", "2026-03-04T18:00Z", "25000.01", "out", "disbursement"),
        ("P3", "2026-0001", "2026-03-05T18:00Z", "100.00", "in", "fees"),
        ("P4", "2026-0099", "2026-03-05T18:00Z", "1.00", "in", "fees"),
    ):
        p.add(
            "payments",
            payment_id=payment,
            matter_number=matter,
            paid_at=at,
            amount=amount,
            direction=direction,
            purpose=purpose,
            source_object_id="payments1",
        )

    p.document("contract1", CONTRACT, "house/contract.pdf", "purchase_contract", matter_number="2026-0001")
    p.field(CONTRACT, "purchase_price", "money", "$490,000.00", "490000.00", page=2, confidence=0.97)
    p.document("contract2", NEWER, "house/contract.pdf", "purchase_contract", SECOND, matter_number="2026-0001")
    p.field(NEWER, "purchase_price", "money", "$500,000.00", "500000.00", page=2, confidence=0.8)
    p.land("contract3", "house/contract.pdf", "quarantined", THIRD, reason="damaged")
    p.add(
        "quarantine",
        THIRD,
        quarantine_id="q1",
        object_id="contract3",
        key="house/contract.pdf",
        sha256="0" * 64,
        scope="object",
        reason="damaged",
        message="The file breaks off after page 1.",
    )
    told = {"missing_fields": "registered_owner, short_legal", "repaired": True, "active_content": "javascript"}
    p.document("title1", TITLE, "house/title.pdf", "certificate_of_title", **told)
    p.land("title2", "house/again.pdf", "duplicate", document_id=TITLE)
    p.field(TITLE, "linc", "linc", "0012 345 678", "0012345678")
    p.field(TITLE, "title_number", "title_number", "161 234 567 +2", "161 234 567 +2", page=1, confidence=0.6)
    p.document("certificate1", CERTIFICATE, "tax.pdf", "tax_certificate", matter_number="1999-0001")
    p.field(CERTIFICATE, "short_legal", "legal", "Lot 34, Block 12, Plan 041 2345", lot)
    p.document("statement1", STATEMENT, "house/statement.pdf", "statement_of_adjustments", matter_number="2026-0001")
    p.field(STATEMENT, "purchase_price", "money", "500,000", "500000", checks="adds_up, repeated")
    p.document("dear1", DEAR, "flat/contract.pdf", "purchase_contract")
    p.add("relationships", document_id=DEAR, relation="belongs_to_matter", target_type="matter", target="2026-0002")
    buyer: dict[str, Any] = {"source_type": "person", "source": BUYER, "role": "buyer", "field": "buyer", "page": 1}
    p.add("relationships", document_id=DEAR, relation="party_to", target_type="document", target=DEAR, **buyer)
    p.field(DEAR, "purchase_price", "money", "$310,000.00", "310000.00", page=3)
    p.document("estoppel1", ESTOPPEL, "flat/estoppel.pdf", "estoppel_certificate", pages_recognised=1)
    p.field(ESTOPPEL, "condominium_plan", "text", "991 2345", "9912345")
    p.field(ESTOPPEL, "unit_number", "integer", "7", "7")
    p.document("orphan1", ORPHAN, "orphan.pdf", "purchase_contract")
    p.field(ORPHAN, "purchase_price", "money", "9" * 40, "9" * 40)
    p.land("review1", "corrections/review.csv", "published", SECOND, kind="records", table_name="corrections")
    corrected: dict[str, Any] = {"document_id": STATEMENT, "source_object_id": "review1"}
    p.add("corrections", SECOND, **corrected, field="purchase_price", value="505000.00")
    p.add("corrections", SECOND, **corrected, field="vendor", value="[PERSON]")
    p.add("corrections", SECOND, **corrected, field="document_type", value="statement_of_adjustments")
    p.add(
        "quarantine",
        SECOND,
        quarantine_id="q2",
        object_id="matters2",
        key="records/matters-corrected.csv",
        sha256="0" * 64,
        scope="row",
        stage="records",
        table_name="matters",
        line=9,
        reason="bad_value",
        message="closing_on is not a date",
    )
    return p


def who_is_who() -> dict[str, warehouse.Rows]:
    """A client whom a contract spells in another way, and somebody of a contract that is no longer current."""
    mentions = [
        ("person", CLIENT, "client:2026-0002", "matter", "2026-0002", None),
        ("person", BUYER, "file:2026-0002", "document", DEAR, None),
        ("person", BUYER, "file:2026-0001", "document", CONTRACT, None),
    ]
    pair = ("person", CLIENT, "client:2026-0002", "person", BUYER, "file:2026-0002")
    ends = [f"{side}_{part}" for side in ("left", "right") for part in ("type", "entity", "context")]
    columns = [*ends, "score", "method", "evidence", "decided_by", "status"]
    return {
        "linkage.mentions": (["entity_type", "entity", "context", "source_type", "source", "sin"], mentions),
        "linkage.entity_links": (columns, [(*pair, 0.92, "similar_name", "matter", "rule", "linked")]),
    }


@dataclass
class Marts:
    """The built warehouse; `folder` is where dbt wrote."""

    dsn: Dsn
    folder: Path

    def build(self, *arguments: str, select: str = "") -> subprocess.CompletedProcess[str]:
        """Build candidates, of all marts or of a selected one, and publish them if all that there are passed."""
        names = [select.lstrip("+")] if select else modelled()
        arguments = (*arguments, "--select", select) if select else arguments
        with warehouse.connected(self.dsn, autocommit=True) as connection:
            with suppress(subprocess.CalledProcessError), building(connection, names):
                done = dbt(["build", "--target", CANDIDATE, *arguments], self.folder, self.dsn)
                done.check_returncode()
            with suppress(MartsError):
                publish(connection)
        return done

    def rows(self, query: str) -> list[dict[str, Any]]:
        with psycopg.connect(self.dsn.conninfo(), options="-c timezone=UTC") as connection:
            return connection.cursor(row_factory=dict_row).execute(query.encode()).fetchall()

    def one(self, mart: str, condition: str) -> dict[str, Any]:
        [row] = self.rows(f"SELECT * FROM marts.{mart} WHERE {condition}")
        return row

    @contextmanager
    def changed(self, statement: str, undo: str) -> Iterator[None]:
        with psycopg.connect(self.dsn.conninfo(), autocommit=True) as connection:
            connection.execute(statement.encode())
            try:
                yield
            finally:
                connection.execute(undo.encode())


def dbt(arguments: list[str], folder: Path, dsn: Dsn | None) -> subprocess.CompletedProcess[str]:
    """dbt as a process, writing below `folder` only."""
    login = warehouse.dbt_environment(dsn) if dsn else {}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DBT_", "MUNIMENT_DBT_"))}
    places = {"DBT_PROJECT_DIR": str(DBT), "DBT_PROFILES_DIR": str(DBT)}
    output = {"DBT_TARGET_PATH": str(folder / "target"), "DBT_LOG_PATH": str(folder / "logs")}
    return subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *arguments],
        env={**environment, **places, **output, **login},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marts]:
    """The small practice, built once with every data test and unit test."""
    folder = tmp_path_factory.mktemp("warehouse")
    with Server(folder / "postgres").running() as dsn:
        with psycopg.connect(dsn.conninfo(), autocommit=True) as connection:
            warehouse.prepare(connection, dsn)
            small_practice().store(connection)
            warehouse.derive(connection, "linkage", "digest", who_is_who(), "run 1")
        built = Marts(dsn, folder)
        result = built.build()
        assert result.returncode == 0, result.stdout
        assert "WARN=1 " in result.stdout  # the payment whose matter nobody knows
        yield built


def test_a_refused_newer_version_leaves_the_last_good_one_current_and_the_register_says_so(marts: Marts) -> None:
    assert marts.rows(f"SELECT 1 FROM marts.document_register WHERE document_id = '{CONTRACT}'") == []
    row = marts.one("document_register", f"document_id = '{NEWER}'")
    assert (row["keys"], row["versions"], row["newer_version_refused"]) == (["house/contract.pdf"], 3, True)
    assert (row["refused_object_id"], row["refused_reason"]) == ("contract3", "damaged")
    assert row["refused_message"] == "The file breaks off after page 1."
    assert (row["refused_window_key"], row["window_key"], row["run_id"]) == (THIRD.key, SECOND.key, f"run {SECOND.key}")


def test_the_register_holds_each_current_document_once(marts: Marts) -> None:
    rows = marts.rows("SELECT * FROM marts.document_register")
    assert {row["document_id"] for row in rows} == {NEWER, TITLE, CERTIFICATE, STATEMENT, DEAR, ESTOPPEL, ORPHAN}
    assert len(rows) == 7
    assert sum(row["newer_version_refused"] for row in rows) == 1
    title = marts.one("document_register", f"document_id = '{TITLE}'")
    assert title["keys"] == ["house/again.pdf", "house/title.pdf"]
    assert (title["repaired"], title["active_content"]) == (True, "javascript")
    newer = marts.one("document_register", f"document_id = '{NEWER}'")
    assert (newer["repaired"], newer["active_content"]) == (False, None)


def test_the_register_says_what_was_not_found(marts: Marts) -> None:
    rows = marts.rows("SELECT document_id, missing_fields FROM marts.document_register")
    told = {row["document_id"]: row["missing_fields"] for row in rows if row["missing_fields"]}
    assert told == {TITLE: ["registered_owner", "short_legal"]}
    assert all(row["missing_fields"] is not None for row in rows)


@pytest.mark.parametrize(
    ("document_id", "matter", "evidence", "candidates"),
    [
        (NEWER, "2026-0001", "file_number", 1),
        (DEAR, "2026-0002", "file_number", 1),
        (ESTOPPEL, "2026-0002", "short_legal", 1),
        (TITLE, None, "linc", 2),
        (CERTIFICATE, None, "short_legal", 2),
        (ORPHAN, None, None, 0),
    ],
)
def test_a_document_is_given_to_a_matter_only_where_it_fits_one(
    marts: Marts, document_id: str, matter: str | None, evidence: str | None, candidates: int
) -> None:
    row = marts.one("document_register", f"document_id = '{document_id}'")
    assert (row["matter_number"], row["matter_evidence"], row["matter_candidates"]) == (matter, evidence, candidates)


def test_readiness_lists_what_is_missing_before_closing(marts: Marts) -> None:
    house = marts.one("matter_readiness", "matter_number = '2026-0001'")
    assert house["missing_documents"] == ["real_property_report", "transfer_of_land"]
    assert house["present_documents"] == [
        "certificate_of_title",
        "purchase_contract",
        "statement_of_adjustments",
        "tax_certificate",
    ]
    assert (house["property_type"], house["readiness"]) == ("freehold", Decimal("0.6667"))
    assert (house["as_of"], house["closing_on"], house["days_to_closing"]) == (date(2026, 3, 9), date(2026, 3, 15), 6)
    assert (house["standing"], house["source_object_id"], house["source_line"]) == ("due", "matters2", 7)
    assert house["document_ids"] == sorted([NEWER, TITLE, CERTIFICATE, STATEMENT])


def test_a_condominium_without_a_closing_day_is_judged_by_its_own_list(marts: Marts) -> None:
    flat = marts.one("matter_readiness", "matter_number = '2026-0002'")
    assert flat["property_type"] == "condominium"
    assert flat["present_documents"] == ["estoppel_certificate", "purchase_contract"]
    assert "real_property_report" not in flat["required_documents"]
    assert (flat["days_to_closing"], flat["standing"], flat["responsible_lawyer"]) == (None, "open", None)


def test_a_closed_matter_needs_nothing(marts: Marts) -> None:
    assert [r["matter_number"] for r in marts.rows("SELECT * FROM marts.matter_readiness ORDER BY 1")] == [
        "2026-0001",
        "2026-0002",
    ]


def test_a_contract_is_compared_with_the_corrected_record_and_traced_to_its_page(marts: Marts) -> None:
    house = marts.one("price_reconciliation", "matter_number = '2026-0001'")
    assert (house["contract_price"], house["record_price"], house["difference"]) == (500000, 500000, 0)
    assert (house["agrees"], house["verdict"]) == (True, "agrees")
    assert (house["contract_document_id"], house["contract_page"], house["contract_confidence"]) == (NEWER, 2, 0.8)
    assert (house["contract_printed"], house["contract_run_id"]) == ("$500,000.00", f"run {SECOND.key}")
    assert (house["record_object_id"], house["record_line"], house["record_window_key"]) == ("matters2", 7, SECOND.key)
    assert house["statement_adds_up"] is None  # what a reviewer put in its place was not added up
    assert (house["statement_document_id"], house["statement_price"], house["statement_agrees"]) == (
        STATEMENT,
        505000,
        False,
    )


def test_a_correction_wins_in_every_mart_and_what_was_read_stays(marts: Marts) -> None:
    row = marts.one("price_reconciliation", "matter_number = '2026-0001'")
    assert (row["statement_price"], row["statement_confidence"]) == (Decimal("505000.00"), 1)
    register = marts.one("document_register", f"document_id = '{STATEMENT}'")
    assert (register["corrected_fields"], register["read_type"]) == (2, "statement_of_adjustments")
    [read] = marts.rows(f"SELECT value FROM lake.fields WHERE document_id = '{STATEMENT}'")
    assert read["value"] == "500,000"


def test_the_queue_of_the_reviewer_has_what_nobody_looked_at(marts: Marts) -> None:
    queue = marts.rows("SELECT document_id, field, confidence FROM marts.review_queue ORDER BY confidence")
    assert queue[0] == {"document_id": TITLE, "field": "title_number", "confidence": 0.6}
    assert not [row for row in queue if row["document_id"] == STATEMENT]
    assert {row["field"] for row in queue if row["document_id"] == ORPHAN} == {"purchase_price", "document_type"}


def test_a_contract_that_disagrees_is_said_to_by_how_much(marts: Marts) -> None:
    flat = marts.one("price_reconciliation", "matter_number = '2026-0002'")
    assert (flat["difference"], flat["agrees"], flat["verdict"], flat["contract_page"]) == (10000, False, "differs", 3)


def test_a_contract_of_no_known_matter_is_not_left_out(marts: Marts) -> None:
    orphan = marts.one("price_reconciliation", f"contract_document_id = '{ORPHAN}'")
    assert (orphan["matter_number"], orphan["verdict"], orphan["contract_price"]) == (None, "no_matter", None)
    assert len(marts.rows("SELECT * FROM marts.price_reconciliation")) == 3


def test_the_trust_ledger_sums_a_matter_and_notices_an_overdraft(marts: Marts) -> None:
    house = marts.one("trust_ledger", "matter_number = '2026-0001'")
    sums = [Decimal("25100.00"), Decimal("25000.01"), Decimal("99.99"), Decimal("-0.01")]
    assert [house[name] for name in ("received", "paid_out", "balance", "lowest_balance")] == sums
    assert (house["was_overdrawn"], house["deposit_received"], house["deposit_agreed"]) == (True, 25000, 25000)
    assert (house["first_paid_on"], house["last_paid_on"]) == (date(2026, 3, 2), date(2026, 3, 5))
    unknown = marts.one("trust_ledger", "matter_number = '2026-0099'")
    assert (unknown["matter_is_known"], unknown["matter_status"], unknown["balance"]) == (False, None, 1)


def test_a_parcel_shows_its_title_latest_assessment_and_latest_registration(marts: Marts) -> None:
    lot = marts.one("parcel_profile", "linc = '0012345678'")
    assert (lot["assessment_year"], lot["assessed_rolls"], lot["assessed_value"]) == (2026, 2, 425000)
    assert (lot["latest_event_id"], lot["latest_instrument_type"]) == ("E2", "mortgage")
    assert lot["latest_registered_on"] == date(2026, 3, 7)  # 23:30 of the day before in Alberta
    assert (lot["certificate_document_id"], lot["certificate_title_number"]) == (TITLE, "161 234 567 +2")
    assert (lot["certificate_agrees"], lot["certificate_page"], lot["certificate_confidence"]) == (False, 1, 0.6)
    assert (lot["matter_numbers"], lot["document_ids"]) == (["2026-0001", "2026-0003"], sorted([TITLE, CERTIFICATE]))


def test_a_parcel_of_which_nothing_more_is_known_has_a_row(marts: Marts) -> None:
    unit = marts.one("parcel_profile", "linc = '0087654321'")
    assert (unit["is_condominium"], unit["assessed_value"], unit["latest_event_id"]) == (True, None, None)
    assert (unit["certificate_agrees"], unit["document_ids"]) == (None, [ESTOPPEL])


def test_the_scorecard_accounts_for_every_object_and_refusal(marts: Marts) -> None:
    names = ("objects_registered", "objects_published", "objects_duplicate", "objects_quarantined")
    counts = {
        row["window_key"]: tuple(row[name] for name in names)
        for row in marts.rows("SELECT * FROM marts.quality_scorecard WHERE table_name = 'objects'")
    }
    assert counts == {FIRST.key: (13, 12, 1, 0), SECOND.key: (4, 3, 1, 0), THIRD.key: (1, 0, 0, 1)}
    refused = marts.one("quality_scorecard", "table_name = 'objects' AND objects_quarantined > 0")
    assert refused["quarantine_reasons"] == {"damaged": 1}


def test_the_scorecard_measures_each_table(marts: Marts) -> None:
    matters = marts.one("quality_scorecard", f"table_name = 'matters' AND window_key = '{SECOND.key}'")
    assert (matters["rows_published"], matters["rows_quarantined"], matters["accepted_share"]) == (1, 1, Decimal("0.5"))
    assert matters["quarantine_reasons"] == {"bad_value": 1}
    assert matters["completeness"] == Decimal("0.7143")  # neither client nor address among seven critical columns
    fields = marts.one("quality_scorecard", f"table_name = 'fields' AND window_key = '{FIRST.key}'")
    assert (fields["rows_published"], fields["mean_confidence"]) == (10, Decimal("0.8670"))
    assert marts.one("quality_scorecard", f"table_name = 'pages' AND window_key = '{FIRST.key}'")[
        "ocr_share"
    ] == Decimal("0.1111")


def test_the_health_of_reading_is_told_window_by_window(marts: Marts) -> None:
    first = marts.one("reading_health", f"window_key = '{FIRST.key}'")
    sources = ("pages", "pages_from_text", "pages_from_layer", "pages_recognised", "pages_without_text")
    assert tuple(first[name] for name in sources) == (9, 7, 1, 1, 0)
    assert (first["documents"], first["ocr_confidence"]) == (7, Decimal("0.9"))
    assert (first["hidden_characters"], first["documents_with_hidden_text"]) == (7, 1)
    third = marts.one("reading_health", f"window_key = '{THIRD.key}'")
    assert (third["documents"], third["documents_refused"], third["refusal_reasons"]) == (0, 1, {"damaged": 1})
    assert third["ocr_confidence"] is None


def test_parties_show_the_current_people_of_a_file_with_their_roles_and_links(marts: Marts) -> None:
    rows = {row["context"]: row for row in marts.rows("SELECT * FROM marts.parties")}
    assert rows.keys() == {"client:2026-0002", "file:2026-0002"}
    client, buyer = rows["client:2026-0002"], rows["file:2026-0002"]
    assert (client["person"], client["is_client"], client["document_ids"], client["roles"]) == (CLIENT, True, [], [])
    assert (buyer["person"], buyer["matter_number"], buyer["document_ids"]) == (BUYER, "2026-0002", [DEAR])
    assert (buyer["roles"], buyer["linked"], buyer["possible"], buyer["best_score"]) == (["buyer"], 1, 0, 0.92)


def test_building_again_gives_the_same_marts(marts: Marts) -> None:
    names = [
        row["tablename"] for row in marts.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'marts' ORDER BY 1")
    ]
    assert len(names) == 10
    digest = " UNION ALL ".join(
        f"SELECT '{name}' AS mart, md5(string_agg(m::text, '|' ORDER BY m::text)) AS content FROM marts.{name} AS m"
        for name in names
    )
    before = marts.rows(digest)
    assert marts.build("--exclude-resource-type", "unit_test").returncode == 0
    assert marts.rows(digest) == before


def test_a_mart_that_fails_a_test_of_its_data_is_not_published_nor_by_what_is_built_after_it(marts: Marts) -> None:
    """A test that needs other rows can only be made when the mart is there: candidates are, and nobody sees them."""
    before = marts.one("document_register", f"document_id = '{TITLE}'")
    change = f"UPDATE intermediate.int_current_documents SET object_id = '{{}}' WHERE document_id = '{TITLE}'"
    breach, mend = change.format("an object that is in no table"), change.format(before["object_id"])
    with marts.changed(breach, mend):
        result = marts.build("--exclude-resource-type", "unit_test", select="document_register")
        assert result.returncode == 1
        assert re.search("FAIL 1 document_register_object_id_exists", result.stdout)
        assert marts.one("document_register", f"document_id = '{TITLE}'") == before
        assert marts.build("--exclude-resource-type", "unit_test", select="trust_ledger").returncode == 0
        assert marts.one("document_register", f"document_id = '{TITLE}'") == before


def test_a_mart_that_breaks_a_rule_never_replaces_the_last_good_one(marts: Marts) -> None:
    breach = f"UPDATE lake.documents SET type_confidence = 7 WHERE document_id = '{TITLE}'"
    mend = f"UPDATE lake.documents SET type_confidence = 0.9 WHERE document_id = '{TITLE}'"
    with marts.changed(breach, mend):
        result = marts.build("--exclude-resource-type", "unit_test", select="+document_register")
        assert result.returncode == 1
        assert "type_confidence_check" in result.stdout
        assert marts.one("document_register", f"document_id = '{TITLE}'")["type_confidence"] == 0.9


def test_the_reading_role_sees_marts_and_lake_and_never_the_vault(marts: Marts) -> None:
    with psycopg.connect(warehouse.reader(marts.dsn).conninfo(), autocommit=True) as connection:
        for relation in (
            "marts.document_register",
            "staging.stg_matters",
            "intermediate.int_current_matters",
            "lake.matters",
        ):
            assert connection.execute(f"SELECT count(*) > 0 FROM {relation}".encode()).fetchone() == (True,)
        for contract in contracts().values():
            vault = contract if contract.namespace == "vault" else contract.vault
            if vault:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"SELECT 1 FROM {vault.table}".encode())


def test_parsing_needs_no_database_and_writes_only_where_it_is_told(tmp_path: Path) -> None:
    before = {path for path in DBT.rglob("*") if path.is_file()}
    result = dbt(["parse"], tmp_path, None)
    assert result.returncode == 0, result.stdout
    assert (tmp_path / "target" / "manifest.json").exists()
    assert {path for path in DBT.rglob("*") if path.is_file()} == before
