"""Lifecycle rules of an S3 bucket: what a prefix alone decides is left to the server.

That is how archived originals get cheaper, and that uploads which were never finished go. What depends on windows and
holds no bucket rule can say: `stages.age` does it on every store. Rules of others on the bucket stay as they are.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from muniment.objects import S3Store, Store, StoreError
from muniment.originals import ARCHIVE
from muniment.settings import Settings

_OURS = "muniment"
_UNFINISHED_DAYS = 7  # longer than an upload takes
_LEAST_DAYS = 30  # before which S3 refuses to move anything to a class of infrequent access

Rule = Mapping[str, Any]


def keep_rules(store: Store, settings: Settings) -> str:
    """Make the bucket's rules for the store what the settings ask for; in a sentence, what came of it. Empty for a
    store that has no rules. A server that takes no rules is no error: then the rest of the policy stands alone."""
    if not isinstance(store, S3Store):
        return ""
    wanted = _wanted(store, settings)
    try:
        there = store.rules()
        others = [rule for rule in there if not str(rule.get("ID", "")).startswith(f"{_prefix(store)}-")]
        if sorted(map(repr, there)) != sorted(map(repr, [*others, *wanted])):
            store.set_rules([*others, *wanted])
    except StoreError as error:
        return f"The bucket took no lifecycle rules, and nothing depends on them: {error}"
    return f"The bucket keeps {len(wanted)} lifecycle rules of Muniment and {len(others)} of others."


def _prefix(store: S3Store) -> str:
    """How the ids of rules for this store begin; another store in the bucket has others."""
    return f"{_OURS}-{hashlib.sha256(store.prefix.encode()).hexdigest()[:8]}"


def _wanted(store: S3Store, settings: Settings) -> list[Rule]:
    unfinished = _rule(
        store, "unfinished", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": _UNFINISHED_DAYS}
    )
    if not settings.s3_archive_class:
        return [unfinished]
    days = max(_LEAST_DAYS, settings.processed_days - settings.raw_days)  # counted from the move into the archive
    colder = {"Days": days, "StorageClass": settings.s3_archive_class}
    return [unfinished, _rule(store, "cold", f"{ARCHIVE}/", Transitions=[colder])]


def _rule(store: S3Store, name: str, below: str, **action: Any) -> Rule:
    place = {"Prefix": f"{store.prefix}{below}"}
    return {"ID": f"{_prefix(store)}-{name}", "Filter": place, "Status": "Enabled", **action}
