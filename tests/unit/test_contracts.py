"""Contracts keep the standard and the house's rules, and what is generated from them is what is checked in."""

import json
import re
from collections.abc import Callable
from importlib.resources import files as resources
from pathlib import Path

import pytest
import yaml

from muniment import generated
from muniment.contract import FOLDER, Contract, ContractError, contracts, read, tables
from muniment.documents.catalogue import catalogue
from muniment.lake import iceberg_schema
from muniment.settings import PROJECT

CONTRACT_FILES = sorted(FOLDER.glob("*.odcs.yaml"))
TABLES = list(tables())


@pytest.mark.parametrize("path", generated.files(), ids=lambda path: path.name)
def test_a_generated_file_is_what_the_contracts_say(path: Path) -> None:
    assert path.read_text("utf-8") == generated.files()[path], (
        f"{path.relative_to(PROJECT)} has drifted: run make contracts"
    )


@pytest.mark.parametrize("path", CONTRACT_FILES, ids=lambda path: path.name)
def test_a_contract_is_valid_by_the_open_data_contract_standard(path: Path) -> None:
    from jsonschema import Draft201909Validator  # type: ignore[import-untyped]

    schema = json.loads(resources("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
    faults = [
        error.message for error in Draft201909Validator(schema).iter_errors(yaml.safe_load(path.read_text("utf-8")))
    ]
    assert faults == []


@pytest.mark.parametrize("path", CONTRACT_FILES, ids=lambda path: path.name)
def test_a_contract_is_named_as_its_file(path: Path) -> None:
    assert path.name == f"{read(path).name}.odcs.yaml"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table)
def test_every_column_is_named_in_snake_case_and_described(table: Contract) -> None:
    names = [column.name for column in table.all_columns]
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) for name in names)
    assert len(set(names)) == len(names)
    assert all(column.description.strip() for column in table.all_columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table)
def test_a_key_is_required_and_never_personal(table: Contract) -> None:
    columns = {column.name: column for column in table.columns}
    assert table.key
    assert all((columns[name].required or columns[name].since) and not columns[name].pii for name in table.row_key)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table)
def test_thresholds_are_the_least_that_the_platform_promises(table: Contract) -> None:
    assert table.thresholds.completeness >= 0.95
    assert table.thresholds.uniqueness >= 0.99
    assert table.thresholds.validity >= 0.98


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table)
def test_arrow_and_iceberg_agree_on_names_nulls_and_descriptions(table: Contract) -> None:
    expected = [(c.name, not c.required, c.description) for c in table.all_columns]
    arrow = [(f.name, f.nullable, f.metadata[b"doc"].decode()) for f in table.arrow_schema]
    iceberg = [(f.name, not f.required, f.doc) for f in iceberg_schema(table).fields]
    assert arrow == iceberg == expected


def test_personal_columns_of_records_have_a_companion_in_the_vault() -> None:
    vaults = {table.name: {c.name for c in table.personal} for table in TABLES if table.namespace == "vault"}
    for contract in contracts().values():
        assert {c.name for c in contract.personal} <= vaults.get(contract.name, set())


def test_the_sources_leave_the_vault_out() -> None:
    [source] = yaml.safe_load(generated.files()[PROJECT / "dbt/models/sources.yml"])["sources"]
    names = {table["name"] for table in source["tables"]}
    assert source["schema"] == "lake"
    assert names == {c.name for c in contracts().values() if c.namespace == "lake" and c.origin != "search"}


def test_the_dictionary_lists_every_column_of_every_table() -> None:
    text = generated.files()[PROJECT / "docs/data-dictionary.md"]
    sections = {section.split("\n", 1)[0]: section for section in text.split("\n## ")[1:]}
    assert set(sections) == {table.table for table in TABLES}
    for table in TABLES:
        assert re.findall(r"^\| `(\w+)` ", sections[table.table], re.M) == [c.name for c in table.all_columns]


def test_the_document_types_are_listed_with_their_retention_and_fields() -> None:
    text = generated.files()[PROJECT / "docs/document-types.md"]
    sections = {section.split("\n", 1)[0]: section for section in text.split("\n## ")[1:]}
    for rule in catalogue().types.values():
        section = sections[rule.title]
        assert rule.description in section
        assert f"kept {rule.retention_days:,} days" in section
        assert re.findall(r"^\| `(\w+)` ", section, re.M) == [field.name for field in rule.fields]


GOOD = (FOLDER / "parcels.odcs.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("no schema", GOOD[: GOOD.index("\nschema:") + 1]),
        ("an unknown type", GOOD.replace("physicalType: decimal(12,4)", "physicalType: money")),
        ("no retention", GOOD.replace("property: retention", "property: latency")),
        ("no origin", GOOD.replace("property: origin", "property: provenance")),
        (
            "unknown values",
            GOOD.replace("        required: true", "        customProperties: [{property: values, value: x}]", 1),
        ),
        ("no threshold", GOOD.replace("metric: duplicateValues", "metric: rowCount")),
        ("not YAML", "a: [b"),
        ("an empty file", ""),
        ("a list", "- a\n- b\n"),
    ],
    ids=lambda value: value if len(value) < 20 else "",
)
def test_a_broken_contract_is_refused_by_the_name_of_its_file(tmp_path: Path, what: str, text: str) -> None:
    assert text != GOOD
    path = tmp_path / "parcels.odcs.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContractError, match=re.escape("parcels.odcs.yaml")):
        _ = read(path).arrow_schema


@pytest.fixture
def contract_saying(tmp_path: Path) -> Callable[..., Contract]:
    """Reads the contract of parcels after replacing texts of it."""

    def edited(*edits: tuple[str, str]) -> Contract:
        text = GOOD
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "parcels.odcs.yaml"
        path.write_text(text, "utf-8")
        return read(path)

    return edited


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("value: 7, unit: y", 2555),
        ("value: 2, unit: years", 730),
        ("value: 1, unit: yr", 365),
        ("value: 0.2, unit: y", 73),
        ("value: '30', unit: day", 30),
        ("value: 30.0, unit: days", 30),
    ],
)
def test_a_retention_is_read_in_its_unit(contract_saying: Callable[..., Contract], said: str, days: int) -> None:
    assert contract_saying(("value: 2555, unit: d", said)).retention_days == days


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("value: 84, unit: m", "the retention has the unit 'm', which Muniment does not know: write d for days or y"),
        ("value: 2555", "the retention has no unit: write d for days or y for years"),
        ("value: 2.5, unit: d", "the retention of 2.5 d is no whole number of days"),
        ("value: .inf, unit: d", "the retention of inf d is no whole number of days"),
        ("value: long, unit: d", "the retention is 'long', which is no number"),
        ("value: true, unit: d", "the retention is True, which is no number"),
        ("value: 1, unit: d}\n  - {property: retention, value: 2, unit: d", "must name one retention, but name 2"),
        ("value: 2, unit: d, property: latency", "must name one retention, but name 0"),
    ],
)
def test_a_retention_that_is_no_length_of_time_is_refused(
    contract_saying: Callable[..., Contract], said: str, fault: str
) -> None:
    with pytest.raises(ContractError, match=re.escape(fault)):
        contract_saying(("value: 2555, unit: d", said))


MUNICIPALITY = "description: 'Municipality'"
A_RULE = "logicalTypeOptions: {minimum: 0}"


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (("domain:", "domaine:"), "unknown key 'domaine' in the file: 'domain' is one"),
        (("- name: municipality", "- nmae: municipality"), "unknown key 'nmae' in schema.parcels.properties.5: 'name'"),
        (("- name: municipality\n        ", "- "), "column number 5 has no name"),
        (
            (MUNICIPALITY, f"{MUNICIPALITY}\n        requierd: true"),
            "unknown key 'requierd' in schema.parcels.properties.municipality: 'required' is one",
        ),
        (
            (", mustBeLessOrEqualTo: 5", ", mustBeLesOrEqualTo: 5"),
            "unknown key 'mustBeLesOrEqualTo' in schema.parcels.quality.1: 'mustBeLessOrEqualTo' is one",
        ),
        (
            ("property: acceptance", "property: acceptence"),
            "unknown custom property 'acceptence': Muniment knows origin, namespace, format, acceptance, partition",
        ),
        (
            (MUNICIPALITY, f"{MUNICIPALITY}\n        customProperties: [{{property: renamd_from, value: town}}]"),
            "unknown custom property 'renamd_from' of column municipality: Muniment knows pii, values, renamed_from",
        ),
        (
            (A_RULE, "logicalTypeOptions: {minimun: 0}"),
            "unknown option 'minimun' of column area_ha: Muniment knows pattern, minimum, maximum",
        ),
        (
            ("arguments: {minimum", "arguments: {minimun"),
            "unknown argument 'minimun' of column area_ha: Muniment knows minimum, maximum",
        ),
        (
            ("metric: nullValues", "metric: nulValues"),
            "unknown metric 'nulValues': Muniment knows nullValues, duplicateValues, invalidValues",
        ),
        (
            ("invalidValues, dimension: conformity, unit: percent, mustBeLessOrEqualTo: 2, arg", "rowCount, arg"),
            "unknown metric 'rowCount' of column area_ha: Muniment knows invalidValues",
        ),
        (
            (", unit: percent, mustBeLessOrEqualTo: 5", ", unit: rows, mustBeLessOrEqualTo: 5"),
            "the quality of the table has no mustBeLessOrEqualTo in percent for nullValues",
        ),
        (("mustBeLessOrEqualTo: 5", "mustBe: 5"), "has no mustBeLessOrEqualTo in percent for nullValues"),
        (("value: 0.80", "value: high"), "the acceptance is 'high', which is no number"),
        (("property: origin, value: records", "property: format, value: csv"), "customProperties have no origin"),
        (
            (MUNICIPALITY, f"{MUNICIPALITY}\n        customProperties: [{{property: since, value: 1.1}}]"),
            "since of column municipality is 1.1, which is no text: put it in quotes",
        ),
        (("version: 1.0.0", "version: 1.0"), "version: Input should be a valid string"),
        (("\nname: parcels", "\nname: plots"), "its name is 'plots', but that of its table 'parcels'"),
        (
            ("logicalType: number", "logicalType: strng"),
            "column area_ha is decimal(12,4), whose logicalType is number, not strng",
        ),
        (
            ("logicalType: string\n        physicalType: text", "logicalType: integer\n        physicalType: text"),
            "column linc is text, whose logicalType is string, not integer",
        ),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_what_would_be_read_as_nothing_or_as_something_else_is_named_with_what_is_known(
    contract_saying: Callable[..., Contract], edit: tuple[str, str], fault: str
) -> None:
    with pytest.raises(ContractError) as refused:
        contract_saying(edit)
    assert str(refused.value).startswith("parcels.odcs.yaml is not a contract that Muniment can use: ")
    assert fault in str(refused.value)


def test_all_that_is_unknown_in_a_contract_is_named_at_once(contract_saying: Callable[..., Contract]) -> None:
    with pytest.raises(ContractError) as refused:
        contract_saying(
            ("domain:", "domaine:"), ("property: format", "property: fromat"), (A_RULE, A_RULE + "\n        uniqe: 1")
        )
    assert [name in str(refused.value) for name in ("domaine", "fromat", "uniqe")] == [True] * 3


def test_what_the_standard_leaves_to_others_is_no_fault(contract_saying: Callable[..., Contract]) -> None:
    """Another tool's properties name their vendor, and what Muniment has no use for is still the standard's."""
    others = "  - {property: format, value: avro, vendor: confluent}\n  - {property: tier, value: 1, vendor: atlan}\n"
    found = contract_saying(
        ("slaProperties:\n", f"{others}slaProperties:\n  - {{property: latency, value: 6, unit: h}}\n"),
        (MUNICIPALITY, f"{MUNICIPALITY}\n        tags: [place]\n        examples: [Calgary]"),
    )
    assert found == contracts()["parcels"]


def test_a_contract_without_descriptions_has_none(contract_saying: Callable[..., Contract]) -> None:
    found = contract_saying((f"        {MUNICIPALITY}\n", ""), ("    description: 'Parcels of land by LINC'\n", ""))
    assert found.description == ""
    assert [column.name for column in found.columns if not column.description] == ["municipality"]


def test_a_contract_file_that_is_not_there_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=re.escape("none.odcs.yaml cannot be read: No such file")):
        read(tmp_path / "none.odcs.yaml")


def test_a_folder_without_contracts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=re.escape(str(tmp_path))):
        contracts(tmp_path)
