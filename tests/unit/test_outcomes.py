"""Outcomes: every registered object ends in one state, and what does not add up is an error that names it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment import gate
from muniment.contract import contracts
from muniment.objects import FolderStore
from muniment.outcomes import Balance, ConservationError, Part, gather, part_of
from muniment.register import Entry, Kind, Manifest
from muniment.staging import Staged

KEY = "2026-03-08-06:00"
PARTS = ["documents", "parcels", "unclaimed"]


def entry(number: int, kind: Kind = "pdf", key: str | None = None) -> Entry:
    name = key or f"folder/{number}.pdf"
    return Entry(
        f"{number:016x}", name, number, "2026-03-08T12:00:00.123456+00:00", f"v{number}", f"{number:064x}", kind, False
    )


def manifest(*entries: Entry) -> Manifest:
    return Manifest(7, KEY, "2026-03-08T19:00:00+00:00", entries)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "lake")


@pytest.fixture
def part(store: FolderStore, tmp_path: Path) -> Callable[..., Part]:
    def make(of: Manifest, name: str = "documents", run_id: str = "run-1") -> Part:
        return Part(store, of, name, run_id, tmp_path)

    return make


@pytest.fixture
def gathered(
    store: FolderStore, tmp_path: Path
) -> Callable[..., tuple[list[dict[str, Any]], list[dict[str, Any]], Balance]]:
    def gather_all(of: Manifest, *names: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Balance]:
        staged, balance = gather(store, of, names or ["documents"], "run-2", tmp_path)
        objects, quarantine = map(read, staged)
        return objects, quarantine, balance

    return gather_all


def read(staged: Staged) -> list[dict[str, Any]]:
    for batch in staged.batches():
        assert gate.row_faults(batch, staged.contract) == []
    return [row for batch in staged.batches() for row in batch.to_pylist()]


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("pdf", "records/parcels/a.pdf", "documents"),
        ("records", "records/parcels/a.csv", "parcels"),
        ("records", "parcels_2026.csv", "parcels"),
        ("records", "parcels.jsonl", "unclaimed"),
        ("records", "nothing.csv", "unclaimed"),
        ("other", "parcels/a.docx", "unclaimed"),
        ("unreadable", "parcels/a.csv", "unclaimed"),
    ],
)
def test_every_object_is_decided_by_one_part(kind: Kind, key: str, name: str) -> None:
    assert part_of(entry(1, kind, key)) == name


def test_each_state_is_told_with_what_belongs_to_it(part: Any, gathered: Any) -> None:
    of = manifest(entry(1), entry(2), entry(3))
    with part(of) as writing:
        writing.published(of.entries[0], 5, 1, document_id="d1")
        writing.duplicate(of.entries[1], document_id="d1")
        writing.quarantined(of.entries[2], "parse", "encrypted", "The file wants a password.")
        writing.bad_row(of.entries[0], "gate", "fields", 3, "linc", "bad_value", "linc must match …")
    assert writing.counts == {"published": 1, "duplicate": 1, "quarantined": 1}
    objects, quarantine, balance = gathered(of)
    assert [(o["key"], o["state"], o["reason"], o["document_id"]) for o in objects] == [
        ("folder/1.pdf", "published", None, "d1"),
        ("folder/2.pdf", "duplicate", None, "d1"),
        ("folder/3.pdf", "quarantined", "encrypted", None),
    ]
    assert (objects[0]["rows_published"], objects[0]["rows_quarantined"]) == (5, 1)
    assert [(q["scope"], q["stage"], q["reason"], q["table_name"], q["line"]) for q in quarantine] == [
        ("object", "parse", "encrypted", None, None),
        ("row", "gate", "bad_value", "fields", 3),
    ]
    assert balance == Balance(3, 1, 1, 1)
    assert balance.holds


def test_an_object_keeps_what_the_register_knows_of_it(part: Any, gathered: Any) -> None:
    of = manifest(entry(1))
    with part(of) as writing:
        writing.published(of.entries[0], 0)
    [[told], _, _] = gathered(of)
    assert told["modified_at"].isoformat() == "2026-03-08T12:00:00.123456+00:00"
    assert (told["register_sequence"], told["size"], told["sha256"], told["late"]) == (7, 1, f"{1:064x}", False)
    assert (told["window_key"], told["run_id"]) == (KEY, "run-2")


def test_the_same_decisions_make_the_same_content_whatever_run_made_them(
    part: Any, store: FolderStore, tmp_path: Path
) -> None:
    of = manifest(entry(1))
    contents = []
    for run in ("run-1", "another run"):
        with part(of, run_id=run) as writing:
            writing.quarantined(of.entries[0], "parse", "empty", "The file is empty.")
        staged, _ = gather(store, of, ["documents"], run, tmp_path)
        contents.append([batch.content_id for batch in staged])
    assert contents[0] == contents[1]


def test_refusals_of_one_row_differ_in_name_by_place_and_reason(part: Any, gathered: Any) -> None:
    of = manifest(entry(1))
    places = [
        (1, "a", "bad_value"),
        (2, "a", "bad_value"),
        (1, "b", "bad_value"),
        (1, "a", "missing_value"),
        (None, None, "x"),
    ]
    with part(of) as writing:
        writing.published(of.entries[0], 0)
        for line, column, reason in places:
            writing.bad_row(of.entries[0], "records", "parcels", line, column, reason, "m")
    _, quarantine, _ = gathered(of)
    assert len({row["quarantine_id"] for row in quarantine}) == len(places)


def test_nothing_is_stored_when_the_block_fails(part: Any, store: FolderStore) -> None:
    of = manifest(entry(1))
    with pytest.raises(ZeroDivisionError), part(of) as writing:
        writing.published(of.entries[0], 1 // 0)
    assert list(store.list()) == []


def test_a_row_that_cannot_be_written_fails_the_part_and_stores_nothing(part: Any, store: FolderStore) -> None:
    of = manifest(entry(1))
    with pytest.raises(ValueError, match=r"\w"), part(of) as writing:
        writing.quarantined(of.entries[0], "parse", None, "no reason given")
    assert list(store.list()) == []
    assert not writing._objects._file.is_open
    assert not writing._quarantine._file.is_open


def test_an_object_without_a_state_is_an_error_that_names_it(part: Any, gathered: Any) -> None:
    of = manifest(entry(1), entry(2))
    with part(of) as writing:
        writing.published(of.entries[0], 1)
    with pytest.raises(
        ConservationError, match=rf"{KEY}.*1 objects without a state.*folder/2\.pdf.*muniment run --from"
    ):
        gathered(of)


def test_an_object_with_two_states_is_an_error_that_names_it(part: Any, gathered: Any) -> None:
    of = manifest(entry(1))
    for name in ("documents", "parcels"):
        with part(of, name) as writing:
            writing.published(of.entries[0], 1)
    with pytest.raises(ConservationError, match=r"1 with several.*folder/1\.pdf"):
        gathered(of, "documents", "parcels")


def test_an_object_that_was_never_registered_is_an_error(part: Any, gathered: Any) -> None:
    of = manifest(entry(1))
    with part(of) as writing:
        writing.published(of.entries[0], 1)
        writing.published(entry(2), 1)
    with pytest.raises(ConservationError, match="1 that were never registered"):
        gathered(of)


def test_a_missing_part_is_an_error_that_names_its_file(part: Any, gathered: Any) -> None:
    of = manifest(entry(1))
    with part(of) as writing:
        writing.published(of.entries[0], 1)
    with pytest.raises(ConservationError, match=r"parcels\.objects\.parquet is missing"):
        gathered(of, "documents", "parcels")


def test_a_window_without_objects_adds_up(part: Any, gathered: Any) -> None:
    with part(manifest()):
        pass
    assert gathered(manifest()) == ([], [], Balance(0, 0, 0, 0))


decisions = st.lists(
    st.tuples(st.sampled_from(PARTS), st.sampled_from(["published", "duplicate", "quarantined"])), max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decisions=decisions, tamper=st.sampled_from(["nothing", "drop", "repeat", "invent"]), data=st.data())
def test_states_add_up_exactly_when_each_object_has_one(
    tmp_path_factory: pytest.TempPathFactory, decisions: list[tuple[str, str]], tamper: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("outcomes")
    store = FolderStore(folder / "lake")
    of = manifest(*(entry(at) for at in range(len(decisions))))
    told = [(one, part, state) for one, (part, state) in zip(of.entries, decisions, strict=True)]
    if told and tamper in ("drop", "repeat"):
        at = data.draw(st.integers(0, len(told) - 1))
        told = told[:at] + told[at + 1 :] if tamper == "drop" else [*told, told[at]]
    elif tamper != "nothing":
        told.append((entry(99), "documents", "published"))
    for name in PARTS:
        with Part(store, of, name, "run-1", folder) as writing:
            for one, part, state in told:
                if part == name:
                    _tell(writing, one, state)
    if tamper == "nothing":
        _, balance = gather(store, of, PARTS, "run-1", folder)
        assert balance.holds
        assert balance.registered == len(decisions)
        assert balance.published == sum(state == "published" for _, state in decisions)
    else:
        with pytest.raises(ConservationError):
            gather(store, of, PARTS, "run-1", folder)


def _tell(writing: Part, one: Entry, state: str) -> None:
    if state == "published":
        writing.published(one, 1)
    elif state == "duplicate":
        writing.duplicate(one)
    else:
        writing.quarantined(one, "parse", "empty", "The file is empty.")


def test_every_state_and_reason_of_the_tests_is_one_that_the_contract_allows() -> None:
    states = next(column for column in contracts()["objects"].columns if column.name == "state")
    assert set(states.allowed) == {"published", "duplicate", "quarantined"}
