"""Text files: encoding, physical lines, records in batches. What a line means belongs to its format."""

import codecs
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from muniment.records.rows import BadRow, TextRows, Unreadable, malformed

LONGEST = 1 << 20
_BATCH_CHARS = 16 << 20
_PATIENCE = 64 << 20
_CHUNK = 1 << 20

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MAGIC = {
    b"PK\x03\x04": "a ZIP archive or Excel workbook",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet",
    b"\x1f\x8b": "gzip",
}
_ASCII = bytes(range(128))
_MULTIBYTE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf1-\xf4][\x80-\xbf]{3}")


def open_text(path: Path) -> TextIO:
    """The file as text with its line ends as they are; Unreadable when it is empty or not text.

    A byte-order mark decides the encoding; without one it is UTF-8, or Windows-1252 when that fails.
    """
    return path.open(encoding=_encoding(path), newline="")


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise Unreadable("unknown_format", f"The file is {what}, not text: export it as its extension says.")
    marked = next((encoding for bom, encoding in _BOMS.items() if head.startswith(bom)), None)
    fault = _decoding_fault(path, marked or "utf-8")
    if fault is None:
        return marked or "utf-8"
    if marked or _is_partly_utf8(path):
        raise Unreadable("bad_encoding", f"{fault} although the rest is {marked or 'utf-8'}. Export it again as UTF-8.")
    if _decoding_fault(path, "cp1252"):
        raise Unreadable("bad_encoding", f"{fault} and the file is not Windows-1252 either. Export it again as UTF-8.")
    return "cp1252"


def _decoding_fault(path: Path, encoding: str) -> str | None:
    """Where the file stops being text in `encoding`, if it does; Unreadable when it is empty or binary."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, blank = 1, True
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                return f"Near line {line} there are bytes that are not {encoding} text,"
            if "\0" in text:
                raise Unreadable(
                    "bad_encoding",
                    "The file contains NUL characters, so it is binary or UTF-16 without a mark.",
                )
            blank = blank and not text.strip()
            line += text.count("\n")
            if not chunk:
                break
    if blank:
        raise Unreadable("empty", "The file is empty: it has no header and no records.")
    return None


def _is_partly_utf8(path: Path) -> bool:
    """Whether most bytes beyond ASCII are letters in UTF-8, as Windows-1252 hardly ever happens to be."""
    beyond = spelled = 0
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            beyond += len(chunk.translate(None, _ASCII))
            spelled += sum(map(len, _MULTIBYTE.findall(chunk)))
    return spelled * 2 > beyond


class TooLong(Exception):
    """A record of more than `LONGEST` characters."""


class Lines:
    """The physical lines of a text. Those of the record being read are held, so that they can be given back.

    `number` is the line handed out last, from 1; `chars` counts all characters handed out.
    """

    def __init__(self, stream: TextIO) -> None:
        self.number = 0
        self.chars = 0
        self._stream = stream
        self._ahead: deque[str] = deque()
        self._held: list[str] = []
        self._begun = 0
        self._given_back = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.chars += len(line)
        self._held.append(line)
        if self.chars - self._begun > LONGEST:
            raise TooLong
        return line

    def _read(self) -> str:
        line = self._stream.readline(LONGEST)
        if len(line) < LONGEST or line.endswith(("\n", "\r")):
            return line
        while (rest := self._stream.readline(LONGEST)) and not rest.endswith(("\n", "\r")):
            pass
        return line + "\n"

    @property
    def held(self) -> str:
        """The lines of the record as they stand."""
        return "".join(self._held)

    @property
    def held_first(self) -> str:
        """The first of them."""
        return self._held[0] if self._held else ""

    def begin(self) -> int:
        """Starts a record; gives the number of its first line."""
        self._held.clear()
        self._begun = self.chars
        return self.number + 1

    def give_back(self, keep: int = 1) -> None:
        """Reading goes on after the first `keep` lines of the record; Unreadable when asked all too often."""
        returned = self._held[keep:]
        self._ahead.extendleft(reversed(returned))
        self.number -= len(returned)
        size = sum(map(len, returned))
        self.chars -= size
        self._given_back += size
        if self._given_back > _PATIENCE:
            raise Unreadable(
                "unreadable",
                f"Near line {self.number} rows cannot be told apart: many quotes are opened but not closed.",
            )


Record = tuple[int, Sequence[str | None] | str]
"""The first line of a record with its cells, or with what is wrong with it."""


def gather(
    records: Iterable[Record],
    lines: Lines,
    places: Sequence[int | None],
    unknown: Iterable[str],
    batch_rows: int,
) -> Iterator[TextRows]:
    """Batches of records, at least one, each of at most `batch_rows` rows and some 16 million characters.

    `places` says which cell of a record belongs to each input column; all records have as many cells.
    """
    remaining = iter(records)
    first = True
    while True:
        begun = lines.chars
        flat: list[str | None] = []  # not a list a record: those are what the garbage collector would keep walking
        numbers: list[int] = []
        bad: list[BadRow] = []
        for number, cells in remaining:
            if isinstance(cells, str):
                bad.append(malformed(number, cells))
            else:
                numbers.append(number)
                flat.extend(cells)
            if len(numbers) + len(bad) >= batch_rows or lines.chars - begun > _BATCH_CHARS:
                break
        if not (numbers or bad or first):
            return
        first = False
        yield TextRows(
            numbers,
            _columns(flat, len(numbers), places),
            bad,
            tuple(name[:60] for name in islice(unknown, 100)),
        )


def _columns(flat: list[str | None], rows: int, places: Sequence[int | None]) -> list[pa.Array]:
    width = len(flat) // rows if rows else 1
    absent = pa.nulls(rows, pa.string())
    return [absent if at is None or not rows else pa.array(flat[at::width], pa.string()) for at in places]
