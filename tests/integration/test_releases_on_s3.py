"""Releases of a lake that lies on S3: cut, read, compared, let go, also where the network fails."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from muniment.errors import MunimentError
from muniment.releases import Policy, diff, newest, releases, retire
from tests import faults
from tests.releases import KEYS, LETTERS, PEOPLE, TABLES, Practice, small
from tests.s3 import S3Server


def test_a_release_on_s3_stays_what_it_was_until_it_is_let_go(tmp_path: Path, s3_server: S3Server) -> None:
    with small():
        practice = Practice(tmp_path, place={"lake_uri": s3_server.new_prefix(), **s3_server.settings()})
        first = practice.released(KEYS[0], "a", "b")
        second = practice.released(KEYS[0], "c")
        assert newest(practice.lake) == second
        assert practice.names(LETTERS, first) == practice.names(PEOPLE, first) == {KEYS[0]: ["a", "b"]}
        assert practice.names(LETTERS, second) == {KEYS[0]: ["c"]}
        assert [one.table for one in diff(practice.lake, first, second)] == [table.table for table in TABLES]
        policy, later = Policy(timedelta(days=1), timedelta(days=1)), datetime.now(UTC) + timedelta(days=30)
        assert retire(practice.lake, policy, later, "a test") == [first]
        assert releases(practice.lake) == [second]


def test_every_release_that_was_cut_through_faults_is_whole(
    tmp_path: Path, s3_server: S3Server, rng: random.Random
) -> None:
    place = {"lake_uri": s3_server.new_prefix(), **s3_server.settings()}
    with small(), faults.before(s3_server.endpoint) as proxy:
        proxy.choose = faults.once()
        through = {"s3_endpoint": proxy.endpoint, "s3_timeout_seconds": 1, "s3_attempts": 2}
        practice = Practice(tmp_path, place=place | through)
        proxy.choose = faults.at_random(rng, 0.1, faults.QUICK)
        for name in "abc":
            with suppress(MunimentError, OSError):
                practice.deliver(KEYS[0], name)
        proxy.choose = faults.once()
        last = practice.deliver(KEYS[0], "z").release
        assert last == newest(practice.lake)
        for release in releases(practice.lake):
            letters, people = (practice.names(table, release) for table in TABLES)
            assert letters == people, f"half a run is in {release.id}"
        assert practice.names(LETTERS, last) == {KEYS[0]: ["z"]}
