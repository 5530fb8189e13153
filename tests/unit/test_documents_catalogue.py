"""The catalogue: a type is a file, and a file that cannot be used says where and why."""

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from muniment import gate
from muniment.contract import FOLDER, contracts, read
from muniment.documents.catalogue import OTHER, CatalogueError, catalogue
from muniment.documents.checks import checked
from muniment.documents.classify import classify
from muniment.documents.fields import find
from muniment.documents.pii import detect
from muniment.settings import CATALOGUE
from tests.unit.test_documents_classify import page

POWER = r"""
name: power_of_attorney
title: Power of attorney
description: The authority of an attorney to deal with a donor's land.
retention_days: 3650
exemplars:
- |-
  POWER OF ATTORNEY
  I, the donor, appoint my attorney to act for me under the Powers of Attorney Act.
headings:
- ['(?:general |enduring )?power of attorney', 0.8]
cues:
- powers of attorney act
- \bdonor\b
- \battorney\b
fields:
- name: linc
  required: true
- name: donor
  kind: person
  required: true
  labels: [donor]
- name: donor_born
  kind: date
  pii_class: date_of_birth
  labels: [born in the year and on the day]
- name: power_date
  kind: date
  prose:
  - dated at .{2,40}? on <date>
- name: expiry_date
  kind: date
  labels: [ends on]
checks:
  orders:
  - [power_date, expiry_date]
"""
PAPER = page(
    "ENDURING POWER OF ATTORNEY", "under the Powers of Attorney Act", "Donor: Ann Example",
    "Born in the year and on the day: 8 May 1951", "appoints her attorney for the land", "LINC: 0012 345 678",
    "Dated at Calgary, Alberta on March 8, 2026", "Ends on: March 8, 2025",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue, free to be changed."""
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    return tmp_path / "catalogue"


def test_the_contract_knows_every_type_of_the_catalogue_and_no_other() -> None:
    """Who reads the documents table learns from its contract which types there are."""
    [column] = [column for column in contracts()["documents"].columns if column.name == "document_type"]
    assert set(column.allowed) == {*catalogue().types, OTHER}


def test_every_kind_of_field_is_one_that_the_contract_knows() -> None:
    [column] = [column for column in contracts()["fields"].columns if column.name == "kind"]
    kinds = {rule.kind for name in catalogue().types for rule in catalogue().fields(name)}
    assert kinds <= set(column.allowed)


def test_what_is_looked_for_everywhere_is_looked_for_on_a_paper_of_no_known_type() -> None:
    assert [rule.name for rule in catalogue().fields(OTHER)] == ["matter_number"]
    assert catalogue().fields("caveat")[-1].name == "matter_number"


def test_adding_a_type_is_adding_a_file(folder: Path) -> None:
    assert classify([PAPER], catalogue(folder))[0] == OTHER
    catalogue.cache_clear()
    (folder / "power_of_attorney.yaml").write_text(POWER)
    types = catalogue(folder)
    rule = types.types["power_of_attorney"]
    assert classify([PAPER], types)[0] == classify([page(*rule.exemplars[0].splitlines())], types)[0] == rule.name
    found = find([PAPER], types.fields(rule.name))
    assert {one.rule.name: one.normalised for one in found} == {
        "linc": "0012345678", "donor": "Ann Example", "donor_born": "1951-05-08", "power_date": "2026-03-08",
        "expiry_date": "2025-03-08",
    }  # fmt: skip
    told = {one.rule.name for one in checked([PAPER], found, rule.checks) if one.checks}
    assert told == {"power_date", "expiry_date"}
    [masked] = detect([PAPER], found, typed=True)
    assert {(one.field, one.pii_class) for one in masked} >= {("donor", "person"), ("donor_born", "date_of_birth")}
    assert [rule.name for rule in types.fields(rule.name) if rule.required] == ["linc", "donor"]


def test_the_gate_lets_a_new_type_through_and_no_other(folder: Path) -> None:
    (folder / "power_of_attorney.yaml").write_text(POWER)

    documents = read(FOLDER / "documents.odcs.yaml", folder)
    contract = replace(documents, columns=tuple(c for c in documents.columns if c.name == "document_type"))
    types = pa.array(["power_of_attorney", "mortgage", OTHER, "power_of_the_attorney"])
    faults = gate.row_faults(pa.RecordBatch.from_arrays([types], ["document_type"]), contract)
    assert [(fault.index, fault.reason) for fault in faults] == [(3, "not_allowed")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("retention_days: 3650", "retention_days: never"), "retention_days"),
        (("exemplars:", "examples:"), "exemplars"),
        (("cues:", "clues:"), "cues"),
        (("power of attorney', 0.8", "power of attorney', 8"), "headings.0.1"),
        (("- powers of", "- (powers of"), "no regular expression"),
        (("kind: person", "kind: human"), "fields.1.kind"),
        (("on <date>", "on <day>"), "<day> is no form"),
        (("on <date>", "on a day"), "does not say where <date> stands"),
        (("- name: linc\n  required: true", "- link"), "fields.0"),
        (("- name: linc", "- name: link"), "fields.0.kind"),
        (("required: true", "required: perhaps"), "fields.0.required"),
        (("name: donor\n", "name: linc\n"), "'linc' is declared twice"),
        (("pii_class: date_of_birth", "pii_class: Date of birth"), "pii_class"),
        (("[power_date, expiry_date]", "[power_date, end_date]"), "checks names 'end_date'"),
        (("[power_date, expiry_date]", "[power_date, donor]"), "no field of the kind date or money"),
        (("[power_date, expiry_date]", "[power_date]"), "checks.orders.0"),
        (("orders:\n  - [power_date, expiry_date]", "sums: {linc: [-expiry_date]}"), "no field of the kind money"),
        (("orders:\n  - [power_date, expiry_date]", "sums: {linc: [2 * expiry_date]}"), "checks.sums.linc.0"),
        (("orders:\n  - [power_date, expiry_date]", "ranges: {expiry_date: [0, 1]}"), "money or percent or integer"),
        (("name: power_of_attorney", "name: power"), "name it 'power_of_attorney'"),
        (("name: power_of_attorney", "name: [power"), "cannot be read"),
        ((POWER, ""), "the file"),
        ((POWER, "- a\n- list\n"), "the file"),
        ((POWER, "\x00"), "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(folder: Path, change: tuple[str, str], said: str) -> None:
    (folder / "power_of_attorney.yaml").write_text(POWER.replace(*change))
    with pytest.raises(CatalogueError) as error:
        catalogue(folder)
    assert "power_of_attorney.yaml" in str(error.value)
    assert said in str(error.value)


def test_a_shared_field_that_is_looked_for_everywhere_must_exist(folder: Path) -> None:
    shared = folder / "_shared.yaml"
    shared.write_text(shared.read_text().replace("everywhere:\n- matter_number", "everywhere:\n- file_number"))
    with pytest.raises(CatalogueError, match="file_number"):
        catalogue(folder)


def test_a_folder_without_types_is_no_catalogue(folder: Path) -> None:
    for path in folder.glob("[!_]*.yaml"):
        path.unlink()
    with pytest.raises(CatalogueError, match="no document type"):
        catalogue(folder)


@pytest.mark.parametrize("said", ["after: effective_date", "adding: term", "otherwise: agreement_date"])
def test_a_field_that_leads_to_another_must_exist(folder: Path, said: str) -> None:
    agreement = folder / "agreement.yaml"
    agreement.write_text(agreement.read_text().replace(said, said[:-2]))
    with pytest.raises(CatalogueError, match=f"{said.split()[1][:-2]}' is named by a field"):
        catalogue(folder)
