"""Landing copies what was named and tells what became of each file: nothing is left out without a word."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.landing import LandingError, LandingReport, land
from muniment.objects import FolderStore
from tests.unprivileged import NOBODY


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "landing")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "delivered"
    folder.mkdir()
    return folder


def put(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def keys(store: FolderStore) -> list[str]:
    return [info.key for info in store.list()]


def content(store: FolderStore, key: str) -> str:
    with store.open(key) as stream:
        return stream.read().decode()


def reasons(items: list[tuple[str, str]]) -> dict[str, str]:
    return {Path(path).name: reason for path, reason in items}


def test_a_file_lands_under_its_name_and_a_folder_under_its_own(store: FolderStore, source: Path) -> None:
    put(source / "contracts" / "2026" / "a.pdf", "A")
    put(source / "b.pdf", "B")
    report = land([source / "contracts", source / "b.pdf"], store)
    assert report == LandingReport(landed=["contracts/2026/a.pdf", "b.pdf"])
    assert keys(store) == ["b.pdf", "contracts/2026/a.pdf"]
    assert content(store, "contracts/2026/a.pdf") == "A"


def test_files_land_below_the_folder_that_was_asked_for(store: FolderStore, source: Path) -> None:
    put(source / "2026-03-08.csv")
    assert land([source / "2026-03-08.csv"], store, "records/matters/").landed == ["records/matters/2026-03-08.csv"]
    assert land([source], store, ".").landed == ["delivered/2026-03-08.csv"]


@pytest.mark.parametrize("under", ["..", "a/../..", "../b"])
def test_nothing_lands_outside_landing(store: FolderStore, source: Path, under: str) -> None:
    with pytest.raises(LandingError, match="outside landing"):
        land([put(source / "a.pdf")], store, under)


def test_the_working_folder_lands_under_its_real_name(
    store: FolderStore, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(source / "a.pdf")
    monkeypatch.chdir(source)
    assert land([Path()], store).landed == ["delivered/a.pdf"]


def test_a_file_lands_now_whatever_the_age_of_the_original(store: FolderStore, source: Path) -> None:
    path = put(source / "a.pdf")
    os.utime(path, (0, 0))
    land([path], store)
    [info] = store.list()
    assert info.modified.year > 2000


def test_the_same_bytes_are_left_alone_and_other_bytes_replace(store: FolderStore, source: Path) -> None:
    path = put(source / "a.pdf", "one")
    land([path], store)
    [before] = store.list()
    assert land([path], store) == LandingReport(unchanged=["a.pdf"])
    assert list(store.list()) == [before]
    put(path, "two")
    assert land([path], store).landed == ["a.pdf"]
    assert content(store, "a.pdf") == "two"


def test_two_files_that_would_take_one_name_are_not_silently_one(store: FolderStore, source: Path) -> None:
    one, two, same = (
        put(source / "1" / "a.pdf", "A"),
        put(source / "2" / "a.pdf", "B"),
        put(source / "3" / "a.pdf", "A"),
    )
    report = land([one, two, same], store)
    assert (report.landed, report.unchanged) == (["a.pdf"], ["a.pdf"])
    [(path, reason)] = report.failed
    assert path == str(two)
    assert str(one) in reason
    assert content(store, "a.pdf") == "A"


def test_hidden_files_and_unfinished_copies_are_skipped_and_listed(store: FolderStore, source: Path) -> None:
    for name in [".DS_Store", ".git/config", ".muniment-tmp-0", "a.pdf"]:
        put(source / name)
    report = land([source], store)
    assert report.landed == ["delivered/a.pdf"]
    assert reasons(report.skipped) == {
        ".DS_Store": "hidden",
        ".git": "hidden",
        ".muniment-tmp-0": "an unfinished copy",
    }
    assert report.failed == []


def test_a_hidden_file_that_is_named_itself_lands(store: FolderStore, source: Path) -> None:
    assert land([put(source / ".secret.pdf")], store).landed == [".secret.pdf"]


def test_an_empty_folder_is_told(store: FolderStore, source: Path) -> None:
    assert reasons(land([source], store).skipped) == {"delivered": "an empty folder"}


def test_what_is_no_file_is_listed_with_its_reason_and_stops_nothing(store: FolderStore, source: Path) -> None:
    os.mkfifo(source / "pipe")
    (source / "gone").symlink_to("nowhere")
    (source / "self").symlink_to("self")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(source / "socket"))
        put(source / "z.pdf")
        report = land([source, source / "absent.pdf", Path("/dev/null")], store)
    assert report.landed == ["delivered/z.pdf"]
    failed = reasons(report.failed)
    assert failed.pop("self")
    assert failed == {
        "pipe": "a pipe, not a file",
        "socket": "a socket, not a file",
        "gone": "a link to nothing",
        "null": "a device, not a file",
        "absent.pdf": "No such file or directory",
    }


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of a user who is not root, as whom the test runs; root may read everything."""
    with tempfile.TemporaryDirectory() as name:
        if os.geteuid() != 0:
            yield Path(name)
            return
        os.chown(name, NOBODY, -1)
        os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)


def test_what_may_not_be_read_is_listed_and_stops_nothing(unprivileged: Path) -> None:
    source = unprivileged / "delivered"
    put(source / "a.pdf").chmod(0)
    put(source / "closed" / "b.pdf")
    put(source / "z.pdf")
    (source / "closed").chmod(0)
    try:
        report = land([source], FolderStore(unprivileged / "landing"))
    finally:
        (source / "closed").chmod(0o700)
    assert report.landed == ["delivered/z.pdf"]
    assert reasons(report.failed) == {"a.pdf": "Permission denied", "closed": "Permission denied"}


def test_links_to_files_and_folders_are_followed_once(store: FolderStore, source: Path) -> None:
    put(source / "real" / "a.pdf", "A")
    (source / "also.pdf").symlink_to("real/a.pdf")
    (source / "alias").symlink_to("real")
    (source / "real" / "up").symlink_to("..")
    report = land([source], store)
    assert report.landed == ["delivered/alias/a.pdf", "delivered/also.pdf"]
    assert reasons(report.skipped) == {
        "up": f"the same folder as {source}",
        "real": f"the same folder as {source / 'alias'}",
    }


def test_landing_is_not_landed_into_itself(source: Path) -> None:
    store = FolderStore(source / "landing")
    put(source / "a.pdf")
    put(source / "landing" / "old.pdf")
    report = land([source], store)
    assert report.landed == ["delivered/a.pdf"]
    assert reasons(report.skipped) == {"landing": "the same folder as landing itself"}


def test_a_file_too_deep_for_landing_is_listed(store: FolderStore, source: Path) -> None:
    deep = source
    for _ in range(300):
        deep = deep / "d"
        deep.mkdir()
    put(deep / "a.pdf")
    put(source / "z.pdf")
    report = land([source], store)
    assert report.landed == ["delivered/z.pdf"]
    assert "folders deep" in reasons(report.failed)["a.pdf"]


def test_a_name_that_is_a_folder_in_landing_is_refused_and_stops_nothing(store: FolderStore, source: Path) -> None:
    land([put(source / "a" / "b.pdf"), source / "a"], store)
    report = land([put(source / "files" / "a"), put(source / "z.pdf"), put(source / "b.pdf" / "c")], store)
    assert report.landed == ["z.pdf", "c"]
    assert "folder" in reasons(report.failed)["a"]
    report = land([source / "b.pdf"], store)
    assert "no folder" in reasons(report.failed)["c"]


def test_progress_hears_of_every_file(store: FolderStore, source: Path) -> None:
    heard: list[tuple[int, int]] = []
    for name in "abc":
        put(source / name)
    land([source], store, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(1, 3), (2, 3), (3, 3)]


NAMES = [
    *(
        b"caf\xe9.pdf",
        "caf\u00e9.pdf".encode(),
        "cafe\u0301.pdf".encode(),
        b"caf\\xe9.pdf",
        b"a\\x5cxe9",
        b"back\\slash",
    ),
    *(
        b"caf%E9.pdf",
        b"caf%25.pdf",
        b"caf%C3%A9.pdf",
        b"with space\tand\nline",
        b"-rf",
        b"%2e%2e",
        b"\xff\xfe",
        "契約書.pdf".encode(),
        b"x" * 255,
        b"a:b*c?.pdf",
        b"CON",
    ),
]


def test_weird_names_land_whole_and_apart(store: FolderStore, source: Path) -> None:
    for number, name in enumerate(NAMES):
        put(source / os.fsdecode(name), str(number))
    report = land([source], store)
    assert (len(report.landed), report.skipped, report.failed) == (len(NAMES), [], [])
    assert keys(store) == sorted(report.landed)
    assert sorted(int(content(store, key)) for key in report.landed) == list(range(len(NAMES)))
    assert land([source], store).unchanged == report.landed


def test_a_name_too_long_for_landing_is_listed(store: FolderStore, source: Path) -> None:
    report = land([put(source / "a.pdf"), put(source / "b.pdf")], store, "y" * 300)
    assert len(report.failed) == 2
    assert "long" in report.failed[0][1]


ANY_NAME = st.binary(min_size=1, max_size=12).filter(lambda name: not set(name) & {0, 47} and name[:1] != b".")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sets(
        st.binary(min_size=1, max_size=12).filter(lambda name: not set(name) & {0, 47} and name[:1] != b"."), max_size=8
    )
)
def test_any_names_at_all_land_whole(tmp_path_factory: pytest.TempPathFactory, names: set[bytes]) -> None:
    root = tmp_path_factory.mktemp("any")
    store = FolderStore(root / "landing")
    for name in names:
        put(root / "delivered" / os.fsdecode(name), name.hex())
    report = land([root / "delivered"], store) if names else LandingReport()
    assert report.failed == []
    assert {content(store, key) for key in keys(store)} == {name.hex() for name in names}
