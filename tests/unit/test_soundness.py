"""A contract that contradicts itself is told so in one sentence a fault, all of them at once."""

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from muniment.contract import FOLDER, Column, Contract, Format, Thresholds, contracts
from muniment.records import contract_for
from muniment.soundness import NEEDED, examine, faults
from tests.tables import contract_of

KEY = Column("key", "text", "Key", required=True, critical=True)
BASE = contract_of(KEY)


def x(kind: str = "text", **rules: Any) -> Contract:
    return replace(BASE, columns=(KEY, Column("x", kind, "An x", **rules)))


def records(*columns: Column, format: str = "csv") -> Contract:
    source = Column("source_object_id", "text", "File", required=True)
    return contract_of(*columns, source, origin="records", format=format)


def named(name: str, **more: Any) -> Contract:
    return replace(BASE, columns=(KEY, Column(name, "text", "Named", **more)))


def test_the_contracts_of_muniment_are_sound() -> None:
    sound, faulty = examine(needed=NEEDED)
    assert faulty == []
    assert {contract.name for contract in sound} == set(contracts()) == set(NEEDED)


@pytest.mark.parametrize(
    ("contract", "fault"),
    [
        (replace(BASE, key=()), "no column is part of the key"),
        (replace(x(pii="person"), key=(), namespace="vault"), "so that its vault could not tell whose"),
        (x(pii="person"), "columns are personal, but only records are masked by their contract"),
        (replace(BASE, key=("gone",)), "the key names gone, which is no column"),
        (replace(BASE, origin="records", format="csv"), "the key names source_object_id, which is no column"),
        (contract_of(replace(KEY, required=False)), "column key is part of the key and must be required"),
        (records(replace(KEY, pii="person")), "column key is part of the key and cannot be personal"),
        (replace(BASE, columns=(KEY, KEY)), "column key is there 2 times"),
        (named("window_key"), "the name window_key is kept for where a row comes from"),
        (named("x", renamed_from="run_id"), "the name run_id is kept for"),
        (named("x", renamed_from="key"), "a column was renamed from key, which is still a column"),
        (named("Big Name"), "column Big Name needs a name in snake case"),
        (named("x" * 64), "needs a name in snake case of at most 63 letters"),
        (replace(BASE, columns=(replace(KEY, description=" "),)), "column key has no description"),
        (x(pattern="(a"), "column x has a pattern that cannot be used: missing ): (a"),
        (x(pattern="(?=a)"), "column x has a pattern that cannot be used"),
        (x("bigint", pattern="^a$"), "column x has a pattern but is of the type bigint"),
        (x(pattern="^a$", allowed=("a", "b")), "column x allows 'b', which its pattern ^a$ does not"),
        (x(allowed=("a", "a")), "column x allows 'a' 2 times"),
        (x("bigint", allowed=("a",)), "column x lists the values that it allows but is of the type bigint"),
        (x("bigint", minimum=2, maximum=1), "column x has a minimum of 2 above its maximum of 1"),
        (x("bigint", minimum=5, valid={"minimum": 1, "maximum": 4}), "minimum of 5 above its greatest plausible"),
        (x("bigint", valid={"minimum": 2, "maximum": 1}), "least plausible value of 2 above its greatest"),
        (x("bigint", minimum="low"), "column x has a minimum that is no number: 'low'"),
        (x("bigint", minimum=float("nan"), maximum=1), "column x has a minimum that is no number: nan"),
        (x(minimum=1), "column x has a minimum but is of the type text"),
        (records(KEY, Column("x", "bigint", "An x", pii="person")), "column x is personal and of the type bigint"),
        (x(since="soon"), "column x was added in 'soon', which is no version"),
        (replace(BASE, thresholds=Thresholds(1.2, 0.99, 0.98)), "completeness, 1.2, is not a share between 0 and 1"),
        (replace(BASE, acceptance=-0.1), "the threshold of acceptance, -0.1, is not a share"),
        (replace(BASE, retention_days=0), "a retention of 0 days keeps nothing"),
        (replace(BASE, description=""), "the table has no description"),
        (replace(BASE, version="1.0"), "the version '1.0' is not of the form 1.2.3"),
        (replace(BASE, namespace="attic"), "the namespace 'attic' is none of lake, vault"),
        (replace(BASE, origin="thin air"), "the origin 'thin air' is none of register"),  # type: ignore[arg-type]
        (replace(BASE, partition="week"), "the partition 'week' is none of day, month"),  # type: ignore[arg-type]
        (records(KEY, format="xlsx"), "the format 'xlsx' is none of csv, jsonl, parquet"),
        (replace(BASE, name="Big"), "'Big' is no name of a table"),
    ],
    ids=lambda value: value[:50] if isinstance(value, str) else "",
)
def test_a_contradiction_is_one_fault(contract: Contract, fault: str) -> None:
    [found] = faults(contract)
    assert fault in found


def test_records_need_the_format_that_they_are_delivered_in() -> None:
    contract = contract_of(KEY, Column("source_object_id", "text", "File", required=True), origin="records")
    assert list(faults(contract)) == ["records have no format that they are delivered in"]


@pytest.mark.parametrize("format", get_args(Format))
def test_records_in_every_format_of_a_contract_are_read(format: Format) -> None:
    contract = records(KEY, format=format)
    assert list(faults(contract)) == []
    assert contract_for(f"samples/morning.{format}", [contract]) == contract


def test_two_columns_cannot_come_from_one() -> None:
    twice = [Column(name, "text", "Renamed", renamed_from="old") for name in ("x", "y")]
    assert list(faults(contract_of(KEY, *twice))) == ["2 columns were renamed from old"]


def test_a_key_may_gain_a_column_that_older_rows_do_not_have() -> None:
    later = Column("later", "text", "Later", critical=True, since="1.1.0")
    assert list(faults(contract_of(KEY, later, key=("key", "later")))) == []


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    good = (FOLDER / "parcels.odcs.yaml").read_text("utf-8")
    (tmp_path / "parcels.odcs.yaml").write_text(good, "utf-8")
    twofold = good.replace("minimum: 0}", "minimum: 9, maximum: 1}").replace("value: 2555", "value: -1")
    (tmp_path / "plots.odcs.yaml").write_text(twofold, "utf-8")
    (tmp_path / "torn.odcs.yaml").write_text("a: [b", "utf-8")
    sound, faulty = examine(tmp_path)
    assert [contract.name for contract in sound] == ["parcels"]
    assert faulty[:-1] == [
        "plots.odcs.yaml: a retention of -1 days keeps nothing.",
        "plots.odcs.yaml: column area_ha has a minimum of 9 above its maximum of 1.",
        "plots.odcs.yaml: the contract of parcels belongs in parcels.odcs.yaml.",
    ]
    assert faulty[-1].startswith("torn.odcs.yaml is not a contract")


def test_a_file_that_is_not_read_for_its_name_and_a_contract_without_a_file_are_faults(tmp_path: Path) -> None:
    for name in ("parcels.odcs.yaml", "matters.yaml", "payments.odcs.yml", "notes.md"):
        (tmp_path / name).write_text((FOLDER / "parcels.odcs.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "torn.odcs.yaml").write_text("a: [b", "utf-8")
    sound, faulty = examine(tmp_path, ("parcels", "matters", "torn"))
    assert [contract.name for contract in sound] == ["parcels"]
    assert faulty[1:] == [
        "matters.yaml is not read: a contract belongs in NAME.odcs.yaml.",
        "payments.odcs.yml is not read: a contract belongs in NAME.odcs.yaml.",
        f"matters.odcs.yaml is missing in {tmp_path}, but its table is needed: put it back.",
    ]


def test_a_contract_that_cannot_be_read_at_all_is_a_fault_like_others(tmp_path: Path) -> None:
    (tmp_path / "parcels.odcs.yaml").mkdir()
    assert examine(tmp_path) == ([], ["parcels.odcs.yaml cannot be read: Is a directory."])
