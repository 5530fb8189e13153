"""Backups: what was is given back, somewhere else and as of then, or it is said what cannot be."""

import errno
import hashlib
import json
import os
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastavro import reader
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from muniment import windows
from muniment.backup import restore as restoring_here
from muniment.backup import take as backup
from muniment.backup.prune import Pruned, prune
from muniment.backup.repository import BackupError, new_key, open_repository
from muniment.backup.restore import differing, restore, verify
from muniment.cli import app
from muniment.erasure.forgetting import Plan, begin
from muniment.erasure.scope import Scope
from muniment.erasure.traces import Traces, parse
from muniment.keeping.holds import Holds
from muniment.keeping.originals import raw_key
from muniment.lake import LakeError, branches
from muniment.objects import TEMPORARY, FolderStore
from muniment.platform import Platform
from muniment.progress import Silent, silent
from muniment.settings import load
from muniment.stages.maintain import maintain
from tests.backups import (
    KEYS,
    SECRET,
    SMALL,
    backed_up,
    check_whole,
    fill,
    installation,
    manifests,
    put,
    repository_of,
    restored,
    rows,
)

CLIENTS = (
    "matter_number,transaction_type,client_name,client_email,client_sin,property_address,title_number,opened_on,status\n"
    f"2026-0001,purchase,{SECRET},,,12 Elm St,0012345678,2026-03-08,open\n"
    "2026-0002,sale,Noor Vasquero,,,9 Oak St,0012345679,2026-03-08,open\n"
)
SHA256 = hashlib.sha256(CLIENTS.encode()).hexdigest()
CELLS: Any = {SHA256: {2: ("client_name",)}}


def waiting(here: Platform, folder: Path, key: str) -> None:
    """Back up a practice in whose landing a record file waits."""
    fill(here, folder)
    (folder / "clients").write_text(CLIENTS)
    here.landing.create(key, folder / "clients")
    backed_up(here)


def forgotten(here: Platform, scope: Scope) -> None:
    """Forget something, as far as its record goes: that lies beside the backups then."""
    meant = Plan(Traces([parse(SECRET)], here.tokens), (), (), scope, (), (), False)
    begin(here, meant, "a request", datetime.now(UTC))


def landed(there: Platform) -> dict[str, str]:
    """What lies in landing."""
    found = {}
    for info in there.landing.list():
        with there.landing.open(info.key) as file:
            found[info.key] = file.read().decode()
    return found


@pytest.fixture
def here(tmp_path: Path) -> Platform:
    """An empty installation whose backups go to `backups` beside it."""
    return installation(tmp_path, "here")


def test_an_installation_comes_back_elsewhere_when_the_first_is_destroyed(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    token, expected = here.tokens.of("person", SECRET), rows(here.lake)
    backed_up(here)
    shutil.rmtree(here.settings.state)
    there = restored(here, tmp_path)
    assert rows(there.lake) == expected
    assert there.tokens.of("person", SECRET) == token
    with there.original("abc") as path:
        assert path.read_bytes() == b"%PDF-1.7 a title"
    assert [info.key for info in there.landing.list()] == ["late.pdf"]
    assert (there.settings.state / "privacy.key").stat().st_mode & 0o077 == 0


def test_a_branch_is_left_out_of_a_backup(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    expected = rows(here.lake)
    tables = branches.fork(here.lake, here.store, "try")
    branches.finish(here.store, branches.Branch("try", datetime.now(UTC), tables))
    put(Platform(here.settings.on("try")), tmp_path, KEYS[0], "of the branch")
    manifest = backed_up(here).manifest
    assert manifest.files
    assert [file.key for file in manifest.files if file.key.startswith("branches/")] == []
    there = restored(here, tmp_path)
    assert rows(there.lake) == expected
    assert branches.known(there.lake, there.store) == set()


def test_an_original_that_is_archived_while_it_is_backed_up_is_in_the_backup(
    here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"%PDF-1.7 a deed"
    name, spool = hashlib.sha256(content).hexdigest(), tmp_path / "spool"
    spool.write_bytes(content)
    here.store.create(raw_key(name), spool)
    listed = backup._state

    def meanwhile(platform: Platform, folder: Path) -> Any:
        here.originals.archive(name, tmp_path / "move")
        return listed(platform, folder)

    monkeypatch.setattr(backup, "_state", meanwhile)
    backed_up(here)
    shutil.rmtree(here.settings.state)
    with restored(here, tmp_path).original(name) as path:
        assert path.read_bytes() == content


@pytest.mark.parametrize("key", [False, True], ids=["in clear", "encrypted"])
def test_a_file_that_grows_while_it_is_copied_is_kept_under_the_hash_of_what_was_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: bool
) -> None:
    here = installation(tmp_path, "here", backup_key=new_key() if key else "")
    fill(here, tmp_path)
    real, growing = hashlib.file_digest, here.settings.state / "landing" / "late.pdf"

    def file_digest(stream: Any, name: str) -> Any:
        found = real(stream, name)
        if stream.name == str(growing):
            with growing.open("ab") as scan:
                scan.write(b" and more of it")
        return found

    monkeypatch.setattr(hashlib, "file_digest", file_digest)
    backed_up(here)
    monkeypatch.undo()
    check_whole(here)
    with restored(here, tmp_path).landing.open("late.pdf") as file:
        assert file.read() == b"%PDF-1.7 a title and more of it"


def refused(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Have the system refuse a file, as it does to who is not root."""
    real_open, real_access = Path.open, os.access

    def opened(self: Path, *args: Any, **options: Any) -> Any:
        if self == path:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_open(self, *args, **options)

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(os, "access", lambda name, mode: Path(name) != path and real_access(name, mode))


def test_a_file_in_landing_that_may_not_be_read_is_left_out_and_named(
    here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(here, tmp_path)
    barred = here.settings.state / "landing" / "locked.pdf"
    barred.write_bytes(b"%PDF-1.7")
    refused(monkeypatch, barred)
    taken = backed_up(here)
    assert taken.left_out == (barred.as_uri(),)
    assert [file.key for file in taken.manifest.files if file.area == "landing"] == ["late.pdf"]


@pytest.mark.parametrize("name", ["privacy.key", "lake/raw/objects/abc"])
def test_a_file_of_the_installation_that_may_not_be_read_stops_the_backup_with_a_word(
    here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fill(here, tmp_path)
    barred = here.settings.state / name
    refused(monkeypatch, barred)
    with pytest.raises(BackupError, match=f"{barred} may not be used by this account.*allow it"):
        backed_up(here)
    assert repository_of(here).instants() == {}


def registering(monkeypatch: pytest.MonkeyPatch, here: Platform, after: str) -> None:
    """Have a run register what waits in landing as soon as a step of the backup was taken."""
    step = getattr(backup, after)

    def meanwhile(*args: Any, **options: Any) -> Any:
        found = step(*args, **options)
        found = list(found) if isinstance(found, Iterator) else found
        now = datetime.now(UTC)
        Platform(here.settings).register.register([windows.containing(now)], now)
        return found

    monkeypatch.setattr(backup, after, meanwhile)


@pytest.mark.parametrize("after", ["_waiting", "tables", "_of_main", "_state"])
def test_an_object_that_is_registered_while_it_is_backed_up_comes_back_once(
    here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    fill(here, tmp_path)
    with monkeypatch.context() as patched:
        registering(patched, here, after)
        backed_up(here)
    shutil.rmtree(here.settings.state)
    there, later = restored(here, tmp_path), datetime.now(UTC)
    there.register.register(there.register.due(later), later)
    entries = [entry for manifest in there.register.manifests() for entry in manifest.entries]
    assert [entry.key for entry in entries] == ["late.pdf"]
    with there.original(entries[0].sha256) as path:
        assert path.read_bytes() == b"%PDF-1.7 a title"


def test_a_backup_and_upkeep_or_an_erasure_keep_apart_on_a_lake(
    here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(here, tmp_path)
    at_work = "A backup, upkeep .* or an erasure is at work on this lake: wait for it to end"
    with Platform(here.settings).lake.kept_up(), pytest.raises(LakeError, match=at_work):
        backed_up(here)
    checked = backup._check

    def meanwhile(*args: Any) -> None:
        checked(*args)
        with pytest.raises(LakeError, match=at_work):
            maintain(Platform(here.settings), [SMALL], datetime.now(UTC), "night", Silent())

    monkeypatch.setattr(backup, "_check", meanwhile)
    backed_up(here)
    maintain(here, [SMALL], datetime.now(UTC), "night", Silent())


def test_holds_come_back_with_the_lake_and_go_on_holding(here: Platform, tmp_path: Path) -> None:
    placed = Holds(here.lake).place("a claim", matters=["2026-0001"])
    backed_up(here)
    shutil.rmtree(here.settings.state)
    assert Holds(restored(here, tmp_path).lake).on(matters=["2026-0001"]) == [placed]


def test_what_a_table_was_before_stays_readable_after_the_move(here: Platform, tmp_path: Path) -> None:
    put(here, tmp_path, KEYS[0], "first")
    instants = [snapshot.timestamp_ms for snapshot in here.lake.catalog.load_table(SMALL.table).snapshots()]
    put(here, tmp_path, KEYS[0], "second")
    backed_up(here)
    shutil.rmtree(here.settings.state)
    there = restored(here, tmp_path)
    then = datetime.fromtimestamp(instants[-1] / 1000, UTC)
    assert rows(there.lake, then) == [(KEYS[0], "first")]
    assert rows(there.lake) == [(KEYS[0], "second")]


def test_a_restored_lake_goes_on(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    backed_up(here)
    shutil.rmtree(here.settings.state)
    there = restored(here, tmp_path)
    put(there, tmp_path, KEYS[1], "replaced")
    put(there, tmp_path, KEYS[4], "new")
    assert {(KEYS[1], "replaced"), (KEYS[4], "new")} < set(rows(there.lake))
    assert (KEYS[1], "row 1") not in rows(there.lake)


def test_restored_metadata_names_no_place_of_before_and_the_true_lengths(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    backed_up(here)
    there = restored(here, tmp_path, "a much longer name than it had before")
    old, root = here.store.location(""), there.store.location("")
    folder = there.settings.state / "lake" / "iceberg"
    lists = 0
    for path in folder.rglob("*"):
        if path.suffix == ".json":
            assert old not in json.dumps(json.loads(path.read_text()))
        if path.suffix == ".avro":
            with path.open("rb") as file:
                records = list(reader(file))
            assert old not in str(records)
            for record in records:
                if "manifest_path" in record:
                    lists += 1
                    manifest = there.settings.state / "lake" / record["manifest_path"].removeprefix(root)
                    assert record["manifest_length"] == manifest.stat().st_size
    assert lists


@pytest.mark.parametrize("tail", [b"", b"\0" * 500], ids=["cut off", "zeroed"])
def test_metadata_that_killed_writers_left_in_part_stop_no_restore_and_are_kept(
    here: Platform, tmp_path: Path, rng: random.Random, tail: bytes
) -> None:
    fill(here, tmp_path)
    torn = dict[str, bytes]()
    for path in [*(here.settings.state / "lake" / "iceberg").rglob("*.*")]:
        content = path.read_bytes()
        for at, length in enumerate((0, 1, *(rng.randrange(len(content)) for _ in range(8)))):
            part = path.with_name(f"torn-{at}-{path.name}")
            part.write_bytes(content[:length] + tail)
            torn[str(part.relative_to(here.settings.state))] = part.read_bytes()
    backed_up(here)
    there = restored(here, tmp_path)
    assert rows(there.lake) == rows(here.lake)
    kept = {name: (there.settings.state / name).read_bytes() for name in torn}
    assert all(kept[name] == torn[name] for name in torn if "torn-0-" in name or "torn-1-" in name)
    put(there, tmp_path, KEYS[4], "new")


def test_an_incremental_backup_looks_only_into_what_is_new_and_is_whole(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    full = backed_up(here)
    assert full.examined == len(full.manifest.files)
    assert backed_up(here, incremental=True).examined == 0
    put(here, tmp_path, KEYS[5], "late")
    more = backed_up(here, incremental=True)
    assert 0 < more.examined < full.examined
    shutil.rmtree(here.settings.state)
    assert (KEYS[5], "late") in rows(restored(here, tmp_path).lake)


def test_an_incremental_backup_keeps_again_what_the_repository_lost(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    backed_up(here)
    lost = random.Random(7).choice(sorted((tmp_path / "backups" / "objects").rglob("*/*")))
    lost.unlink()
    backed_up(here, incremental=True)
    assert lost.exists()


def test_the_newest_backup_not_after_an_instant_is_chosen(here: Platform, tmp_path: Path) -> None:
    put(here, tmp_path, KEYS[0], "first")
    first = backed_up(here)
    put(here, tmp_path, KEYS[0], "second")
    second = backed_up(here)
    repository, between = repository_of(here), second.manifest.taken_at - timedelta(microseconds=1)
    assert repository.latest(between) == first.key
    assert repository.latest() == second.key
    with pytest.raises(BackupError, match="no backup so early"):
        repository.latest(first.manifest.taken_at - timedelta(seconds=1))
    there = installation(tmp_path, "there")
    restore(there, repository, first.key, silent)
    assert rows(there.lake) == [(KEYS[0], "first")]


def test_with_a_key_nothing_can_be_read_without_it(tmp_path: Path) -> None:
    here = installation(tmp_path, "here", backup_key=new_key())
    fill(here, tmp_path)
    backed_up(here)
    for path in (tmp_path / "backups").rglob("*.age"):
        assert path.read_bytes().startswith(b"age-encryption.org/v1")
    stored = [path for path in (tmp_path / "backups").rglob("*") if path.is_file() and path.stat().st_size]
    assert stored
    assert all(path.suffix == ".age" for path in stored)
    assert not any(word in path.read_bytes() for path in stored for word in (b"PAR1", b"%PDF", SECRET.encode()))
    assert rows(restored(here, tmp_path).lake) == rows(here.lake)


@pytest.mark.parametrize("key", ["", "another"])
def test_another_key_or_none_is_said_to_be_the_wrong_one(tmp_path: Path, key: str) -> None:
    here = installation(tmp_path, "here", backup_key=new_key())
    fill(here, tmp_path)
    backed_up(here)
    with pytest.raises(BackupError, match="MUNIMENT_BACKUP_KEY|another key"):
        restored(installation(tmp_path, "x", backup_key=new_key() if key else ""), tmp_path)


KEY = new_key()


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "of an earlier Muniment"])
@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (KEY, new_key(), "encrypted, with another key than MUNIMENT_BACKUP_KEY"),
        (KEY, "", "are encrypted: set MUNIMENT_BACKUP_KEY"),
        ("", KEY, "are not encrypted: unset MUNIMENT_BACKUP_KEY"),
    ],
    ids=["another key", "no key any more", "a key for the first time"],
)
@pytest.mark.parametrize("left", ["backups", "erasures", "objects"])
def test_a_place_takes_nothing_under_another_key_than_its_first(
    tmp_path: Path, first: str, then: str, said: str, marked: bool, left: str
) -> None:
    """Whatever of a backup has come there."""
    here = installation(tmp_path, "here", backup_key=first)
    waiting(here, tmp_path, "matters.csv")
    forgotten(here, Scope(objects=frozenset([SHA256])))
    for folder in {"backups", "erasures", "objects"} - {left}:
        shutil.rmtree(tmp_path / "backups" / folder)
    if not marked:
        shutil.rmtree(tmp_path / "backups" / "keys")
    there = sorted((tmp_path / "backups").rglob("*"))
    with pytest.raises(BackupError, match=f"{said}.*name another place .MUNIMENT_BACKUP_URI."):
        backed_up(installation(tmp_path, "here", backup_key=then))
    assert sorted((tmp_path / "backups").rglob("*")) == there
    backed_up(here)


@pytest.mark.parametrize("key", ["", KEY], ids=["in clear", "encrypted"])
def test_backups_of_an_earlier_muniment_are_gone_on_with_under_their_key(tmp_path: Path, key: str) -> None:
    here = installation(tmp_path, "here", backup_key=key)
    fill(here, tmp_path)
    backed_up(here)
    shutil.rmtree(tmp_path / "backups" / "keys")
    assert rows(restored(here, tmp_path).lake) == rows(here.lake)
    backed_up(here)
    assert len(list((tmp_path / "backups" / "keys").iterdir())) == 1
    check_whole(here)


def test_an_erasure_that_was_kept_in_clear_before_there_was_a_key_is_carried_out(tmp_path: Path) -> None:
    here = installation(tmp_path, "here", backup_key=KEY)
    waiting(here, tmp_path, "matters.csv")
    in_clear = installation(tmp_path, "here", backup_uri=(tmp_path / "other").as_uri())
    forgotten(in_clear, Scope(objects=frozenset([SHA256])))
    shutil.copytree(tmp_path / "other" / "erasures", tmp_path / "backups" / "erasures")
    assert landed(restored(here, tmp_path)).keys() == {"late.pdf"}


def test_an_erasure_that_cannot_be_read_stops_a_restore(here: Platform, tmp_path: Path) -> None:
    """Without it, what it names would be back."""
    fill(here, tmp_path)
    backed_up(here)
    record = tmp_path / "backups" / "erasures" / "one.json.age"
    record.parent.mkdir()
    record.touch()
    with pytest.raises(BackupError, match=r"one\.json\.age is encrypted: set MUNIMENT_BACKUP_KEY"):
        restored(here, tmp_path)


def test_what_is_no_key_and_no_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="muniment backup key"):
        open_repository(load(state_dir=tmp_path, backup_uri=tmp_path.as_uri(), backup_key="hunter2"))
    with pytest.raises(BackupError, match="MUNIMENT_BACKUP_URI"):
        open_repository(load(state_dir=tmp_path))


SHARE = st.floats(0, 1, exclude_max=True)


@settings(max_examples=20, deadline=None)
@given(
    which=SHARE, where=SHARE, bit=st.integers(0, 7), damage=st.sampled_from(["flip", "cut", "gone"]), key=st.booleans()
)
def test_damage_anywhere_is_found_and_never_restored(
    tmp_path_factory: pytest.TempPathFactory, which: float, where: float, bit: int, damage: str, key: bool
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    here = installation(folder, "here", backup_key=new_key() if key else "")
    put(here, folder, KEYS[0], "row")
    taken = backed_up(here)
    files = sorted(path for path in (folder / "backups").rglob("*") if path.is_file() and path.stat().st_size)
    victim = files[int(which * len(files))]
    content = bytearray(victim.read_bytes())
    at = int(where * len(content))
    if damage == "gone":
        victim.unlink()
    else:
        content[at] ^= 1 << bit
        victim.write_bytes(content if damage == "flip" else content[:at])
    repository = repository_of(here)
    there = installation(folder, "there", backup_key=here.settings.backup_key)
    with pytest.raises(BackupError):
        restore(there, repository, repository.latest(), silent)
    if victim.parent.name != "backups":
        spool = folder / "spool"
        spool.mkdir()
        assert len(verify(repository, taken.manifest, spool, silent)) == 1


@pytest.mark.parametrize("encrypted", [True, False])
def test_what_is_damaged_is_named_so_that_it_can_be_deleted(
    tmp_path: Path, encrypted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key() if encrypted else ""
    here = installation(tmp_path, "here", backup_key=key)
    fill(here, tmp_path)
    first, second = backed_up(here), backed_up(here)
    folder = tmp_path / "backups"
    [*_, content] = sorted(path for path in (folder / "objects").rglob("*") if path.is_file() and path.stat().st_size)
    for victim in (content, folder / first.key):
        victim.write_bytes(victim.read_bytes()[:-3])
    with here.scratch() as scratch:
        faults = verify(repository_of(here), repository_of(here).read(second.key, scratch), scratch, silent)
    assert all(content.as_uri() in fault.problem for fault in faults)
    for name, value in {"STATE_DIR": here.settings.state, "BACKUP_URI": folder.as_uri(), "BACKUP_KEY": key}.items():
        monkeypatch.setenv(f"MUNIMENT_{name}", str(value))
    listed = CliRunner().invoke(app, ["backup", "list", "--json"])
    assert listed.exit_code == 1
    assert (folder / first.key).as_uri() in listed.stderr
    assert [one["taken_at"] for one in json.loads(listed.stdout)] == [second.manifest.taken_at.isoformat()]


@pytest.mark.parametrize("place", ["lake", "lake/backups", "landing/backups"])
def test_backups_in_what_is_backed_up_are_refused(tmp_path: Path, place: str) -> None:
    here = installation(tmp_path, "here", backup_uri=(tmp_path / "here" / place).as_uri())
    with pytest.raises(BackupError, match=f"lies in the {place.partition('/')[0]}"):
        open_repository(here.settings)


def test_an_instant_that_says_nothing_is_not_the_newest(here: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as that of a variable that was never set."""
    backed_up(here)
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(here.settings.state))
    monkeypatch.setenv("MUNIMENT_BACKUP_URI", here.settings.backup_uri)
    for command in ("verify", "restore"):
        done = CliRunner().invoke(app, ["backup", command, "--to", ""])
        assert "'' is not" in str(done.exception)


def test_a_restore_does_not_touch_an_installation_that_holds_something(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    backed_up(here)
    before = rows(here.lake)
    with pytest.raises(BackupError, match="something here already"):
        restore(here, repository_of(here), repository_of(here).latest(), silent)
    assert rows(here.lake) == before


@pytest.mark.parametrize("when", range(1, 12, 2))
def test_a_restore_that_was_interrupted_is_gone_on_with(
    here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    fill(here, tmp_path)
    expected = rows(here.lake)
    backed_up(here)
    real, calls = os.fsync, [0]

    def fsync(file: int) -> None:
        calls[0] += 1
        if calls[0] == when:
            raise KeyboardInterrupt
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    there = installation(tmp_path, "there")
    repository = repository_of(there)
    with pytest.raises(KeyboardInterrupt):
        restore(there, repository, repository.latest(), silent)
    restore(there, repository, repository.latest(), silent)
    assert rows(there.lake) == expected
    with pytest.raises(BackupError, match="something here already"):
        restore(there, repository, repository.latest(), silent)


@pytest.fixture
def half_restored(here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """An installation whose restore was killed before it forgot again what was erased; commands are given to it."""
    fill(here, tmp_path)
    backed_up(here)
    there = installation(tmp_path, "there")
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(there.settings.state))
    monkeypatch.setenv("MUNIMENT_BACKUP_URI", there.settings.backup_uri)
    monkeypatch.setenv("MUNIMENT_PRIVACY_KEY", "")
    with monkeypatch.context() as killed:
        killed.setattr(restoring_here, "forget_again", interrupt)
        with pytest.raises(KeyboardInterrupt):
            restore(there, repository_of(there), repository_of(there).latest(), silent)
    return there


def interrupt(*_: Any) -> None:
    """Stands for a kill."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "arguments",
    [
        *(["run"], ["land", "README.md"], ["sample"], ["ui"], ["backup"], ["forget", "--resume"], ["maintain"]),
        *(["lifecycle"], ["hold", "list"], ["branch", "create", "try"], ["release", "list"], ["erasure", "verify"]),
        *(["quarantine", "replay"], ["lake", "select 1"]),
    ],
    ids=" ".join,
)
def test_nothing_is_done_with_a_half_restored_installation(half_restored: Platform, arguments: list[str]) -> None:
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, BackupError)
    assert f"{half_restored.settings.state} is being restored" in str(done.exception)
    assert "go on with it: muniment backup restore" in str(done.exception)


def test_the_same_command_goes_on_with_a_restore_also_when_there_is_a_newer_backup(
    half_restored: Platform, here: Platform, tmp_path: Path
) -> None:
    put(here, tmp_path, KEYS[4], "newer")
    backed_up(here)
    done = CliRunner().invoke(app, ["backup", "restore", "--json"])
    assert done.exit_code == 0, done.exception
    assert (KEYS[4], "newer") not in rows(half_restored.lake)
    assert CliRunner().invoke(app, ["hold", "list"]).exit_code == 0


def test_a_backup_lacking_what_a_table_needs_is_not_made(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    [held] = [held for key, held in here.lake.held(SMALL).items() if key == KEYS[1]]
    Path(held.path.removeprefix("file://")).unlink()
    with pytest.raises(BackupError, match="is missing, one of 1 file"):
        backed_up(here)
    assert repository_of(here).instants() == {}


@pytest.mark.parametrize(
    "damage", [b"SQLite format 3\0 and no more", b"SQLite format 3\0" + b"\7" * 4_000], ids=["cut", "torn"]
)
def test_a_database_that_cannot_be_copied_is_named(here: Platform, tmp_path: Path, damage: bytes) -> None:
    fill(here, tmp_path)
    database = here.settings.dagster_home / "history" / "runs.db"
    database.parent.mkdir(parents=True)
    database.write_bytes(damage)
    with pytest.raises(BackupError, match=r"runs\.db cannot be copied"):
        backed_up(here)
    assert repository_of(here).instants() == {}


# --- what was erased since, and landing -------------------------------------------------------------------------------


def test_a_file_that_was_erased_since_does_not_come_back_into_landing(here: Platform, tmp_path: Path) -> None:
    waiting(here, tmp_path, "matters.csv")
    forgotten(here, Scope(objects=frozenset([SHA256])))
    assert landed(restored(here, tmp_path)).keys() == {"late.pdf"}


def test_cells_that_were_erased_since_do_not_come_back_into_landing(here: Platform, tmp_path: Path) -> None:
    waiting(here, tmp_path, "matters.csv")
    forgotten(here, Scope(cells=CELLS))
    came = landed(restored(here, tmp_path))
    assert came.keys() == {"late.pdf", "matters.csv"}
    assert SECRET not in came["matters.csv"]
    assert came["matters.csv"].splitlines()[2] == CLIENTS.splitlines()[2]


def test_a_file_of_which_nobody_knows_any_more_where_the_erased_cells_are_stays_away(
    here: Platform, tmp_path: Path
) -> None:
    waiting(here, tmp_path, "somebody.txt")
    forgotten(here, Scope(cells=CELLS))
    assert landed(restored(here, tmp_path)).keys() == {"late.pdf"}


def test_a_name_that_was_erased_since_does_not_come_back_into_landing(here: Platform, tmp_path: Path) -> None:
    waiting(here, tmp_path, f"matters/{SECRET}.CSV")
    forgotten(here, Scope(renamed=frozenset([SHA256])))
    came = landed(restored(here, tmp_path))
    assert came.keys() == {"late.pdf", f"matters/erased-{SHA256[:16]}.csv"}
    assert CLIENTS in came.values()


def test_settings_that_differ_are_told_but_no_secret(here: Platform, tmp_path: Path) -> None:
    fill(here, tmp_path)
    manifest = backed_up(here).manifest
    there = installation(tmp_path, "here", workers=7, backup_key=new_key())
    assert ("MUNIMENT_WORKERS", "2", "7") in list(differing(there, manifest))
    assert "AGE-SECRET-KEY" not in json.dumps(list(differing(there, manifest)))


# --- letting old backups go -------------------------------------------------------------------------------------------

LATER = timedelta(days=2)


def pruned(platform: Platform, keep: int, after: timedelta = LATER) -> Pruned:
    """Let old backups go, some time from now."""
    with platform.scratch() as folder:
        return prune(repository_of(platform), keep, datetime.now(UTC) + after, folder)


def series(here: Platform, folder: Path, *versions: str) -> list[str]:
    """Back up after each version of a window and of a file that waits in landing; the backups' keys."""
    keys = []
    for version in versions:
        put(here, folder, KEYS[0], version)
        (folder / "waiting").write_text(version)
        here.landing.replace("waiting.pdf", folder / "waiting")
        keys.append(backed_up(here).key)
    return keys


def test_the_newest_backups_stay_whole_and_what_only_others_needed_goes(here: Platform, tmp_path: Path) -> None:
    keys = series(here, tmp_path, "a", "b", "c", "d")
    before = repository_of(here).stored()
    done = pruned(here, 2)
    assert list(repository_of(here).instants().values()) == keys[2:]
    check_whole(here)
    after = repository_of(here).stored()
    assert after.keys() == {file.sha256 for manifest in manifests(here) for file in manifest.files} < before.keys()
    assert (done.backups, done.contents) == (2, len(before) - len(after))
    assert done.bytes == sum(before[sha256].size for sha256 in before.keys() - after.keys())
    assert rows(restored(here, tmp_path).lake) == [(KEYS[0], "d")]
    assert pruned(here, 2) == Pruned(0, 0, 0)


def test_the_newest_backup_that_was_verified_is_kept_whatever_its_age(here: Platform, tmp_path: Path) -> None:
    keys = series(here, tmp_path, "a", "b", "c", "d")
    for key in keys[:3]:
        repository_of(here).mark_verified(key, tmp_path)
    repository_of(here).mark_verified(keys[2], tmp_path, whole=False)
    pruned(here, 1)
    assert list(repository_of(here).instants().values()) == [keys[1], keys[3]]
    assert repository_of(here).verified() == {keys[1]}
    check_whole(here)


def test_contents_that_may_belong_to_a_backup_under_way_stay_for_a_day(here: Platform, tmp_path: Path) -> None:
    series(here, tmp_path, "a", "b")
    before = repository_of(here).stored().keys()
    assert pruned(here, 1, timedelta(hours=23)).contents == 0
    assert repository_of(here).stored().keys() == before
    assert pruned(here, 1, timedelta(hours=25)).contents


def test_nothing_goes_when_the_newest_backup_is_not_whole(here: Platform, tmp_path: Path) -> None:
    series(here, tmp_path, "a", "b")
    newest = {file.sha256 for file in manifests(here)[1].files} - {file.sha256 for file in manifests(here)[0].files}
    repository_of(here).remove(repository_of(here).stored()[min(newest)].key)
    with pytest.raises(BackupError, match=r"lacks 1 contents.*full backup"):
        pruned(here, 1)
    assert len(repository_of(here).instants()) == 2
    backed_up(here)
    pruned(here, 1)
    assert len(repository_of(here).instants()) == 1


@pytest.mark.parametrize("damaged", [0, 1], ids=["one that goes", "one that stays"])
def test_a_damaged_list_of_contents_stops_it_only_where_it_is_kept(
    here: Platform, tmp_path: Path, damaged: int
) -> None:
    keys = series(here, tmp_path, "a", "b", "c")
    (tmp_path / "backups" / keys[damaged]).write_text("{}")
    if damaged:
        before = repository_of(here).stored().keys()
        with pytest.raises(BackupError, match="is damaged"):
            pruned(here, 2)
        assert repository_of(here).stored().keys() == before
    else:
        assert pruned(here, 2).backups == 1


@pytest.mark.parametrize("when", range(1, 6))
def test_whatever_is_listed_is_whole_wherever_letting_go_is_killed(
    here: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    """Two manifests and as many contents go: a manifest always before what only it needs."""
    keys = series(here, tmp_path, "a", "b", "c")
    delete, calls = FolderStore.delete, list[str]()

    def dying(store: FolderStore, key: str) -> None:
        calls.append(key)
        if len(calls) == when:
            raise KeyboardInterrupt
        delete(store, key)

    with monkeypatch.context() as killed:
        killed.setattr(FolderStore, "delete", dying)
        with pytest.raises(KeyboardInterrupt):
            pruned(here, 1)
    check_whole(here)
    pruned(here, 1)
    assert list(repository_of(here).instants().values()) == keys[2:]
    assert repository_of(here).stored().keys() == {file.sha256 for file in manifests(here)[0].files}


def test_without_the_key_nothing_of_what_it_encrypted_goes(tmp_path: Path) -> None:
    secret = installation(tmp_path, "here", backup_key=new_key())
    series(secret, tmp_path, "a")
    before = repository_of(secret).stored().keys()
    with pytest.raises(BackupError, match="MUNIMENT_BACKUP_KEY"):
        pruned(installation(tmp_path, "other"), 1)
    assert repository_of(secret).stored().keys() == before
    check_whole(secret)


def test_unfinished_copies_of_killed_backups_go(here: Platform, tmp_path: Path) -> None:
    series(here, tmp_path, "a")
    unfinished = tmp_path / "backups" / "objects" / f"{TEMPORARY}0"
    unfinished.touch()
    pruned(here, 1, timedelta(hours=23))
    assert unfinished.exists()
    pruned(here, 1)
    assert not unfinished.exists()
