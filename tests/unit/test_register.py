"""The register: every landed object gets one window, manifests never change, the order of runs does not matter."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment import windows
from muniment.keeping.originals import raw_key
from muniment.objects import FolderStore
from muniment.register import FirstSeen, Register, RegisterError, kind_of
from muniment.settings import PROJECT
from tests.unprivileged import NOBODY, open_to_all

FIRST = "2026-03-07-12:00"
NOW = datetime(2026, 3, 12, tzinfo=UTC)
START = windows.parse(FIRST).start


def drop(folder: Path, name: str, content: bytes, modified: datetime) -> None:
    path = folder / "landing" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified.timestamp(), modified.timestamp()))


def register(folder: Path) -> Register:
    (folder / "landing").mkdir(parents=True, exist_ok=True)
    return Register(FolderStore(folder / "landing"), FolderStore(folder / "lake"), FIRST)


def test_an_object_belongs_to_the_window_of_its_modification_time(tmp_path: Path) -> None:
    window = windows.parse("2026-03-08-00:00")
    drop(tmp_path, "a.pdf", b"%PDF-1.7", window.start)
    drop(tmp_path, "b.pdf", b"%PDF-1.6", window.end)
    first, second = register(tmp_path).register([window, window.next()], NOW)
    assert [[e.key for e in m.entries] for m in (first, second)] == [["a.pdf"], ["b.pdf"]]


def test_the_order_of_objects_does_not_depend_on_how_a_store_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two copies the first is published; some S3 servers list a folder before a name that sorts before it."""
    for name in ("b/c.pdf", "b-x.pdf", "a.pdf"):
        drop(tmp_path, name, b"%PDF", START)
    listed = FolderStore.list
    monkeypatch.setattr(FolderStore, "list", lambda *given: reversed(list(listed(*given))))
    [manifest] = register(tmp_path).register([windows.parse(FIRST)], NOW)
    assert [entry.key for entry in manifest.entries] == ["a.pdf", "b-x.pdf", "b/c.pdf"]
    window = windows.parse(FIRST).next()
    drop(tmp_path, "d.pdf", b"%PDF d", window.start)
    register(tmp_path).register([window], NOW)
    assert [one.sequence for one in register(tmp_path).manifests()] == [1, 2]


def test_what_is_older_than_the_first_window_belongs_to_the_first(tmp_path: Path) -> None:
    drop(tmp_path, "old.csv", b"x", datetime(1999, 1, 1, tzinfo=UTC))
    assert register(tmp_path).due(NOW) == [windows.parse(FIRST)]


def test_what_claims_to_be_from_the_future_belongs_to_the_window_that_is_open(tmp_path: Path) -> None:
    drop(tmp_path, "future.csv", b"x", NOW + timedelta(days=400))
    assert register(tmp_path).due(NOW) == [windows.containing(NOW)]


def test_a_late_object_goes_to_the_window_that_is_registered_next(tmp_path: Path) -> None:
    early, later = windows.parse("2026-03-08-06:00"), windows.parse("2026-03-09-06:00")
    drop(tmp_path, "a.pdf", b"1", early.start)
    register(tmp_path).register([early], NOW)
    drop(tmp_path, "late.pdf", b"2", early.start)
    [manifest] = register(tmp_path).register([later], NOW)
    assert [(e.key, e.late) for e in manifest.entries] == [("late.pdf", True)]


def test_late_objects_alone_make_a_window_due(tmp_path: Path) -> None:
    window = windows.parse("2026-03-08-06:00")
    drop(tmp_path, "a.pdf", b"1", window.start)
    register(tmp_path).register([window], NOW)
    drop(tmp_path, "late.pdf", b"2", window.start)
    assert register(tmp_path).due(NOW) == [window.next()]


def test_late_objects_use_an_earlier_window_when_all_later_ones_are_taken(tmp_path: Path) -> None:
    now = windows.parse(FIRST).next().start + timedelta(minutes=1)
    open_window = windows.containing(now)
    drop(tmp_path, "a.pdf", b"1", now)
    register(tmp_path).register([open_window], now)
    drop(tmp_path, "b.pdf", b"2", now)
    assert register(tmp_path).due(now) == [windows.parse(FIRST)]


def test_a_registered_manifest_never_changes(tmp_path: Path) -> None:
    window = windows.parse("2026-03-08-06:00")
    drop(tmp_path, "a.pdf", b"1", window.start)
    [before] = register(tmp_path).register([window], NOW)
    drop(tmp_path, "a.pdf", b"22", window.start)
    drop(tmp_path, "b.pdf", b"3", window.start)
    [after] = register(tmp_path).register([window], NOW + timedelta(hours=1))
    assert after == before


def test_a_new_version_of_a_key_is_a_new_object(tmp_path: Path) -> None:
    first, second = windows.parse("2026-03-08-06:00"), windows.parse("2026-03-08-12:00")
    drop(tmp_path, "a.pdf", b"1", first.start)
    [before] = register(tmp_path).register([first], NOW)
    drop(tmp_path, "a.pdf", b"2", second.start)
    [after] = register(tmp_path).register([second], NOW)
    assert after.entries[0].key == before.entries[0].key
    assert after.entries[0].object_id != before.entries[0].object_id


def test_the_content_is_kept_under_its_hash(tmp_path: Path) -> None:
    window = windows.parse("2026-03-08-06:00")
    drop(tmp_path, "a.pdf", b"content", window.start)
    [manifest] = register(tmp_path).register([window], NOW)
    (tmp_path / "landing" / "a.pdf").unlink()
    assert (tmp_path / "lake" / raw_key(manifest.entries[0].sha256)).read_bytes() == b"content"


def test_a_window_that_has_not_begun_cannot_be_registered(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="has not begun"):
        register(tmp_path).register([windows.containing(NOW).next()], NOW)


def test_a_damaged_or_missing_manifest_is_an_error_that_names_it(tmp_path: Path) -> None:
    one, two = windows.parse("2026-03-08-06:00"), windows.parse("2026-03-08-12:00")
    [a, b] = register(tmp_path).register([one, two], NOW)
    (tmp_path / "lake" / b.store_key).write_text("{")
    with pytest.raises(RegisterError, match=r"00000002\.json"):
        register(tmp_path).manifests()
    (tmp_path / "lake" / a.store_key).unlink()
    (tmp_path / "lake" / b.store_key).write_text(b.to_json())
    with pytest.raises(RegisterError, match="Manifest 1 is missing"):
        register(tmp_path).manifests()


def test_a_writer_who_loses_the_race_for_a_number_takes_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process registers a window between our look at the log and our write."""
    one, two = windows.parse("2026-03-08-06:00"), windows.parse("2026-03-08-12:00")
    drop(tmp_path, "a.pdf", b"1", one.start)
    drop(tmp_path, "b.pdf", b"2", two.start)
    ours, theirs = register(tmp_path), register(tmp_path)
    append = Register._append
    raced: list[bool] = []

    def race(self: Register, manifest: object, folder: object) -> None:
        if self is ours and not raced:
            raced.append(True)
            theirs.register([one], NOW)
        append(self, manifest, folder)  # type: ignore[arg-type]

    monkeypatch.setattr(Register, "_append", race)
    ours.register([two], NOW)
    log = register(tmp_path).manifests()
    assert [m.sequence for m in log] == [1, 2]
    assert sorted(e.key for m in log for e in m.entries) == ["a.pdf", "b.pdf"]


_UNPRIVILEGED = """
import os, sys
from pathlib import Path
folder = Path(sys.argv[1])
from tests.unit.test_register import NOW, register, windows
from muniment.objects import StoreError  # everything is loaded while it can be
import tempfile, hashlib, json
os.setgid(65534)
os.setuid(65534)
"""


def as_nobody(folder: Path, code: str) -> str:
    """What the code prints when an unprivileged user runs it; to root every file is readable."""
    if os.geteuid():
        pytest.skip("only root can become another user")
    open_to_all(folder)
    os.chown(folder, NOBODY, NOBODY)
    for path in folder.rglob("*"):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    command = [sys.executable, "-c", _UNPRIVILEGED + code, str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_file_that_may_not_be_read_is_registered_as_such_until_it_may(tmp_path: Path) -> None:
    """Then it is a new object: a changed permission is news."""
    window = windows.parse("2026-03-08-06:00")
    drop(tmp_path, "a.csv", b"good", window.start)
    drop(tmp_path, "b.pdf", b"%PDF-1.7", window.start)
    (tmp_path / "landing" / "b.pdf").chmod(0)
    said = as_nobody(
        tmp_path,
        """
window = windows.parse("2026-03-08-06:00")
[manifest] = register(folder).register([window], NOW)
print([(e.key, e.kind, e.size) for e in manifest.entries])
assert register(folder).due(NOW) == [], "it is known now"
(folder / "landing" / "b.pdf").chmod(0o600)
[window] = register(folder).due(NOW)
[manifest] = register(folder).register([window], NOW)
print([(e.key, e.kind, e.late) for e in manifest.entries])
print(sorted(path.name for path in (folder / "lake" / "raw" / "objects").iterdir()))
""",
    ).splitlines()
    assert said == [
        "[('a.csv', 'records', 4), ('b.pdf', 'unreadable', 8)]",
        "[('b.pdf', 'pdf', True)]",
        str(sorted(hashlib.sha256(content).hexdigest() for content in (b"good", b"%PDF-1.7"))),
    ]


def test_two_files_that_may_not_be_read_are_no_copies_of_one_another(tmp_path: Path) -> None:
    window = windows.parse("2026-03-08-06:00")
    for name in ("a.pdf", "b.pdf"):
        drop(tmp_path, name, b"%PDF-1.7", window.start)
        (tmp_path / "landing" / name).chmod(0)
    as_nobody(tmp_path, 'register(folder).register([windows.parse("2026-03-08-06:00")], NOW)')
    log = register(tmp_path).manifests()
    first = FirstSeen(log)
    assert [first.is_original(entry) for entry in log[0].entries] == [True, True]


def test_a_link_to_what_may_not_be_seen_is_registered_as_unreadable(tmp_path: Path) -> None:
    window = windows.parse("2026-03-08-06:00")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "a.pdf").write_bytes(b"%PDF-1.7")
    drop(tmp_path, "a.csv", b"good", window.start)
    (tmp_path / "landing" / "link.pdf").symlink_to(hidden / "a.pdf")
    hidden.chmod(0)
    said = as_nobody(
        tmp_path,
        """
for window in register(folder).due(NOW):
    for manifest in register(folder).register([window], NOW):
        print([(e.key, e.kind) for e in manifest.entries])
""",
    )
    assert sorted(said.splitlines()) == ["[('a.csv', 'records')]", "[('link.pdf', 'unreadable')]"]


def test_a_folder_whose_files_may_not_be_seen_stops_the_listing(tmp_path: Path) -> None:
    """Its names can be listed, but nothing more: what lies in it would be overlooked without a word."""
    drop(tmp_path, "folder/a.csv", b"good", NOW)
    (tmp_path / "landing" / "folder").chmod(0o444)
    said = as_nobody(
        tmp_path,
        """
try:
    print(register(folder).due(NOW))
except StoreError as error:
    print(error)
""",
    )
    assert "cannot be listed (Permission denied)" in said
    assert "folder/a.csv" in said


@pytest.mark.parametrize(
    ("key", "head", "kind"),
    [
        ("a.PDF", b"", "pdf"),
        ("a.csv", b"%PDF-", "records"),
        ("a.Parquet", b"PAR1", "records"),
        ("a", b"junk%PDF-1.4", "pdf"),
        ("a.docx", b"PK", "other"),
        ("a.ndjson", b"{", "records"),
    ],
)
def test_an_object_is_taken_for_what_its_name_or_first_bytes_say(key: str, head: bytes, kind: str) -> None:
    assert kind_of(key, head) == kind


SLOTS = windows.between(FIRST, "2026-03-09-06:00")
DROPS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, len(SLOTS) - 1), st.binary(min_size=1, max_size=3)), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(DROPS, min_size=1, max_size=4), data=st.data())
def test_every_landed_version_is_registered_once_whatever_the_order(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[int, int, bytes]]], data: st.DataObject
) -> None:
    """Drop, run some windows, drop again, …: afterwards each landed version stands in exactly one manifest."""
    folder = tmp_path_factory.mktemp("register")
    landed: set[tuple[str, str]] = set()
    for batch in batches:
        for number, slot, content in batch:
            drop(folder, f"k{number}.csv", content, SLOTS[slot].start + timedelta(seconds=number))
        landed |= {(i.key, i.version) for i in FolderStore(folder / "landing").list()}
        wanted = data.draw(st.lists(st.sampled_from(SLOTS), max_size=3, unique=True))
        register(folder).register(wanted, NOW)
        while due := register(folder).due(NOW):
            register(folder).register(due, NOW)
    log = register(folder).manifests()
    entries = [(e.key, e.version) for m in log for e in m.entries]
    assert len(entries) == len(set(entries))
    assert set(entries) == landed
    assert len({m.window_key for m in log}) == len(log)
    first = FirstSeen(log)
    originals = [e.sha256 for m in log for e in m.entries if first.is_original(e)]
    assert sorted(originals) == sorted({e.sha256 for m in log for e in m.entries})
