"""What every command does alike: it refuses text that is none, and names a catalog that it may not write."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from muniment.cli import app
from muniment.errors import MunimentError
from muniment.keeping.holds import Holds
from muniment.platform import Platform
from muniment.settings import load
from tests.unprivileged import NOBODY, open_to_all

NO_TEXT = os.fsdecode(b"select \xff")


@pytest.mark.parametrize(
    "arguments",
    [
        ["lake", NO_TEXT],
        ["sql", NO_TEXT],
        ["search", NO_TEXT],
        ["trace", NO_TEXT],
        ["trace", "a.pdf", "--text", NO_TEXT],
        ["hold", "place", "--matter", NO_TEXT, "--reason", "x"],
        ["hold", "place", "--matter", "2026-0001", "--reason", NO_TEXT],
        ["forget", "Kaya Okafor", "--also", NO_TEXT, "--reason", "asked"],
    ],
    ids=" ".join,
)
def test_an_argument_that_is_no_text_is_shown_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(tmp_path / "state"))
    error = CliRunner().invoke(app, arguments).exception
    assert isinstance(error, MunimentError), error
    assert "is not text in UTF-8: b'select \\xff'" in str(error)
    assert not (tmp_path / "state").exists()


@contextmanager
def nobody() -> Iterator[None]:
    """As root, file modes stop nobody: for the block this process is another user."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_catalog_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("MUNIMENT_STATE_DIR", str(state))
    place = ["hold", "place", "--all", "--reason", "claim"]
    assert CliRunner().invoke(app, place).exit_code == 0
    open_to_all(state)
    for path in state.rglob("*"):
        path.chmod(0o777)
    (state / "catalog.db").chmod(0o444)
    with nobody():
        error = CliRunner().invoke(app, place).exception
    assert isinstance(error, MunimentError), error
    assert f"{state / 'catalog.db'}, cannot be used: attempt to write a readonly database" in str(error)
    assert len(Holds(Platform(load()).lake).all()) == 1
