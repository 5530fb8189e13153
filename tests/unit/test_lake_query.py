"""Questions to the lake: its tables and nothing else, now or as of an instant, with errors that help."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from muniment import windows
from muniment.contract import contracts
from muniment.lake import Lake, LakeError
from muniment.lake.maintenance import Policy, Upkeep
from muniment.lake.query import LakeQueryError, instant, query
from muniment.objects import FolderStore
from muniment.settings import load
from tests.tables import good_row, stage

KEY = "2026-03-08-06:00"
SECRET = "Kaya Okafor"
PARCELS, FINDINGS = contracts()["parcels"], contracts()["pii_findings"]
PARCEL = good_row(PARCELS, linc="0012345678", municipality="Calgary")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """One parcel, one finding in the vault; the catalog knows no other table."""
    folder = tmp_path_factory.mktemp("lake")
    lake = Lake(load(state_dir=folder / "state"), FolderStore(folder / "lake"))
    for contract, row in ((PARCELS, PARCEL), (FINDINGS, good_row(FINDINGS, value=SECRET))):
        lake.commit(stage(folder, contract, KEY, [row]), "run-1")
    return lake


def ask(lake: Lake, statement: str, as_of: datetime | None = None, *, vault: bool = False) -> list[tuple[Any, ...]]:
    _, rows = query(lake, statement, lambda _: as_of, vault=vault)
    return list(rows)


@pytest.mark.parametrize("table", ["parcels", "lake.parcels", "PARCELS", '"parcels"', "lake . parcels"])
def test_a_table_goes_by_its_name_or_its_full_name(lake: Lake, table: str) -> None:
    assert ask(lake, f"SELECT linc, municipality FROM {table}") == [("0012345678", "Calgary")]


def test_columns_are_named_as_the_statement_names_them(lake: Lake) -> None:
    columns, _ = query(lake, 'SELECT linc, count(*) AS "how many" FROM parcels GROUP BY linc')
    assert columns == ["linc", "how many"]


def test_time_is_told_in_utc(lake: Lake) -> None:
    [(start, text)] = ask(lake, "SELECT window_start, window_start::text FROM parcels")
    assert start == windows.parse(KEY).start
    assert text == f"{start:%Y-%m-%d %H:%M:%S}+00"


def test_a_table_that_was_never_written_is_empty(lake: Lake) -> None:
    assert ask(lake, "SELECT count(*) FROM matters") == [(0,)]


def test_all_tables_can_be_listed(lake: Lake) -> None:
    listed = {
        name for (name,) in ask(lake, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'lake'")
    }
    assert listed == {contract.name for contract in contracts().values() if contract.namespace == "lake"}


@pytest.mark.parametrize("table", ["vault.pii_findings", "pii_findings", "vault_pii_findings"])
def test_the_vault_is_shut_unless_it_is_opened(lake: Lake, table: str) -> None:
    with pytest.raises(LakeQueryError, match="does not exist") as refused:
        ask(lake, f"SELECT * FROM {table}")
    assert "Tables: lake." in str(refused.value)
    assert "Tables: " + "vault" not in str(refused.value)
    assert "vault." not in str(refused.value).partition("Tables: ")[2]


def test_the_vault_opens_when_asked_to(lake: Lake) -> None:
    assert ask(lake, "SELECT value FROM vault.pii_findings", vault=True) == [(SECRET,)]


def test_the_vault_does_not_stand_in_for_the_lake(lake: Lake) -> None:
    """Both have a table `matters`; the bare name is always the masked one."""
    columns, _ = query(lake, "SELECT * FROM matters", vault=True)
    assert columns == contracts()["matters"].arrow_schema.names


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_blob('{file}')",
        "SELECT * FROM read_parquet('{folder}/lake/**/*.parquet')",
        "SELECT * FROM parquet_metadata('{file}')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')",
        "SELECT * FROM 's3://bucket/x.parquet'",
        "COPY parcels TO '{folder}/stolen.csv'",
        "COPY (SELECT 1) TO '/dev/stdout'",
        "COPY parcels FROM '{file}'",
        "EXPORT DATABASE '{folder}/stolen'",
        "IMPORT DATABASE '{folder}'",
        "ATTACH '{folder}/stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "SET lock_configuration = false",
        "SET temp_directory = '{folder}'",
        "CREATE SECRET (TYPE s3)",
        "CREATE PERSISTENT SECRET mine (TYPE s3)",
        "SELECT getenv('HOME')",
    ],
)
def test_nothing_but_the_tables_can_be_reached(lake: Lake, tmp_path: Path, statement: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text(f"name\n{SECRET}\n")
    with pytest.raises(LakeQueryError):
        ask(lake, statement.format(file=file, folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_variables_of_the_program_are_no_tables(lake: Lake) -> None:
    import pyarrow as pa

    stolen = pa.table({"secret": [SECRET]})
    with pytest.raises(LakeQueryError, match="does not exist"):
        ask(lake, "SELECT * FROM stolen")
    assert stolen.num_rows == 1


@pytest.mark.parametrize(
    "statement", ["", "  ", "-- nothing", ";", "SELECT 1; SELECT 2", "SELECT 1; DROP VIEW parcels"]
)
def test_one_statement_is_asked_for(lake: Lake, statement: str) -> None:
    with pytest.raises(LakeQueryError, match=r"one statement|no statement"):
        ask(lake, statement)


def test_a_semicolon_at_the_end_is_no_second_statement(lake: Lake) -> None:
    assert ask(lake, "SELECT count(*) FROM parcels;") == [(1,)]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT * FROM parcel", "Table with name parcel does not exist"),
        ("SELECT link FROM parcels", '"link" not found'),
        ("SELEC 1", "syntax error"),
        ("SELECT 'x'::int", "Could not convert"),
    ],
)
def test_an_error_says_what_is_wrong_and_which_tables_there_are(lake: Lake, statement: str, said: str) -> None:
    with pytest.raises(LakeQueryError, match=said) as refused:
        ask(lake, statement)
    assert "lake.parcels, lake.payments" in str(refused.value)


def test_an_error_in_a_late_row_is_told_too(lake: Lake) -> None:
    with pytest.raises(LakeQueryError, match="boom"):
        ask(lake, "SELECT CASE WHEN i = 199999 THEN error('boom') ELSE 'x' END FROM range(200000) AS t(i)")


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda path: path.unlink(), "gone"),
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: path.write_bytes(b"PAR1" + path.read_bytes()[4:300]), "damaged"),
        (lambda path: path.write_bytes(b"\0" * 300 + path.read_bytes()[300:]), "damaged"),
    ],
    ids=["removed", "emptied", "cut", "overwritten"],
)
@pytest.mark.parametrize("statement", ["SELECT * FROM parcels", "SELECT DISTINCT linc FROM parcels"])
def test_a_data_file_that_is_lost_is_told_with_its_table_and_what_brings_it_back(
    tmp_path: Path, damage: Callable[[Path], Any], fault: str, statement: str
) -> None:
    lake = Lake(load(state_dir=tmp_path / "state"), FolderStore(tmp_path / "lake"))
    lake.commit(stage(tmp_path, PARCELS, KEY, [PARCEL]), "run-1")
    damage(Path(lake.held(PARCELS)[KEY].path.removeprefix("file://")))
    with pytest.raises(LakeError) as told:
        ask(lake, statement)
    said = str(told.value)
    assert said.startswith(f"lake.parcels cannot be read: a data file of it is {fault}")
    assert f"muniment run --from {KEY} --to {KEY}" in said or "backup" in said
    assert ask(lake, "SELECT count(*) FROM matters") == [(0,)]


def test_a_lost_file_of_several_windows_comes_back_from_a_backup_alone(tmp_path: Path) -> None:
    lake = Lake(load(state_dir=tmp_path / "state"), FolderStore(tmp_path / "lake"))
    for key in (KEY, "2026-03-08-12:00"):
        lake.commit(stage(tmp_path, PARCELS, key, [PARCEL]), "run-1")
    later = datetime.now(UTC) + timedelta(days=1)
    nothing_kept = Policy(keep=timedelta(0), grace=timedelta(0))
    Upkeep(lake, FolderStore(tmp_path / "lake"), tmp_path / "s", "u", later, nothing_kept).compact(PARCELS)
    [path] = {held.path for held in lake.held(PARCELS).values()}
    Path(path.removeprefix("file://")).unlink()
    with pytest.raises(LakeError) as told:
        ask(lake, "SELECT * FROM parcels")
    assert "lake.parcels" in str(told.value)
    assert "backup" in str(told.value)
    assert "muniment run" not in str(told.value)


def test_before_the_first_run_it_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    nothing = Lake(load(state_dir=tmp_path / "state"), FolderStore(tmp_path / "lake"))
    with pytest.raises(LakeQueryError, match="muniment run"):
        ask(nothing, "SELECT * FROM documents")
    assert list(tmp_path.iterdir()) == []


def test_a_question_about_the_past_is_answered_from_it(tmp_path: Path) -> None:
    lake = Lake(load(state_dir=tmp_path / "state"), FolderStore(tmp_path / "lake"))
    seen = []
    for name in ("Calgary", "Red Deer"):
        staged = stage(tmp_path, PARCELS, KEY, [PARCEL | {"municipality": name}])
        lake.commit(staged, "run-1")
        time.sleep(0.01)
        seen.append((datetime.now(UTC), name))
        time.sleep(0.01)
    for then, name in seen:
        assert ask(lake, "SELECT municipality FROM parcels", then) == [(name,)]
        assert ask(lake, "SELECT municipality FROM parcels", then.astimezone(timezone(timedelta(hours=-7)))) == [
            (name,)
        ]
    assert ask(lake, "SELECT count(*) FROM parcels", datetime(2020, 1, 1, tzinfo=UTC)) == [(0,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-08T18:00:00Z", datetime(2026, 3, 8, 18, tzinfo=UTC)),
        ("2026-03-08T11:00:00-07:00", datetime(2026, 3, 8, 18, tzinfo=UTC)),
        ("2026-03-08 18:00", datetime(2026, 3, 8, 18, tzinfo=UTC)),
        ("2026-03-08", datetime(2026, 3, 8, tzinfo=UTC)),
        ("20260308T180000Z", datetime(2026, 3, 8, 18, tzinfo=UTC)),
    ],
)
def test_an_instant_without_an_offset_is_in_utc(text: str, expected: datetime) -> None:
    assert instant(text) == expected
    assert instant(text).tzinfo is not None


@pytest.mark.parametrize(
    "text", ["", "now", "yesterday", "2026-13-01", "2026-02-30", "18:00", "0", "2026-03-08T25:00Z"]
)
def test_what_is_no_instant_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(LakeQueryError, match="write it like 2026-03-08T18:00:00Z"):
        instant(text)


def test_a_window_key_is_no_instant_because_it_is_local_time() -> None:
    with pytest.raises(LakeQueryError, match="not an instant"):
        instant(KEY)
