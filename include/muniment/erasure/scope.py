"""Where a person stands in an installation: contents that hold them, cells of record files, matters.

Looked through are the tables in every snapshot, vault and all, the record files themselves, the names of files, and
whatever no table was made of. What the tables say of a document is what reading found in it: a name that only an
unreadable page shows is not found. Nothing is changed here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from muniment.contract import Contract, contracts, of_origin
from muniment.erasure.redaction import Row, cells_of, keys_of
from muniment.erasure.tombstones import Cells
from muniment.erasure.traces import SubjectError, Traces, Value, parse
from muniment.lake.cleansing import rows_of_every_snapshot
from muniment.outcomes import part_of
from muniment.platform import Platform
from muniment.privacy import name_parts, names_in
from muniment.records.rows import Unreadable
from muniment.register import Entry, Manifest
from muniment.tabulate import document_id

if TYPE_CHECKING:
    import pyarrow as pa

_NO_TEXT = frozenset(
    ("window_key", "run_id", "document_id", "object_id", "sha256", "chunk_hash", "spans", "word_boxes", "processor")
)
_BELONGS = "belongs_to_matter"
_BLOCK = 1 << 20
_OVERLAP = 1 << 10  # characters of a block that are looked at with the next one, too


@dataclass(frozen=True)
class Scope:
    """What holds a person: contents by SHA-256, whole ones and (by line) cells of records; those whose file names say
    it; matters that they stand in; rows by table. `unread` counts documents that could not be looked into, `named_in`
    are all matters that have the name, also where it is another's."""

    objects: frozenset[str] = frozenset()
    renamed: frozenset[str] = frozenset()
    cells: Mapping[str, Cells] = field(default_factory=dict)
    matters: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    unread: int = 0
    named_in: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.objects or self.renamed or self.cells)


@dataclass(frozen=True)
class Bearer:
    """One of several people of a name: the matters in which an insurance number goes with it."""

    matters: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """What records say beside a person's values: what is certainly theirs as well, tokens of names that are given to
    their numbers and addresses, and who bears the name, told apart by insurance number."""

    values: tuple[Value, ...]
    names: tuple[str, ...]
    bearers: tuple[Bearer, ...]


def known_beside(platform: Platform, traces: Traces, matters: frozenset[str]) -> Beside:
    """What stands beside a person in rows of records that name nobody else. Certainly theirs is what no other name goes
    with; with `matters`, the name counts in these only."""
    owners: defaultdict[Value, set[str]] = defaultdict(set)
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    theirs, names = set[Value](), set[str]()
    for contract in (one.vault for one in of_origin("records") if one.vault):
        for row in _rows(platform, contract):
            people = _people(contract, row)
            if len(people) != 1:
                continue
            name, matter = people[0], row.get("matter_number", "")
            own = {one.pii: value for one in contract.personal if (value := _identifier(one.pii, row.get(one.name)))}
            for value in own.values():
                owners[value].add(" ".join(name_parts(name)))
            if traces.of("person", name):
                if not matters or matter in matters:
                    theirs.update(own.values())
                if "sin" in own:
                    bearers[own["sin"].plain].add(matter)
            elif traces.values.intersection(own.values()):
                names.update(filter(None, [platform.tokens.of("person", name)]))
    certain = (value for value in theirs if len(owners[value]) == 1)
    return Beside(
        tuple(sorted(certain, key=lambda value: (value.kind, value.plain))),
        tuple(sorted(names)),
        tuple(Bearer(tuple(sorted(found))) for _, found in sorted(bearers.items())),
    )


def _identifier(kind: str | None, text: str | None) -> Value | None:
    if kind not in ("email", "phone", "sin") or not text:
        return None
    try:
        return parse(text)
    except SubjectError:
        return None


def _rows(platform: Platform, contract: Contract) -> Iterator[Mapping[str, str]]:
    """Rows as text, of every snapshot; nulls are absent."""
    for found in rows_of_every_snapshot(platform.lake, platform.store, contract):
        for row in found.to_pylist():
            yield {name: str(value) for name, value in row.items() if value is not None}


@dataclass
class Search:
    """One search for a person. With `matters`, a name counts in these only; what is beyond names counts anywhere."""

    platform: Platform
    traces: Traces
    matters: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._beyond = self.traces.beyond_names
        self._matters: set[str] = set()
        self._named_in: set[str] = set()
        self._counts: Counter[str] = Counter()

    def scope(self) -> Scope:
        """What holds the person."""
        named, beyond = self._documents()
        of_matter = self._matters_of_documents()
        documents = beyond | {one for one in named if self._meant(of_matter[one])}
        objects, renamed, cells = set[str](), set[str](), dict[str, Cells]()
        self._matters = {matter for one in documents for matter in of_matter[one]}
        self._named_in = {matter for one in named | beyond for matter in of_matter[one]}
        for sha256, entries in self._contents.items():
            in_name = any(self.traces.found_in(entry.key) for entry in entries)
            if document_id(sha256) in documents or (in_name and entries[0].kind == "pdf"):
                objects.add(sha256)
            elif entries[0].kind != "pdf":
                found = self._record_cells(sha256, entries)
                if found:
                    cells[sha256] = found
                elif found is None or (in_name and part_of(entries[0]) == "unclaimed"):
                    objects.add(sha256)
            if in_name or (sha256 in objects and any(self.traces.hinted_in(entry.key) for entry in entries)):
                renamed.add(sha256)
        self._counts["contents whole"], self._counts["contents in part"] = len(objects), len(cells)
        self._counts["record cells"] = sum(len(names) for lines in cells.values() for names in lines.values())
        counts = {name: count for name, count in self._counts.items() if count}
        known = self.platform.erased
        pdfs = (sha256 for sha256, entries in self._refused.items() if entries[0].kind == "pdf")
        unread = sum(sha256 not in objects and not known.whole(sha256) for sha256 in pdfs)
        matters, named_in = frozenset(self._matters), frozenset(self._named_in)
        return Scope(frozenset(objects), frozenset(renamed), cells, matters, counts, unread, named_in)

    def _meant(self, matters: Iterable[str]) -> bool:
        """Whether a name in such matters is the person's."""
        return not self.matters or bool(self.matters.intersection(matters))

    # --- documents ----------------------------------------------------------------------------------------------------

    def _documents(self) -> tuple[set[str], set[str]]:
        """Documents that bear a name of the person, and those that bear more than a name."""
        named, beyond = set[str](), set[str]()
        for contract in of_origin("documents"):
            for rows in rows_of_every_snapshot(self.platform.lake, self.platform.store, contract):
                owners = rows["document_id"].to_pylist()
                for traces, found in ((self.traces, named), (self._beyond, beyond)):
                    hits = _hits(rows, traces)
                    found |= {owners[at] for at in hits}
                    if traces is self.traces:
                        self._counts[contract.table] += len(hits)
        corrections = contracts()["corrections"].vault
        for row in _rows(self.platform, corrections) if corrections else ():
            text = "\n".join(row.get(name, "") for name in ("value", "remark"))
            if self.traces.found_in(text):  # what a reviewer says stands in the document
                named.add(row["document_id"])
        return named, beyond

    def _matters_of_documents(self) -> defaultdict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in _rows(self.platform, contracts()["documents"]):
            if "matter_number" in row:
                found[row["document_id"]].add(row["matter_number"])
        for row in _rows(self.platform, contracts()["relationships"]):
            if row["relation"] == _BELONGS:
                found[row["document_id"]].add(row["target"])
        return found

    # --- records and other files --------------------------------------------------------------------------------------

    @cached_property
    def _contents(self) -> dict[str, list[Entry]]:
        return contents(self.platform.register.manifests())

    def _record_cells(self, sha256: str, entries: list[Entry]) -> Cells | None:
        """What is the person's in a file that is no document, by the file and by the tables that were made of it; None
        when it holds them and cannot be told apart into cells."""
        found = {line: set(names) for line, names in self._in_tables.get(sha256, {}).items()}
        if self.platform.originals.present(sha256):
            contract = contracts().get(part_of(entries[0]))
            of_file = self._of_file(sha256, contract) if contract and sha256 not in self._refused else None
            if of_file is None and not found:
                return None if self._in_bytes(sha256) else {}
            for line, names in (of_file or {}).items():
                found.setdefault(line, set()).update(names)
        return {line: tuple(sorted(names)) for line, names in found.items()}

    def _of_file(self, sha256: str, contract: Contract) -> Cells | None:
        """What is the person's in a record file; None when it cannot be read as one."""
        try:
            with self.platform.original(sha256) as path:
                return cells_of(path, contract, lambda row: self._theirs(row, contract))
        except Unreadable:
            return None

    @cached_property
    def _in_tables(self) -> dict[str, dict[int, set[str]]]:
        """What is the person's in record tables, in any snapshot, by content and line. The originals may be gone."""
        found: dict[str, dict[int, set[str]]] = {}
        content_of = {entry.object_id: sha for sha, entries in self._contents.items() for entry in entries}
        for contract in of_origin("records"):
            for key, row in self._whole_rows(contract):
                if names := self._theirs(row, contract):
                    lines = found.setdefault(content_of.get(key[-1], ""), {})
                    lines.setdefault(int(row["source_line"]), set()).update(names)
        return found

    def _whole_rows(self, contract: Contract) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
        """The records that may be the person's, by key, with what the vault has of them in the place of masks."""
        clear: dict[tuple[str, ...], dict[str, str]] = {}
        for key, row in self._told(contract.vault, contract) if contract.vault else ():
            if self.traces.found_in("\n".join(row.values())):
                clear[key] = row
        masked = {column.name for column in contract.personal}
        for key, row in self._told(contract, contract):
            plain = {name: text for name, text in row.items() if name not in masked}
            if key in clear or self.traces.found_in("\n".join(plain.values())):
                yield key, plain | clear.get(key, {})

    def _told(self, table: Contract, contract: Contract) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
        """The rows of a table in every snapshot, as text, by the key that they have in the contract's."""
        for rows in rows_of_every_snapshot(self.platform.lake, self.platform.store, table):
            for key, row in zip(keys_of(rows, contract), rows.to_pylist(), strict=True):
                yield key, {name: str(value) for name, value in row.items() if value is not None}

    def _theirs(self, row: Row, contract: Contract) -> set[str]:
        """The columns of a row that are the person's. Where somebody is named alone, all personal ones of the row are.
        The row's matter is noted."""
        matter = row.get("matter_number", "")
        found = {name for name, text in row.items() if name not in _NO_TEXT and self.traces.found_in(text)}
        if found and matter:
            self._named_in.add(matter)
        if not self._meant([matter]):
            found = {name for name in found if self._beyond.found_in(row[name])}
        if found and matter:
            self._matters.add(matter)
        personal = {one.name for one in contract.personal if row.get(one.name)}
        return found | personal if found & personal and len(_people(contract, row)) <= 1 else found

    @cached_property
    def _refused(self) -> dict[str, list[Entry]]:
        """Contents that no table was made of."""
        return {sha: entries for sha, entries in self._contents.items() if sha not in self._published}

    @cached_property
    def _published(self) -> set[str]:
        objects = contracts()["objects"]
        found = self.platform.lake.scan(objects, columns=["sha256", "state"]) if self.platform.lake.present() else ()
        rows = (row for batch in found for row in batch.to_pylist())
        return {row["sha256"] for row in rows if row["state"] != "quarantined"}

    def _in_bytes(self, sha256: str) -> bool:
        """Whether a file holds the person as plain text, in whatever encoding."""
        with self.platform.original(sha256) as path, path.open("rb") as stream:
            before = b""
            while block := stream.read(_BLOCK):
                piece = before + block
                for encoding in ("utf-8", "utf-16-le", "cp1252"):
                    if self.traces.found_in(piece.decode(encoding, "replace")):
                        return True
                before = block[-_OVERLAP:]
        return False


def _people(contract: Contract, row: Row) -> list[str]:
    """Everybody whom the personal columns of a row name."""
    named = (names_in(row.get(column.name)) for column in contract.personal if column.pii == "person")
    return [name for names in named for name in names if name]


def _hits(rows: "pa.Table", traces: Traces) -> set[int]:
    """Places of rows that hold the person."""
    import pyarrow as pa

    found: set[int] = set()
    classes = rows["pii_class"].to_pylist() if "pii_class" in rows.schema.names else None
    for column in rows.schema:
        if column.name in _NO_TEXT or not pa.types.is_string(column.type):
            continue
        for at, text in enumerate(rows[column.name].to_pylist()):
            whole = classes[at] if classes and column.name == "value" else None
            if text and (traces.of(whole, text) if whole else traces.found_in(text)):
                found.add(at)
    return found


def contents(manifests: Iterable[Manifest]) -> dict[str, list[Entry]]:
    """Every registered content with the objects that brought it."""
    found: dict[str, list[Entry]] = {}
    for manifest in manifests:
        for entry in manifest.entries:
            found.setdefault(entry.sha256, []).append(entry)
    return found
