"""Embedding: a vector for every distinct passage of a window; those that any window has already are taken over."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muniment.contract import contracts
from muniment.embedding import Encoder, vectors_for
from muniment.gate import Judge
from muniment.platform import Platform
from muniment.progress import Progress, silent
from muniment.stages.publish_documents import commit_all
from muniment.stages.result import Published
from muniment.staging import Writer
from muniment.windows import Window

if TYPE_CHECKING:
    import numpy as np

_SLICE = 4_000


@dataclass
class Embedding:
    """What embedding a window took: distinct `passages` and how many were `encoded` now."""

    passages: int = 0
    encoded: int = 0


def embed(
    platform: Platform, window: Window, encoder: Encoder, judge: Judge, run_id: str, progress: Progress = silent
) -> tuple[Embedding, Published]:
    """Commit the window's vectors. The model is loaded only when a passage is new to every window."""
    took = Embedding()
    contract = contracts()["embeddings"]
    with platform.scratch() as folder:
        with Writer(contract, window, run_id, folder) as writer:
            for texts in _slices(platform, window):
                known = _known(platform, list(texts), encoder.fingerprint)
                took.passages += len(texts)
                took.encoded += len(texts) - len(known)
                for batch in vectors_for(texts, _giving(known), encoder, progress).to_batches():
                    writer.add_batch(batch)
        return took, commit_all(platform, [writer.staged], judge, run_id)


def _giving(known: dict[str, "np.ndarray"]) -> Callable[[Sequence[str]], Mapping[str, "np.ndarray"]]:
    return lambda _: known


def _slices(platform: Platform, window: Window) -> Iterator[Mapping[str, str]]:
    """The window's distinct passages, text by hash, in order of hash and some thousand at a time."""
    chunks = contracts()["chunks"]
    hashes: set[str] = set()
    for batch in platform.lake.scan(chunks, window, ["chunk_hash"]):
        hashes.update(batch.column(0).to_pylist())
    ordered = sorted(hashes)
    for start in range(0, len(ordered), _SLICE):
        yield _texts(platform, window, set(ordered[start : start + _SLICE]))


def _texts(platform: Platform, window: Window, wanted: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in platform.lake.scan(contracts()["chunks"], window, ["chunk_hash", "text"]):
        rows = zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)
        found.update((name, text) for name, text in rows if name in wanted)
    return found


def _known(platform: Platform, hashes: Sequence[str], model: str) -> dict[str, "np.ndarray"]:
    """Vectors that the lake has of the model for the given passages, from whatever window.

    Vectors are read from windows that have some of the passages only; of the others just the names are.
    """
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    wanted = ds.field("chunk_hash").isin(list(hashes)) & (ds.field("model") == model)
    found: dict[str, np.ndarray] = {}
    for window in platform.lake.dataset(contracts()["embeddings"]).get_fragments() if hashes else ():
        if window.count_rows(filter=wanted):
            table = window.to_table(columns=["chunk_hash", "embedding"], filter=wanted)
            names = table.column("chunk_hash").to_pylist()
            matrix = pc.list_flatten(table.column("embedding").combine_chunks()).to_numpy(zero_copy_only=False)
            found.update(zip(names, matrix.reshape(len(names), -1), strict=True))
    return found
