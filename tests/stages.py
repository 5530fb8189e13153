"""The stages of windows in one process, in the order in which Dagster runs them, without Dagster and without dbt.

For tests that try many histories of an installation. What decides nothing there is made cheap: files are read in this
process (they are harmless ones), nothing is judged unless a judge is given, and words stand in for meaning.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import ParamSpec, TypeVar, cast

import numpy as np

from muniment import warehouse
from muniment.contract import Contract, of_origin
from muniment.documents.worker import work
from muniment.embedding import DIMENSIONS, Encoder
from muniment.gate import Judge, Verdict
from muniment.isolation import Confined
from muniment.outcomes import Balance, part_of
from muniment.platform import Platform
from muniment.postgres import Dsn
from muniment.register import FirstSeen, Manifest
from muniment.stages.close_window import close_window
from muniment.stages.embed import embed
from muniment.stages.index import index
from muniment.stages.link import link
from muniment.stages.publish_documents import publish_documents
from muniment.stages.publish_records import publish_records
from muniment.stages.read_documents import read_documents
from muniment.windows import Window

P = ParamSpec("P")
T = TypeVar("T")


class WordEncoder:
    """A quick encoder: a vector of hashed words, so equal texts have equal vectors. It counts the texts it encodes."""

    dimensions = DIMENSIONS
    fingerprint = "words/1"

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += len(texts)
        vectors: np.ndarray = np.full((len(texts), DIMENSIONS), 1e-3, np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % DIMENSIONS] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class Here:
    """Calls in this process what would be called in a confined one."""

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return function(*args, **kwargs)


def lenient(contract: Contract, batches: Iterable[object]) -> Verdict:
    """The judge that finds nothing wrong."""
    return Verdict(sum(1 for _ in batches), ())


def read_here(platform: Platform, manifests: Iterable[Manifest]) -> None:
    """Read documents in this process, so that no worker has to start."""
    erased = platform.erased
    for manifest in manifests:
        for entry in manifest.entries:
            if entry.kind == "pdf" and not erased.whole(entry.sha256) and platform.memo.get(entry.sha256) is None:
                with platform.original(entry.sha256) as path:
                    platform.memo.put(entry.sha256, work(path, platform.limits))


def to_the_lake(
    platform: Platform, wanted: Iterable[Window], now: datetime, run_id: str, judge: Judge = lenient
) -> dict[str, Balance]:
    """Take windows from landing to the lake; gives the balance of each by its key."""
    manifests = platform.register.register(wanted, now)
    read_here(platform, manifests)
    read_documents(platform, manifests)
    first = FirstSeen(platform.register.live(), part_of)
    for manifest in manifests:
        for contract in of_origin("records"):
            publish_records(platform, contract, manifest, first, judge, cast(Confined, Here()), run_id)
        publish_documents(platform, manifest, first, judge, run_id)
    return {m.window_key: close_window(platform, m, run_id)[0] for m in manifests}


def to_the_index(
    platform: Platform, dsn: Dsn, wanted: Sequence[Window], run_id: str, encoder: Encoder, judge: Judge = lenient
) -> None:
    """Take windows that are in the lake on to the warehouse and the index, and settle them."""
    for window in wanted:
        embed(platform, window, encoder, judge, run_id)
    with warehouse.connected(dsn, autocommit=True) as connection:
        warehouse.prepare(connection, dsn)
        for contract in warehouse.loadable():
            warehouse.sync(connection, platform.lake, contract, run_id)
        link(connection, platform.tokens, run_id)
        index(connection, platform.lake, encoder.fingerprint, run_id)
        manifests = platform.register.of(window.key for window in wanted)
        warehouse.settle(connection, {m.window_key: m.digest for m in manifests}, run_id)
