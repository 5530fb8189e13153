"""Rendering: exact for programs, readable for people, and never a way for a hostile text to steer a terminal."""

import csv
import io
import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.rendering import Format, json_text, write

HOSTILE = [
    "\x1b[2Jgone",
    "\x1b]0;title\x07",
    "\x9b31mred",
    "a\rb",
    "a\x08b",
    "\x00",
    "\u202egnirts",
    "\u2066x\u2069",
    "\ufeff",
    "\x7f",
    "\u2028",
]
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Screen(io.StringIO):
    """A terminal as far as Python can tell."""

    def isatty(self) -> bool:
        return True


def written(form: Format, names: list[str], *rows: tuple[Any, ...], out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    write(names, rows, form, out)
    return out.getvalue()


VALUES: list[tuple[Any, str, Any]] = [
    (None, "", None),
    (True, "True", True),
    (7, "7", 7),
    (2**63, "9223372036854775808", 2**63),
    (0.1, "0.1", 0.1),
    (Decimal("1234567890.10"), "1234567890.10", "1234567890.10"),
    (Decimal("0E-12"), "0.000000000000", "0.000000000000"),
    (Decimal("1E+3"), "1000", "1000"),
    (datetime(2026, 3, 8, 9, 30, tzinfo=UTC), "2026-03-08 09:30:00+00:00", "2026-03-08 09:30:00+00:00"),
    (date(2026, 3, 8), "2026-03-08", "2026-03-08"),
    (b"\x00\xff", "00ff", "00ff"),
    (memoryview(b"ab"), "6162", "6162"),
    (timedelta(hours=1), "1:00:00", "1:00:00"),
    (uuid.UUID(int=1), str(uuid.UUID(int=1)), str(uuid.UUID(int=1))),
    ([1, None, Decimal("0.5")], "[1, None, Decimal('0.5')]", [1, None, "0.5"]),
    ({"a": date(2026, 3, 8)}, "{'a': datetime.date(2026, 3, 8)}", {"a": "2026-03-08"}),
    ("größe ☃ 漢字", "größe ☃ 漢字", "größe ☃ 漢字"),
    ("[red]no markup[/red] :smile:", "[red]no markup[/red] :smile:", "[red]no markup[/red] :smile:"),
]


@pytest.mark.parametrize(
    ("value", "text", "parsed"), VALUES, ids=[f"{type(value).__name__} {text}" for value, text, _ in VALUES]
)
def test_every_value_reads_the_same_in_every_format(value: Any, text: str, parsed: Any) -> None:
    assert list(csv.reader(io.StringIO(written(Format.csv, ["v"], (value, 1))))) == [["v"], [text, "1"]]
    assert json.loads(written(Format.json, ["v"], (value,))) == [{"v": parsed}]
    assert text in written(Format.table, ["v"], (value,))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_null_in_json(value: float) -> None:
    text = written(Format.json, ["v", "w"], (value, [value, {"x": value}]))
    assert json.loads(text, parse_constant=pytest.fail) == [{"v": None, "w": [None, {"x": None}]}]
    assert str(value) in written(Format.table, ["v"], (value,))


def test_no_rows_are_still_an_answer() -> None:
    assert json.loads(written(Format.json, ["a"])) == []
    assert written(Format.csv, ["a", "b"]) == "a,b\n"
    assert written(Format.table, ["a", "b"]).split() == ["a", "b"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("where", ["a value", "a name"])
def test_a_hostile_text_does_not_reach_a_terminal_as_it_is(form: Format, text: str, where: str) -> None:
    row, names = ((text,), ["v"]) if where == "a value" else ((1,), [text])
    shown = written(form, names, row, out=Screen())
    ours = re.sub(r"\x1b\[\d*m", "", shown)  # rich's own bold header
    assert not _STEERING.search(ours.replace("\n", "")), ascii(ours)


def test_a_table_spells_a_hostile_text_out_also_where_it_is_piped() -> None:
    """It may be piped into a pager."""
    assert "\\x1b[2Jgone" in written(Format.table, ["v"], ("\x1b[2Jgone",))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_json_document_spells_it_out_and_means_the_same(text: str) -> None:
    shown = json_text([{text: text}])
    assert not _STEERING.search(shown.replace("\n", ""))
    assert json.loads(shown) == [{text: text}]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_csv_and_json_in_a_file_give_back_any_text(texts: list[str]) -> None:
    rows = [(text, "end") for text in texts]
    names = ["v", "w"]
    assert [(r["v"], r["w"]) for r in json.loads(written(Format.json, names, *rows))] == rows
    back = list(csv.reader(io.StringIO(written(Format.csv, names, *rows), newline="")))
    assert back[1:] == [list(row) for row in rows]


def test_json_in_a_file_is_one_record_a_line() -> None:
    assert written(Format.json, ["a"], ("x\ny",), (2,)).splitlines() == ["[", ' {"a": "x\\ny"},', ' {"a": 2}', "]"]


def test_a_table_keeps_a_long_value_in_one_piece_where_it_is_piped() -> None:
    assert "x" * 5000 in written(Format.table, ["v"], ("x" * 5000,))


def test_a_table_shows_a_thousand_rows_and_says_that_there_are_more() -> None:
    rows = [(f"row {at}",) for at in range(1001)]
    shown = written(Format.table, ["v"], *rows)
    assert ("row 999" in shown, "row 1000" in shown) == (True, False)
    assert "more than 1000 rows" in shown
    assert "more than" not in written(Format.table, ["v"], *rows[:1000])
    assert "row 1000" in written(Format.csv, ["v"], *rows)


@pytest.mark.parametrize("form", [Format.csv, Format.json])
def test_rows_are_written_as_they_come(form: Format) -> None:
    """Not gathered first: a result may be larger than memory."""
    out = io.StringIO()
    written_before: list[int] = []

    def rows() -> Iterator[tuple[int]]:
        for at in range(3):
            yield (at,)
            written_before.append(out.getvalue().count(str(at)))

    write(["v"], rows(), form, out)
    assert written_before == [1, 1, 1]
