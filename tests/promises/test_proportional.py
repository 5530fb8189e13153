"""Promise 6: cost follows what changed. What is measured here is what a run loads, reads and writes, not seconds."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from muniment import warehouse
from muniment.contract import of_origin, tables
from muniment.documents.memo import Memo
from muniment.platform import Platform
from muniment.progress import Silent
from muniment.sample import write_practice
from muniment.sample.practice import write_changes
from muniment.settings import PROJECT, load
from muniment.stages.maintain import maintain
from muniment.stages.read_documents import read_documents
from muniment.warehouse import opened
from tests.conftest import Ran
from tests.contents import contents, snapshots
from tests.installation import Installation
from tests.stages import WordEncoder, to_the_index, to_the_lake

NOW = datetime(2026, 3, 12, tzinfo=UTC)
HEAVY = {"dagster", "dagster_dbt", "great_expectations", "torch", "sentence_transformers", "dbt", "pandas", "spacy"}
HEAVY |= {"presidio_analyzer", "tesserocr", "pypdfium2", "assets", "expectations", "duckdb", "pyarrow", "pyiceberg"}

# Runs the command line and tells which of the modules named first in the arguments it loaded.
LOADED = """
import json, sys
heavy = sys.argv.pop(1).split(",")
from muniment.cli import main
try:
    main()
finally:
    print(json.dumps([name for name in heavy if name in sys.modules]))
"""


def loaded(installation: Installation, *command: str) -> tuple[list[str], str]:
    """Heavy modules that a command loaded, and what it said."""
    done = installation.python(LOADED, ",".join(sorted(HEAVY)), *command)
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_an_unchanged_run_decides_that_nothing_is_new_before_it_loads_anything_heavy(ran: Ran) -> None:
    modules, said = loaded(ran.installation, "run")
    assert said.startswith("Nothing to do")
    assert modules == []


def test_help_loads_nothing_heavy(fresh: Installation) -> None:
    for command in (["--help"], ["run", "--help"]):
        assert loaded(fresh, *command)[0] == []


def test_an_unchanged_run_leaves_every_file_of_the_lake_alone(ran: Ran) -> None:
    lake = ran.installation.state / "lake"
    before = {path: path.stat().st_mtime_ns for path in lake.rglob("*") if path.is_file()}
    ran.installation.muniment("run")
    assert {path: path.stat().st_mtime_ns for path in lake.rglob("*") if path.is_file()} == before


@pytest.fixture
def settled(tmp_path: Path, new_database: Any) -> tuple[Platform, str]:
    """A practice that went through all stages here, and the address of its warehouse."""
    state, url = tmp_path / "state", new_database()
    write_practice(state / "landing", matters=2, windows=2, scans=False)
    platform = Platform(load(state_dir=state, warehouse_url=url))
    go(platform, url, WordEncoder(), "first")
    return platform, url


def go(platform: Platform, url: str, encoder: WordEncoder, run_id: str) -> None:
    """Take what is due through all stages."""
    due = platform.register.due(NOW)
    to_the_lake(platform, due, NOW, run_id)
    with opened(platform.settings) as dsn:
        to_the_index(platform, dsn, due, run_id, encoder)


def test_one_changed_document_costs_one_reading_its_own_passages_and_its_own_window(
    settled: tuple[Platform, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, url = settled
    state = platform.settings.state
    truth = write_practice(state / "landing", matters=2, windows=2, scans=False)
    before, old = snapshots(platform), contents(platform)
    changed = write_changes(state / "landing", truth, count=1)
    [new] = [one for one in changed.objects if one not in truth.objects]
    kept: list[str] = []
    put = Memo.put

    def counted(memo: Memo, sha256: str, outcome: Any) -> None:
        kept.append(sha256)
        put(memo, sha256, outcome)

    monkeypatch.setattr(Memo, "put", counted)
    encoder = WordEncoder()
    go(platform, url, encoder, "second")
    assert kept == [new.sha256]

    now = contents(platform)
    gone = {name: rows - now.tables[name] for name, rows in old.tables.items() if name.startswith("iceberg ")}
    assert not [name for name, rows in gone.items() if rows], "rows of other windows were touched"
    added = now.tables["iceberg lake.chunks"] - old.tables["iceberg lake.chunks"]
    fresh_passages = now.vectors["iceberg lake.embeddings"].keys() - old.vectors["iceberg lake.embeddings"].keys()
    known = {key.split()[1] for key in old.vectors["iceberg lake.embeddings"]}
    assert encoder.encoded == len({key.split()[1] for key in fresh_passages} - known) <= added.total()
    assert encoder.encoded < len(known) / 2
    written = {table: len(ids) - len(before.get(table, [])) for table, ids in snapshots(platform).items()}
    documents = {contract.table for contract in of_origin("documents")} | {"lake.objects", "lake.embeddings"}
    assert {table for table, count in written.items() if count} <= documents
    assert set(written.values()) <= {0, 1}


def test_passages_that_any_window_has_are_not_encoded_again_and_no_model_is_loaded(
    settled: tuple[Platform, str],
) -> None:
    """A second document with the same words: another file, so it is read, but its passages have vectors."""
    platform, url = settled
    truth = write_practice(platform.settings.state / "landing", matters=2, windows=2, scans=False)
    source = next(one for one in truth.objects if one.kind == "pdf" and one.state == "published" and not one.original)
    path = platform.settings.state / "landing" / "inbox" / "the same, saved again.pdf"
    path.write_bytes((platform.settings.state / "landing" / source.key).read_bytes() + b"\n% saved again\n")
    at = (NOW - timedelta(hours=7)).timestamp()
    os.utime(path, (at, at))

    class NoModel(WordEncoder):
        def encode(self, texts: Any) -> Any:
            raise AssertionError(f"{len(texts)} passages were to be encoded")

    go(platform, url, NoModel(), "second")
    documents = [row for row in contents(platform).tables["iceberg lake.documents"] if "saved again.pdf" in row]
    assert len(documents) == 1


def test_upkeep_of_the_lake_leaves_the_warehouse_and_the_index_nothing_to_do(tmp_path: Path, new_database: Any) -> None:
    """Four windows, three of which begin on one day."""
    state, url = tmp_path / "state", new_database()
    write_practice(state / "landing", matters=2, windows=4, scans=False)
    platform = Platform(load(state_dir=state, warehouse_url=url))
    go(platform, url, WordEncoder(), "first")
    before = contents(platform)
    reports = maintain(platform, list(tables()), NOW + timedelta(days=30), "upkeep", Silent())
    assert not [report.error for report in reports if report.error]
    joined = {r.table for r in reports if r.steps[0].after.files < r.steps[0].before.files}
    assert {"lake.documents", "lake.chunks", "lake.embeddings", "lake.objects"} <= joined
    kept_up = snapshots(platform)
    assert contents(platform).differences(before) == []

    wanted = [manifest.window for manifest in platform.register.manifests()]
    to_the_lake(platform, wanted, NOW, "second")
    encoder = WordEncoder()
    with opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        to_the_index(platform, dsn, wanted, "second", encoder)
        rows = connection.execute("SELECT count(*) FROM lake.documents WHERE run_id <> 'first'").fetchall()
    assert (encoder.encoded, rows) == (0, [(0,)])
    assert snapshots(platform) == kept_up
    assert contents(platform).differences(before) == []


def test_documents_that_are_remembered_start_no_worker(
    settled: tuple[Platform, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*_: object) -> None:
        raise AssertionError("a worker was to be started")

    monkeypatch.setattr("muniment.stages.read_documents.ReadingPool.__enter__", start)
    platform, _ = settled
    readings = read_documents(platform, platform.register.manifests())
    assert sum(reading.remembered for reading in readings.values()) > 5
    assert all(reading.read == 0 for reading in readings.values())


def test_a_copy_under_another_name_is_not_read_again(settled: tuple[Platform, str]) -> None:
    platform, _ = settled
    landing = platform.settings.state / "landing"
    source = next(landing.rglob("documents/**/*.pdf"))
    (landing / "inbox" / "another name.pdf").write_bytes(source.read_bytes())
    memo = platform.settings.state / "lake" / "parsed"
    before = sorted(memo.rglob("*"))
    balances = to_the_lake(platform, platform.register.due(datetime.now(UTC)), datetime.now(UTC), "copy")
    assert [(b.published, b.duplicate, b.quarantined) for b in balances.values()] == [(0, 1, 0)]
    assert sorted(memo.rglob("*")) == before


def test_the_program_itself_starts_without_what_it_does_not_need() -> None:
    """Every command pays for what the command line imports at its top."""
    program = "import sys, muniment.cli; print('\\n'.join(sys.modules))"
    modules = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not HEAVY & set(modules)
    assert not {"numpy", "psycopg", "boto3", "PIL", "rich.console"} & set(modules)
