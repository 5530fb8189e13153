"""How right reading is, set by set, beside truths that nothing was tuned to file by file.

- `sample`: practices of seeds that no test uses, once in the usual layouts and once in those held out, which no reader
  was written with; fields on digital pages and on scans, types, boxes, personal data.
- `contracts`: real contracts with their labels (`contracts/labels.jsonl` and `types.tsv` of the corpus), read whole.
  Rules were last chosen looking at half of them (`seen half`); the other half says how they fare elsewhere.
  Nothing but the curves of confidence is fitted to labels (those of the unseen half), so no folds are crossed.
  Court papers and forms beside them are to be `other`.
- `pii`: sentences with marked personal data (`pii/**/*.json` of the corpus), class by class. Right is what is masked
  whole under its own class. Places, titles, web addresses and other dates than those of birth are no personal data here
  and left out. Names are reported, but only those that something introduces are looked for.
- `ocr`: pages of a practice as pictures, clean at 200 dpi and skewed and noisy at about 150, and a real scan
  (`scanned/ocrmypdf_linn.pdf`); words in visual order, so that the order of columns is not counted as an error.

Prints tables and writes bench/out/accuracy.json. Sets of a corpus that is not there are left out, and it says so.

    python bench/accuracy.py [--seeds 71 72 73] [--matters 20] [--scans 22] [--corpus FOLDER]
        [--only sample contracts pii ocr]
"""

import argparse
import csv
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, get_args
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from muniment.documents.model import Box, Document, Outcome
from muniment.documents.pool import ReadingPool
from muniment.documents.reading import Limits
from muniment.sample import FieldTruth, ObjectTruth, Truth, facts, write_practice
from muniment.sample.documents import render
from muniment.sample.facts import Unit
from muniment.sample.forms import FORMS
from muniment.sample.scale import Layouts

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench" / "out" / "accuracy.json"
LIMITS = Limits(timeout_seconds=300, memory_mb=2048, max_pages=2000, ocr_dpi=200)
SAME_NAME = 85  # of 100: names of organisations that differ by less in their letters are the same
STRUCTURED = {"sin", "email", "phone", "date_of_birth"}
CLIENTS = {"registered_owner", "buyer", "seller", "transferor", "transferee", "mortgagor"}

Figures = dict[str, Any]


@dataclass
class Tally:
    """True and false positives, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def figures(self) -> Figures:
        """Precision, recall and their harmonic mean F1, from 0 to 1; None where nothing was asked."""
        found, asked = self.right + self.wrong, self.right + self.missed
        precision = self.right / found if found else None
        recall = self.right / asked if asked else None
        f1 = 2 * self.right / (found + asked) if found + asked else None
        return {"precision": precision, "recall": recall, "f1": f1, "asked": asked}


@dataclass
class Calibration:
    """Confidences beside what came true."""

    pairs: list[tuple[float, bool]] = field(default_factory=list)

    def error(self, bins: int = 10) -> float:
        """Expected calibration error: the mean gap between confidence and accuracy over equal bins, weighted."""
        groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for confidence, right in self.pairs:
            groups[min(int(confidence * bins), bins - 1)].append((confidence, right))
        gaps = (abs(sum(c for c, _ in group) - sum(r for _, r in group)) for group in groups.values())
        return sum(gaps) / max(len(self.pairs), 1)


def macro_f1(pairs: Iterable[tuple[str, str | None]]) -> float:
    """The mean over the true classes of each class's F1; pairs are (true, found)."""
    counted = Counter(pairs)
    classes = {true for true, _ in counted}
    return sum(_class_f1(counted, name) for name in classes) / len(classes)


def _class_f1(counted: Counter[tuple[str, str | None]], name: str) -> float:
    right = counted[name, name]
    asked = sum(n for (true, _), n in counted.items() if true == name)
    found = sum(n for (_, one), n in counted.items() if one == name)
    return 2 * right / (asked + found)


def read(paths: Sequence[Path]) -> Iterator[tuple[Path, Outcome]]:
    """Every file as the platform reads it."""
    with ReadingPool(os.cpu_count() or 1, LIMITS) as pool:
        for name, outcome in pool.read((str(path), path) for path in paths):
            yield Path(name), outcome


# -- the sample practice


@dataclass(frozen=True)
class Asked:
    """A document of a practice, filed under `key`, and what is true of it."""

    key: str
    document_type: str
    is_scan: bool
    fields: Mapping[str, FieldTruth]


def sample(seeds: Sequence[int], matters: int, scans: int, layouts: Layouts) -> Figures:
    """Practices of other seeds, field by field; `scans` documents of each are image-only, all types in turn."""
    fields, overlaps = {False: Tally(), True: Tally()}, {False: list[float](), True: list[float]()}
    types: list[tuple[str, str | None]] = []
    sure, typed, personal = Calibration(), Calibration(), Tally()
    clear: Counter[str] = Counter()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            landing = Path(folder)
            truth = write_practice(landing, matters=matters, windows=8, seed=seed, scans=False, layouts=layouts)
            filed = [one for one in truth.latest().values() if _is_read(one)]
            asked = [Asked(one.key, str(one.document_type), False, one.fields) for one in filed]
            asked += [_scanned(landing, seed, number, layouts) for number in range(scans)]
            by_path = {landing / one.key: one for one in asked}
            for path, outcome in read(list(by_path)):
                one = by_path[path]
                document = outcome if isinstance(outcome, Document) else None
                types.append((one.document_type, document.document_type if document else None))
                if document:
                    typed.pairs.append((document.type_confidence, document.document_type == one.document_type))
                _count_fields(one, document, fields[one.is_scan], sure, overlaps[one.is_scan])
                if document and not one.is_scan:
                    _count_personal(truth, one, document, personal)
                if document:
                    clear.update(_in_the_open(truth, one, document))
    return {
        "documents": len(types),
        "fields, digital": fields[False].figures(),
        "fields, scans": fields[True].figures(),
        "type macro-F1": macro_f1(types),
        "types' calibration error": typed.error(),
        "fields' calibration error": sure.error(),
        "boxes with IoU of 0.8 or more, digital": _good(overlaps[False]),
        "boxes with IoU of 0.8 or more, scans": _good(overlaps[True]),
        "personal data, structured": personal.figures(),
        "personal values in clear outside the findings": clear.total(),
    }


def _good(overlaps: Sequence[float]) -> float | None:
    return sum(overlap >= 0.8 for overlap in overlaps) / len(overlaps) if overlaps else None


def _scanned(landing: Path, seed: int, number: int, layouts: Layouts) -> Asked:
    """A document of the type whose turn it is, as a skewed and noisy scan; only condominiums have estoppel
    certificates."""
    document_type = list(FORMS)[number % len(FORMS)]
    matters = (facts.matter(seed, index) for index in count(number))
    matter = next(
        one for one in matters if document_type != "estoppel_certificate" or isinstance(one.parcel.legal, Unit)
    )
    drawn = render(seed, matter, document_type, scanned=True, layouts=layouts)
    key = f"scan-{number:04d}.pdf"
    (landing / key).write_bytes(drawn.pdf)
    return Asked(key, document_type, True, drawn.fields)


def _is_read(one: ObjectTruth) -> bool:
    return one.kind == "pdf" and one.state == "published"


def _count_fields(
    one: Asked, document: Document | None, tally: Tally, sure: Calibration, overlaps: list[float]
) -> None:
    found = {f.name: f for f in document.fields if f.ordinal == 1} if document else {}
    tally.wrong += len(found.keys() - one.fields.keys())
    for name, truth in one.fields.items():
        if document is None or name not in found:
            tally.missed += 1
            continue
        value = _in_clear(document, name) if found[name].pii_class else (found[name].normalised or found[name].value)
        right = _same(value, truth.value, found[name].kind)
        sure.pairs.append((found[name].confidence, right))
        tally.right += right
        tally.wrong += not right
        tally.missed += not right
        box, page = found[name].box, found[name].page
        if right and box and not found[name].pii_class:
            places = [_around(place.boxes) for place in truth.places if place.page == page and place.boxes]
            overlaps.append(max((_overlap(box, place) for place in places), default=0.0))


def _in_clear(document: Document, name: str) -> str:
    return " ".join(finding.value for finding in document.findings if finding.field == name)


def _same(value: str, true: str, kind: str) -> bool:
    """Whether a value is the true one; names may have their family names first."""
    if kind == "person":
        return sorted(filter(None, map(_letters, value.split()))) == sorted(filter(None, map(_letters, true.split())))
    return _letters(value) == _letters(true)


def _letters(value: str) -> str:
    """A value without case, marks and the words that join names."""
    return "".join(re.findall(r"\w+", re.sub(r"\band\b|&", " ", value.casefold())))


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> Box:
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return Box(min(x0s), min(y0s), max(x1s), max(y1s))


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union of two rectangles."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    common = max(across, 0.0) * max(down, 0.0)
    both = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in (one, other)) - common
    return common / both if both else 0.0


def _count_personal(truth: Truth, one: Asked, document: Document, tally: Tally) -> None:
    planted = Counter(_letters(p.text) for p in truth.personal if p.key == one.key and p.kind in STRUCTURED)
    # The office's own letterhead is masked with the rest, and is neither right nor wrong.
    office = {_letters(facts.FIRM_PHONE), _letters(facts.FIRM_EMAIL)}
    values = (_letters(f.value) for f in document.findings if f.pii_class in STRUCTURED)
    found = Counter(value for value in values if value not in office)
    tally.right += (planted & found).total()
    tally.missed += (planted - found).total()
    tally.wrong += (found - planted).total()


def _in_the_open(truth: Truth, one: Asked, document: Document) -> Iterator[str]:
    """The kinds of personal values that stand in clear where only masked ones may, names of clients among them."""
    shown = _letters(" ".join((*(page.text for page in document.pages), *(str(field) for field in document.fields))))
    named = [
        ("name", name)
        for field in CLIENTS & (one.fields or {}).keys()
        for name in _people((one.fields or {})[field].value)
    ]
    for kind, value in (*named, *((p.kind, p.text) for p in truth.personal if p.key == one.key)):
        if _letters(value) in shown:
            yield kind


def _people(names: str) -> list[str]:
    return re.split(r"\s*(?: and |;|&)\s*", names)


# -- real contracts


@dataclass(frozen=True)
class Contract:
    """A real contract, its labels by category, and what it is a contract of."""

    path: Path
    answers: dict[str, str]
    variety: str

    @property
    def half(self) -> str:
        """Whether rules were written looking at it: a fixed half of the names."""
        return "unseen half" if crc32(self.path.name.encode()) % 2 else "seen half"


def labelled(corpus: Path) -> list[Contract]:
    """The contracts of a corpus that are there, by name."""
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for line in (corpus / "contracts" / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        answers[label["file"]][label["category"]] = label["answer"]
    with (corpus / "contracts" / "types.tsv").open(encoding="utf-8", newline="") as lines:
        varieties = {row["filename"]: _variety(row["contract_type"]) for row in csv.DictReader(lines, delimiter="\t")}
    found = [Contract(corpus / "contracts" / name, answers[name], varieties[name]) for name in sorted(answers)]
    return [one for one in found if one.path.is_file()]


@dataclass
class Reading:
    """What came of reading contracts."""

    exact: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    parties: Tally = field(default_factory=Tally)
    kinds: list[tuple[str, str | None]] = field(default_factory=list)
    sure: Calibration = field(default_factory=Calibration)

    def count(self, one: Contract, outcome: Outcome) -> None:
        """Count what a contract's labels say of what was read."""
        fields = outcome.fields if isinstance(outcome, Document) else ()
        found = {value.name: value for value in fields}
        kind = found.get("agreement_kind")
        self.kinds.append((one.variety, kind.normalised if kind else None))
        for name, category, meaning in ASKED:
            if true := meaning(one.answers.get(category, "")):
                value = found.get(name)
                right = value is not None and meaning(value.normalised or "") == true
                self.exact[name][right] += 1
                if value:
                    self.sure.pairs.append((value.confidence, right))
        persons = (
            [hit.value for hit in outcome.findings if hit.field == "party"] if isinstance(outcome, Document) else []
        )
        named = [value.value for value in fields if value.name == "party" and not value.pii_class] + persons
        _count_parties(party_labels(one.answers.get("Parties", "")), named, self.parties)

    def figures(self) -> Figures:
        """The shares of what is asked that is right, and the parties' precision, recall and F1."""
        shares = {f"{name}, exact": counted[True] / counted.total() for name, counted in self.exact.items()}
        parties = {f"parties' {name}": value for name, value in self.parties.figures().items() if name != "asked"}
        last = {"variety macro-F1": macro_f1(self.kinds), "values' calibration error": self.sure.error()}
        return shares | parties | last


def contracts(corpus: Path) -> Figures:
    """Real contracts: what the platform publishes of each beside its labels; and papers that are none."""
    asked = {one.path: one for one in labelled(corpus)}
    others = [path for folder in ("court", "forms") for path in sorted((corpus / folder).glob("*.[pP][dD][fF]"))]
    groups: dict[str, Reading] = {"all": Reading(), "seen half": Reading(), "unseen half": Reading()}
    typed = Calibration()
    for path, outcome in read([*asked, *others]):
        if isinstance(outcome, Document):
            right = outcome.document_type == ("agreement" if path in asked else "other")
            typed.pairs.append((outcome.type_confidence, right))
        if path in asked:
            for name in ("all", asked[path].half):
                groups[name].count(asked[path], outcome)
    by_group = {name: group.figures() for name, group in groups.items()}
    return {
        **{what: {name: figures[what] for name, figures in by_group.items()} for what in by_group["all"]},
        "types of contracts and other papers, right": sum(right for _, right in typed.pairs) / len(typed.pairs),
        "types' calibration error": typed.error(),
        "files": len(asked),
    }


def _variety(label: str) -> str:
    words = "_".join(label.casefold().split())
    return {"ip": "intellectual_property", "joint_venture_filing": "joint_filing"}.get(words, words)


def _day(label: str) -> str:
    """`2014-05-08` for `5/8/14` and for itself; empty where the label is no whole date."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", label):
        return label
    match = re.fullmatch(r"\s*(\d{1,2})/(\d{1,2})/(\d{2,4})\s*", label)
    if not match:
        return ""
    month, day, year = map(int, match.groups())
    year += (2000 if year < 50 else 1900) if year < 100 else 0
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _law(label: str) -> str:
    """A jurisdiction without what is said of it in several ways."""
    plain = re.sub(r"\b(?:the|state of|republic of|uk|usa|canada)\b", "", label.casefold())
    return "".join(re.findall(r"\w+", plain))


ASKED: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("agreement_date", "Agreement Date", _day),
    ("effective_date", "Effective Date", _day),
    ("expiration_date", "Expiration Date", _day),
    ("governing_law", "Governing Law", _law),
)


def party_labels(label: str) -> list[str]:
    """The names of a label, which also says what they are called, alone and together."""
    names: list[str] = []
    for part in label.split(";"):
        alone = re.sub(r"[(“\"].*", "", part).strip()
        together = re.fullmatch(r"\W*\w+ and \w+\W*(?:\(.*)?", part.strip())
        if len(alone) > 2 and not together and _name(alone) not in map(_name, names):
            names.append(alone)
    return names


def _name(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.casefold().replace("-", " ").replace(".", ""))
    forms = {"the", "inc", "llc", "ltd", "corp", "corporation", "company", "co", "limited", "incorporated", "lp", "na"}
    return " ".join(word for word in words if word not in forms)


def same_name(one: str, other: str) -> bool:
    """Whether two names of organisations or people are the same but for legal forms and a few letters."""
    return bool(ratio(_name(one), _name(other)) >= SAME_NAME)


def _count_parties(true: list[str], found: list[str], tally: Tally) -> None:
    left = list(found)
    for name in true:
        same = next((one for one in left if same_name(one, name)), None)
        if same is not None:
            left.remove(same)
        tally.right += same is not None
        tally.missed += same is None
    tally.wrong += len(left)


# -- marked sentences

_MARKED = {
    "CREDIT_CARD": "card",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address",
    "PHONE_NUMBER": "phone",
    "US_DRIVER_LICENSE": "drivers_licence",
    "US_SSN": "ssn",
    "PERSON": "person",
}


def pii(corpus: Path) -> Figures:
    """What is masked of marked sentences, each read as a page."""
    from muniment.documents.pii import detect, warm

    warm()
    tallies = {name: Tally() for name in _MARKED.values()}
    spent, sentences = 0.0, 0
    for path in sorted((corpus / "pii").rglob("*.json")):
        for one in json.loads(path.read_text(encoding="utf-8")):
            page = _page(one["full_text"])
            began = time.perf_counter()
            (detections,) = detect([page], [], typed=False)
            spent, sentences = spent + time.perf_counter() - began, sentences + 1
            found = [(d.pii_class, _letters_between(page.text, d.start, d.end)) for d in detections]
            true = [
                (_MARKED[span["entity_type"]], place)
                for span in one["spans"]
                if span["entity_type"] in _MARKED and (place := _marked(one["full_text"], span))
            ]
            for name, tally in tallies.items():
                _count_marked([p for c, p in true if c == name], [p for c, p in found if c == name], tally)
    structured = [tally for name, tally in tallies.items() if name != "person"]
    total = Tally(
        sum(one.right for one in structured),
        sum(one.wrong for one in structured),
        sum(one.missed for one in structured),
    )
    return {
        "structured": total.figures(),
        **{name: tally.figures() for name, tally in tallies.items()},
        "sentences per second": sentences / spent,
    }


def _page(text: str) -> Any:
    """The sentence as a page, every word in a box of its own."""
    from muniment.documents.layout import Sheet, Word

    lines = [
        tuple(Word(word, 40 + 60 * at, 40 + 13 * row, 95 + 60 * at, 50 + 13 * row) for at, word in enumerate(words))
        for row, line in enumerate(text.split("\n"))
        if (words := line.split())
    ]
    return Sheet(1, 612, 792, "text", None, tuple(lines))


def _letters_between(text: str, start: int, end: int) -> range:
    """A place as numbers of characters other than white space, which a page has its own way with."""
    before, within = (len("".join(part.split())) for part in (text[:start], text[start:end]))
    return range(before, before + within)


def _marked(text: str, span: Figures) -> range:
    """The place of a marked value; empty where it is not where the marks say."""
    start, end = span["start_position"], span["end_position"]
    return _letters_between(text, start, end) if text[start:end] == span["entity_value"] else range(0)


def _count_marked(true: Sequence[range], found: Sequence[range], tally: Tally) -> None:
    whole = sum(set(one) <= {place for other in found for place in other} for one in true)
    tally.right += whole
    tally.missed += len(true) - whole
    tally.wrong += sum(not any(set(one) & set(other) for other in true) for one in found)


# -- recognised pages


def ocr(corpus: Path | None, matters: int) -> Figures:
    """Character error rates of recognised pages, with pages per second of one thread."""
    from PIL import Image

    from muniment.documents import ocr as engine
    from muniment.documents import pdf

    engine.warm()
    errors: dict[str, list[tuple[int, int]]] = defaultdict(list)
    spent, pages = 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        truth = write_practice(Path(folder), matters=matters, windows=2, seed=74, scans=False)
        for one in [one for one in truth.objects if _is_read(one)][:40]:
            with pdf.opened(Path(folder) / one.key, 10) as document:
                page = pdf.page_at(document, 0)
                expected = _visual(pdf.text_of(page, 1))
                for name, dpi, slope in (("clean, 200 dpi", 200, 0.0), ("skewed and noisy, 150 dpi", 150, 1.2)):
                    image, scale = pdf.picture(page, dpi)
                    if slope:
                        image = _worn(image.rotate(slope, resample=Image.Resampling.BICUBIC, fillcolor=248), one.key)
                    began = time.perf_counter()
                    seen = _visual(engine.recognise(image, scale, 1))
                    spent, pages = spent + time.perf_counter() - began, pages + 1
                    errors[name].append((Levenshtein.distance(expected, seen), len(expected)))
                page.close()
    if corpus is not None:
        errors["a real scan"].append(_real_scan(corpus))
    rates = {
        f"character error rate, {name}": sum(e for e, _ in found) / sum(n for _, n in found)
        for name, found in errors.items()
    }
    return {**rates, "pages per second": pages / spent}


def _visual(sheet: Any) -> str:
    """A page's words from top to bottom and left to right, with single spaces. Leaders say nothing and are left out."""
    return " ".join(word.text for cell in sheet.cells for word in cell.words if word.text.strip("._…"))


def _worn(image: Any, seed: str) -> Any:
    """The picture with the grain and the specks of a poor scanner."""
    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(sum(seed.encode()))
    pixels = 28 + np.asarray(image.convert("L"), np.float32) * 0.86
    pixels += noise.normal(0, 8, pixels.shape)
    pixels[noise.random(pixels.shape) < 0.00015] = 60
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "L")


def _real_scan(corpus: Path) -> tuple[int, int]:
    """Errors and characters of a scanned book page, whose transcript has its words in reading order."""
    [(_, outcome)] = read([corpus / "scanned" / "ocrmypdf_linn.pdf"])
    assert isinstance(outcome, Document), outcome
    seen = " ".join(" ".join(page.text for page in outcome.pages).split())
    expected = " ".join((corpus / "scanned" / "ocrmypdf_linn.txt").read_text(encoding="utf-8").split())
    return Levenshtein.distance(expected, seen), len(expected)


def show(name: str, figures: Figures) -> None:
    """A set's figures, a line each."""
    print(f"\n{name}")
    for what, figure in figures.items():
        parts = figure.items() if isinstance(figure, dict) else [("", figure)]
        told = "  ".join(f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in parts)
        print(f"  {what:<42} {told.strip()}")


def main() -> None:
    """Measure the sets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[71, 72, 73], help="practices to read")
    parser.add_argument("--matters", type=int, default=20, help="matters of each practice")
    parser.add_argument("--scans", type=int, default=22, help="scanned documents of each practice")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus", help="real documents")
    sets = ["sample", "contracts", "pii", "ocr"]
    parser.add_argument("--only", nargs="+", choices=sets, default=sets)
    asked = parser.parse_args()
    corpus = asked.corpus if asked.corpus.is_dir() else None
    if corpus is None:
        print(f"No corpus at {asked.corpus}: real documents are left out.", file=sys.stderr)
    results: Figures = {}
    if "sample" in asked.only:
        for layouts in get_args(Layouts):
            name = f"sample, {layouts} layouts"
            results[name] = sample(asked.seeds, asked.matters, asked.scans, layouts)
            show(name, results[name])
    if "contracts" in asked.only and corpus is not None:
        results["contracts"] = contracts(corpus)
        show("contracts", results["contracts"])
    if "pii" in asked.only and corpus is not None:
        results["pii"] = pii(corpus)
        show("pii", results["pii"])
    if "ocr" in asked.only:
        results["ocr"] = ocr(corpus, asked.matters)
        show("ocr", results["ocr"])
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"\n{OUT}")


if __name__ == "__main__":
    main()
