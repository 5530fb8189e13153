"""Who is meant, what the law keeps, and what a record of an erasure says."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from fastavro import writer
from hypothesis import given
from hypothesis import strategies as st

from muniment.contract import contracts
from muniment.erasure.forgetting import ForgettingError, begin, plan
from muniment.erasure.proof import prove
from muniment.erasure.retention import Matter, RetentionError, Rule, rules, standing_against
from muniment.erasure.tombstones import Erased, Seals, Tombstone, TombstoneError
from muniment.erasure.traces import SubjectError, Traces, Value
from muniment.erasure.work import carry_out
from muniment.objects import FolderStore
from muniment.platform import Platform
from muniment.privacy import Tokens
from muniment.settings import load
from tests.stages import to_the_lake
from tests.tables import good_row, stage

KEY = "2026-03-08-06:00"
TODAY = date(2026, 3, 9)
SEALS = Seals(Tokens(b"a key of these tests, long enough"))


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    none = tmp_path / "rules.yaml"
    none.write_text("rules: []\n")
    return Platform(load(state_dir=tmp_path / "state", retention_file=none))


def clients(platform: Platform, folder: Path, *given: dict[str, Any]) -> None:
    """Commit records of matters, as the stages do: masked ones and those of the vault."""
    contract = contracts()["matters"]
    rows = [good_row(contract, at, source_object_id="object", source_line=at + 2) | one for at, one in enumerate(given)]
    for table in (contract, contract.vault):
        assert table
        names = {column.name for column in table.columns}
        kept = [{name: value for name, value in row.items() if name in names} for row in rows]
        platform.lake.commit(stage(folder, table, KEY, kept), "run-1")


def client(name: str, sin: str | None = None, **more: Any) -> dict[str, Any]:
    return {"client_name": name, "client_sin": sin, "client_email": None, "client_phone": None} | more


def test_two_people_of_one_name_are_told_apart_by_matters(platform: Platform, tmp_path: Path) -> None:
    kaya, other = client("Kaya Okafor", "046454286"), client("OKAFOR, Kaya", "130692544")
    clients(platform, tmp_path, kaya, other, kaya, client("Noor Vasquero", "012662433"))
    with pytest.raises(SubjectError) as refused:
        plan(platform, "Kaya Okafor", (), (), "a request", TODAY)
    assert "2 people bear that name" in str(refused.value)
    assert "2026-0000, 2026-0002" in str(refused.value)
    assert "Okafor" not in str(refused.value)
    assert "046454286" not in str(refused.value)
    found = plan(platform, "Kaya Okafor", (), ("2026-0001",), "a request", TODAY)
    assert found.beside == (Value("number", "130692544"),)
    assert found.sought.values == set(found.beside), "the name stays with the other who bears it"


def test_what_records_give_to_one_name_alone_is_the_persons_too(platform: Platform, tmp_path: Path) -> None:
    own = client("Kaya Okafor", client_email="kaya@example.ca", client_phone="825-555-0182")
    clients(platform, tmp_path, own, client("Noor Vasquero", client_phone="825-555-0182"))
    found = plan(platform, "Kaya Okafor", (), (), "a request", TODAY)
    assert found.beside == (Value("email", "kaya@example.ca"),), "the telephone is somebody else's as well"


def test_a_name_that_records_give_to_a_number_is_proposed_by_its_token(platform: Platform, tmp_path: Path) -> None:
    clients(platform, tmp_path, client("Kaya Okafor", "046454286"), client("Noor Vasquero", "012662433"))
    found = plan(platform, "046 454 286", (), (), "a request", TODAY)
    assert found.names_beside == (platform.tokens.of("person", "Kaya Okafor"),)
    assert plan(platform, "046454286", found.names_beside, (), "a request", TODAY).names_beside == ()


def test_what_a_record_of_two_people_says_is_nobodys_own(platform: Platform, tmp_path: Path) -> None:
    clients(platform, tmp_path, client("Kaya Okafor and Noor Vasquero", client_email="both@example.ca"))
    assert plan(platform, "Kaya Okafor", (), (), "a request", TODAY).beside == ()


@pytest.mark.parametrize("reason", ["", " ", "Ms. Kaya Okafor asked", "x" * 501])
def test_a_reason_is_given_and_does_not_say_who(platform: Platform, reason: str) -> None:
    with pytest.raises(ForgettingError):
        plan(platform, "Kaya Okafor", (), (), reason, TODAY)


def test_what_landed_and_was_not_read_comes_first(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "new.pdf"
    file.write_bytes(b"%PDF-1.7")
    platform.landing.create("new.pdf", file)
    with pytest.raises(ForgettingError, match="muniment run"):
        plan(platform, "Kaya Okafor", (), (), "a request", TODAY)


def test_the_name_of_a_file_that_says_who_it_is_goes_too(platform: Platform, tmp_path: Path) -> None:
    rows = "matter_number,matter_type,client_name,opened_on,status\n2009-0001,sale,{},2009-03-08,closed\n"
    for name, said in (("matters of Kaya J. Okafor.csv", "Kaya J. Okafor"), ("matters.csv", "Noor Vasquero")):
        file = tmp_path / "file"
        file.write_text(rows.format(said))
        platform.landing.create(name, file)
    now = datetime.now(UTC)
    windows = platform.register.due(now)
    to_the_lake(platform, windows, now, "run-1")
    found = plan(platform, "Kaya J. Okafor", (), (), "a request", TODAY)
    carry_out(platform, [begin(platform, found, "a request", now)], landing=True)

    def names() -> list[str]:
        rows = (row for batch in platform.lake.scan(contracts()["objects"]) for row in batch.to_pylist())
        return sorted(row["key"] for row in rows)

    [other, kept] = sorted(entry.key for manifest in platform.register.manifests() for entry in manifest.entries)
    assert (kept.partition("/")[0], other) == ("matters", "matters.csv")
    assert "Okafor" not in kept
    assert names() == [other, kept]
    [balance] = to_the_lake(platform, windows, now, "run-2").values()
    assert (balance.registered, balance.published) == (2, 2)
    assert names() == [other, kept]
    assert prove(platform, found.sought, None).clean


# --- the law ----------------------------------------------------------------------------------------------------------

TRUST, FILES = (next(one for one in rules(load().retention_file) if one.holds == kind) for kind in ("trust", "files"))


RULE = "rules:\n  - id: ours\n    holds: files\n    from: closed\n    years: 10\n    text: kept\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "no `rules:`"),
        ("- a\n", 1, "no `rules:`"),
        ("\nother: 1\n", 2, "no `rules:`"),
        ("rules:\n", 1, "rules is not a list"),
        ("rules: files\n", 1, "rules is not a list"),
        ("rules:\n  - files\n", 2, "no `id:`"),
        (RULE.replace("    years: 10\n", ""), 2, "no `years:`"),
        (RULE.replace("10", "ten"), 5, "years is 'ten'"),
        (RULE.replace("10", "-1"), 5, "years is '-1'"),
        (RULE.replace("10", "1e99"), 5, "years is '1e99'"),
        (RULE.replace("10", "[10]"), 5, "years has no value"),
        (RULE.replace("kept", ""), 6, "text has no value"),
        (RULE.replace("files", "everything"), 3, "holds is 'everything', none of files, trust, identified"),
        (RULE.replace("closed", "opened"), 4, "from is 'opened', none of closed, last_payment"),
        (RULE.replace("files", "[files"), 4, "expected"),
        (RULE.replace("files", "\tfiles: :"), 3, "line 3"),
    ],
)
def test_a_fault_in_the_rules_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(RetentionError) as told:
        rules(path)
    said = str(told.value)
    assert said.startswith(f"{path}, line {line}: ")
    assert says in said
    assert "Error(" not in said
    assert "object at" not in said


def test_rules_that_are_no_text_or_are_not_there_are_named_by_their_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    with pytest.raises(RetentionError, match=rf"^{path}, the file of rules of retention, cannot be read: No such file"):
        rules(path)
    path.write_bytes(b"rules:\n  - id: \xff\n")
    with pytest.raises(RetentionError, match=rf"^{path}, line 2: this is not text in UTF-8"):
        rules(path)


def test_full_years_are_counted_from_the_end_of_the_year() -> None:
    matter = Matter("2026-0001", date(2026, 3, 8), date(2026, 2, 1), True)
    assert TRUST.end(matter) == date(2037, 1, 1)
    assert FILES.end(matter) == date(2037, 1, 1)


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(0, 30))
def test_a_rule_holds_at_least_its_years_and_at_most_one_more(closed: date, years: int) -> None:
    end = Rule("r", "files", "closed", years, "").end(Matter("2026-0001", closed, None, False))
    assert end
    assert closed.replace(year=closed.year + years, day=min(closed.day, 28)) < end
    assert end.year - closed.year == years + 1


@pytest.mark.parametrize(("status", "held"), [("open", True), ("closed", True), ("abandoned", True)])
def test_matters_are_held_while_open_and_for_years_after(
    platform: Platform, tmp_path: Path, status: str, held: bool
) -> None:
    clients(platform, tmp_path, client("Kaya Okafor", status=status, closing_on=date(2026, 3, 1)))
    known = rules(load().retention_file)
    assert bool(standing_against(platform, ["2026-0000"], known, TODAY)) is held
    later = standing_against(platform, ["2026-0000"], known, date(2040, 1, 1))
    assert bool(later) is (status == "open")
    assert all(one.until is None for one in later)


def test_a_matter_that_no_record_knows_is_held(platform: Platform) -> None:
    [refusal, *_] = standing_against(platform, ["2019-0099"], rules(load().retention_file), date(2050, 1, 1))
    assert "no record says that it is closed" in str(refusal)


@pytest.mark.parametrize(
    "text",
    ["", "rules", "rules:\n  - id: x\n", "rules: [{id: x, holds: all, from: closed, years: 1, text: t}]", "\x00", "[]"],
)
def test_rules_that_cannot_be_read_are_said_to_be_and_never_taken_for_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(RetentionError, match="rules.yaml"):
        rules(path)


# --- the record -------------------------------------------------------------------------------------------------------


def tombstone(**changes: Any) -> Tombstone:
    content = SEALS.of("content", "ab" * 32)
    plain: dict[str, Any] = {
        "id": "one",
        "at": datetime(2026, 3, 9, tzinfo=UTC).isoformat(),
        "reason": "a request",
        "subject": (SEALS.of("person", "kaya okafor"),),
        "objects": (content,),
        "renamed": (),
        "cells": {SEALS.of("content", "cd" * 32): {"2": ("client_name",)}},
        "counts": {"contents whole": 1},
        "rules": ("closed-files",),
    }
    return Tombstone(**(plain | changes)).signed(SEALS)


def test_a_record_says_neither_who_nor_which_content() -> None:
    text = tombstone().to_json()
    assert "okafor" not in text
    assert "ab" * 32 not in text
    assert Tombstone.from_json(text) == tombstone()
    assert Tombstone.from_json(text).holds(SEALS)


@pytest.mark.parametrize("change", [{"reason": "another"}, {"objects": ()}, {"cells": {}}, {"at": "2025-01-01"}])
def test_a_signature_holds_for_what_was_signed_and_under_its_key_alone(change: dict[str, Any]) -> None:
    changed = tombstone(**change)
    forged = Tombstone.from_json(changed.to_json().replace(changed.signature, tombstone().signature))
    assert not forged.holds(SEALS)
    assert not tombstone().holds(Seals(Tokens(b"the key of somebody else entirely")))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', '{"format": 1, "cells": 3}', "\x00", "nul"])
def test_a_damaged_record_is_said_to_be(text: str) -> None:
    with pytest.raises(TombstoneError, match="damaged"):
        Tombstone.from_json(text)


def test_contents_are_known_by_what_was_written_of_them() -> None:
    erased = Erased([tombstone(), tombstone(cells={SEALS.of("content", "cd" * 32): {"2": ("client_sin",)}})], SEALS)
    assert erased.whole("ab" * 32)
    assert not erased.whole("cd" * 32)
    assert erased.cells("cd" * 32) == {2: ("client_name", "client_sin")}
    assert not Erased((), None).whole("ab" * 32)


# --- the proof --------------------------------------------------------------------------------------------------------

BLOCK = 1 << 20
KAYA = Traces([Value("person", "kaya okafor")], Tokens(b"a key of these tests, long enough"))


class Streams(FolderStore):
    """A store whose objects come as a stream, as those of a server do."""

    def open(self, key: str) -> IO[bytes]:
        return Stream(io.FileIO(self.path(key)))


class Stream(io.BufferedReader):
    """Bytes that are read from the beginning to the end."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise io.UnsupportedOperation


def keep(platform: Platform, key: str, content: bytes) -> None:
    """Put a file into the lake's store, which gives it as a stream."""
    platform.__dict__["store"] = Streams(platform.settings.state / "lake")
    spool = platform.settings.state / "spool" / "content"
    spool.parent.mkdir(parents=True, exist_ok=True)
    spool.write_bytes(content)
    platform.store.replace(key, spool)
    spool.unlink()


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("at", [0, BLOCK - 11, BLOCK - 5, BLOCK, 2 * BLOCK - 5, 3 * BLOCK])
def test_who_stands_across_two_blocks_of_a_text_is_found(platform: Platform, at: int, packed: bool) -> None:
    text = b" " * at + b"Kaya Okafor" + b" " * BLOCK
    key = "parsed/one.json.zst" if packed else "parsed/one.json"
    keep(platform, key, zstandard.compress(text) if packed else text)
    assert prove(platform, KAYA, None).hits == (f"lake: {key}",)


def test_who_stands_in_the_last_row_of_a_parquet_file_is_found(platform: Platform) -> None:
    sink = pa.BufferOutputStream()
    table = pa.table({"name": ["nobody"] * 2_000 + ["Kaya Okafor"], "vector": [[0.5]] * 2_001})
    pq.write_table(table, sink, row_group_size=300)
    keep(platform, "raw/one", sink.getvalue().to_pybytes())
    assert prove(platform, KAYA, None).hits == ("lake: raw/one",)


def test_who_stands_in_what_only_begins_like_parquet_is_found(platform: Platform) -> None:
    keep(platform, "raw/one", b"PAR1 and no more of that, but Kaya Okafor")
    assert prove(platform, KAYA, None).hits == ("lake: raw/one",)


@pytest.mark.parametrize("lost", [1, 20, 60])
def test_who_stands_in_avro_that_was_written_in_part_is_found(platform: Platform, lost: int) -> None:
    schema = {"type": "record", "name": "entry", "fields": [{"name": "least", "type": "bytes"}]}
    whole = io.BytesIO()
    writer(whole, schema, [{"least": b"Kaya Okafor"}, {"least": b"nobody" * 20}])
    keep(platform, "iceberg/one.avro", whole.getvalue()[:-lost])
    assert prove(platform, KAYA, None).hits == ("lake: iceberg/one.avro",)
