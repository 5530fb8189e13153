"""The catalogue: a type is a file, and a file that cannot be used says where and why."""

import shutil
from pathlib import Path

import pytest

from muniment.contract import contracts
from muniment.documents.catalogue import OTHER, CatalogueError, catalogue
from muniment.documents.classify import classify
from muniment.documents.fields import find
from muniment.settings import CATALOGUE
from tests.unit.test_documents_classify import page

WAIVER = r"""
name: dower_consent
title: Dower consent
description: The consent of a spouse to the disposition of the homestead.
retention_days: 2555
headings:
- [consent of spouse, 0.8]
cues:
- dower act
- homestead
fields:
- linc
- name: spouse
  kind: person
  required: true
  labels: [spouse]
- name: consent_date
  kind: date
  prose:
  - dated at .{2,40}? on <date>
"""


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
    paper = page(
        "CONSENT OF SPOUSE", "Dower Act", "Spouse: Ann Example", "consents to the sale of the homestead",
        "LINC: 0012 345 678", "Dated at Calgary, Alberta on March 8, 2026",
    )  # fmt: skip
    assert classify([paper], catalogue(folder.parent / "catalogue"))[0] == OTHER
    catalogue.cache_clear()
    (folder / "dower_consent.yaml").write_text(WAIVER)
    types = catalogue(folder)
    assert classify([paper], types)[0] == "dower_consent"
    found = {one.rule.name: one.normalised for one in find([paper], types.fields("dower_consent"))}
    assert found == {"linc": "0012345678", "spouse": "Ann Example", "consent_date": "2026-03-08"}
    assert [rule.name for rule in types.fields("dower_consent") if rule.required] == ["spouse"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("retention_days: 2555", "retention_days: never"), "retention_days"),
        (("cues:", "clues:"), "cues"),
        (("consent of spouse, 0.8", "consent of spouse, 8"), "headings.0.1"),
        (("- homestead", "- (homestead"), "no regular expression"),
        (("kind: person", "kind: human"), "fields.1.kind"),
        (("on <date>", "on <day>"), "<day> is no form"),
        (("on <date>", "on a day"), "does not say where <date> stands"),
        (("- linc", "- link"), "fields.0"),
        (("name: spouse", "name: linc"), "'linc' is declared twice"),
        (("name: dower_consent", "name: consent"), "name it 'dower_consent'"),
        (("name: dower_consent", "name: [dower"), "cannot be read"),
        ((WAIVER, ""), "the file"),
        ((WAIVER, "- a\n- list\n"), "the file"),
        ((WAIVER, "\x00"), "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(folder: Path, change: tuple[str, str], said: str) -> None:
    (folder / "dower_consent.yaml").write_text(WAIVER.replace(*change))
    with pytest.raises(CatalogueError) as error:
        catalogue(folder)
    assert "dower_consent.yaml" in str(error.value)
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
