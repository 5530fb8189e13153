"""Words quoted from a document, found again in its masked text. Where that stands on a page belongs to
`documents.places`.

Case, accents, white space, hyphens and the shape of quotation marks do not count, since a quotation may be typed from
paper or copied from another program. It begins and ends with whole words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from muniment.documents.model import PageSpan

_COUNTING = re.compile(r"[^\s\-\u00ad\u0300-\u036f\u2010-\u2015\u2212]+")  # all but white space, hyphens, mere accents
_BEGINNING = re.compile(r"\b\w|[^\w\s]")  # where a word or a mark begins
_QUOTES = str.maketrans("‘’‚‛′“”„‟″", "'''''\"\"\"\"\"")


@dataclass(frozen=True)
class _Stream:
    """The characters that count in stretches of pages: the runs of them as the spans that they are, where each run
    begins in `text`, and where in it words and marks begin."""

    text: str
    runs: Sequence[PageSpan]
    starts: Sequence[int]
    beginnings: Sequence[int]


def find(quotation: str, pages: Mapping[int, str], passages: Iterable[PageSpan]) -> list[tuple[PageSpan, ...]]:
    """Every place where the words stand, as spans of the masked text of `pages` by number; none for a quotation in
    which no character counts.

    The text goes on from page to page, as well as from passage to passage, which leaves out headers and footers.
    """
    wanted = "".join(_COUNTING.findall(_plain(quotation)))
    plain = {number: _plain(text) for number, text in sorted(pages.items())}
    whole = [PageSpan(number, 0, len(text)) for number, text in plain.items()]
    streams = [_stream(plain, spans) for spans in (whole, passages)]
    return sorted({tuple(_joined(plain, runs)) for stream in streams for runs in _matches(stream, wanted)})


def _plain(text: str) -> str:
    """The text in small letters without accents, of the same length."""
    from muniment.documents.pii import folded

    return folded(text).translate(_QUOTES)


def _stream(plain: Mapping[int, str], spans: Iterable[PageSpan]) -> _Stream:
    runs, starts, beginnings, length = [], [], [], 0
    for page, start, end in spans:
        for run in _COUNTING.finditer(plain[page], start, end):
            runs.append(PageSpan(page, *run.span()))
            starts.append(length)
            shift = length - run.start()
            beginnings += [one.start() + shift for one in _BEGINNING.finditer(plain[page], *run.span())]
            length += len(run[0])
    return _Stream("".join(plain[page][start:end] for page, start, end in runs), runs, starts, beginnings)


def _matches(stream: _Stream, wanted: str) -> Iterator[list[PageSpan]]:
    """The runs, or parts of runs, that make up what is wanted, wherever that is."""
    ends = {*stream.beginnings, len(stream.text)}
    at = 0
    while wanted and at < len(stream.beginnings):
        start = stream.beginnings[at]
        end = start + len(wanted)
        if end in ends and stream.text.startswith(wanted, start):
            yield list(_between(stream, start, end))
            at = bisect_left(stream.beginnings, end)
        else:
            at += 1


def _between(stream: _Stream, start: int, end: int) -> Iterator[PageSpan]:
    first, last = bisect_right(stream.starts, start) - 1, bisect_left(stream.starts, end)
    for (page, begin, stop), at in zip(stream.runs[first:last], stream.starts[first:last], strict=True):
        yield PageSpan(page, begin + max(start - at, 0), min(stop, begin + end - at))


def _joined(plain: Mapping[int, str], runs: Iterable[PageSpan]) -> Iterator[PageSpan]:
    """Runs with nothing between them that counts, as one span."""
    current: PageSpan | None = None
    for run in runs:
        if current and run.page == current.page and not _COUNTING.search(plain[run.page], current.end, run.start):
            current = current._replace(end=run.end)
        else:
            if current:
                yield current
            current = run
    if current:
        yield current
