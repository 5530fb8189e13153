"""Objects on a real S3 server behave as they do in a folder, and what is created once is created once."""

import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from muniment.errors import MunimentError
from muniment.keeping.bucket_rules import keep_rules
from muniment.keeping.originals import ARCHIVE
from muniment.landing import LandingReport, land
from muniment.objects import BadKey, S3Store, Store, StoreError, open_store
from muniment.settings import load
from tests import faults
from tests.ageing import KEYS as AGES
from tests.ageing import Practice
from tests.conftest import SEED
from tests.s3 import S3Server, running
from tests.store_model import Operation, content, operations
from tests.unit.test_lake_maintenance import DAYS, NOTHING_KEPT, House


@pytest.fixture
def store(s3_server: S3Server) -> Store:
    return open_store(s3_server.new_prefix(), load(**s3_server.settings()))


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.write_bytes(b"content")
    return path


def keys(store: Store, prefix: str = "") -> list[str]:
    return [info.key for info in sorted(store.list(prefix))]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations(max_size=15))
def test_a_bucket_behaves_like_a_dictionary(
    s3_server: S3Server, tmp_path_factory: pytest.TempPathFactory, steps: list[Operation]
) -> None:
    store = open_store(s3_server.new_prefix(), load(**s3_server.settings()))
    model: dict[str, bytes] = {}
    for step in steps:
        step(store, model, tmp_path_factory.getbasetemp() / "spool")


def test_an_object_tells_its_size_time_and_version(store: Store, spool: Path) -> None:
    before = datetime.now(UTC)
    store.create("a/b", spool)
    [first] = store.list()
    assert (first.key, first.size) == ("a/b", 7)
    assert first.modified.tzinfo is UTC
    assert abs((first.modified - before).total_seconds()) < 60
    spool.write_bytes(b"changed")
    store.replace("a/b", spool)
    [second] = store.list()
    assert second.version != first.version


def test_of_eight_writers_one_creates_each_object_whole(s3_server: S3Server, tmp_path: Path) -> None:
    place = s3_server.new_prefix()

    def race(number: int) -> list[int]:
        own = open_store(place, load(**s3_server.settings()))
        mine = tmp_path / f"spool-{number}"
        mine.write_bytes(bytes([number]) * 50_000)
        return [item for item in range(8) if own.create(f"race/{item}", mine)]

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(race, range(8)))
    assert sorted(item for items in won for item in items) == list(range(8))
    store = open_store(place, load(**s3_server.settings()))
    for number, items in enumerate(won):
        for item in items:
            assert content(store, f"race/{item}") == bytes([number]) * 50_000


def test_more_keys_than_one_page_are_listed(store: Store, spool: Path) -> None:
    names = [f"many/{number:04d}" for number in range(1050)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda name: store.replace(name, spool), names))
    assert keys(store) == names
    assert keys(store, "many") == names


def test_a_large_object_goes_up_in_parts_and_comes_back_whole(store: Store, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(os.urandom(1 << 20) * 20)
    store.replace("large", large)
    assert content(store, "large") == large.read_bytes()
    assert store.create("large", large) is False
    assert store.create("again", large) is True
    assert content(store, "again") == large.read_bytes()


@pytest.mark.parametrize("key", ["", "..", "a/../../b", "/a", "x" * 1100, "a\0b", "\ud800"])
def test_a_key_that_is_no_name_is_refused(store: Store, spool: Path, key: str) -> None:
    with pytest.raises(BadKey):
        store.replace(key, spool)


def test_folder_marks_are_no_objects_but_data_is(s3_server: S3Server, store: Store, spool: Path) -> None:
    assert isinstance(store, S3Store)
    store.create("folder/a", spool)
    store._client.put_object(Bucket=store.bucket, Key=f"{store.prefix}marked/", Body=b"")
    assert keys(store) == ["folder/a"]


def test_wrong_credentials_or_no_server_are_one_clear_error(s3_server: S3Server, spool: Path) -> None:
    wrong = load(**(s3_server.settings() | {"s3_secret_access_key": "wrong"}))
    nobody = load(**(s3_server.settings() | {"s3_endpoint": "http://127.0.0.1:9"}))
    absent = open_store("s3://no-such-bucket/x", load(**s3_server.settings()))
    for store in (open_store(s3_server.new_prefix(), wrong), open_store(s3_server.new_prefix(), nobody), absent):
        with pytest.raises(StoreError, match=r"cannot be used.*MUNIMENT_S3_ENDPOINT"):
            list(store.list())
    for store in (open_store(s3_server.new_prefix(), wrong), open_store(s3_server.new_prefix(), nobody)):
        for use in (store.open, store.exists, store.delete):
            with pytest.raises(StoreError):
                use("a")
        with pytest.raises(StoreError):
            store.create("a", spool)
        with pytest.raises(StoreError):
            store.replace("a", spool)


def test_arrow_reads_what_the_store_wrote(store: Store, tmp_path: Path) -> None:
    table = pa.table({"a": [1, 2, 3]})
    pq.write_table(table, tmp_path / "a.parquet")
    store.create("tables/é/a.parquet", tmp_path / "a.parquet")
    files, root = store.arrow()
    assert pq.read_table(f"{root}/tables/é/a.parquet", filesystem=files).equals(table)


def test_files_land_and_are_left_alone_when_nothing_changed(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "contracts"
    for name in (b"a.pdf", b"caf\xe9.pdf", "é b%20.pdf".encode(), b"back\\slash.pdf"):
        source.mkdir(exist_ok=True)
        (source / os.fsdecode(name)).write_bytes(name)
    report = land([source], store, "new")
    assert report.failed == report.skipped == []
    assert keys(store) == sorted(report.landed)
    assert land([source], store, "new") == LandingReport(unchanged=report.landed)


def test_what_was_acknowledged_survives_a_kill_of_the_server(tmp_path: Path, spool: Path) -> None:
    with running(tmp_path) as first:
        store = open_store("s3://muniment/kept", load(**first.settings()))
        for number in range(20):
            assert store.create(f"{number:02d}", spool)
    began = time.monotonic()
    with running(tmp_path) as second:
        store = open_store("s3://muniment/kept", load(**second.settings()))
        assert keys(store) == [f"{number:02d}" for number in range(20)]
        assert content(store, "07") == b"content"
        assert store.create("07", spool) is False
    assert time.monotonic() - began < 60


def test_a_lake_in_a_bucket_is_kept_up_as_one_in_a_folder(s3_server: S3Server, tmp_path: Path) -> None:
    house = House(tmp_path, lake_uri=s3_server.new_prefix(), **s3_server.settings())
    house.fill(DAYS[:8])
    house.put(DAYS[1], "replaced", run="run-2")
    before = house.contents()
    report = house.keep_up(NOTHING_KEPT)
    assert not report.error
    assert (report.steps[0].before.files, report.steps[0].after.files) == (8, 2)
    assert len([key for key in house.on_disk() if key.startswith("processed/")]) == 2
    house.put(DAYS[2], "carried", run="run-3")
    assert house.names(DAYS[1]) == ["replaced"]
    assert house.contents().keys() == before.keys()
    assert house.by_iceberg() == sorted(house.names())


# --- ageing -----------------------------------------------------------------------------------------------------------


def test_originals_in_a_bucket_grow_old_as_those_in_a_folder(s3_server: S3Server, tmp_path: Path) -> None:
    practice = Practice(tmp_path, lake_uri=s3_server.new_prefix(), **s3_server.settings())
    deed = practice.land(AGES[0], "deed.pdf", b"%PDF a deed")
    practice.publish(AGES[0])
    held = practice.land(AGES[1], "held.pdf", b"%PDF held")
    practice.publish(AGES[1])
    practice.holds.place("a claim", objects=[held])
    practice.round_after(AGES[1], 31)
    assert practice.places(deed) == practice.places(held) == {ARCHIVE}
    assert practice.content(deed) == b"%PDF a deed"
    assert practice.round_after(AGES[1], 2555).retired == (AGES[0],)
    practice.round_after(AGES[1], 2556)
    assert (practice.content(deed), practice.content(held)) == (None, b"%PDF held")
    assert practice.rows() == [AGES[1]]


def test_rounds_on_a_network_that_fails_lose_nothing_and_one_that_goes_through_finishes_them(
    s3_server: S3Server, tmp_path: Path, rng: random.Random
) -> None:
    """Requests are lost while originals are moved, windows retired, files deleted; a hold is kept throughout."""
    place = {"lake_uri": s3_server.new_prefix(), **s3_server.settings()}
    sound = Practice(tmp_path, **place)
    windows_of = {"old": AGES[0], "held": AGES[1], "young": AGES[-1]}
    old, held, young = (sound.land(key, f"{name}.pdf", f"%PDF {name}".encode()) for name, key in windows_of.items())
    for key in windows_of.values():
        sound.publish(key)
    sound.holds.place("a claim", objects=[held])
    with faults.before(s3_server.endpoint) as proxy:
        shaken = Practice(
            tmp_path, **place | {"s3_endpoint": proxy.endpoint, "s3_timeout_seconds": 1, "s3_attempts": 2}
        )
        for days, kept in ((31, (old, held, young)), (2555, (held, young)), (2556, (held, young))):
            proxy.choose = faults.at_random(rng, 0.15, faults.QUICK)
            for _ in range(2):
                with suppress(MunimentError, OSError):
                    shaken.round_after(AGES[1], days)
                assert all(sound.content(one) for one in kept), f"MUNIMENT_SEED={SEED}: lost after {days} days"
            proxy.choose = faults.once()
            assert shaken.round_after(AGES[1], days).problems == ()
        assert sum(fate in faults.QUICK for _, _, fate in proxy.met) > 10
    assert sound.places(held) == sound.places(young) == {ARCHIVE}
    assert sound.content(old) is None
    assert sound.rows() == [AGES[1], AGES[-1]]


@pytest.fixture
def bucket(s3_server: S3Server) -> Iterator[S3Store]:
    """A store whose bucket has a rule of somebody else."""
    store = open_store(s3_server.new_prefix(), load(**s3_server.settings()))
    assert isinstance(store, S3Store)
    store.set_rules([STRANGE])
    yield store
    store._client.delete_bucket_lifecycle(Bucket=store.bucket)


STRANGE = {"ID": "theirs", "Filter": {"Prefix": "theirs/"}, "Status": "Enabled", "Expiration": {"Days": 3}}


def test_rules_of_the_bucket_are_kept_beside_those_of_others(s3_server: S3Server, bucket: S3Store) -> None:
    for _ in range(2):
        assert keep_rules(bucket, load(**s3_server.settings())).endswith("1 of Muniment, 1 of others.")
        rules = {rule["ID"]: rule for rule in bucket.rules()}
        assert rules["theirs"]["Expiration"] == {"Days": 3}
        assert rules["theirs"]["Filter"]["Prefix"] == "theirs/"


def test_a_server_that_knows_no_storage_classes_is_quoted_and_ageing_goes_on(
    s3_server: S3Server, bucket: S3Store, tmp_path: Path
) -> None:
    practice = Practice(tmp_path, lake_uri=bucket.uri, s3_archive_class="GLACIER_IR", **s3_server.settings())
    deed = practice.land(AGES[0], "deed.pdf", b"%PDF a deed")
    report = practice.round_after(AGES[0], 31)
    assert "Nothing depends on what the server refused" in report.rules
    assert report.problems == ()
    assert practice.places(deed) == {ARCHIVE}
    assert [rule["ID"].partition("-")[0] for rule in bucket.rules()] == ["theirs", "muniment"]
