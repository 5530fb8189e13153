"""Promises 2 and 3 with many at work: writers of a lake do not lose or double one another's rows.

Eight processes fill different windows of the same tables at once, as a backfill in parallel does, on each catalog and
on S3; the catalog, the namespace and the tables are made by all of them at once too.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from muniment import windows
from muniment.doctor import examine
from muniment.lake import Lake, LakeError
from muniment.objects import open_store
from muniment.platform import Platform
from muniment.settings import load
from tests.s3 import S3Server
from tests.tables import COLUMNS, contract_of, stage

WRITERS = 8
TABLES = [contract_of(*COLUMNS[:2], name=name) for name in ("samples", "others")]
KEYS = [window.key for window in windows.between("2026-03-01-00:00", "2026-03-31-18:00")]
SHARED = KEYS[-1]


@dataclass(frozen=True)
class Work:
    """What one process commits, and where."""

    settings: dict[str, Any]
    scratch: Path
    keys: list[str]
    run: str


def names_of(key: str, run: str) -> list[str]:
    return [f"{key} {run} {at}" for at in range(3)]


@contextmanager
def opened(settings: dict[str, Any]) -> Iterator[Lake]:
    """The lake; its connections are closed in the end."""
    loaded = load(**settings)
    lake = Lake(loaded, open_store(loaded.lake, loaded))
    try:
        yield lake
    finally:
        lake.catalog.close()


def _write(work: Work, start: Any) -> None:
    staged = [
        stage(work.scratch, contract, key, [{"name": name} for name in names_of(key, work.run)], work.run)
        for key in work.keys
        for contract in TABLES
    ]
    start.wait()
    with opened(work.settings) as lake:
        for batch in staged:
            lake.commit(batch, work.run)


def write_at_once(settings: dict[str, Any], scratch: Path, windows_each: int) -> dict[str, str]:
    """Let processes fill windows of their own and one that all share; gives the window's writer by its key."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.promises.test_writers", "pyiceberg.catalog.sql", "pyiceberg.io.pyarrow"])
    start = context.Barrier(WRITERS)
    writer = {key: f"run-{at % WRITERS}" for at, key in enumerate(KEYS[: WRITERS * windows_each])}
    works = [
        Work(settings, scratch / run, [key for key in writer if writer[key] == run] + [SHARED], run)
        for run in (f"run-{number}" for number in range(WRITERS))
    ]
    running = [context.Process(target=_write, args=(work, start)) for work in works]
    for process in running:
        process.start()
    for process in running:
        process.join(300)
    assert [process.exitcode for process in running] == [0] * WRITERS
    return writer


@pytest.fixture(params=["sqlite", "postgresql", "postgresql and s3"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """Settings of a lake that processes share."""
    settings: dict[str, Any] = {"state_dir": tmp_path / "state"}
    if "postgresql" in request.param:
        url = request.getfixturevalue("new_database")()
        settings["catalog_uri"] = url.replace("postgresql://", "postgresql+psycopg://")
    if "s3" in request.param:
        server: S3Server = request.getfixturevalue("s3_server")
        settings |= server.settings() | {"lake_uri": server.new_prefix()}
    return settings


def _all_there(settings: dict[str, Any], writer: dict[str, str]) -> None:
    with opened(settings) as lake:
        for contract in TABLES:
            rows = [row["name"] for batch in lake.scan(contract, columns=["name"]) for row in batch.to_pylist()]
            assert rows[-3:] in [names_of(SHARED, run) for run in set(writer.values())]
            assert rows[:-3] == [name for key in sorted(writer) for name in names_of(key, writer[key])]
            table = lake.catalog.load_table(contract.table).scan().to_arrow()
            assert sorted(table.column("name").to_pylist()) == sorted(rows), "other readers see the same"


def test_eight_processes_that_write_at_once_all_commit_and_nothing_is_lost_or_doubled(
    shared: dict[str, Any], tmp_path: Path
) -> None:
    _all_there(shared, write_at_once(shared, tmp_path, windows_each=2))
    platform = Platform(load(**shared))
    catalog = next(finding for finding in examine(platform) if finding.part == "catalog")
    platform.lake.catalog.close()
    assert catalog.ok, catalog
    assert catalog.detail.endswith("namespaces lake")


@pytest.mark.attack
@pytest.mark.timeout(0)
def test_eight_processes_write_a_month_at_once(shared: dict[str, Any], tmp_path: Path) -> None:
    _all_there(shared, write_at_once(shared, tmp_path, windows_each=15))


# --- one PostgreSQL ---------------------------------------------------------------------------------------------------


@pytest.fixture
def on_postgres(tmp_path: Path, new_database: Callable[[], str]) -> dict[str, Any]:
    url = new_database().replace("postgresql://", "postgresql+psycopg://")
    return {"state_dir": tmp_path / "state", "lake_uri": (tmp_path / "lake").as_uri(), "catalog_uri": url}


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_machines_that_share_a_catalog_keep_runs_of_one_window_apart(
    on_postgres: dict[str, Any], tmp_path: Path, driver: str
) -> None:
    uri = on_postgres["catalog_uri"].replace("+psycopg:", f"+{driver}:")
    machines = (opened(on_postgres | {"catalog_uri": uri, "state_dir": tmp_path / name}) for name in "ab")
    first, second, third = (windows.parse(key) for key in KEYS[:3])
    with next(machines) as here, next(machines) as there:
        with here.claimed([first, second]):
            refused = pytest.raises(LakeError, match=f"Window {second.key} is being run by another")
            with refused, there.claimed([third, second]):
                pass
            with there.claimed([third]):
                pass
        with there.claimed([second]):
            pass


def test_the_windows_of_a_process_that_dies_are_free_at_once(on_postgres: dict[str, Any]) -> None:
    """The server drops the session of a process that is killed; here it is dropped by hand."""
    window = windows.parse(KEYS[0])
    with opened(on_postgres) as here, opened(on_postgres) as there:
        with here.claimed([window]):
            _drop_sessions(on_postgres["catalog_uri"])
            with there.claimed([window]):
                pass
        with here.claimed([window]):
            pass


@pytest.mark.parametrize("after", [False, True], ids=["before it commits", "after it committed"])
def test_a_commit_whose_connection_dies_takes_place_once(
    on_postgres: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    died = list[bool]()
    when = "after_commit" if after else "before_commit"

    def die(session: Session) -> None:
        if not died:
            died.append(True)
            _drop_sessions(on_postgres["catalog_uri"])
            if after:
                raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))

    with opened(on_postgres) as lake:
        lake.commit(stage(tmp_path, TABLES[0], KEYS[0], [{"name": "a"}]), "run-1")
        event.listen(Session, when, die)
        try:
            done = lake.commit(stage(tmp_path, TABLES[0], KEYS[1], [{"name": "b"}]), "run-2")
        finally:
            event.remove(Session, when, die)
        assert died
        assert done.changed
        assert len(lake.catalog.load_table(TABLES[0].table).snapshots()) == 2
        assert [row["name"] for batch in lake.scan(TABLES[0], columns=["name"]) for row in batch.to_pylist()] == [
            "a",
            "b",
        ]


def _drop_sessions(url: str) -> None:
    """Have the server end every other session of the database."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
    time.sleep(0.1)
