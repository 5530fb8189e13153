"""Linking in a real PostgreSQL: from the vault and the records to mentions and links that show no name."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from muniment import warehouse, windows
from muniment.contract import tables
from muniment.postgres import Dsn
from muniment.privacy import Tokens
from muniment.stages.link import Linking, link
from tests.tables import good_row

Connection = psycopg.Connection[Any]

KEY = "2026-03-08-06:00"
TOKENS = Tokens(b"a key for these tests")
CONTRACTS = {contract.table: contract for contract in tables()}
DEED, LETTER = "d" * 16, "e" * 16
PEOPLE = ("Kaya Okafor", "OKAFOR, Kaya", "K. Okafor", "Daniel Okafor")


def add(connection: Connection, table: str, at: int = 0, **values: Any) -> None:
    lineage = {"window_start": windows.parse(KEY).start, "window_key": KEY, "run_id": "run-1"}
    row = good_row(CONTRACTS[table], at) | values | lineage
    names, marks = sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
    where = sql.Identifier(*table.split("."))
    connection.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(where, names, marks), list(row.values()))


def loaded(connection: Connection, content: str) -> None:
    """Note that the tables hold other content than before."""
    connection.execute(
        "INSERT INTO ledger.loaded VALUES ('vault.pii_findings', %s, %s, 1, 'run-1') "
        "ON CONFLICT (table_name, window_key) DO UPDATE SET content_id = excluded.content_id",
        [KEY, content],
    )


def find(
    connection: Connection, document: str, at: int, value: str, pii_class: str = "person", **values: object
) -> None:
    token = TOKENS.of(pii_class, value)
    given: dict[str, Any] = {
        "document_id": document,
        "pii_class": pii_class,
        "value": value,
        "token": token,
        "field": None,
    }
    add(connection, "vault.pii_findings", at, **(given | values))


@pytest.fixture(scope="module")
def practice(server: Dsn) -> Iterator[Connection]:
    """One matter whose client two documents name in other spellings; one of them is about its land alone."""
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE linkage")
    dsn = Dsn(server.host, server.port, server.user, server.password, "linkage")
    with warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        matter: dict[str, Any] = {"matter_number": "2026-0001", "source_object_id": "o1", "client_name": "[PERSON]"}
        personal: dict[str, Any] = {
            "client_name": "Kaya Okafor",
            "client_sin": "046454286",
            "client_email": "kaya@example.com",
        }
        add(connection, "lake.matters", **matter, linc="0012345678", property_address="12 Elm Street, Foxhollow AB")
        add(connection, "vault.matters", **(matter | personal))
        for at, payer in enumerate(["Kaya Okafor and Daniel Okafor", "Prairie Savings Bank"]):
            payment: dict[str, Any] = {"payment_id": f"p{at}", "source_object_id": "o2"}
            add(connection, "lake.payments", **payment, matter_number="2026-0001", payer="[PERSON]")
            add(connection, "vault.payments", **payment, payer=payer)
        add(connection, "lake.parcels", linc="0012345678", title_number="161 234 567", short_legal="0412345;12;34")
        for at, (document, kind) in enumerate([(DEED, "transfer_of_land"), (LETTER, "other")]):
            add(connection, "lake.documents", at, document_id=document, document_type=kind)
        relation: dict[str, Any] = {"relation": "belongs_to_matter", "target_type": "matter", "target": "2026-0001"}
        add(connection, "lake.relationships", document_id=DEED, **relation)
        title: dict[str, Any] = {"entity_type": "title", "entity": "161 234 567"}
        add(connection, "lake.entities", document_id=LETTER, **title)
        find(connection, DEED, 1, "OKAFOR, Kaya", field="transferor")
        find(connection, DEED, 2, "Daniel Okafor", field="transferor")
        find(connection, DEED, 3, "Okafor", field="transferor")
        find(connection, LETTER, 1, "K. Okafor")
        find(connection, LETTER, 2, "046 454 286", "sin")
        loaded(connection, "c1")
        yield connection


@pytest.fixture
def first(practice: Connection) -> Linking:
    return link(practice, TOKENS, "run-1")


def links(connection: Connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT * FROM linkage.entity_links ORDER BY 1, 2, 3, 4, 5, 6").fetchall()


def status(connection: Connection, one: str, other: str) -> str | None:
    pair = [TOKENS.of("person", one), TOKENS.of("person", other)]
    found = connection.execute(
        "SELECT status FROM linkage.entity_links WHERE ARRAY[left_entity, right_entity] IN (%s, %s)", [pair, pair[::-1]]
    ).fetchone()
    return found[0] if found else None


def test_the_client_of_a_record_is_linked_with_the_names_on_the_file(practice: Connection, first: Linking) -> None:
    assert status(practice, "Kaya Okafor", "Kaya Okafor") == "linked"
    assert status(practice, "Kaya Okafor", "K. Okafor") is not None
    assert status(practice, "Kaya Okafor", "Daniel Okafor") is None


def test_whoever_paid_is_linked_too_unless_it_is_a_firm(practice: Connection, first: Linking) -> None:
    rows = practice.execute("SELECT entity FROM linkage.mentions WHERE context = 'payer:2026-0001'").fetchall()
    assert {token for (token,) in rows} == {TOKENS.of("person", name) for name in ("Kaya Okafor", "Daniel Okafor")}
    assert status(practice, "Daniel Okafor", "Daniel Okafor") == "linked"


def test_a_document_that_names_no_matter_is_of_the_one_whose_land_it_names(
    practice: Connection, first: Linking
) -> None:
    rows = practice.execute("SELECT context FROM linkage.mentions WHERE source = %s", [LETTER]).fetchall()
    assert rows == [("file:2026-0001",)]


def test_a_title_is_linked_with_its_parcel(practice: Connection, first: Linking) -> None:
    land = [row for row in links(practice) if row[0] != "person"]
    assert [(row[1], row[4], row[10]) for row in land] == [("0012345678", "161 234 567", "linked")]


def test_nothing_of_it_is_in_clear_and_the_reader_may_see_it(practice: Connection, first: Linking) -> None:
    assert first.links > 0
    everything = str(links(practice)) + str(practice.execute("SELECT * FROM linkage.mentions").fetchall())
    for value in (*PEOPLE, "okafor", "046454286", "046 454 286", "kaya@example.com"):
        assert value.lower() not in everything.lower()
    readable = "SELECT has_table_privilege('muniment_reader', 'linkage.' || t, 'SELECT') FROM unnest(%s::text[]) AS t"
    assert practice.execute(readable, [["mentions", "entity_links"]]).fetchall() == [(True,), (True,)]


def test_an_unchanged_warehouse_is_not_linked_again_and_a_changed_one_gives_the_same_rows(
    practice: Connection, first: Linking
) -> None:
    before = links(practice)
    assert not link(practice, TOKENS, "run-2").changed
    loaded(practice, "c2")
    assert link(practice, TOKENS, "run-3").changed
    assert links(practice) == before


def test_links_that_somebody_deleted_are_made_again(practice: Connection, first: Linking) -> None:
    before = links(practice)
    practice.execute("DELETE FROM linkage.entity_links")
    assert link(practice, TOKENS, "run-4").changed
    assert links(practice) == before


def test_another_key_is_another_input(practice: Connection, first: Linking) -> None:
    assert link(practice, Tokens(b"another key"), "run-5").changed
    assert link(practice, TOKENS, "run-6").changed


def test_a_link_between_two_insurance_numbers_would_be_seen(practice: Connection, first: Linking) -> None:
    assert first.torn == 0
    with practice.transaction(force_rollback=True):
        practice.execute("UPDATE linkage.mentions SET sin = 'sin:' || source_type WHERE source <> %s", [LETTER])
        assert link(practice, TOKENS, "run-7").torn > 0
