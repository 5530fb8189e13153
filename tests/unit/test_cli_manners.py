"""What every command does alike: it refuses text that is none, names a catalog that it may not write, and says what
goes on with it when it was interrupted."""

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


@pytest.mark.parametrize(
    ("command", "where", "goes_on"),
    [
        ("run", "flow.open_platform", "the same command goes on"),
        ("forget --resume", "erasure.open_platform", "muniment forget --resume"),
        ("backup restore", "backups.open_main", "The same command goes on"),
        ("maintain", "upkeep.open_platform", "The same command goes on"),
    ],
)
def test_a_command_that_is_interrupted_says_so_and_what_goes_on_with_it(
    monkeypatch: pytest.MonkeyPatch, command: str, where: str, goes_on: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"muniment.cli.{where}", interrupted)
    done = CliRunner().invoke(app, command.split())
    assert done.exit_code == 130
    assert "Interrupted." in done.stderr
    assert goes_on in done.stderr
