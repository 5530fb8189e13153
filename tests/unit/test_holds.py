"""A hold on a matter covers what belongs to it, by whatever that is told, and a hold covers whole windows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muniment.contract import contracts
from muniment.keeping.holds import Holds
from muniment.lake import Lake
from muniment.objects import open_store
from muniment.settings import load
from tests.tables import good_row, stage

MATTER, LINC, TITLE, LEGAL = "2026-0042", "0012345678", "161 234 567", "1234AB;5;6"
KEYS = ("2026-03-08-06:00", "2026-03-08-12:00")


class Files:
    """A lake into which objects, the documents or records in them, and rows about them are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = load(state_dir=folder / "state")
        self.lake = Lake(settings, open_store(settings.lake, settings))
        self._rows: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def add(self, number: int, window: str = KEYS[0], name: str = "scan.pdf", **tables: dict[str, Any]) -> str:
        """An object whose document or file is of this number, with rows of other tables about it; its content."""
        sha256, identity = f"{number:064x}", f"{number:016x}"
        origin = {"object_id": identity, "document_id": identity, "sha256": sha256, "key": name}
        self._put("objects", window, number, origin)
        for table, values in tables.items():
            place = "source_object_id" if contracts()[table].origin == "records" else "document_id"
            self._put(table, window, number, {place: identity} | values)
        return sha256

    def _put(self, table: str, window: str, number: int, values: dict[str, Any]) -> None:
        contract = contracts()[table]
        rows = self._rows.setdefault((table, window), [])
        rows.append(good_row(contract, number, **values))
        self.lake.commit(stage(self.folder / "staged", contract, window, rows), f"run-{len(rows)}")

    def held(self, **named: Any) -> set[str]:
        """The contents that a hold covers."""
        holds = Holds(self.lake)
        return set(holds.covered([holds.place("a claim", **named)]).objects)


ABOUT: dict[str, dict[str, Any]] = {
    "a document that names it": {"documents": {"matter_number": MATTER}},
    "a document that is related to it": {"relationships": {"target_type": "matter", "target": MATTER}},
    "a document that a reviewer gave it": {"corrections": {"field": "matter_number", "value": MATTER}},
    "a document that names its parcel": {"entities": {"entity_type": "parcel", "entity": LINC}},
    "a document that names its title": {"entities": {"entity_type": "title", "entity": TITLE}},
    "a document that describes its land": {"entities": {"entity_type": "legal_description", "entity": LEGAL}},
    "a document that says where its land is": {"entities": {"entity_type": "address", "entity": "12 Elm St NW"}},
    "a file with its payments": {"payments": {"matter_number": MATTER}},
    "a file with events of its land": {"registry_events": {"matter_number": None, "linc": LINC}},
}
OTHERS: dict[str, dict[str, Any]] = {
    "a document of another matter": {"documents": {"matter_number": "2026-0043"}},
    "a document about other land": {"entities": {"entity_type": "parcel", "entity": "0099999999"}},
    "a file with other payments": {"payments": {"matter_number": "2026-0043"}},
}


NAMES = {
    f"{MATTER}/scan.pdf": True,
    f"scans/{MATTER}_deed.pdf": True,
    f"scans/re {MATTER}.pdf": True,
    f"scans/{MATTER}1.pdf": False,
    f"scans/1{MATTER}.pdf": False,
    "scans/2026.0042.pdf": False,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A lake with a matter, its land, and what does and does not belong to it."""
    files = Files(tmp_path_factory.mktemp("holds"))
    files.add(90, KEYS[1], matters={"matter_number": MATTER, "linc": LINC, "property_address": "12 Elm Street NW"})
    files.add(91, KEYS[1], parcels={"linc": LINC, "title_number": TITLE, "short_legal": LEGAL})
    for number, tables in enumerate([*ABOUT.values(), *OTHERS.values()]):
        files.add(number, **tables)
    for number, name in enumerate(NAMES, start=50):
        files.add(number, name=name)
    return files


@pytest.fixture(scope="module")
def held(files: Files) -> set[str]:
    """The contents that a hold on the matter covers."""
    return files.held(matters=[MATTER])


@pytest.mark.parametrize("number", range(len(ABOUT)), ids=ABOUT.keys())
def test_what_belongs_to_a_matter_is_covered(held: set[str], number: int) -> None:
    assert f"{number:064x}" in held


@pytest.mark.parametrize("number", range(len(ABOUT), len(ABOUT) + len(OTHERS)), ids=OTHERS.keys())
def test_what_belongs_to_another_matter_is_not(held: set[str], number: int) -> None:
    assert f"{number:064x}" not in held


@pytest.mark.parametrize(("number", "name"), list(enumerate(NAMES, start=50)))
def test_what_landed_under_its_number_is_covered_whether_it_was_read_or_not(
    held: set[str], number: int, name: str
) -> None:
    assert (f"{number:064x}" in held) == NAMES[name]


@pytest.mark.parametrize("number", [".*", "(", "2026-0042|2026-0043", "'", "日本"])
def test_a_number_is_taken_as_it_is_written(files: Files, number: str) -> None:
    """It is no pattern, and one that nothing bears covers nothing."""
    assert files.held(matters=[number]) == set()


def test_what_comes_later_is_covered_too(tmp_path: Path) -> None:
    files = Files(tmp_path)
    holds = Holds(files.lake)
    placed = holds.place("a claim", matters=[MATTER])
    late = files.add(1, documents={"matter_number": MATTER})
    assert late in Holds(files.lake).covered([placed]).objects
    assert Holds(files.lake).on(objects=[late]) == [placed]


@pytest.mark.parametrize("named", [lambda one: {"objects": [one]}, lambda one: {"windows": [KEYS[0]]}])
def test_a_window_is_covered_with_each_of_its_contents_and_the_reverse(
    tmp_path: Path, named: Callable[[str], dict[str, Any]]
) -> None:
    files = Files(tmp_path)
    one = files.add(1)
    files.add(3, KEYS[1])
    holds = Holds(files.lake)
    covered = holds.covered([holds.place("a claim", **named(one))])
    assert covered.windows == {KEYS[0]}
    assert covered.objects == {one}


def test_on_a_lake_without_tables_a_hold_stands_all_the_same(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.held(matters=[MATTER])
    assert [hold.named for hold in Holds(files.lake).on(matters=[MATTER])] == [f"matter {MATTER}"]
