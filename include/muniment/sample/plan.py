"""What arrives when: the documents that each matter has and lacks, the record files, the faults, laid out but
not made."""

import random
from collections.abc import Iterator, Sequence
from functools import partial

from muniment.sample import facts, faults
from muniment.sample.deliveries import record_files, review
from muniment.sample.facts import Matter, MatterType, Unit
from muniment.sample.made import Draft, document, moment
from muniment.sample.scale import Scale
from muniment.sample.truth import PROPERTY_PAPER, REQUIRED
from muniment.windows import Window

_SCANNABLE = ("tax_certificate", "certificate_of_title", "discharge", "transfer_of_land")
_BESIDES: dict[MatterType, str] = {"purchase": "mortgage", "sale": "discharge", "refinance": "discharge"}


def plan(scale: Scale) -> Iterator[Draft]:
    """Every file of the practice, not yet made."""
    spans = scale.spans()
    papers = list(_documents(scale, spans))
    yield from papers
    yield from record_files(scale, spans)
    yield review(spans, papers[0])
    unlucky = faults.odd(scale)
    lacking = _dropped(facts.matter(scale.seed, unlucky))[:1] or ("mortgage",)
    yield from faults.planted(scale, spans, papers, lacking[0])


def _documents(scale: Scale, spans: Sequence[Window]) -> Iterator[Draft]:
    for index in range(scale.matters):
        matter = facts.matter(scale.seed, index)
        rng = random.Random(f"{scale.seed}:arrivals:{index}")
        opened = scale.opening(index)
        papers = _papers(matter)
        scan = _scanned(matter, papers) if scale.scans else None
        for document_type in papers:
            span = spans[min(len(spans) - 1, opened + rng.choice((0, 0, 0, 1, 1, 2)))]
            scanned = document_type == scan
            key = f"scans/SCAN-{index + 1:04d}.pdf" if scanned else _key(matter, document_type)
            yield Draft(
                key,
                moment(span, f"{scale.seed}:{key}"),
                partial(document, scale, index, document_type, scanned=scanned),
            )


def required(matter: Matter) -> tuple[str, ...]:
    """The documents that must be on file before the matter closes."""
    tenure = "condominium" if isinstance(matter.parcel.legal, Unit) else "freehold"
    return (*REQUIRED[matter.type], PROPERTY_PAPER[tenure])


def _papers(matter: Matter) -> tuple[str, ...]:
    """The documents that the matter has: what is required less what is dropped, and what else came."""
    extras = [_BESIDES[matter.type]]
    if matter.index % 4 == 1:
        extras.append("caveat")
    if matter.index % 2 and matter.type == "purchase":
        extras.append("letter_of_undertaking")
    dropped = _dropped(matter)
    return tuple(name for name in (*required(matter), *extras) if name not in dropped)


def _dropped(matter: Matter) -> tuple[str, ...]:
    """Required documents that never arrive: one of every fourth matter, two of every twelfth."""
    count = (matter.index % 4 == 3) + (matter.index % 12 == 7)
    return tuple(random.Random(f"dropped:{matter.number}").sample(required(matter), count))


def _scanned(matter: Matter, papers: Sequence[str]) -> str | None:
    """The document of every fourth matter that only exists on paper."""
    found = [name for name in _SCANNABLE if name in papers]
    return found[matter.index // 4 % len(found)] if matter.index % 4 == 2 else None


def _key(matter: Matter, document_type: str) -> str:
    """Where the document is filed. Offices name files as they please, so there are three manners."""
    plain = document_type.replace("_", "-")
    family = matter.clients[0].name.split()[-1]
    names = (
        plain,
        f"{matter.number} {plain.replace('-', ' ').title()}",
        f"{family} - {plain.replace('-', ' ')}",
    )
    return f"documents/{matter.number}/{names[matter.index % len(names)]}.pdf"


def late_files(scale: Scale) -> list[Draft]:
    """Files whose modification time lies in the first window although they come when it is over."""
    key = f"documents/{facts.matter(scale.seed, 0).number}/undertaking, sent late.pdf"
    return [Draft(key, moment(scale.spans()[0], "late"), partial(document, scale, 0, "letter_of_undertaking"))]
