"""Rules of a bucket: ours are what the settings ask for, those of others stay, and Amazon's own model takes them."""

from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from muniment.keeping.bucket_rules import keep_rules
from muniment.objects import FolderStore, S3Store
from muniment.settings import load

THEIRS = {"ID": "theirs", "Filter": {"Prefix": ""}, "Status": "Enabled", "Expiration": {"Days": 3}}
NAMELESS = {"Prefix": "old/", "Status": "Enabled", "Expiration": {"Days": 3}}


class Bucket:
    """A store in a bucket whose server is played by botocore, which checks what it is asked."""

    def __init__(self, prefix: str, *rules: dict[str, Any], error: tuple[str, int] = ("NoSuchRules", 404)) -> None:
        self.store = S3Store(load(s3_access_key_id="a", s3_secret_access_key="b"), "bucket", prefix)
        self.server = Stubber(self.store._client)
        if rules:
            self.server.add_response("get_bucket_lifecycle_configuration", {"Rules": list(rules)})
        else:
            self.server.add_client_error("get_bucket_lifecycle_configuration", error[0], "never heard of", error[1])
        self.asked: list[dict[str, Any]] = []
        self.store._client.meta.events.register(
            "provide-client-params.s3.PutBucketLifecycleConfiguration", lambda params, **_: self.asked.append(params)
        )

    def takes(self, times: int) -> "Bucket":
        """It takes so many sets of rules."""
        for _ in range(times):
            self.server.add_response("put_bucket_lifecycle_configuration", {})
        return self

    def keep(self, **settings: Any) -> str:
        """What is said of keeping the rules."""
        with self.server:
            said = keep_rules(self.store, load(**settings))
        self.server.assert_no_pending_responses()
        return said

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules that it was given last."""
        rules: list[dict[str, Any]] = self.asked[-1]["LifecycleConfiguration"]["Rules"]
        return rules


@pytest.fixture
def ours() -> list[dict[str, Any]]:
    """The rules that a store below `a/` gets where a storage class is set."""
    bucket = Bucket("a").takes(2)
    bucket.keep(s3_archive_class="STANDARD_IA")
    return bucket.rules


def test_unfinished_uploads_go_and_cold_originals_move_below_the_prefix_alone(ours: list[dict[str, Any]]) -> None:
    unfinished, cold = ours
    assert unfinished["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert unfinished["Filter"] == {"Prefix": "a/"}
    assert cold["Transitions"] == [{"Days": 335, "StorageClass": "STANDARD_IA"}]
    assert cold["Filter"] == {"Prefix": "a/archive/objects/"}
    assert not any("Expiration" in rule for rule in ours), "what is held no rule can know"


def test_without_a_storage_class_nothing_moves() -> None:
    bucket = Bucket("a").takes(1)
    assert bucket.keep() == "Lifecycle rules of the bucket: 1 of Muniment, 0 of others."
    assert len(bucket.rules) == 1


def test_rules_of_others_stay_as_they_are() -> None:
    other = Bucket("b").takes(1)
    other.keep()
    bucket = Bucket("a", THEIRS, NAMELESS, *other.rules).takes(1)
    assert "1 of Muniment, 3 of others" in bucket.keep()
    assert bucket.rules[:3] == [THEIRS, NAMELESS, *other.rules]


def test_rules_that_are_there_are_not_given_again(ours: list[dict[str, Any]]) -> None:
    bucket = Bucket("a", THEIRS, *ours)
    assert "2 of Muniment, 1 of others" in bucket.keep(s3_archive_class="STANDARD_IA")
    assert bucket.asked == []


def test_a_class_that_is_no_longer_asked_for_is_taken_back(ours: list[dict[str, Any]]) -> None:
    bucket = Bucket("a", *ours).takes(1)
    bucket.keep()
    assert bucket.rules == ours[:1]


def test_what_a_server_refuses_is_quoted() -> None:
    bucket = Bucket("a")
    bucket.server.add_client_error("put_bucket_lifecycle_configuration", "AccessDenied", "not you", 403)
    said = bucket.keep()
    assert "0 of Muniment" in said
    assert "not you" in said
    assert "s3_secret" not in said


def test_a_server_that_tells_no_rules_is_quoted() -> None:
    assert "never heard of" in Bucket("a", error=("NotImplemented", 501)).keep()


def test_a_folder_has_no_rules(tmp_path: Path) -> None:
    assert keep_rules(FolderStore(tmp_path), load()) == ""
