"""What each word weighs in telling types apart (`include/catalogue/likeness.csv`), fitted anew and written there.

Fitted is a multinomial logistic regression to the sample's layouts, usual and rare but none held out, and for `other`
to real papers of the corpus: the half of its contracts, court papers, forms and reports that rules may look at. Words
are known that stand in several layouts whatever the matter, so that no name is, or in many of the real papers; of them,
those that weigh something. Prints how many documents come out right whose layout was left out of the fit, and how sure
the least sure of them are.

    python bench/likeness.py [--corpus FOLDER]
"""

import argparse
import csv
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from bench.accuracy import labelled
from muniment.documents import ocr, pdf
from muniment.documents.catalogue import OTHER
from muniment.documents.classify import FIRST_PAGES
from muniment.documents.likeness import words_of
from muniment.documents.recognition import sheet_of
from muniment.sample import facts
from muniment.sample.documents import set_in
from muniment.sample.facts import Unit
from muniment.sample.forms import FORMS
from muniment.settings import LIKENESS, PROJECT

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

_SEED, _MATTERS = 401, 4  # of each layout
_LAYOUTS = 4  # in which a word stands before it is known
_PAPERS = 12  # real papers, likewise
_LEAST = 0.5  # a word that weighs less for every type is left out
_FOLDS = 6
_STRENGTH = 30.0  # the inverse of the regularisation


class Paper(NamedTuple):
    """A document: its type, the layout or file that it comes from, and its words."""

    document_type: str
    origin: str
    words: frozenset[str]


def practice() -> Iterator[Paper]:
    """Every layout that is not held out, filled in for several matters."""
    for document_type, form in FORMS.items():
        for layout in (*form.layouts, *form.rare):
            matters = (facts.matter(_SEED, index) for index in count())
            if document_type == "estoppel_certificate":
                matters = (one for one in matters if isinstance(one.parcel.legal, Unit))
            for matter in islice(matters, _MATTERS):
                drawn = set_in(layout, _SEED, matter, document_type)
                with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
                    Path(file.name).write_bytes(drawn.pdf)
                    yield Paper(document_type, layout.name, _words(Path(file.name)))


def others(corpus: Path) -> Iterator[Paper]:
    """Real papers of no type, or of the general one, that may be looked at."""
    paths = [one.path for one in labelled(corpus)]
    for folder in ("court", "forms", "ntsb-aviation-incident-accident-reports"):
        paths += sorted((corpus / folder).rglob("*.[pP][dD][fF]"))
    for path in paths:
        if crc32(path.name.encode()) % 2 == 0 and path.stat().st_size < 1_500_000:
            yield Paper(OTHER, path.name, _words(path))


def _words(path: Path) -> frozenset[str]:
    """The words of the first pages that have any."""
    texts: list[str] = []
    with pdf.opened(path, 5000) as document:
        for index in range(min(len(document), 8)):
            page = pdf.page_at(document, index)
            try:
                texts += [text] if (text := sheet_of(page, index + 1, 100).text) else []
            finally:
                page.close()
    return words_of("\n".join(texts[:FIRST_PAGES]))


def known_words(papers: Sequence[Paper]) -> list[str]:
    """The words that stand in several layouts whatever the matter, or in many real papers."""
    layouts: dict[tuple[str, str], list[frozenset[str]]] = defaultdict(list)
    for one in papers:
        layouts[one.document_type, one.origin].append(one.words)
    printed, real = Counter[str](), Counter[str]()
    for (document_type, _), words in layouts.items():
        (real if document_type == OTHER else printed).update(frozenset.intersection(*words))
    ours = words_of(f"{facts.FIRM} {facts.FIRM_ADDRESS} {facts.FIRM_EMAIL}")
    often = {word for word, layouts in printed.items() if layouts >= _LAYOUTS}
    return sorted((often | {word for word, papers in real.items() if papers >= _PAPERS}) - ours)


def fitted(papers: Sequence[Paper], words: Sequence[str]) -> "LogisticRegression":
    """The regression over which of the words stand in the papers."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=3000)
    return model.fit(_presence(papers, words), [one.document_type for one in papers])


def _presence(papers: Sequence[Paper], words: Sequence[str]) -> "np.ndarray":
    """A row a paper, a column a word; each row has the length 1, as `likeness` scales it."""
    rows = np.array([[word in one.words for word in words] for one in papers], dtype=float)
    return rows / np.sqrt(np.maximum(rows.sum(axis=1, keepdims=True), 1))


def worded(papers: Sequence[Paper]) -> "tuple[list[str], LogisticRegression]":
    """The words that weigh something and the regression over them."""
    words = known_words(papers)
    heaviest = np.abs(fitted(papers, words).coef_).max(axis=0)
    kept = [word for word, weight in zip(words, heaviest, strict=True) if weight >= _LEAST]
    return kept, fitted(papers, kept)


def left_out(papers: Sequence[Paper]) -> tuple[int, list[float]]:
    """How many papers are told right by a fit without their layout, and the probabilities of the true types."""
    right, sure = 0, []
    for fold in range(_FOLDS):
        away = [one for one in papers if crc32(f"{one.document_type} {one.origin}".encode()) % _FOLDS == fold]
        words, model = worded([one for one in papers if one not in away])
        for one, shares in zip(away, model.predict_proba(_presence(away, words)), strict=True):
            by_type = dict(zip(model.classes_, shares, strict=True))
            right += max(by_type, key=lambda name: by_type[name]) == one.document_type
            sure.append(float(by_type[one.document_type]))
    return right, sure


def write(words: Sequence[str], model: "LogisticRegression") -> None:
    """The weights as `likeness` reads them."""
    with LIKENESS.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["word", *model.classes_])
        out.writerow(["", *(f"{weight:.2f}" for weight in model.intercept_)])
        for word, own in zip(words, model.coef_.T, strict=True):
            out.writerow([word, *(f"{weight:.2f}" for weight in own)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "corpus")
    corpus = parser.parse_args().corpus
    if not corpus.is_dir():
        sys.exit(f"{corpus} is not there: what is like none of the types is told by real papers. Give --corpus.")
    ocr.warm()
    papers = [*practice(), *others(corpus)]
    right, sure = left_out(papers)
    print(f"{len(papers)} papers; with their layout left out of the fit {right} come out right")
    print("probability of the true type: least", *(f"{share:.2f}" for share in sorted(sure)[:5]))
    words, model = worded(papers)
    write(words, model)
    print(f"{len(words)} words written to {LIKENESS.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
