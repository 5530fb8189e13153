"""The commands of docs/operating.md do what the page says, run as they stand there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muniment import releases, warehouse
from muniment.contract import contracts
from muniment.keeping.lifecycle import note_round
from muniment.objects import FolderStore
from muniment.platform import Platform
from muniment.settings import PROJECT, load
from tests.ageing import Practice, sha256_of
from tests.stages import to_the_lake
from tests.tables import good_row, stage

PAGE = (PROJECT / "docs" / "operating.md").read_text("utf-8")


def commands(section: str) -> list[str]:
    """The commands of a section of the page and of its subsections, in order."""
    [text] = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


@dataclass
class Checkout:
    """A copy of the project that commands may edit, with a state folder."""

    folder: Path
    url: str

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """One line of shell, where `muniment` is the copy's."""
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        own = {"PATH": path, "PYTHONPATH": str(self.folder / "include"), "PYTHONDONTWRITEBYTECODE": "1"}
        where = {"MUNIMENT_STATE_DIR": str(self.folder / "state"), "MUNIMENT_WAREHOUSE_URL": self.url}
        environment = os.environ | own | where
        return subprocess.run(
            command, shell=True, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )


@pytest.fixture
def checkout(tmp_path: Path, new_database: Callable[[], str]) -> Checkout:
    for room in ("include", "assets", "expectations"):
        shutil.copytree(PROJECT / room, tmp_path / room)  # compiled, so that only what is edited is compiled again
    program = tmp_path / "bin" / "muniment"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom muniment.cli import main\nmain()\n")
    program.chmod(0o755)
    return Checkout(tmp_path, new_database())


def test_a_contract_is_changed_and_rolled_back(checkout: Checkout, tmp_path: Path) -> None:
    parcels, matters = contracts()["parcels"], contracts()["matters"]
    platform = Platform(load(state_dir=tmp_path / "state", warehouse_url=checkout.url))
    assert isinstance(platform.store, FolderStore)
    given = good_row(parcels, linc="0012345678", municipality="Foxhollow")
    platform.lake.commit(stage(tmp_path, parcels, "2026-03-08-06:00", [given]), "run-1")
    platform.lake.commit(stage(tmp_path, matters, "2026-03-08-06:00", [good_row(matters)]), "run-1")
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        warehouse.sync(connection, platform.lake, parcels, "run-1")

    told = [(command, checkout.run(command)) for command in commands("Changing a contract")]
    checks = [done.returncode for command, done in told if command == "muniment contract check"]
    assert checks == [1, 0, 0]
    assert [(command, done.stderr) for command, done in told if done.returncode and "check" not in command] == []
    output = {command: done.stdout for command, done in told}
    assert "breaking" in output["muniment contract diff parcels"]
    assert "rename municipality to place" in output["muniment contract migrate parcels"]
    assert 'RENAME COLUMN "municipality" TO "place"' in output["muniment contract migrate parcels"]
    assert "1.0.0         2.0.0       place: column renamed" in output["muniment contract history"]
    assert "muniment run takes 1 window, 2026-03-08-06:00, again" in output["muniment contract migrate matters"]
    assert "lake.matters" in output["MUNIMENT_SNAPSHOT_DAYS=1 muniment maintain matters quarantine"]
    assert "Foxhollow" in output['muniment lake "select linc, place, window_key from parcels"']
    assert "Foxhollow" in output['muniment lake "select linc, municipality, window_key from parcels"']
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn) as connection:
        assert connection.execute("SELECT municipality FROM lake.parcels").fetchall() == [("Foxhollow",)]


def test_releases_are_listed_compared_read_and_dropped(checkout: Checkout, tmp_path: Path) -> None:
    parcels = contracts()["parcels"]
    platform = Platform(load(state_dir=tmp_path / "state", warehouse_url=checkout.url))
    with warehouse.opened(platform.settings) as dsn, warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        for at, town in enumerate(("Foxhollow", "Larkspur"), start=1):
            given = good_row(parcels, linc="0012345678", municipality=town)
            platform.lake.commit(stage(tmp_path, parcels, "2026-03-08-06:00", [given]), f"run-{at}")
            warehouse.sync(connection, platform.lake, parcels, f"run-{at}")
            with releases.alone(platform.lake):
                assert releases.cut(platform, connection, (), f"run-{at}").release

    wanted = commands("Releases")
    done = checkout.run("\n".join(["set -e", *(f"echo '@ {at}'\n{line}" for at, line in enumerate(wanted))]))
    assert done.returncode == 0, done.stderr
    told = re.split(r"^@ \d+\n", done.stdout, flags=re.M)[1:]
    output = dict(zip(wanted, told, strict=True))
    assert len(output["muniment release list"].splitlines()) == 3
    assert "replaced  2026-03-08-06:00  1            1" in output['muniment release diff "$first" "$newest"']
    read = 'muniment lake "select linc, municipality from parcels"'
    assert "Foxhollow" in output[f'{read} --release "$first"']
    assert "Larkspur" in output[f"{read} --now"]
    assert [release.run_id for release in releases.releases(platform.lake)] == ["run-2"]


def test_what_is_kept_is_archived_and_held(checkout: Checkout, tmp_path: Path) -> None:
    content = b"roll_number,assessment_year\n" * 50
    practice = Practice(tmp_path)
    practice.land("2026-03-08-06:00", "assessments/2026-0001.csv", content)
    note_round(practice.platform.store, datetime.now(UTC), tmp_path)  # the last of those of all nights since

    told = [(command, checkout.run(command)) for command in commands("Keeping, archiving, and holding")]

    assert [(command, done.stderr) for command, done in told if done.returncode and "status" not in command] == []
    output = {command: done.stdout for command, done in told}
    assert json.loads(output["muniment status --json"])["lifecycle"]["warm"]["objects"] == 1
    assert "matter 2026-0001" in output["muniment hold list"]
    assert "window 2026-03-08-06:00" in output["muniment hold list"]
    assert "matter 2026-0001" in output["muniment hold list --all"]
    assert practice.content(sha256_of(content)) == content
    assert len(practice.holds.active()) == 1


def test_an_installation_is_backed_up_and_restored(checkout: Checkout, tmp_path: Path) -> None:
    """Each backup is of more rows than the one before, so that it shows which was restored."""
    parcels = contracts()["parcels"]
    platform = Platform(load(state_dir=tmp_path / "state"))
    told: list[str] = []
    exports = [f"export HOME='{tmp_path}'"]
    for rows, part in enumerate(_backups_apart(commands("Backing up and restoring")), start=3):
        given = [good_row(parcels, linc=f"001234567{at}") for at in range(rows)]
        platform.lake.commit(stage(tmp_path, parcels, "2026-03-08-06:00", given), f"run-{rows}")
        done = checkout.run("\n".join(["set -e", *exports, *part]))
        assert done.returncode == 0, done.stderr
        exports += [command for command in part if command.startswith("export")]
        told += done.stdout.splitlines()

    assert done.stderr.count("is whole") == 1
    assert [line.strip() for line in told if line.strip().isdigit()] == ["5", "3"]
    assert (tmp_path / "restored" / "catalog.db").exists()
    assert (tmp_path / "as-it-was" / "catalog.db").exists()


def _backups_apart(wanted: list[str]) -> list[list[str]]:
    """The commands in parts, each with one that makes a backup; the rest are with the last of these."""
    parts: list[list[str]] = [[]]
    for command in wanted:
        if command in ("muniment backup", "muniment backup --incremental") and parts[-1]:
            parts.append([])
        parts[-1].append(command)
    return [[*parts[0], *parts[1]], *parts[2:]]


def test_something_is_tried_on_a_branch(checkout: Checkout, tmp_path: Path) -> None:
    parcels = contracts()["parcels"]
    platform = Platform(load(state_dir=tmp_path / "state"))
    given = [good_row(parcels, linc=f"001234567{at}") for at in range(3)]
    platform.lake.commit(stage(tmp_path, parcels, "2026-03-08-06:00", given), "run-1")
    before = [info.key for info in platform.store.list()]

    done = checkout.run("\n".join(["set -e", *commands("Trying something on a branch")]))

    assert done.returncode == 0, done.stderr
    assert "3" in done.stdout.split()
    assert "lower-threshold, made of main at" in done.stdout
    assert "On branch lower-threshold." in done.stderr
    assert "a branch registers none" in done.stderr
    assert [info.key for info in platform.store.list()] == before


def test_a_person_is_forgotten(checkout: Checkout, tmp_path: Path) -> None:
    platform = Platform(load(state_dir=tmp_path / "state", warehouse_url=checkout.url))
    names = ["matter_number", "matter_type", "client_name", "client_email", "opened_on", "closing_on", "status"]
    rows = [
        ["2009-0001", "sale", "OKAFOR, Kaya J.", "kaya@example.ca", "2009-03-08", "2009-06-01", "closed"],
        ["2009-0002", "sale", "Noor Vasquero", "noor@example.ca", "2009-03-08", "2009-06-01", "closed"],
    ]
    path = tmp_path / "state" / "landing" / "matters.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in [names, *rows]))
    now = datetime.now(UTC)
    to_the_lake(platform, platform.register.due(now), now, "run-1")

    told = {command: checkout.run(command) for command in commands("Forgetting a person")}

    assert [(command, done.stderr) for command, done in told.items() if done.returncode] == []
    looking, doing, listing, verifying, _ = told.values()
    assert "Kaya" not in "".join(done.stdout + done.stderr for done in told.values())
    assert "record cells 2" in " ".join(looking.stdout.split())
    assert "Nothing of it is left." in doing.stderr
    assert "request of 8 March 2026" in listing.stdout
    assert "as it was signed" in verifying.stderr
    assert not path.exists()
    vault = contracts()["matters"].vault
    assert vault
    left = [row for batch in platform.lake.scan(vault) for row in batch.to_pylist()]
    assert [(row["client_name"], row["client_email"]) for row in left] == [
        ("erased", None),
        ("Noor Vasquero", "noor@example.ca"),
    ]
