"""`muniment contract`: what its commands print, refuse and exit with, on contracts that a test may change."""

import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from filelock import FileLock
from typer.testing import CliRunner

from muniment import soundness
from muniment.cli import app
from muniment.cli import contracts as commands
from muniment.contract import FOLDER, contracts
from muniment.errors import MunimentError
from muniment.platform import Platform
from muniment.rendering import write
from muniment.settings import load
from tests.tables import good_row, stage

PARCELS = contracts()["parcels"]
Muniment = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two contracts that a test may change, and their copies as they were."""
    for name in ("contracts", "old"):
        (tmp_path / name).mkdir()
        for contract in ("parcels", "matters"):
            shutil.copy(FOLDER / f"{contract}.odcs.yaml", tmp_path / name)
    return tmp_path / "contracts"


@pytest.fixture
def muniment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Muniment:
    """Runs a command on a lake that holds one parcel, without a warehouse."""
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(folder.parent / "state"))
    monkeypatch.setattr(commands, "examine", partial(soundness.examine, folder))
    monkeypatch.setattr(commands, "NEEDED", ("parcels", "matters"))
    monkeypatch.setattr(commands, "write", lambda *given: write(*given, sys.stdout))  # the runner's, not that of before
    lake = Platform(load()).lake
    lake.commit(stage(folder.parent, PARCELS, "2026-03-08-06:00", [good_row(PARCELS)]), "run-1")
    return lambda *arguments: CliRunner().invoke(app, ["contract", *arguments])


@pytest.fixture
def edit(folder: Path) -> Callable[..., None]:
    """Replaces text in the contract of parcels."""

    def replace(**texts: str) -> None:
        path = folder / "parcels.odcs.yaml"
        text = path.read_text("utf-8")
        for old, new in {"version: 1.0.0": texts.pop("version", "version: 1.0.0"), **EDITS[texts.pop("kind")]}.items():
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")

    return replace


EDITS = {
    "describe": {"description: 'Municipality'": "description: 'Town or county'"},
    "widen": {"decimal(12,4)": "decimal(16,4)"},
    "rename": {
        "- name: municipality": "- name: place\n"
        "        customProperties: [{property: renamed_from, value: municipality}]"
    },
    "mask": {
        "- name: municipality": "- name: municipality\n        customProperties: [{property: pii, value: address}]"
    },
    "misname": {
        "- name: municipality": "- name: place\n        customProperties: [{property: renamed_from, value: nosuch}]"
    },
    "leave": {},
    "mistype": {"- name: municipality": "- nmae: municipality"},
    "repeat": {"- name: municipality": "- name: title_number"},
    "break": {"minimum: 0}": "minimum: 5, maximum: 1}"},
}


def refusal(result: Result) -> str:
    assert isinstance(result.exception, MunimentError), result.output
    return str(result.exception)


def in_lake(folder: Path) -> str:
    return str(Platform(load()).lake.catalog.load_table(PARCELS.table).metadata_location)


def test_sound_contracts_that_lake_and_warehouse_follow_pass(muniment: Muniment) -> None:
    done = muniment("check")
    assert (done.exit_code, done.stderr) == (0, "2 contracts are sound.\n")


def test_a_contract_that_contradicts_itself_fails_and_is_not_migrated(
    muniment: Muniment, edit: Callable[..., None]
) -> None:
    edit(kind="break")
    done = muniment("check")
    assert done.exit_code == 1
    assert "parcels.odcs.yaml: column area_ha has a minimum of 5 above its maximum of 1." in done.stderr
    for command in (["migrate", "--apply"], ["diff"]):
        assert "Mend the contracts first" in refusal(muniment(*command))


@pytest.mark.parametrize("needed", [("parcels", "matters"), ()], ids=["by Muniment", "by the lake"])
@pytest.mark.parametrize("name", ["parcels.yaml", "kept.txt"])
def test_a_contract_that_is_needed_and_gone_is_missed(
    muniment: Muniment, folder: Path, monkeypatch: pytest.MonkeyPatch, needed: tuple[str, ...], name: str
) -> None:
    monkeypatch.setattr(commands, "NEEDED", needed)
    (folder / "parcels.odcs.yaml").rename(folder / name)
    missed = f"parcels.odcs.yaml is missing in {folder}, but its table is needed: put it back."
    done = muniment("check")
    assert done.exit_code == 1
    assert missed in done.stderr
    for command in (["diff"], ["diff", "matters"], ["migrate"], ["migrate", "--apply"]):
        assert missed in refusal(muniment(*command))


def test_what_no_run_waits_for_passes_and_is_said(muniment: Muniment, edit: Callable[..., None]) -> None:
    edit(kind="describe", version="version: 1.0.1")
    done = muniment("check")
    assert done.exit_code == 0
    assert "no run waits for: parcels" in done.stderr


@pytest.mark.parametrize(
    ("kind", "version", "fault"),
    [
        ("rename", "2.0.0", "parcels 2.0.0 waits: muniment contract migrate"),
        ("widen", "1.1.0", "parcels 1.1.0 waits: muniment contract migrate"),
        ("rename", "1.1.0", "parcels 1.1.0 needs a new major version, at least 2.0.0"),
    ],
)
def test_what_runs_wait_for_fails(
    muniment: Muniment, edit: Callable[..., None], kind: str, version: str, fault: str
) -> None:
    edit(kind=kind, version=f"version: {version}")
    done = muniment("check")
    assert done.exit_code == 1
    assert fault in done.stderr


def test_changes_are_told_with_their_class(muniment: Muniment, edit: Callable[..., None], folder: Path) -> None:
    edit(kind="rename", version="version: 2.0.0")
    change = {"kind": "column renamed", "column": "place", "before": "municipality", "after": "place"}
    told = {
        "contract": "parcels",
        "from": "1.0.0",
        "to": "2.0.0",
        "asks_for": "major",
        "changes": [change | {"class": "breaking"}],
    }
    files = [str(folder.parent / name / "parcels.odcs.yaml") for name in ("old", "contracts")]
    for about in ([], ["parcels"], ["lake.parcels"], files):
        assert json.loads(muniment("diff", *about, "--json").stdout) == [told]
    assert json.loads(muniment("diff", "matters", "--json").stdout) == []
    assert "breaking  major     place: column renamed (municipality → place)" in muniment("diff").stdout


@pytest.mark.parametrize(
    ("kind", "version", "fault"),
    [
        ("misname", "2.0.0", "parcels 2.0.0: column place was not renamed from nosuch of version 1.0.0"),
        ("leave", "0.9.0", "parcels 0.9.0 needs a version of at least 1.0.0, because that is in force"),
    ],
)
def test_a_step_that_the_tables_cannot_take_is_said_by_every_command_and_not_taken(
    muniment: Muniment, edit: Callable[..., None], folder: Path, kind: str, version: str, fault: str
) -> None:
    edit(kind=kind, version=f"version: {version}")
    before = in_lake(folder)
    checked = muniment("check")
    assert checked.exit_code == 1
    assert fault in checked.stderr
    assert fault in muniment("diff", "parcels").stderr
    assert fault in refusal(muniment("migrate", "--apply"))
    assert in_lake(folder) == before


@pytest.mark.parametrize(
    ("kind", "version", "fault"),
    [
        ("break", "1.0.0", "parcels.odcs.yaml: column area_ha has a minimum of 5 above its maximum of 1."),
        ("mistype", "1.0.0", "parcels.odcs.yaml is not a contract that Muniment can use: unknown key 'nmae'"),
        ("repeat", "1.0.0", "parcels.odcs.yaml: column title_number is there 2 times."),
        ("leave", "banana", "parcels.odcs.yaml: the version 'banana' is not of the form 1.2.3."),
    ],
)
def test_files_are_compared_once_they_are_contracts(
    muniment: Muniment, edit: Callable[..., None], folder: Path, kind: str, version: str, fault: str
) -> None:
    edit(kind=kind, version=f"version: {version}")
    old, new = (str(folder.parent / name / "parcels.odcs.yaml") for name in ("old", "contracts"))
    for pair in ((old, new), (new, old)):
        told = refusal(muniment("diff", *pair))
        assert f"Mend the contracts first:\n  {new.removesuffix('parcels.odcs.yaml')}{fault}" in told
    assert f"{old}x cannot be read: No such file" in refusal(muniment("diff", f"{old}x", new))


def test_a_plan_is_shown_and_changes_nothing_until_it_is_applied(
    muniment: Muniment, edit: Callable[..., None], folder: Path
) -> None:
    edit(kind="widen", version="version: 1.1.0")
    before = in_lake(folder)
    shown = muniment("migrate")
    assert shown.exit_code == 0
    assert "widen area_ha to decimal(16, 4)" in shown.stdout
    assert "--apply" in shown.stderr
    assert in_lake(folder) == before
    done = muniment("migrate", "parcels", "--apply", "--json")
    [plan] = json.loads(done.stdout)
    assert plan["lake"] == {"lake.parcels": ["widen area_ha to decimal(16, 4)"]}
    assert "parcels is at 1.1.0." in done.stderr
    assert muniment("check").exit_code == 0
    assert "nothing to do" in muniment("migrate").stderr
    [note] = json.loads(muniment("history", "--json").stdout)
    assert (note["action"], note["to_version"]) == ("migrate", "1.1.0")


def test_the_last_migration_of_one_table_is_rolled_back(muniment: Muniment, edit: Callable[..., None]) -> None:
    edit(kind="widen", version="version: 1.1.0")
    muniment("migrate", "--apply")
    assert "narrow area_ha" in muniment("migrate", "parcels", "--rollback").stdout
    done = muniment("migrate", "parcels", "--rollback", "--apply")
    assert "parcels is at 1.0.0." in done.stderr
    assert "Put the contract file of that version back" in done.stderr
    assert "no migration of parcels to undo" in refusal(muniment("migrate", "parcels", "--rollback"))
    assert "Name the one table" in refusal(muniment("migrate", "--rollback"))


def test_a_plan_says_which_windows_are_run_again_for_their_masks_and_what_stays_as_it_was(
    muniment: Muniment, edit: Callable[..., None]
) -> None:
    edit(kind="mask", version="version: 2.0.0")
    for options in ((), ("--apply",), ("--rollback",)):
        told = " ".join(muniment("migrate", "parcels", *options).stdout.split())
        assert "The next muniment run takes 1 window, 2026-03-08-06:00, again" in told
        assert "Snapshots and releases from before keep them so" in told
        assert "MUNIMENT_SNAPSHOT_DAYS=1 muniment maintain parcels" in told
    [shown] = json.loads(muniment("migrate", "parcels", "--rollback", "--json").stdout)
    assert shown["run_again"] == ["2026-03-08-06:00"]


@pytest.mark.parametrize("arguments", [["diff", "plots"], ["migrate", "plots"]])
def test_a_contract_that_is_not_there_is_named_with_those_that_are(muniment: Muniment, arguments: list[str]) -> None:
    assert refusal(muniment(*arguments)) == "There is no contract plots. Those that there are: matters, parcels."


def test_no_migration_beside_a_run(muniment: Muniment, edit: Callable[..., None], folder: Path) -> None:
    edit(kind="widen", version="version: 1.1.0")
    with FileLock(folder.parent / "state" / "run.lock"):
        assert muniment("migrate").exit_code == 0
        assert "Another run is at work" in refusal(muniment("migrate", "--apply"))


def test_before_anything_was_written_there_is_nothing_to_compare_with(
    muniment: Muniment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(tmp_path / "empty"))
    said: dict[str, Any] = {name: muniment(name) for name in ("check", "diff", "migrate", "history")}
    assert {name: done.exit_code for name, done in said.items()} == dict.fromkeys(said, 0)
    assert "No contract was migrated yet." in said["history"].stderr
    assert not (tmp_path / "empty").exists()
