"""Promise 4 for marts: readers see those of one publication, never some of one and some of the next.

Readers look without pause, as the role that analysts have, while marts are built and published, while publishing is
killed, while a build fails, and while marts change their columns.
"""

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg
import pytest

from muniment import marts, warehouse
from muniment.marts import MartsError
from muniment.postgres import Dsn
from muniment.settings import load
from tests.conftest import SEED

NAMES = ("parcel_profile", "parties", "reading_health", "trust_ledger")
EDITION = "(SELECT concat(min(edition), '-', max(edition), '-', count(*)) FROM marts.{})"
ALL_AT_ONCE = f"SELECT {', '.join(EDITION.format(name) for name in NAMES)}"

Connection = psycopg.Connection[Any]


@pytest.fixture
def dsn(new_database: Callable[[], str]) -> Iterator[Dsn]:
    with warehouse.opened(load(warehouse_url=new_database())) as dsn:
        with warehouse.connected(dsn, autocommit=True) as connection:
            warehouse.prepare(connection, dsn)
        yield dsn


@pytest.fixture
def owner(dsn: Dsn) -> Iterator[Connection]:
    with warehouse.connected(dsn, autocommit=True) as connection:
        yield connection


def build(connection: Connection, edition: int, *names: str, rows: int = 3, extra: str = "") -> None:
    """Candidates whose rows say of which edition they are; `extra` is a column that marts of that shape have."""
    with marts.building(connection, names or NAMES):
        for name in names or NAMES:
            columns = f"edition int NOT NULL, row int PRIMARY KEY CHECK (row > 0){f', {extra} text' if extra else ''}"
            connection.execute(f"DROP TABLE IF EXISTS candidate.{name}".encode())
            connection.execute(f"CREATE TABLE candidate.{name} ({columns})".encode())
            connection.execute(f"CREATE INDEX ON candidate.{name} (edition)".encode())
            number = f"SELECT {edition}, generate_series(1, {rows})"
            connection.execute(f"INSERT INTO candidate.{name} (edition, row) {number}".encode())


def editions(connection: Connection) -> dict[str, list[int]]:
    """Of which edition the rows of each mart are."""
    return {
        name: [edition for (edition,) in connection.execute(f"SELECT edition FROM marts.{name}".encode()).fetchall()]
        for name in NAMES
    }


@dataclass
class Readers:
    """Analysts who look at all marts in one statement, or one after another in a transaction."""

    dsn: Dsn
    seen: list[tuple[str, ...]] = field(default_factory=list)
    errors: list[psycopg.Error] = field(default_factory=list)

    def _in_one_statement(self, connection: Connection) -> tuple[str, ...]:
        found = connection.execute(ALL_AT_ONCE.encode()).fetchone()
        assert found
        return tuple(found)

    def _one_after_another(self, connection: Connection) -> tuple[str, ...]:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            found = [connection.execute(f"SELECT {EDITION.format(name)}".encode()).fetchone() for name in NAMES]
        return tuple(one[0] for one in found if one)

    @contextmanager
    def looking(self, *ways: Literal["one statement", "one transaction"]) -> Iterator[None]:
        """Look without pause, one reader for each way, for the length of the block."""
        over = threading.Event()

        def go_on(way: str) -> None:
            look = self._in_one_statement if way == "one statement" else self._one_after_another
            with warehouse.connected(warehouse.reader(self.dsn), autocommit=True) as connection:
                while not over.is_set():
                    try:
                        self.seen.append(look(connection))
                    except psycopg.Error as error:
                        self.errors.append(error)

        threads = [threading.Thread(target=go_on, args=[way]) for way in ways]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def assert_whole(self) -> None:
        assert not self.errors, f"MUNIMENT_SEED={SEED}: {self.errors[:3]}"
        mixed = [seen for seen in self.seen if len(set(seen)) > 1]
        assert not mixed, f"MUNIMENT_SEED={SEED}: of {len(self.seen)} looks {len(mixed)} were mixed: {mixed[:3]}"
        assert len(set(self.seen)) > 1, "nothing was published while they looked"


def die_while_publishing(dsn: Dsn, owner: Connection, rng: random.Random) -> None:
    """Publish over a connection that is cut at a random instant."""
    with suppress(psycopg.Error, MartsError), warehouse.connected(dsn, autocommit=True) as victim:
        pid = victim.info.backend_pid
        cut = threading.Timer(rng.uniform(0, 0.02), lambda: owner.execute("SELECT pg_terminate_backend(%s)", [pid]))
        cut.start()
        try:
            marts.publish(victim)
        finally:
            cut.join()


def test_readers_see_one_publication_whatever_is_built_published_or_killed(
    dsn: Dsn, owner: Connection, rng: random.Random
) -> None:
    build(owner, 0)
    assert marts.publish(owner) == sorted(NAMES)
    readers = Readers(dsn)
    with readers.looking("one statement", "one transaction"):
        for edition in range(1, 40):
            build(owner, edition, rows=rng.choice([1, 50, 2000]))
            if rng.random() < 0.5:
                die_while_publishing(dsn, owner, rng)
            if rng.random() < 0.5:
                marts.publish(owner)
    readers.assert_whole()
    build(owner, 40)
    marts.publish(owner)
    assert editions(owner) == {name: [40, 40, 40] for name in NAMES}


def test_a_statement_sees_one_publication_though_marts_change_their_columns_and_no_reader_fails(
    dsn: Dsn, owner: Connection, rng: random.Random
) -> None:
    build(owner, 0)
    marts.publish(owner)
    owner.execute("CREATE VIEW marts.of_an_analyst AS SELECT edition FROM marts.parties")
    readers = Readers(dsn)
    with readers.looking("one statement", "one statement"):
        for edition in range(1, 16):
            build(owner, edition, extra=rng.choice(["", "note", "remark"]))
            marts.publish(owner)
    readers.assert_whole()
    assert owner.execute("SELECT DISTINCT edition FROM marts.of_an_analyst").fetchall() == [(15,)]


def test_what_was_not_built_to_its_end_is_never_published(owner: Connection) -> None:
    build(owner, 1)
    marts.publish(owner)
    with suppress(KeyboardInterrupt), marts.building(owner, NAMES):
        owner.execute("UPDATE candidate.parties SET edition = 2")
        raise KeyboardInterrupt
    for name in ((), ("trust_ledger",)):  # another, by itself, does not take it along
        build(owner, 3, *name) if name else None
        with pytest.raises(MartsError, match="parties.* did not come to its end"):
            marts.publish(owner)
        assert editions(owner) == {name: [1, 1, 1] for name in NAMES}
        assert marts.behind(owner)
    build(owner, 4)
    assert marts.publish(owner) == sorted(NAMES)
    assert not marts.behind(owner)


def test_what_somebody_put_in_the_place_of_a_good_candidate_is_never_published(owner: Connection) -> None:
    """The dbt of a killed run goes on for a while, and anybody may start one by hand."""
    build(owner, 1)
    owner.execute("ALTER TABLE candidate.parties RENAME TO former")
    owner.execute("CREATE TABLE candidate.parties (LIKE candidate.former INCLUDING ALL)")
    with pytest.raises(MartsError, match="No mart is published: parties are"):
        marts.publish(owner)


def test_who_builds_waits_for_another_to_end(dsn: Dsn, owner: Connection) -> None:
    with warehouse.connected(dsn, autocommit=True) as other, ThreadPoolExecutor(1) as pool:
        with marts.building(owner, ["parties"]):
            waiting = pool.submit(build, other, 2)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        waiting.result()


def test_marts_are_behind_until_they_are_published_and_when_their_models_change(
    owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not marts.behind(owner)
    build(owner, 1)
    assert marts.behind(owner)
    marts.publish(owner)
    assert not marts.behind(owner)
    monkeypatch.setattr(marts, "fingerprint", lambda: "other models")
    assert marts.behind(owner)


def test_a_mart_that_is_as_it_was_is_left_alone(owner: Connection) -> None:
    build(owner, 1)
    marts.publish(owner)
    before = owner.execute("SELECT ctid::text, xmin::text FROM marts.parties ORDER BY row").fetchall()
    build(owner, 1)
    assert marts.publish(owner) == []
    assert owner.execute("SELECT ctid::text, xmin::text FROM marts.parties ORDER BY row").fetchall() == before


@pytest.mark.parametrize(
    "change",
    [
        "ALTER COLUMN edition TYPE bigint",
        "ALTER COLUMN edition DROP NOT NULL",
        "ADD CHECK (edition > 0)",
        "ADD UNIQUE (edition)",
    ],
)
def test_a_mart_takes_over_types_rules_and_indexes(owner: Connection, change: str) -> None:
    build(owner, 1, rows=1)
    marts.publish(owner)
    build(owner, 1, rows=1)
    owner.execute(f"ALTER TABLE candidate.parties {change}".encode())
    assert marts.publish(owner) == ["parties"]
    assert marts._shape(owner, "marts", "parties") == marts._shape(owner, "candidate", "parties")
    assert marts.publish(owner) == []


def test_what_stands_on_a_mart_that_changes_its_columns_is_named_and_nothing_is_published(owner: Connection) -> None:
    build(owner, 1)
    marts.publish(owner)
    owner.execute("CREATE MATERIALIZED VIEW marts.of_an_analyst AS SELECT edition FROM marts.parties")
    build(owner, 2, extra="note")
    with pytest.raises(MartsError, match=r"(?s)marts\.parties has other columns.*marts\.of_an_analyst depends on"):
        marts.publish(owner)
    assert editions(owner) == {name: [1, 1, 1] for name in NAMES}
    owner.execute("DROP MATERIALIZED VIEW marts.of_an_analyst")
    assert marts.publish(owner) == sorted(NAMES)


def test_a_mart_that_changes_its_columns_keeps_its_grants_and_its_views_what_they_had(owner: Connection) -> None:
    build(owner, 1)
    marts.publish(owner)
    role = f"analyst_{uuid.uuid4().hex[:8]}"
    owner.execute(f"CREATE ROLE {role}".encode())
    try:
        owner.execute("CREATE VIEW marts.theirs WITH (security_barrier=true) AS SELECT edition FROM marts.parties")
        owner.execute("COMMENT ON VIEW marts.theirs IS 'It''s theirs'")
        owner.execute("GRANT SELECT ON marts.parties TO PUBLIC")
        owner.execute(f"GRANT SELECT ON marts.theirs TO PUBLIC; ALTER VIEW marts.theirs OWNER TO {role}".encode())
        described = (
            "SELECT reloptions, pg_get_userbyid(relowner), obj_description(oid), "
            "array(SELECT a::text FROM unnest(relacl) AS a ORDER BY 1) FROM pg_class WHERE relname = 'theirs'"
        )
        before = owner.execute(described).fetchone()
        build(owner, 2, extra="note")
        marts.publish(owner)
        assert owner.execute(described).fetchone() == before
        assert owner.execute("SELECT has_table_privilege('public', 'marts.parties', 'SELECT')").fetchone() == (True,)
    finally:
        owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def test_a_view_that_does_not_fit_a_mart_any_more_is_named_and_nothing_is_published(owner: Connection) -> None:
    build(owner, 1, extra="note")
    marts.publish(owner)
    owner.execute("CREATE VIEW marts.of_an_analyst AS SELECT note FROM marts.parties")
    build(owner, 2)
    with pytest.raises(MartsError, match=r"(?s)parties has other columns.*.note. does not exist.*of_an_analyst"):
        marts.publish(owner)
    assert owner.execute("SELECT count(*) FROM marts.of_an_analyst").fetchone() == (3,)
    assert editions(owner) == {name: [1, 1, 1] for name in NAMES}


def test_a_reader_who_never_ends_is_named_as_the_reason(
    dsn: Dsn, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(owner, 1)
    marts.publish(owner)
    build(owner, 2, extra="note")
    with warehouse.connected(warehouse.reader(dsn)) as reader:
        reader.execute("SELECT * FROM marts.parties")
        monkeypatch.setattr(marts, "_PATIENCE", 1)
        with pytest.raises(MartsError, match="somebody went on reading one of them"):
            marts.publish(owner)
        assert editions(owner) == {name: [1, 1, 1] for name in NAMES}
        reader.rollback()
    marts.publish(owner)
    assert editions(owner) == {name: [2, 2, 2] for name in NAMES}


def test_readers_have_no_way_to_the_candidates(dsn: Dsn, owner: Connection) -> None:
    build(owner, 1)
    owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA candidate TO muniment_reader")  # as dbt does
    with (
        warehouse.connected(warehouse.reader(dsn)) as reader,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="schema candidate"),
    ):
        reader.execute("SELECT * FROM candidate.parties")
