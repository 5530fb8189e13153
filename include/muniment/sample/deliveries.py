"""The record files of the whole practice: which rows of which table come in which window, and how dirty.

How rows and files look belongs to `records`.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from muniment.sample import facts, records
from muniment.sample.facts import Matter
from muniment.sample.made import Draft, Made, moment
from muniment.sample.scale import Scale
from muniment.windows import Window

_NEIGHBOURS = 24  # parcels that no matter is about, in each file of the municipality
_DIRT = {
    "matters": (
        records.Dirt(broken_addresses=True),
        records.Dirt(padded=True, crlf=True),
        records.Dirt(accented=True),
        records.Dirt(blank_lines=True, broken_addresses=True),
    ),
    "parcels": (
        records.Dirt(bom=True),
        records.Dirt(accented=True, crlf=True),
        records.Dirt(unknown_column="last_edited_by"),
        records.Dirt(blank_lines=True, padded=True),
    ),
    "assessments": (
        records.Dirt(padded=True, blank_lines=True),
        records.Dirt(bom=True, unknown_column="appeal_status"),
        records.Dirt(accented=True),
    ),
}


def record_files(scale: Scale, spans: Sequence[Window]) -> Iterator[Draft]:
    """All record files, not yet made. A window in which no matter opens has none of the office's own."""
    for number, span in enumerate(spans):
        if scale.opened(number, number):
            yield from _office_files(scale, spans, number)
        slug, last = span.slug, len(spans) - 1
        if number % 2 == 0:
            yield _record_draft(span, f"records/parcels/{slug}.csv", partial(_parcels, scale, number))
        if number % 3 == min(1, last):
            yield _record_draft(span, f"records/assessments/{slug}.csv", partial(_assessments, scale, number))
        if (number % 2 == 1 or number == last) and scale.opened(number - number % 2, number):
            write = partial(_events, scale, number, span)
            yield _record_draft(span, f"records/registry_events/{slug}.parquet", write)


def _office_files(scale: Scale, spans: Sequence[Window], number: int) -> Iterator[Draft]:
    """The matters and payments of one window; the first window's payments are sent again in the last."""
    span = spans[number]
    yield _record_draft(span, f"records/matters/{span.slug}.csv", partial(_matters, scale, number))
    folder = "records/payments_" if number == 1 else "records/payments/"
    payments = _record_draft(span, f"{folder}{span.slug}.jsonl", partial(_payments, scale, number, span))
    yield payments
    if number == 0:
        yield Draft("records/payments/resent.jsonl", moment(spans[-1], "resent payments"), payments.make)


def _record_draft(span: Window, key: str, write: Callable[[], records.RecordFile]) -> Draft:
    return Draft(key, moment(span, key), partial(_recorded, write))


def _recorded(write: Callable[[], records.RecordFile]) -> Made:
    file = write()
    return Made(file.data, "records", records=file, personal=file.personal)


def _csv(scale: Scale, table: str, rows: Sequence[records.Row], number: int) -> records.RecordFile:
    turn = number // {"matters": 1, "parcels": 2, "assessments": 3}[table]
    dirt = _DIRT[table][turn % len(_DIRT[table])]
    return records.csv_file(table, records.spoiled(table, rows, str(scale.seed), number), dirt)


def _matters(scale: Scale, number: int) -> records.RecordFile:
    """The matters opened in the window, and those of two windows before that are open no more."""
    new = [facts.matter(scale.seed, index) for index in scale.opened(number, number)]
    old = [facts.matter(scale.seed, index) for index in scale.opened(number - 2, number - 2) if index % 3 == 0]
    rows = [records.matter_row(one, record_price(one), "open") for one in new]
    rows += [records.matter_row(one, record_price(one), _outcome(one)) for one in old]
    return _csv(scale, "matters", rows, number)


def review(spans: Sequence[Window], paper: Draft) -> Draft:
    """What a reviewer said of a document in the last window: all of it is right, and one thing is not on it."""
    return _record_draft(spans[-1], "corrections/first review.csv", partial(_corrections, paper, spans[-1]))


def _corrections(paper: Draft, span: Window) -> records.RecordFile:
    made = paper.make()
    document = hashlib.sha256(made.data).hexdigest()[:16]

    def row(field: str, value: str) -> records.Row:
        said = (document, field, "1", value, "read against the paper", "K. Marchetti", span.start.isoformat())
        return dict(zip(records.COLUMNS["corrections"], said, strict=True))

    rows: list[records.Outcome] = [(row(name, truth.value), None) for name, truth in made.fields.items()]
    rows.append((row("colour_of_the_ink", "blue"), "bad_value"))
    return records.csv_file("corrections", rows, records.Dirt())


def status(scale: Scale, matter: Matter) -> str:
    """The status in the matter's newest record."""
    later = scale.opening(matter.index) + 2
    return _outcome(matter) if matter.index % 3 == 0 and scale.opened(later, later) else "open"


def _outcome(matter: Matter) -> str:
    return "abandoned" if matter.index % 9 == 3 else "closed"


def record_price(matter: Matter) -> Decimal:
    """The price in the practice's own records: every twentieth matter's is not what the contract says."""
    return matter.price + 7500 if matter.index % 20 == 0 else matter.price


def _parcels(scale: Scale, number: int) -> records.RecordFile:
    indexes = scale.opened(number, number + 1)
    rows = [records.parcel_row(facts.matter(scale.seed, index).parcel) for index in indexes]
    rows += [records.parcel_row(one) for one in facts.neighbours(scale.seed, number * _NEIGHBOURS, _NEIGHBOURS)]
    return _csv(scale, "parcels", rows, number)


def _assessments(scale: Scale, number: int) -> records.RecordFile:
    year = facts.YEAR - 1
    indexes = scale.opened(number - 1, number + 1)
    rows = [records.assessment_row(facts.matter(scale.seed, index).parcel, year) for index in indexes]
    rows += [
        records.assessment_row(one, year) for one in facts.neighbours(scale.seed, number * _NEIGHBOURS, _NEIGHBOURS)
    ]
    return _csv(scale, "assessments", rows, number)


def _payments(scale: Scale, number: int, span: Window) -> records.RecordFile:
    matters = (facts.matter(scale.seed, index) for index in scale.opened(number, number))
    rows = [row for matter in matters for row in records.payment_rows(matter, span)]
    return records.json_file("payments", records.spoiled("payments", rows, str(scale.seed), number))


def _events(scale: Scale, number: int, span: Window) -> records.RecordFile:
    matters = (facts.matter(scale.seed, index) for index in scale.opened(number - number % 2, number))
    rows = [row for matter in matters for row in records.event_rows(matter, span)]
    return records.parquet_file("registry_events", records.spoiled("registry_events", rows, str(scale.seed), number))
