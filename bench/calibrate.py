"""The curves of `muniment.documents.calibration`, fitted anew: how often a type or a value with such a score was right.

Read are practices of seeds that neither a test nor `bench/accuracy.py` reads, digital and scanned, and of the corpus
the unseen half of the contracts, the court papers and the forms. Real papers count together as much as the practices
do.
Each curve is the isotonic regression (pool adjacent violators) of right on score: the ends of each pool with its share
of right ones, to which one right and one wrong are added, because no sample can say that nothing is ever wrong.

    python bench/calibrate.py [--seeds 61 62] [--matters 12] [--corpus FOLDER]
"""

import argparse
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import accuracy
from muniment.documents import calibration, ocr, pdf
from muniment.documents.catalogue import OTHER, catalogue
from muniment.documents.classify import classify, scores
from muniment.documents.columns import arranged
from muniment.documents.fields import find
from muniment.documents.found import Found
from muniment.documents.layout import Sheet
from muniment.documents.recognition import sheet_of
from muniment.sample import write_practice

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PAGES = 60  # of a document; types and most values are told by the first


class Seen(NamedTuple):
    """A score and what came of it; `real` says whether of a real paper."""

    score: float
    right: bool
    real: bool


class Pool(NamedTuple):
    """Scores that are taken together, with the weight of what had them and of what of it was right."""

    lowest: float
    highest: float
    weight: float
    right: float

    @property
    def share(self) -> float:
        """How often they are right, with one right and one wrong more."""
        return round((self.right + 1) / (self.weight + 2), 3)


Observed = dict[str, list[Seen]]


def sheets(path: Path) -> tuple[Sheet, ...]:
    """The first pages of a document as reading has them."""
    with pdf.opened(path, 2000) as document:
        return tuple(_sheet(document, index) for index in range(min(len(document), _PAGES)))


def _sheet(document: "PdfDocument", index: int) -> Sheet:
    page = pdf.page_at(document, index)
    try:
        return arranged(sheet_of(page, index + 1, 200))
    finally:
        page.close()


def practices(seeds: Sequence[int], matters: int, seen: Observed) -> None:
    """What reading practices shows."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            truth = write_practice(Path(folder), matters=matters, windows=8, seed=seed)
            for one in truth.latest().values():
                if one.kind != "pdf" or one.state != "published":
                    continue
                pages = sheets(Path(folder) / one.key)
                _type(pages, str(one.document_type), seen, real=False)
                for found in find(pages, catalogue().fields(str(one.document_type))):
                    wanted = (one.fields or {}).get(found.rule.name)
                    if found.ordinal == 1 and wanted:
                        value = found.value if found.rule.kind == "person" else found.normalised or found.value
                        _value(found, _words(value) == _words(wanted.value), seen, real=False)


def papers(corpus: Path, seen: Observed) -> None:
    """What reading the real papers of a corpus shows."""
    for folder in ("court", "forms"):
        for path in sorted((corpus / folder).glob("*.[pP][dD][fF]")):
            if path.stat().st_size < 1_500_000:
                _type(sheets(path), OTHER, seen, real=True)
    asked = {name: (category, meaning) for name, category, meaning in accuracy.ASKED}
    for contract in accuracy.labelled(corpus):
        if contract.half == "seen half":
            continue
        pages = sheets(contract.path)
        _type(pages, "agreement", seen, real=True)
        parties = accuracy.party_labels(contract.answers.get("Parties", ""))
        for found in find(pages, catalogue().fields("agreement")):
            if found.rule.name == "party":
                _value(found, any(accuracy.same_name(found.value, name) for name in parties), seen, real=True)
            elif found.rule.name in asked:
                category, meaning = asked[found.rule.name]
                if true := meaning(contract.answers.get(category, "")):
                    _value(found, meaning(found.normalised or "") == true, seen, real=True)


def _words(value: str) -> list[str]:
    """The words of a value but for those that join names, which may stand in either order."""
    return sorted(word for word in re.findall(r"\w+", value.casefold()) if word != "and")


def _type(pages: Sequence[Sheet], true: str, seen: Observed, *, real: bool) -> None:
    ranked = scores(pages, catalogue())
    if ranked:
        name = classify(pages).document_type
        best, score = ranked[0] if name == OTHER else (name, dict(ranked)[name])
        seen["TYPES"].append(Seen(score, best == true, real))


def _value(found: Found, right: bool, seen: Observed, *, real: bool) -> None:
    source = "ocr" if found.source in ("ocr", "layer") else "text"
    seen[f'"{found.way}", "{source}"'].append(Seen(found.score, right, real))


def curve(seen: Sequence[Seen]) -> calibration.Curve:
    """Isotonic regression: pools from the lowest score up; a pool that is right less often than one before joins it."""
    real = sum(one.real for one in seen)
    weight = (len(seen) - real) / real if 0 < real < len(seen) else 1.0
    tied: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])  # by score: weight, weight of what is right
    for one in seen:
        much = weight if one.real else 1.0
        tied[one.score] = [tied[one.score][0] + much, tied[one.score][1] + much * one.right]
    pools: list[Pool] = []
    for score in sorted(tied):
        pool = Pool(score, score, *tied[score])
        while pools and pools[-1].right * pool.weight >= pool.right * pools[-1].weight:
            before = pools.pop()
            pool = Pool(before.lowest, score, before.weight + pool.weight, before.right + pool.right)
        pools.append(pool)
    shares = accumulate((pool.share for pool in pools), max)  # a small pool's one right and one wrong may lower it
    points = [
        (round(s, 2), share) for pool, share in zip(pools, shares, strict=True) for s in (pool.lowest, pool.highest)
    ]
    return tuple(dict.fromkeys(points))


def main() -> None:
    """Read, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[61, 62], help="practices to read")
    parser.add_argument("--matters", type=int, default=12, help="matters of each practice")
    parser.add_argument("--corpus", type=Path, default=accuracy.ROOT.parent / "shared" / "corpus", help="real papers")
    asked = parser.parse_args()
    ocr.warm()
    seen: Observed = defaultdict(list)
    practices(asked.seeds, asked.matters, seen)
    if asked.corpus.is_dir():
        papers(asked.corpus, seen)
    for name in sorted(seen):
        right = sum(one.right for one in seen[name])
        print(f"{name}: {curve(seen[name])},  # {right} of {len(seen[name])} right")


if __name__ == "__main__":
    main()
