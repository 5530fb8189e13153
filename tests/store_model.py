"""What any object store must do, as a plain dictionary does it: drawn operations are compared step by step."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hypothesis import strategies as st

from muniment.objects import Store

KEYS = [
    "a",
    "b/c",
    "b/c d%20?#&+",
    "b-x",
    "b.pdf",
    "é/ü.pdf",
    "e\u0301",
    "deep/er/still/x",
    "caf%E9",
    "tab\there",
    "契約",
]
PREFIXES = ["", "b", "b/", "é", "deep/er", "absent", "a"]

Operation = Callable[[Store, dict[str, bytes], Path], None]


def content(store: Store, key: str) -> bytes | None:
    """The bytes under a key; None when it is absent."""
    try:
        with closing(store.open(key)) as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def _create(key: str, data: bytes) -> Operation:
    def act(store: Store, model: dict[str, bytes], spool: Path) -> None:
        spool.write_bytes(data)
        assert store.create(key, spool) is (key not in model)
        model.setdefault(key, data)

    return act


def _replace(key: str, data: bytes) -> Operation:
    def act(store: Store, model: dict[str, bytes], spool: Path) -> None:
        spool.write_bytes(data)
        store.replace(key, spool)
        model[key] = data

    return act


def _delete(key: str) -> Operation:
    def act(store: Store, model: dict[str, bytes], spool: Path) -> None:
        store.delete(key)
        model.pop(key, None)

    return act


def _look(key: str) -> Operation:
    def act(store: Store, model: dict[str, bytes], spool: Path) -> None:
        assert store.exists(key) is (key in model)
        assert content(store, key) == model.get(key)

    return act


def _list(prefix: str) -> Operation:
    def act(store: Store, model: dict[str, bytes], spool: Path) -> None:
        folder = f"{prefix.strip('/')}/" if prefix else ""
        found = sorted((info.key, info.size) for info in store.list(prefix))
        assert found == [(key, len(model[key])) for key in sorted(model) if key.startswith(folder)]

    return act


def operations(max_size: int) -> st.SearchStrategy[list[Operation]]:
    """Sequences of reads and writes over a few awkward keys."""
    keys, data = st.sampled_from(KEYS), st.binary(max_size=30)
    steps = [
        st.builds(_create, keys, data),
        st.builds(_replace, keys, data),
        st.builds(_delete, keys),
        st.builds(_look, keys),
        st.builds(_list, st.sampled_from(PREFIXES)),
    ]
    return st.lists(st.one_of(steps), max_size=max_size)
