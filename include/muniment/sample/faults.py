"""Files that go wrong, planted on purpose: copies under other names, and what no reader can take.

Each function gives the drafts of one sort of fault. The windows are those of the practice, in order.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from muniment.sample import facts, records
from muniment.sample.documents import render
from muniment.sample.made import Draft, Made, moment, refused
from muniment.sample.scale import Scale
from muniment.windows import Window

PASSWORD = "closing-day"
_HTML = """<!DOCTYPE html>
<html><head><title>503 Service Unavailable</title></head>
<body><h1>The document could not be downloaded</h1><p>Your session has ended. Sign in again.</p></body></html>
"""
_STAMP = (2026, 3, 7, 12, 0, 0)  # a fixed time inside archives, so that their bytes stay the same


def planted(scale: Scale, spans: Sequence[Window], documents: Sequence[Draft], lacking: str) -> Iterator[Draft]:
    """All faults. `documents` are the practice's own drafts; `lacking` a type that the matter at `odd(scale)`
    has not got, which arrives encrypted."""
    yield from copies(spans, documents)
    yield from unreadable_documents(scale, spans, lacking)
    yield from unreadable_records(scale, spans)


def odd(scale: Scale) -> int:
    """The matter whose documents are unlucky."""
    return min(3, scale.matters - 1)


def copies(spans: Sequence[Window], documents: Sequence[Draft]) -> Iterator[Draft]:
    """Documents that arrive again under other names: in the same window, in the next, in the last."""
    first = documents[0]
    yield Draft(f"inbox/Copy of {first.key.rsplit('/', 1)[1]}", first.arrived, first.make)
    yield _again("inbox/forwarded attachment (2).pdf", documents[len(documents) // 3], spans[-1])
    for number, draft in enumerate(documents[5::97][:4], 1):
        following = next((span for span in spans if span.start > draft.arrived), spans[-1])
        yield _again(f"inbox/refax-{number:02d}.pdf", draft, following)
    for draft in [one for one in documents if one.key.startswith("scans/")][:1]:
        yield _again("inbox/scan again.pdf", draft, spans[-1])


def _again(key: str, draft: Draft, span: Window) -> Draft:
    return Draft(key, max(draft.arrived, moment(span, key)), draft.make)


def unreadable_documents(scale: Scale, spans: Sequence[Window], lacking: str) -> Iterator[Draft]:
    """Documents, or what calls itself so, that must be refused."""
    middle = spans[len(spans) // 2]
    encrypted = partial(_encrypted, scale, lacking)
    yield Draft("inbox/protected.pdf", moment(spans[0], "protected"), encrypted)
    yield Draft("inbox/protected (resent).pdf", moment(spans[-1], "resent"), encrypted)
    yield Draft("inbox/upload-interrupted.pdf", moment(middle, "interrupted"), partial(_truncated, scale))
    yield Draft("inbox/fax-0311.pdf", moment(middle, "fax"), partial(refused, b"", "empty"))
    yield Draft("inbox/title-search.pdf", moment(spans[0], "html"), partial(refused, _HTML.encode(), "not_a_pdf"))
    yield Draft(
        "inbox/closing-package.pdf",
        moment(spans[-1], "zip"),
        lambda: refused(_archive("closing.txt"), "not_a_pdf"),
    )
    yield Draft(
        "inbox/instructions.docx",
        moment(middle, "docx"),
        lambda: refused(_archive("word/document.xml"), "unknown_format", "other"),
    )


def unreadable_records(scale: Scale, spans: Sequence[Window]) -> Iterator[Draft]:
    """Records files that must be refused whole, and one that is sent twice (by `practice`, as payments)."""
    first, last = spans[0], spans[-1]
    yield Draft("records/assessments/draft-roll.csv", moment(last, "draft roll"), partial(_garbage, scale))
    yield Draft(
        "records/trust_ledger/2026-03.csv",
        moment(first, "ledger"),
        partial(refused, _LEDGER, "unknown_table", "records"),
    )
    yield Draft(
        "records/parcels/short-extract.csv",
        moment(first, "short"),
        partial(refused, _NO_LINC, "missing_columns", "records"),
    )
    yield Draft("records/matters/export-from-old-system.csv", moment(last, "old"), partial(_undecodable, scale))
    yield Draft(
        "records/registry_events/broken.parquet",
        moment(last, "parquet"),
        partial(refused, b"PAR1" + bytes(64), "unreadable", "records"),
    )


_LEDGER = b"entry,account,amount\n1,2026-0001,1500.00\n2,2026-0002,2500.00\n"
_NO_LINC = b"short_legal,municipality,area_ha\nPLAN 0012345 BLOCK 1 LOT 2,City of Aldergate,0.0450\n"


def _encrypted(scale: Scale, document_type: str) -> Made:
    matter = facts.matter(scale.seed, odd(scale))
    return refused(render(scale.seed, matter, document_type, password=PASSWORD, layouts=scale.layouts).pdf, "encrypted")


def _truncated(scale: Scale) -> Made:
    """The first part of a document, without the objects that lead to its pages."""
    whole = render(scale.seed, facts.matter(scale.seed, 0), "mortgage", layouts=scale.layouts).pdf
    return refused(whole[: whole.index(b"/Catalog") - 40], "damaged")


def _archive(member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(member, _STAMP), "Please find enclosed the documents for closing.\n" * 40)
    return out.getvalue()


def _garbage(scale: Scale) -> Made:
    """An assessment roll of which more rows are bad than the gate lets pass."""
    rows: list[records.Outcome] = []
    for number, parcel in enumerate(facts.neighbours(scale.seed, 8000, 20)):
        row = records.assessment_row(parcel, 2026)
        if number % 3:
            rows.append(({**row, "assessed_value": "to be determined"}, "bad_value"))
        else:
            rows.append((row, None))
    made = records.csv_file("assessments", rows, records.Dirt())
    return replace(refused(made.data, "gate", "records"), records=made)


def _undecodable(scale: Scale) -> Made:
    """A matters file with bytes that neither UTF-8 nor Windows-1252 knows."""
    matter = facts.matter(scale.seed, 0)
    made = records.csv_file("matters", [(records.matter_row(matter, matter.price, "open"), None)], records.Dirt())
    name = matter.clients[0].name.encode()
    return refused(made.data.replace(name, name + b" \x81\x8d\x9d", 1), "bad_encoding", "records")
