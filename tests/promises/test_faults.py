"""Promises 3 and 4 on a network that fails: what is done through it is done whole, or not at all and said so.

A proxy stands before a real S3 server and resets connections, loses answers, says nothing, or says that it is busy.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from muniment import windows
from muniment.errors import MunimentError
from muniment.keeping.bucket_rules import keep_rules
from muniment.keeping.originals import raw_key
from muniment.lake import Lake
from muniment.objects import S3Store, Store, StoreError, open_store
from muniment.register import Register
from muniment.settings import load
from tests import faults
from tests.conftest import SEED
from tests.faults import HARMFUL, QUICK, Fault, Proxy
from tests.s3 import S3Server
from tests.store_model import content
from tests.tables import COLUMNS, contract_of, stage

NOW = datetime.now(UTC)
KEYS = [window.key for window in windows.between("2026-03-07-12:00", "2026-03-08-18:00")]
TABLES = [contract_of(*COLUMNS[:2]), contract_of(*COLUMNS[:2], name="others")]
TIMEOUT, ATTEMPTS = 1, 2
LARGE = bytes(range(256)) * 8_000  # more than one block of reading
IN_PARTS = LARGE * 8  # 16 MB: two parts of the SDK's 8 MB


@pytest.fixture(scope="module")
def proxy(s3_server: S3Server) -> Iterator[Proxy]:
    with faults.before(s3_server.endpoint) as proxy:
        yield proxy


class Place:
    """A prefix that nobody has used, on a way with faults and on the way round them."""

    def __init__(self, server: S3Server, proxy: Proxy, state: Path) -> None:
        proxy.choose = faults.once()
        self._uri, self._state = server.new_prefix(), state
        self._direct = server.settings()
        self._through = self._direct | {
            "s3_endpoint": proxy.endpoint,
            "s3_timeout_seconds": TIMEOUT,
            "s3_attempts": ATTEMPTS,
        }

    def store(self, *, direct: bool = False) -> Store:
        """The prefix as a store of its own, with connections of its own."""
        return open_store(self._uri, load(**(self._direct if direct else self._through)))

    def lake(self, *, direct: bool = False) -> Lake:
        """The lake on it."""
        given = self._direct if direct else self._through
        return Lake(load(state_dir=self._state, **given), self.store(direct=direct))


@pytest.fixture
def place(s3_server: S3Server, proxy: Proxy, tmp_path: Path) -> Place:
    return Place(s3_server, proxy, tmp_path / "state")


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.write_bytes(LARGE)
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other"
    path.write_bytes(LARGE[::-1])
    return path


# --- objects ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [*HARMFUL, Fault.late], ids=lambda fault: fault.name)
def test_one_fault_changes_nothing_of_what_a_store_does(
    place: Place, proxy: Proxy, spool: Path, other: Path, fault: Fault
) -> None:
    store = place.store()
    for do in (
        lambda: store.create("once", spool),
        lambda: not store.create("once", other),
        lambda: content(store, "once") == LARGE,
        lambda: [info.key for info in store.list()] == ["once"],
        lambda: store.replace("once", other) is None,
        lambda: store.delete("once") is None,
        lambda: not store.exists("once"),
    ):
        proxy.choose = faults.once(fault)
        assert do()


@pytest.mark.parametrize("fault", [Fault.busy, Fault.silent], ids=lambda fault: fault.name)
def test_a_server_that_stays_so_is_an_error_that_names_it_and_comes_in_time(
    place: Place, proxy: Proxy, spool: Path, fault: Fault
) -> None:
    place.store().create("there", spool)
    for do in (
        lambda store: store.open("there"),
        lambda store: next(store.list()),
        lambda store: store.create("new", spool),
        lambda store: store.replace("there", spool),
    ):
        proxy.choose = faults.always(fault)
        began = time.monotonic()
        with pytest.raises(StoreError, match=rf"{proxy.endpoint}.*MUNIMENT_S3_ATTEMPTS={ATTEMPTS}"):
            do(place.store())
        assert time.monotonic() - began < ATTEMPTS * (TIMEOUT + 4)


def test_a_name_that_another_took_while_we_asked_again_is_not_ours(
    place: Place, proxy: Proxy, spool: Path, other: Path
) -> None:
    """The server answers 412 just as it does to one who asks again for what he has written himself."""

    def choose(method: str, path: str) -> Fault:
        proxy.choose = faults.once()
        assert place.store(direct=True).create("key", other)
        return Fault.refused

    proxy.choose = choose
    assert place.store().create("key", spool) is False
    assert content(place.store(direct=True), "key") == LARGE[::-1]


def test_reading_goes_on_where_it_broke_off_unless_the_object_is_another_by_then(
    place: Place, proxy: Proxy, spool: Path, other: Path
) -> None:
    store = place.store()
    store.create("key", spool)
    proxy.met = []
    proxy.choose = faults.once(Fault.cut_down)
    assert content(store, "key") == LARGE
    assert [fault for _, _, fault in proxy.met] == [Fault.cut_down, Fault.none]

    proxy.choose = faults.once(Fault.cut_down)
    stream = store.open("key")
    place.store(direct=True).replace("key", other)
    with stream, pytest.raises(StoreError):
        stream.read()


def test_an_answer_that_there_is_no_such_object_is_an_error_of_ours_when_it_breaks_off(
    place: Place, proxy: Proxy
) -> None:
    proxy.choose = faults.once(Fault.cut_down)
    with pytest.raises(StoreError, match=proxy.endpoint):
        place.store().open("absent")


# --- uploads in parts -------------------------------------------------------------------------------------------------


@pytest.fixture
def in_parts(tmp_path: Path) -> Path:
    path = tmp_path / "in parts"
    path.write_bytes(IN_PARTS)
    return path


def unfinished(place: Place) -> list[str]:
    """Keys of which the server holds parts of an upload that was neither completed nor given up."""
    store = place.store(direct=True)
    assert isinstance(store, S3Store)
    begun = store._client.list_multipart_uploads(Bucket=store.bucket).get("Uploads", ())
    return [one["Key"].removeprefix(store.prefix) for one in begun if one["Key"].startswith(store.prefix)]


@pytest.mark.parametrize(
    ("fault", "method", "path"),
    [
        (Fault.cut_up, "PUT", "partNumber=2"),
        (Fault.lost, "PUT", "partNumber=2"),
        (Fault.busy, "POST", "uploadId="),
        (Fault.lost, "POST", "uploadId="),
    ],
    ids=["cut in a part", "part unheard of", "completion refused", "completion unheard of"],
)
def test_an_object_that_goes_up_in_parts_through_one_fault_is_whole(
    place: Place, proxy: Proxy, in_parts: Path, fault: Fault, method: str, path: str
) -> None:
    proxy.met = []
    proxy.choose = faults.once(fault, method=method, path=path)
    place.store().replace("key", in_parts)
    assert [(met, path in at) for met, at, fate in proxy.met if fate is fault] == [(method, True)]
    assert content(place.store(direct=True), "key") == IN_PARTS
    assert unfinished(place) == []


@pytest.mark.parametrize("fault", [Fault.cut_up, Fault.lost], ids=lambda fault: fault.name)
def test_an_upload_that_breaks_off_in_a_part_leaves_what_was_and_no_parts(
    place: Place, proxy: Proxy, spool: Path, in_parts: Path, fault: Fault
) -> None:
    place.store(direct=True).create("key", spool)
    proxy.choose = lambda method, path: fault if "partNumber=2" in path else Fault.none
    for key in ("key", "new"):
        with pytest.raises(StoreError, match=proxy.endpoint):
            place.store().replace(key, in_parts)
    direct = place.store(direct=True)
    assert content(direct, "key") == LARGE
    assert not direct.exists("new")
    assert unfinished(place) == []


def test_parts_that_could_not_even_be_given_up_are_cleared_by_a_rule_of_the_bucket(
    place: Place, proxy: Proxy, s3_server: S3Server, in_parts: Path
) -> None:
    proxy.choose = lambda method, path: Fault.busy if method == "DELETE" or "partNumber=2" in path else Fault.none
    with pytest.raises(StoreError, match=proxy.endpoint):
        place.store().replace("key", in_parts)
    store = place.store(direct=True)
    assert isinstance(store, S3Store)
    assert (store.exists("key"), unfinished(place)) == (False, ["key"])
    keep_rules(store, load(**s3_server.settings()))
    try:
        ours = [rule for rule in store.rules() if rule["Filter"]["Prefix"] == store.prefix]
        assert [rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] for rule in ours] == [7]
    finally:
        store._client.delete_bucket_lifecycle(Bucket=store.bucket)


# --- the lake ---------------------------------------------------------------------------------------------------------


def held(place: Place) -> dict[tuple[str, str], list[str]]:
    """Names by table and window, by the way round the faults."""
    lake = place.lake(direct=True)
    found: dict[tuple[str, str], list[str]] = {}
    for contract in TABLES:
        for key in lake.held(contract):
            batches = lake.scan(contract, windows.parse(key), ["name"])
            found[contract.name, key] = [row["name"] for batch in batches for row in batch.to_pylist()]
    return found


@pytest.mark.parametrize("fault", [*HARMFUL, Fault.late], ids=lambda fault: fault.name)
def test_a_commit_through_one_fault_at_any_of_its_requests_takes_place_once(
    place: Place, proxy: Proxy, tmp_path: Path, fault: Fault, rng: random.Random
) -> None:
    lake = place.lake()
    lake.commit(stage(tmp_path, TABLES[0], KEYS[0], [{"name": "a"}]), "run-1")
    proxy.met = []
    proxy.choose = faults.once(*[Fault.none] * rng.randrange(8), fault)
    assert lake.commit(stage(tmp_path, TABLES[0], KEYS[1], [{"name": "b"}]), "run-2").changed
    assert fault in [met for _, _, met in proxy.met]
    assert len(lake.catalog.load_table(TABLES[0].table).snapshots()) == 2


@pytest.mark.parametrize("fault", [Fault.busy, Fault.cut_up], ids=lambda fault: fault.name)
def test_a_commit_that_cannot_be_made_says_where_and_leaves_what_was(
    place: Place, proxy: Proxy, tmp_path: Path, fault: Fault
) -> None:
    lake = place.lake()
    lake.commit(stage(tmp_path, TABLES[0], KEYS[0], [{"name": "old"}]), "run-1")
    new = stage(tmp_path, TABLES[0], KEYS[0], [{"name": "new"}])
    for path in ("/processed/", "/iceberg/"):
        proxy.choose = lambda method, at, path=path: fault if path in at and method == "PUT" else Fault.none
        with pytest.raises(MunimentError, match=proxy.endpoint):
            lake.commit(new, "run-2")
        assert held(place) == {("samples", KEYS[0]): ["old"]}
    proxy.choose = faults.once()
    assert lake.commit(new, "run-3").changed
    assert held(place) == {("samples", KEYS[0]): ["new"]}


def storm(
    place: Place,
    proxy: Proxy,
    folder: Path,
    rng: random.Random,
    share: float,
    keys: list[str],
    of: Sequence[Fault] = HARMFUL,
) -> int:
    """Commit every window of every table through faults, again and again until all say that they did; counts errors.

    Whatever an error came of, a window is there whole or not at all, and what was acknowledged stays.
    """
    wanted = {(contract.name, key): [f"{key} {at}" for at in range(3)] for contract in TABLES for key in keys}
    waiting = [(contract, key) for contract in TABLES for key in keys]
    acknowledged: set[tuple[str, str]] = set()
    errors = 0
    while waiting:
        contract, key = waiting.pop(rng.randrange(len(waiting)))
        rows = [{"name": name} for name in wanted[contract.name, key]]
        proxy.choose = faults.at_random(rng, share if errors < 100 else 0, of)
        try:
            place.lake().commit(stage(folder, contract, key, rows), f"run-{errors}")
            acknowledged.add((contract.name, key))
        except MunimentError as error:
            assert proxy.endpoint in str(error)
            waiting.append((contract, key))
            errors += 1
        found = held(place)
        assert acknowledged <= found.keys()
        assert all(found[at] == wanted[at] for at in found)
    assert found == wanted
    return errors


def test_windows_committed_through_a_storm_of_faults_are_all_there_once(
    place: Place, proxy: Proxy, tmp_path: Path, rng: random.Random
) -> None:
    errors = storm(place, proxy, tmp_path, rng, 0.2, KEYS[:2], QUICK)
    print(f"MUNIMENT_SEED={SEED}: {errors} errors")


@pytest.mark.attack
@pytest.mark.timeout(0)
@pytest.mark.parametrize("share", [0.05, 0.2, 0.4, 0.6])
def test_windows_committed_through_any_storm_are_all_there_once(
    share: float, place: Place, proxy: Proxy, tmp_path: Path, rng: random.Random
) -> None:
    storm(place, proxy, tmp_path, rng, share, KEYS)


# --- the register -----------------------------------------------------------------------------------------------------


def test_a_window_registered_through_faults_holds_every_object_once(
    place: Place, proxy: Proxy, s3_server: S3Server, tmp_path: Path, rng: random.Random
) -> None:
    landing = Place(s3_server, proxy, tmp_path / "landing")
    files = {f"{number}.csv": f"a\n{number}\n".encode() * 50_000 for number in range(4)}
    for name, bytes_ in files.items():
        (tmp_path / name).write_bytes(bytes_)
        landing.store(direct=True).create(name, tmp_path / name)
    proxy.choose = faults.at_random(rng, 0.3, QUICK)
    now = datetime.now(UTC)
    wanted = [windows.containing(now)]

    def register() -> Any:
        return Register(landing.store(), place.store(), wanted[0].key).register(wanted, now)

    manifests = _until_done(register)
    direct = place.store(direct=True)
    [manifest] = Register(landing.store(direct=True), direct, wanted[0].key).manifests()
    assert manifests == [manifest]
    assert {entry.key: content(direct, raw_key(entry.sha256)) for entry in manifest.entries} == files


def _until_done(do: Callable[[], Any]) -> Any:
    for _ in range(50):
        try:
            return do()
        except MunimentError:
            continue
    raise AssertionError(f"MUNIMENT_SEED={SEED}: it never came through")
