"""Object stores: what is created is created once and whole, and every name comes back as it went in."""

import multiprocessing
import os
import random
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from muniment.objects import TEMPORARY, BadKey, FolderStore, S3Store, StoreError, key_of, open_store
from muniment.settings import load
from tests.store_model import Operation, content, operations
from tests.unprivileged import NOBODY, open_to_all


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.write_bytes(b"content")
    return path


def keys(store: FolderStore, prefix: str = "") -> list[str]:
    return [info.key for info in store.list(prefix)]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations(max_size=25))
def test_a_folder_behaves_like_a_dictionary(tmp_path_factory: pytest.TempPathFactory, steps: list[Operation]) -> None:
    folder = tmp_path_factory.mktemp("model")
    model: dict[str, bytes] = {}
    for step in steps:
        step(FolderStore(folder / "store"), model, folder / "spool")


def test_an_object_tells_its_size_time_and_version(store: FolderStore, spool: Path) -> None:
    before = datetime.now(UTC)
    store.create("a/b", spool)
    [first] = store.list()
    assert (first.key, first.size) == ("a/b", 7)
    assert abs((first.modified - before).total_seconds()) < 60
    time.sleep(0.02)
    spool.write_bytes(b"changed")
    store.replace("a/b", spool)
    [second] = store.list()
    assert second.version != first.version


def test_a_store_that_is_not_there_yet_is_empty(store: FolderStore) -> None:
    assert keys(store) == []
    assert keys(store, "below") == []
    assert not store.exists("a")
    with pytest.raises(FileNotFoundError):
        store.open("a")
    store.delete("a")


# Names


@pytest.mark.parametrize(
    "key", ["", ".", "/", "..", "../a", "a/../../b", "a/..", "/etc/passwd", "a\0b", "\ud800", "d/" * 300 + "x"]
)
def test_a_key_that_is_no_name_below_the_root_is_refused(store: FolderStore, spool: Path, key: str) -> None:
    for use in (
        store.open,
        store.exists,
        store.delete,
        lambda key: store.create(key, spool),
        lambda key: store.replace(key, spool),
    ):
        with pytest.raises(BadKey):
            use(key)


def test_an_escaped_dot_or_slash_leads_nowhere_else(store: FolderStore, spool: Path) -> None:
    store.create("%2E%2E%2Fescaped", spool)
    assert keys(store) == ["%2E%2E%2Fescaped"]
    assert [path.name for path in store.root.iterdir()] == ["%2E%2E%2Fescaped"]


@pytest.mark.parametrize(("key", "proper"), [("caf%C3%A9", "café"), ("a\\b", "a%5Cb")])
def test_a_key_that_is_another_spelling_of_a_name_is_refused(
    store: FolderStore, spool: Path, key: str, proper: str
) -> None:
    with pytest.raises(BadKey, match=f"write '{proper}'"):
        store.create(key, spool)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([b"\\", b"%", b"E9", b"5C", b"25", b"\xe9", b"\xc3", b"\xa9", b"a", "é".encode()]),
        min_size=1,
        max_size=8,
    )
)
@example([b"%", b"E9"])
@example([b"%", b"25", b"E9"])
@example([b"\\", b"%", b"5C"])
def test_every_name_has_a_key_of_its_own(parts: list[bytes]) -> None:
    name = b"".join(parts)
    key = key_of(Path(os.fsdecode(name)))
    assert "\\" not in key
    assert os.fsencode(FolderStore(Path("/")).path(key)) == b"/" + name


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(min_size=1, max_size=30).filter(lambda name: not set(name) & {0, 47} and name not in (b".", b"..")))
def test_a_name_of_any_bytes_comes_back(tmp_path_factory: pytest.TempPathFactory, name: bytes) -> None:
    store = FolderStore(tmp_path_factory.mktemp("bytes"))
    (store.root / os.fsdecode(name)).write_bytes(name)
    [key] = keys(store)
    assert content(store, key) == name
    assert store.exists(key)
    store.delete(key)
    assert keys(store) == []


def test_keys_are_in_the_order_of_their_text_as_on_s3(store: FolderStore, spool: Path) -> None:
    for key in ["a/b", "a-b", "a", "B", "é"][::-1]:
        if key != "a":
            store.create(key, spool)
    assert keys(store) == ["B", "a-b", "a/b", "é"]


# What is not an object


def test_unfinished_copies_are_never_listed_nor_created(store: FolderStore, spool: Path) -> None:
    store.create("folder/a", spool)
    (store.root / "folder" / f"{TEMPORARY}left-by-a-kill").write_bytes(b"half")
    assert keys(store) == ["folder/a"]
    with pytest.raises(BadKey, match="unfinished"):
        store.create(f"folder/{TEMPORARY}x", spool)


def test_no_unfinished_copy_stays_behind(store: FolderStore, spool: Path, tmp_path: Path) -> None:
    store.create("a", spool)
    store.create("a", spool)
    store.replace("a", spool)
    with pytest.raises(FileNotFoundError):
        store.create("b", tmp_path / "absent")
    assert [path.name for path in store.root.iterdir()] == ["a"]


def test_unfinished_copies_of_writers_that_were_killed_are_swept_when_they_are_old(
    store: FolderStore, spool: Path
) -> None:
    store.create("a/b", spool)
    left = [store.root / "a" / f"{TEMPORARY}{name}" for name in ("old", "new")]
    for path in left:
        path.write_bytes(b"con")
    os.utime(left[0], (0, 0))
    assert store.sweep(datetime.now(UTC) - timedelta(hours=1)) == 1
    assert [path.exists() for path in left] == [False, True]
    assert content(store, "a/b") == b"content"
    assert FolderStore(store.root / "nowhere").sweep(datetime.now(UTC)) == 0


def test_pipes_dangling_links_and_folders_are_no_objects(store: FolderStore, spool: Path) -> None:
    store.create("folder/a", spool)
    os.mkfifo(store.root / "pipe")
    (store.root / "dangling").symlink_to("nowhere")
    (store.root / "loop").symlink_to(".")
    (store.root / "link").symlink_to("folder/a")
    assert keys(store) == ["folder/a", "link"]
    for key in ("folder", "dangling", "folder/a/below"):
        assert not store.exists(key)
        with pytest.raises(FileNotFoundError):
            store.open(key)
    store.delete("folder/a/below")


def test_a_name_cannot_be_both_a_folder_and_an_object(store: FolderStore, spool: Path) -> None:
    store.create("folder/a", spool)
    with pytest.raises(BadKey, match="folder"):
        store.replace("folder", spool)
    with pytest.raises(BadKey, match="no folder"):
        store.create("folder/a/below", spool)
    assert keys(store) == ["folder/a"]


def test_any_modification_time_of_a_file_is_an_instant(store: FolderStore, spool: Path) -> None:
    store.create("a", spool)
    for seconds in (-(2**40), -1, 0, 2**33, 2**40):
        os.utime(store.root / "a", (seconds, seconds))
        [info] = store.list()
        assert 1970 <= info.modified.year <= 9999


def test_a_folder_that_cannot_be_listed_is_an_error_and_not_overlooked(store: FolderStore, spool: Path) -> None:
    store.create("closed/a", spool)
    closed = store.root / "closed"
    os.chown(closed, 1, -1) if os.geteuid() == 0 else None
    closed.chmod(0)
    if os.geteuid() == 0:
        open_to_all(store.root)
        os.seteuid(NOBODY)
    try:
        with pytest.raises(StoreError, match="closed cannot be listed"):
            keys(store)
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        closed.chmod(0o700)


# Many writers and kills


ITEMS = 100


def _race(root: Path, number: int, start: float) -> list[int]:
    """Tries to create many objects in step with others; gives the numbers of those that this process won."""
    store = FolderStore(root / "store")
    mine = root / f"spool-{number}"
    mine.write_bytes(bytes([number]) * 3_000)
    time.sleep(max(0.0, start - time.time()))
    return [item for item in range(ITEMS) if store.create(f"race/{item}", mine)]


def test_of_eight_processes_one_creates_each_object_whole(tmp_path: Path) -> None:
    start = time.time() + 3
    with multiprocessing.get_context("spawn").Pool(8) as pool:
        won = pool.starmap(_race, [(tmp_path, number, start) for number in range(8)], chunksize=1)
    assert sorted(item for items in won for item in items) == list(range(ITEMS))
    store = FolderStore(tmp_path / "store")
    for number, items in enumerate(won):
        for item in items:
            assert content(store, f"race/{item}") == bytes([number]) * 3_000


def test_of_many_threads_in_step_one_creates_each_object(store: FolderStore, tmp_path: Path) -> None:
    in_step = threading.Barrier(8)

    def race(number: int) -> list[int]:
        mine = tmp_path / f"spool-{number}"
        mine.write_bytes(bytes([number]))
        won = []
        for item in range(60):
            in_step.wait(60)
            if store.create(f"race/{item}", mine):
                won.append(item)
        return won

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(race, range(8)))
    assert sorted(item for items in won for item in items) == list(range(60))


def _replace_for_ever(root: Path) -> None:
    store = FolderStore(root / "store")
    while True:
        for name in ("one", "two"):
            store.replace("a", root / name)
            store.create(f"new/{name}", root / name)
            store.delete(f"new/{name}")


def test_neither_a_reader_nor_a_kill_finds_half_an_object(tmp_path: Path) -> None:
    whole = {}
    for name in ("one", "two"):
        whole[name] = name.encode() * 1_000_000
        (tmp_path / name).write_bytes(whole[name])
    store = FolderStore(tmp_path / "store")
    store.replace("a", tmp_path / "one")
    delays = random.Random(7)
    for _ in range(3):
        process = multiprocessing.get_context("spawn").Process(target=_replace_for_ever, args=(tmp_path,))
        process.start()
        seen: set[bytes | None] = set()
        deadline = time.monotonic() + 20
        while len(seen) < 2 and time.monotonic() < deadline:
            seen.add(content(store, "a"))
        for _ in range(40):
            seen |= {content(store, "a")} | {content(store, f"new/{name}") for name in whole}
        time.sleep(delays.random() * 0.02)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert len(seen - {None}) == 2, "the writer was at work"
        assert seen <= {*whole.values(), None}
        assert set(keys(store)) <= {"a", "new/one", "new/two"}
        assert all(content(store, key) in whole.values() for key in keys(store))


# Places


def test_a_place_is_chosen_by_its_uri(tmp_path: Path) -> None:
    settings = load(s3_endpoint="http://127.0.0.1:1", s3_access_key_id="a", s3_secret_access_key="b")
    odd = tmp_path / "a folder"
    local = open_store(odd.as_uri(), settings)
    assert isinstance(local, FolderStore)
    assert local.root == odd
    remote = open_store("s3://bucket/some/prefix/", settings)
    assert isinstance(remote, S3Store)
    assert (remote.bucket, remote.prefix, remote.url("a")) == ("bucket", "some/prefix/", "s3://bucket/some/prefix/a")
    for uri in ("ftp://host/x", "/a/path", "s3:///x", "file://host/x", ""):
        with pytest.raises(StoreError, match=re.escape(repr(uri))):
            open_store(uri, settings)
