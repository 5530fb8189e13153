"""A lake whose files were damaged or removed behind its back: what cannot be read is named, all else stays readable."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from muniment.backup.repository import BackupError
from muniment.lake import LakeError
from muniment.migration import plan
from muniment.platform import Platform
from muniment.progress import Silent
from muniment.settings import load
from muniment.stages.maintain import maintain
from tests.backups import KEYS, SMALL, backed_up, put, rows
from tests.tables import contract_of, stage

OTHER = contract_of(*SMALL.columns, name="others")
METADATA = "lake/iceberg/lake/samples/metadata"

FILES: dict[str, Callable[[Path], list[Path]]] = {
    "metadata": lambda state: sorted((state / METADATA).glob("*.metadata.json"))[-1:],
    "manifest list": lambda state: _newest(state / METADATA, "snap-*.avro"),
    "manifest": lambda state: list((state / METADATA).glob("*-m*.avro")),
    "data": lambda state: _newest(state / "lake" / "processed" / SMALL.table, "**/*.parquet"),
}
DAMAGES: dict[str, Callable[[Path], Any]] = {
    "removed": lambda path: path.unlink(),
    "overwritten": lambda path: path.write_bytes(b"\0not what it was\xff" * 50),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "emptied": lambda path: path.write_bytes(b""),
}


def _newest(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns)[-1:]


@pytest.fixture(params=[(what, how) for what in FILES for how in DAMAGES], ids=" ".join)
def damaged(request: pytest.FixtureRequest, tmp_path: Path) -> Platform:
    """Two tables, of which one has lost a file, as a process finds them that has not looked at them before."""
    whole = Platform(load(state_dir=tmp_path / "state", backup_uri=(tmp_path / "backups").as_uri()))
    for at, key in enumerate(KEYS[:3]):
        put(whole, tmp_path, key, f"row {at}")
        whole.lake.commit(stage(tmp_path / "staged", OTHER, key, [{"name": f"other {at}"}]), "run-1")
    what, how = request.param
    [*files] = FILES[what](whole.settings.state)
    assert files
    for path in files:
        DAMAGES[how](path)
    return Platform(load(state_dir=tmp_path / "state", backup_uri=(tmp_path / "backups").as_uri()))


def test_every_use_of_the_table_works_or_says_what_is_damaged(damaged: Platform, tmp_path: Path) -> None:
    lake, said = damaged.lake, list[str]()
    for use in (
        lambda: lake.held(SMALL),
        lambda: list(lake.scan(SMALL)),
        lambda: list(lake.scan(SMALL, columns=["name"])),
        lambda: lake.find(SMALL, lambda column: column["name"] == "row 1"),
        lambda: lake.inventory(),
        lambda: put(damaged, tmp_path, KEYS[5], "new"),
        lambda: put(damaged, tmp_path, KEYS[0], "changed"),
        lambda: lake.changed(SMALL),
        lambda: plan(lake, None, SMALL),
        lambda: backed_up(damaged),
    ):
        try:
            use()
        except (LakeError, BackupError) as error:
            said.append(str(error))
    assert said
    assert all(SMALL.table in one and "backup" in one for one in said)


def test_upkeep_says_which_table_it_cannot_keep_up_and_goes_on_with_the_other(
    damaged: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muniment.stages.maintain.tables", lambda: iter([SMALL, OTHER]))
    first, second = maintain(damaged, [SMALL, OTHER], datetime.now(UTC) + timedelta(days=9), "upkeep", Silent())
    assert (SMALL.table in first.error and "backup" in first.error) or len(first.steps) == 4
    assert (second.error, len(second.steps)) == ("", 4)


def test_the_other_table_is_read_and_written_as_if_nothing_had_happened(damaged: Platform, tmp_path: Path) -> None:
    new = stage(tmp_path / "staged", OTHER, KEYS[4], [{"name": "new"}])
    damaged.lake.commit(new, "run-2")
    batches = damaged.lake.scan(OTHER, columns=["name"])
    assert [row["name"] for batch in batches for row in batch.to_pylist()] == ["other 0", "other 1", "other 2", "new"]


@pytest.mark.parametrize("again", ["lost", "found again"], ids=["same content", "another content"])
def test_a_lost_data_file_is_put_right_by_running_its_window_again(tmp_path: Path, again: str) -> None:
    platform = Platform(load(state_dir=tmp_path / "state", backup_uri=(tmp_path / "backups").as_uri()))
    put(platform, tmp_path, KEYS[0], "lost")
    put(platform, tmp_path, KEYS[1], "kept")
    [held] = [held for key, held in platform.lake.held(SMALL).items() if key == KEYS[0]]
    Path(held.path.removeprefix("file://")).unlink()
    put(platform, tmp_path, KEYS[0], again, run="run-2")
    assert rows(platform.lake) == [(KEYS[0], again), (KEYS[1], "kept")]
