"""Releases of a lake that lies on S3: cut, read, compared, let go."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from muniment.releases import Policy, diff, newest, releases, retire
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
