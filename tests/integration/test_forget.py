"""Forgetting a person by the command, in an installation that is in use: warehouse, marts, index, Dagster's storage."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql

from muniment.postgres import Server
from muniment.tabulate import document_id
from tests.installation import Installation

WHY = "request of 8 March 2026"


@dataclass(frozen=True)
class Person:
    """The buyer of a practice's only matter, as texts that are nobody else's, and the documents that name the buyer."""

    name: str
    traces: tuple[str, ...]
    documents: frozenset[str]


@dataclass(frozen=True)
class Forgotten:
    """An installation before and after: what of PostgreSQL held the person; what the command said, first under the
    project's rules of retention, then under a firm's own that keep nothing."""

    installation: Installation
    person: Person
    before: frozenset[str]
    files_before: frozenset[str]
    refused: subprocess.CompletedProcess[str]
    after_refusal: frozenset[str]
    told: dict[str, Any]


@pytest.fixture(scope="module")
def forgotten(
    new_installation: Callable[..., Installation], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Forgotten]:
    installation = new_installation()
    truth = installation.write_sample(matters=1, windows=2, scans=False)
    own_rules = tmp_path_factory.mktemp("firm") / "retention.yaml"
    own_rules.write_text("rules: []\n")
    installation.muniment("run")
    with Server(installation.state / "postgres").running() as dsn:
        name = next(o.fields["buyer"].value for o in truth.objects if "buyer" in o.fields)
        email = next(one.value for one in truth.personal if one.kind == "email")
        tokens = installation.platform.tokens
        traces = (name.split()[-1], email, str(tokens.of("person", name)), str(tokens.of("email", email)))
        named = (o for o in truth.objects if any(name in field.value for field in o.fields.values()))
        person = Person(name, traces, frozenset(document_id(o.sha256) for o in named))
        with psycopg.connect(dsn.conninfo(), autocommit=True) as connection:
            connection.execute("ANALYZE")  # as the server does by itself in time, and so is the checkpoint
            connection.execute("CHECKPOINT")
        before, files_before = holding(installation, person), in_files_of_the_server(installation, person)
        arguments = ("forget", name, "--reason", WHY, "--landing", "--yes", "--json")
        refused = installation.muniment(*arguments, check=False)
        after_refusal = holding(installation, person)
        installation.environment["MUNIMENT_RETENTION_FILE"] = str(own_rules)
        told = json.loads(installation.muniment(*arguments).stdout)
        yield Forgotten(installation, person, before, files_before, refused, after_refusal, told)


def holding(installation: Installation, person: Person) -> frozenset[str]:
    """Tables of PostgreSQL that hold the person, and those of which the planner remembers a value of theirs."""
    wanted = [f"%{trace}%" for trace in person.traces]
    with (
        Server(installation.state / "postgres").running() as dsn,
        psycopg.connect(dsn.conninfo(), autocommit=True) as connection,
    ):
        found = set()
        for schema, name in connection.execute("SELECT schemaname, tablename FROM pg_tables").fetchall():
            count = sql.SQL("SELECT count(*) FROM {} AS t WHERE t::text ILIKE ANY (%s)")
            rows = connection.execute(count.format(sql.Identifier(schema, name)), [wanted]).fetchone()
            found |= {f"{schema}.{name}"} if rows != (0,) else set()
        return frozenset(found)


def in_files_of_the_server(installation: Installation, person: Person) -> frozenset[str]:
    """Folders of the embedded server with a file that has a value of the person in its bytes."""
    root = installation.state / "postgres" / "cluster"
    traces = [trace.lower().encode() for trace in person.traces]
    found = set()
    for path in (root / "data").rglob("*"):
        if path.is_file() and any(trace in path.read_bytes().lower() for trace in traces):
            found.add(path.relative_to(root).parts[1])
    return frozenset(found)


def test_what_the_rules_want_kept_is_refused_and_nothing_is_changed(forgotten: Forgotten) -> None:
    assert forgotten.refused.returncode == 3
    rules = {one["rule"] for one in json.loads(forgotten.refused.stdout)["refused"]}
    assert rules == {"trust-records", "client-identification", "closed-files"}
    assert forgotten.after_refusal == forgotten.before


def test_the_command_looks_through_every_store_and_finds_nothing(forgotten: Forgotten) -> None:
    assert forgotten.told["hits"] == []
    looked = forgotten.told["looked_through"]
    assert looked.keys() == {"lake", "landing", "catalog", "warehouse", "orchestrator", "state"}
    assert all(looked.values())
    assert forgotten.told["found"]["contents whole"] >= len(forgotten.person.documents) > 0


def test_no_table_statistic_or_file_of_postgresql_has_the_person(forgotten: Forgotten) -> None:
    installation, person = forgotten.installation, forgotten.person
    held = {name.partition(".")[0] for name in forgotten.before}
    assert held >= {"lake", "vault", "linkage", "candidate", "marts", "pg_catalog"}, "else there is nothing to forget"
    assert forgotten.files_before >= {"base", "pg_wal"}
    assert holding(installation, person) == set()
    assert in_files_of_the_server(installation, person) == set()


def test_the_marts_and_the_index_are_of_what_is_left(forgotten: Forgotten) -> None:
    installation, person = forgotten.installation, forgotten.person
    found = installation.json("status")
    assert found["reconciled"]
    assert found["warehouse"]["marts"]["document_register"] == found["tables"]["lake.documents"] > 0
    hits = installation.json("search", person.name)
    assert hits
    assert not {hit["document"] for hit in hits} & person.documents
    assert not [hit for hit in hits if person.traces[0].lower() in f"{hit['text']} {hit['key']}".lower()]


def test_nothing_is_left_to_do_and_the_record_stays(forgotten: Forgotten) -> None:
    installation = forgotten.installation
    assert "Nothing to do" in installation.muniment("run").stderr
    [record] = installation.json("erasure", "list")
    assert (record["id"], record["reason"], record["finished"]) == (forgotten.told["erasure"], WHY, True)
    assert installation.json("erasure", "verify") == {"faults": []}
