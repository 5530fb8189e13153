"""Locks, private files, advice and the copy of the programs, each without a server."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.postgres import PostgresError, failures, locks, programs
from muniment.postgres.account import Account
from muniment.postgres.files import write_private

INCLUDE = Path(__file__).resolve().parents[2] / "include"


def test_the_package_needs_the_standard_library_only() -> None:
    """The supervisor runs without site-packages, so an import of anything else would end it."""
    code = "import muniment.postgres.supervise, sys; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(INCLUDE)},
        capture_output=True,
        text=True,
        check=True,
    )
    roots = {name.split(".")[0] for name in result.stdout.split() if not name.startswith("_sysconfigdata")}
    assert roots - sys.stdlib_module_names <= {"muniment", "__main__"}


# Locks


def test_an_exclusive_lock_keeps_everyone_else_out_and_a_shared_one_only_exclusive_ones(
    tmp_path: Path,
) -> None:
    path = tmp_path / "lock"
    with locks.locked(path, timeout=1):
        assert locks.is_locked(path)
        assert locks.try_lock(path) is None
        assert locks.try_lock(path, shared=True) is None
    assert not locks.is_locked(path)
    with locks.locked(path, shared=True, timeout=1), locks.locked(path, shared=True, timeout=1):
        assert locks.is_locked(path)
        assert locks.try_lock(path) is None


def test_asking_for_a_lock_creates_nothing(tmp_path: Path) -> None:
    assert not locks.is_locked(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()


def test_waiting_for_a_lock_ends_with_a_name_to_look_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locks.locked(path, timeout=1), pytest.raises(PostgresError, match=f"lsof {path}"):
        locks.lock(path, timeout=0.05)


def test_a_lock_passed_to_a_child_lives_as_long_as_the_child(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locks.locked(path, timeout=1) as descriptor:
        child = subprocess.Popen(["sleep", "60"], pass_fds=(descriptor,))
    try:
        assert locks.is_locked(path)
    finally:
        child.kill()
        child.wait()
    assert not locks.is_locked(path)


# Files


def test_a_private_file_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "password"
    before = os.umask(0)
    try:
        write_private(path, "one")
        write_private(path, "two")
    finally:
        os.umask(before)
    assert path.read_text() == "two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["password"]


# Advice


@pytest.mark.parametrize(
    ("log", "hint"),
    [
        ("FATAL:  could not write lock file: No space left on device", "disk is full"),
        ("could not resize shared memory segment: No space left on device", "/dev/shm"),
        ('LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', "taken by another"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "too little free memory"),
        ("initdb: error: could not access directory: Permission denied", "account that runs PostgreSQL"),
        ("FATAL:  database files are incompatible with server", "another PostgreSQL version"),
    ],
)
def test_a_known_cause_comes_with_what_to_do(log: str, hint: str) -> None:
    assert hint in failures.advice(log)


def test_an_error_shows_the_last_lines_of_the_log_and_where_the_rest_is() -> None:
    log = "\n".join(f"line {i}" for i in range(100))
    text = str(failures.failure("It did not start.", log, Path("/state/log/postgres.log")))
    assert text.startswith("It did not start.\n")
    assert "line 99" in text
    assert "line 80" not in text
    assert text.endswith("Log: /state/log/postgres.log")


# Programs


def tree(root: Path, version: str = "18.6") -> Path:
    """A relocatable PostgreSQL as a wheel has it, with a script for a server; returns its bin."""
    install = root / "package" / "pginstall"
    for folder in ("bin", "lib/pgxs", "include", "share/timezone", "share/timezonesets"):
        (install / folder).mkdir(parents=True)
    (install / "bin" / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    (install / "bin" / "postgres").chmod(0o755)
    (install / "lib" / "vector.so").write_text("library")
    (install / "lib" / "libpq.a").write_text("for compilers")
    (install / "share" / "timezone" / "Old_Zone").write_bytes(b"TZif of an old database")
    (install / "share" / "timezonesets" / "Default").write_text("MST -25200")
    (root / "package.libs").mkdir()
    (root / "package.libs" / "libpq-1.so").write_text("library")
    return install / "bin"


def test_the_copy_has_the_pinned_zones_and_what_runs_and_nothing_else(tmp_path: Path) -> None:
    found = programs.prepare(tree(tmp_path / "wheel"), made(tmp_path / "programs"), None)
    install = found.bin.parent
    assert (found.version, found.major) == ("18.6", "18")
    assert found.timezones.startswith("20")
    assert not (install / "share" / "timezone" / "Old_Zone").exists()
    assert (install / "share" / "timezonesets" / "Default").exists()
    assert (install.parent.parent / "package.libs" / "libpq-1.so").exists()
    assert not (install / "include").exists()
    assert not (install / "lib" / "libpq.a").exists()

    source = programs._package_folder("tzdata") / "zoneinfo"
    zones = {path.relative_to(source) for path in source.rglob("*") if path.is_file() and is_zone(path)}
    copied = install / "share" / "timezone"
    assert {path.relative_to(copied) for path in copied.rglob("*") if path.is_file()} == zones
    assert all((copied / zone).read_bytes() == (source / zone).read_bytes() for zone in zones)
    assert len(zones) > 400


def test_a_second_start_finds_the_copy_and_makes_no_other(tmp_path: Path) -> None:
    source, folder = tree(tmp_path / "wheel"), made(tmp_path / "programs")
    first = programs.prepare(source, folder, None)
    stamp = first.bin.stat().st_ino
    assert programs.prepare(source, folder, None) == first == programs.installed(folder)
    assert first.bin.stat().st_ino == stamp


def test_new_programs_take_the_place_of_the_old(tmp_path: Path) -> None:
    folder = made(tmp_path / "programs")
    old = programs.prepare(tree(tmp_path / "old"), folder, None)
    new = programs.prepare(tree(tmp_path / "new", "18.7"), folder, None)
    assert new.version == "18.7"
    assert not old.bin.exists()
    assert len(list(folder.iterdir())) == 1


def test_an_interrupted_copy_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, folder = tree(tmp_path / "wheel"), made(tmp_path / "programs")
    with monkeypatch.context() as patched:
        patched.setattr(json, "dumps", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            programs.prepare(source, folder, None)
    (folder / ".new-left-by-a-kill").mkdir()
    assert programs.installed(folder) is None
    assert programs.prepare(source, folder, None).version == "18.6"
    assert len(list(folder.iterdir())) == 1


def test_files_that_others_may_not_read_are_opened_in_the_copy_only(tmp_path: Path) -> None:
    source = tree(tmp_path / "wheel")
    (source / "postgres").chmod(0o700)
    found = programs.prepare(source, made(tmp_path / "programs"), Account("nobody", 65534, 65534))
    assert stat.S_IMODE((found.bin / "postgres").stat().st_mode) == 0o755
    assert stat.S_IMODE((source / "postgres").stat().st_mode) == 0o700


def test_programs_built_for_a_fixed_place_are_used_where_they_are(tmp_path: Path) -> None:
    source = tree(tmp_path / "debian")
    (source.parent / "share" / "timezone" / "Old_Zone").unlink()
    (source.parent / "share" / "timezone").rmdir()
    found = programs.prepare(source, made(tmp_path / "programs"), None)
    assert (found.bin, found.timezones) == (source, "")


def test_something_that_is_not_postgresql_is_refused(tmp_path: Path) -> None:
    source = tree(tmp_path / "wheel")
    (source / "postgres").write_text("#!/bin/sh\necho hello\n")
    with pytest.raises(PostgresError, match="does not say that it is PostgreSQL"):
        programs.prepare(source, made(tmp_path / "programs"), None)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def is_zone(path: Path) -> bool:
    return path.read_bytes()[:4] == b"TZif"
