"""Lifecycle rules of an S3 bucket: what a prefix alone decides is left to the server.

That is how archived originals get cheaper, and that uploads which were never finished go. What depends on windows and
holds no bucket rule can say: `stages.age` does it on every store. Rules of others on the bucket stay as they are.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from muniment.keeping.originals import ARCHIVE
from muniment.objects import S3Store, Store, StoreError
from muniment.settings import Settings

_OURS = "muniment"
_UNFINISHED_DAYS = 7  # longer than an upload takes
_LEAST_DAYS = 30  # before which S3 refuses to move anything to a class of infrequent access

Rule = Mapping[str, Any]


def keep_rules(store: Store, settings: Settings) -> str:
    """Make the bucket's rules for the store what the settings ask for; in a sentence, what came of it. Empty for a
    store that has no rules. A rule that the server refuses is no error: then the rest of the policy stands alone."""
    if not isinstance(store, S3Store):
        return ""
    try:
        there = store.rules()
    except StoreError as error:
        return f"The bucket does not tell its lifecycle rules, and nothing depends on them: {error.__cause__}"
    others = [rule for rule in there if not str(rule.get("ID", "")).startswith(f"{_prefix(store)}-")]
    kept, refused = _kept(store, there, others, _wanted(store, settings))
    told = f"Lifecycle rules of the bucket: {kept} of Muniment, {len(others)} of others."
    return f"{told} Nothing depends on what the server refused: {refused}" if refused else told


def _kept(store: S3Store, there: Sequence[Rule], others: Sequence[Rule], wanted: Sequence[Rule]) -> tuple[int, str]:
    """How many of the rules the bucket has now, and why not all; rule by rule, since a server may know some."""
    if sorted(map(repr, there)) == sorted(map(repr, [*others, *wanted])):
        return len(wanted), ""
    kept, refused = list(others), ""
    for rule in wanted:
        try:
            store.set_rules([*kept, rule])
            kept.append(rule)
        except StoreError as error:
            refused = str(error.__cause__)
    return len(kept) - len(others), refused


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
