"""The same run against a real S3 server, on a network that fails now and then: nothing but settings changes, and the
same things come out, also after a run whose store went away in the middle of it."""

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from muniment.releases import releases
from tests import faults
from tests.conftest import SEED, Ran
from tests.faults import Fault, Proxy
from tests.installation import Installation
from tests.s3 import S3Server

TABLES = ("documents", "pages", "fields", "chunks", "matters", "parcels", "assessments", "payments", "registry_events")
SHARE = 0.02  # of the requests that the network fails or delays
ATTEMPTS = 4
REQUESTS = 400  # of a run on one row, until its release is cut


@pytest.fixture(scope="module")
def on_s3(s3_server: S3Server, ran: Ran, new_installation: Callable[..., Installation]) -> Iterator[Installation]:
    """The practice of `ran`, landed in a bucket and run from there with the lake in another prefix."""
    places = {"MUNIMENT_LANDING_URI": s3_server.new_prefix(), "MUNIMENT_LAKE_URI": s3_server.new_prefix()}
    with faults.before(s3_server.endpoint) as proxy:
        installation = new_installation(**s3_server.environment() | places | {"MUNIMENT_S3_ENDPOINT": proxy.endpoint})
        landing = ran.installation.state / "landing"
        rng = random.Random(SEED)
        proxy.choose = faults.weather(rng, SHARE, silences=0)
        installation.muniment("land", *(str(folder) for folder in sorted(landing.iterdir())))
        lose_the_store(installation, proxy, rng.randrange(600))
        assert shown(installation) == (False, False)
        proxy.met.clear()
        proxy.choose = faults.weather(rng, SHARE, silences=0)
        run_to_the_end(installation)
        proxy.choose = faults.once()
        met = Counter(fate.name for _, _, fate in proxy.met)
        print(f"  MUNIMENT_SEED={SEED}: {met}")
        assert met.total() - met["none"] > 5, "the network did not fail"
        yield installation


def run_to_the_end(installation: Installation) -> None:
    """Run until a run goes through; one that does not says so in words, and readers see nothing of it."""
    for _ in range(ATTEMPTS):
        done = installation.muniment("run", check=False)
        assert "Traceback" not in done.stderr, f"MUNIMENT_SEED={SEED}: {done.stderr}"
        if done.returncode == 0:
            assert shown(installation) == (True, True)
            return
        print(f"  MUNIMENT_SEED={SEED}: {done.stderr}")
        assert "Not every window reconciles" in done.stderr
        assert shown(installation) == (False, False)
    raise AssertionError(f"MUNIMENT_SEED={SEED}: no run went through in {ATTEMPTS}")


def lose_the_store(installation: Installation, proxy: Proxy, after: int) -> None:
    """A run whose store answers so many requests and then none: it says so, and readers see all of it or nothing."""
    print(f"  MUNIMENT_SEED={SEED}: the store is lost after {after} requests")
    proxy.choose = faults.once(*[Fault.none] * after, after=Fault.refused)
    installation.environment["MUNIMENT_S3_ATTEMPTS"] = "2"
    failed = installation.muniment("run", check=False)
    del installation.environment["MUNIMENT_S3_ATTEMPTS"]
    proxy.choose = faults.once()
    assert failed.returncode == 2
    assert " cannot be used: " in failed.stderr
    assert "Traceback" not in failed.stderr
    assert len(set(shown(installation))) == 1


def shown(installation: Installation) -> tuple[bool, bool]:
    """Whether there is a release, and whether there are marts that it would be the release of."""
    asked = installation.muniment("sql", "SELECT count(*) FROM marts.matter_readiness", check=False)
    return bool(releases(installation.platform.lake)), asked.returncode == 0


def test_every_object_ends_as_it_does_on_the_local_default(on_s3: Installation, ran: Ran) -> None:
    found = {row["key"]: (row["state"], row["reason"]) for row in on_s3.lake("select key, state, reason from objects")}
    # Everything was landed at once, so which of several equal objects is the original follows from their keys alone.
    expected = {o.key: (o.state, o.reason) for o in ran.truth.objects}
    assert found.keys() == expected.keys()
    moved = {key for key in found if found[key] != expected[key]}
    assert all({found[key][0], expected[key][0]} == {"published", "duplicate"} for key in moved)
    assert sorted(found.values(), key=str) == sorted(expected.values(), key=str)
    assert on_s3.json("status")["reconciled"]


def test_the_tables_hold_as_many_rows(on_s3: Installation, ran: Ran) -> None:
    statement = f"select {', '.join(f'(select count(*) from {table}) as {table}' for table in TABLES)}"
    assert on_s3.lake(statement) == ran.installation.lake(statement)


def test_the_files_are_in_the_bucket_and_not_on_this_machine(on_s3: Installation) -> None:
    kept = {info.key.split("/")[0] for info in on_s3.platform.store.list()}
    assert {"raw", "register", "processed", "iceberg", "parsed"} <= kept
    assert not (on_s3.state / "lake").exists()
    assert not (on_s3.state / "landing").exists()


def test_a_second_run_finds_nothing_to_do(on_s3: Installation) -> None:
    assert "Nothing to do" in on_s3.muniment("run").stderr


def test_a_page_is_traced_from_the_bucket(on_s3: Installation) -> None:
    [row] = on_s3.lake("select document_id from documents where document_type = 'certificate_of_title' limit 1")
    traced = on_s3.json("trace", row["document_id"])
    assert traced["raw"].startswith("s3://")
    assert any(field["field"] == "linc" for field in traced["fields"])


@pytest.mark.attack
def test_a_run_that_loses_its_store_at_any_of_many_requests_is_made_good(
    s3_server: S3Server, new_installation: Callable[..., Installation], rng: random.Random
) -> None:
    parts = 20
    for part in range(parts):
        with faults.before(s3_server.endpoint) as proxy:
            place = {"MUNIMENT_LAKE_URI": s3_server.new_prefix(), "MUNIMENT_S3_ENDPOINT": proxy.endpoint}
            installation = new_installation(**s3_server.environment() | place)
            installation.land_assessment("2026-03-02-06:00")
            lose_the_store(installation, proxy, int(REQUESTS * (part + rng.random()) / parts))
            installation.muniment("run")
            assert shown(installation) == (True, True)
            assert installation.lake("SELECT count(*) AS rows FROM assessments") == [{"rows": 1}]
            assert "Nothing to do" in installation.muniment("run").stderr
