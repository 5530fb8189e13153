"""The practice written below a landing folder, with the truth about each file. What arrives when belongs to
`plan`.

Files are made one at a time, so that memory grows with the truth about them and not with the files.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from muniment import windows
from muniment.progress import Progress
from muniment.sample import facts
from muniment.sample.deliveries import record_price, status
from muniment.sample.facts import Matter
from muniment.sample.made import Draft, Made, document, moment
from muniment.sample.plan import late_files, plan, required
from muniment.sample.scale import Layouts, SampleError, Scale
from muniment.sample.truth import (
    Disagreement,
    ObjectTruth,
    PersonalTruth,
    RecordsTruth,
    Truth,
    settle,
)
from muniment.windows import Window


def write_practice(
    landing: Path,
    *,
    matters: int = 60,
    windows: int = 8,
    seed: int = 20260308,
    scans: bool = True,
    layouts: Layouts = "usual",
    progress: Progress | None = None,
) -> Truth:
    """Write a practice below `landing` and return the truth about it.

    The same arguments give the same bytes and modification times; a file that is there already is left alone.
    `progress` is called with the number of files done and the number of all. Raises SampleError when there
    would be no matter or window, or more matters than there are numbers.
    """
    scale = Scale(matters, windows, seed, scans, layouts)
    drafts = list(plan(scale))
    made = []
    for done, draft in enumerate(drafts, 1):
        made.append(_land(landing, draft))
        if progress:
            progress(done, len(drafts))
    late = [_described(draft, draft.make()) for draft in late_files(scale)]
    return _truth(scale, made, tuple(one for one, _ in late))


def find_practice(landing: Path, path: Path, scale: Scale) -> Truth | None:
    """What the truth file at `path` says of a practice of this scale that is below `landing` as it was made, told by
    sizes and modification times. None when it has to be written."""
    try:
        truth = Truth.read(path)
        files = [(one, (landing / one.key).stat()) for one in truth.latest().values()]
    except (OSError, ValueError):  # there is no file, or none of this version
        return None
    same = all(s.st_size == one.size and s.st_mtime == one.modified.timestamp() for one, s in files)
    return truth if same and truth.scale == scale else None


def write_late(landing: Path, truth: Truth) -> Truth:
    """Land the late files: their modification times are those of an early window. In the truth returned they
    belong to the window after the practice's last, as when all its windows have been registered already."""
    after = _after(truth)
    made = [_land(landing, draft) for draft in late_files(truth.scale)]
    moved = [(replace(one, window=after.key), result) for one, result in made]
    return _extended(truth, moved, late=())


def write_changes(landing: Path, truth: Truth, count: int = 5) -> Truth:
    """Amend `count` documents under their old keys, purchase contracts first, in the window after the last.

    The truth returned has the new versions beside the old. Raises SampleError when there are not so many
    documents.
    """
    after = _after(truth)
    copied = {one.original for one in truth.objects}
    current = [
        one for one in truth.latest().values() if one.state == "published" and one.kind == "pdf" and not one.is_scan
    ]
    candidates = sorted(
        (one for one in current if one.key not in copied),
        key=lambda one: (one.document_type != "purchase_contract", one.key),
    )
    if count > len(candidates):
        raise SampleError(f"{count} changes asked for, but only {len(candidates)} documents can change: ask for fewer.")
    made = [_land(landing, _amendment(truth, one, after)) for one in candidates[:count]]
    return _extended(truth, made, truth.late)


# -- files and truth

_Result = tuple[ObjectTruth, Made]


def _land(landing: Path, draft: Draft) -> _Result:
    """Write one file, unless it is there already, and give it the time of its arrival."""
    made = draft.make()
    path = landing / draft.key
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.stat().st_size != len(made.data) or path.read_bytes() != made.data:
        path.write_bytes(made.data)
    nanoseconds = int(draft.arrived.timestamp()) * 1_000_000_000
    if path.stat().st_mtime_ns != nanoseconds:
        os.utime(path, ns=(nanoseconds, nanoseconds))
    one, _ = _described(draft, made)
    return one, replace(made, data=b"")  # the bytes are on disk: many files' worth would not fit in memory


def _described(draft: Draft, made: Made) -> _Result:
    one = ObjectTruth(
        key=draft.key,
        window=windows.containing(draft.arrived).key,
        modified=draft.arrived,
        size=len(made.data),
        sha256=hashlib.sha256(made.data).hexdigest(),
        kind=made.kind,
        document_type=made.document_type,
        state=made.state,
        reason=made.reason,
        is_scan=made.is_scan,
        layout=made.layout,
        pages=made.pages,
        matter_number=made.matter_number,
        fields=made.fields,
    )
    return one, made


def _truth(scale: Scale, results: Sequence[_Result], late: tuple[ObjectTruth, ...]) -> Truth:
    objects = tuple(settle(one for one, _ in results))
    return Truth(
        scale=scale,
        objects=objects,
        records=_records_truth(results),
        personal=_personal_truth(results),
        disagreements=tuple(_disagreements(scale, objects)),
        missing=_missing(scale, objects),
        statuses={one.number: status(scale, one) for one in _matters(scale)},
        late=late,
    )


def _extended(truth: Truth, results: Sequence[_Result], late: tuple[ObjectTruth, ...]) -> Truth:
    """The truth with further files; personal data is that of the newest version of each key."""
    objects = tuple(settle((*truth.objects, *(one for one, _ in results))))
    newer = {one.key for one, _ in results}
    personal = tuple(one for one in truth.personal if one.key not in newer)
    return replace(
        truth,
        objects=objects,
        personal=(*personal, *_personal_truth(results)),
        missing=_missing(truth.scale, objects),
        late=late,
    )


def _records_truth(results: Sequence[_Result]) -> tuple[RecordsTruth, ...]:
    return tuple(
        RecordsTruth(one.key, one.window, file.table, file.rows_good, file.bad_rows, file.unknown_columns)
        for one, made in results
        if (file := made.records) is not None
    )


def _personal_truth(results: Sequence[_Result]) -> tuple[PersonalTruth, ...]:
    return tuple(
        PersonalTruth(one.key, found.page, found.kind, found.value, found.text, found.boxes)
        for one, made in results
        for found in made.personal
    )


def _disagreements(scale: Scale, objects: Sequence[ObjectTruth]) -> Iterator[Disagreement]:
    for one in objects:
        if one.document_type == "purchase_contract" and one.state == "published":
            matter = _matter_of(scale, one)
            if record_price(matter) != matter.price:
                yield Disagreement(matter.number, one.key, str(matter.price), str(record_price(matter)))


def _missing(scale: Scale, objects: Sequence[ObjectTruth]) -> dict[str, tuple[str, ...]]:
    present = {(one.matter_number, one.document_type) for one in objects if one.state == "published"}
    missing = {}
    for matter in _matters(scale):
        lacking = tuple(sorted(name for name in required(matter) if (matter.number, name) not in present))
        if lacking:
            missing[matter.number] = lacking
    return missing


def _matters(scale: Scale) -> Iterator[Matter]:
    return (facts.matter(scale.seed, index) for index in range(scale.matters))


def _matter_of(scale: Scale, one: ObjectTruth) -> Matter:
    return facts.matter(scale.seed, int(str(one.matter_number).partition("-")[2]) - 1)


def _after(truth: Truth) -> Window:
    return windows.parse(truth.windows[-1].window).next()


def _amendment(truth: Truth, one: ObjectTruth, span: Window) -> Draft:
    revision = sum(other.key == one.key for other in truth.objects)
    index = _matter_of(truth.scale, one).index
    make = partial(document, truth.scale, index, str(one.document_type), revision=revision)
    return Draft(one.key, moment(span, f"amended:{one.key}"), make)
