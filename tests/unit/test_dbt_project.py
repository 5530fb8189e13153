"""What dbt's files promise without a database: descriptions, rules, and no way into the vault."""

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from muniment import marts
from muniment.contract import contracts
from muniment.sample import truth
from muniment.settings import PROJECT

DBT = PROJECT / "dbt"
MARTS = {
    model["name"]: model
    for path in sorted((DBT / "models" / "marts").glob("*.yml"))
    for model in yaml.safe_load(path.read_text("utf-8")).get("models", [])
}
COLUMNS = [(name, column) for name, model in MARTS.items() for column in model["columns"]]
ALLOWED = {(c.name, column.name): set(column.allowed) for c in contracts().values() for column in c.columns}


def models() -> Iterator[Path]:
    return (DBT / "models").rglob("*.sql")


def test_every_mart_is_described() -> None:
    assert set(MARTS) == {path.stem for path in (DBT / "models" / "marts").glob("*.sql")}
    assert {"document_register", "matter_readiness", "price_reconciliation", "quality_scorecard"} <= set(MARTS)
    assert all(model["description"] for model in MARTS.values())


@pytest.mark.parametrize(
    ("mart", "column"), COLUMNS, ids=lambda value: value if isinstance(value, str) else value["name"]
)
def test_every_column_of_a_mart_has_a_type_a_description_and_a_rule(mart: str, column: dict[str, Any]) -> None:
    assert column["data_type"]
    assert column["description"].strip()
    assert column.get("constraints") or column.get("data_tests"), f"nothing tests {mart}.{column['name']}"


def test_marts_are_built_under_their_declared_constraints() -> None:
    project = yaml.safe_load((DBT / "dbt_project.yml").read_text("utf-8"))
    assert project["models"]["muniment"]["marts"]["+contract"] == {"enforced": True}


def test_every_model_is_described() -> None:
    described = {
        model["name"]
        for path in (DBT / "models").rglob("*.yml")
        for model in yaml.safe_load(path.read_text("utf-8")).get("models", [])
        if model["description"].strip()
    }
    assert described == {path.stem for path in models()}


def test_no_model_reads_a_table_past_its_source() -> None:
    for path in models():
        text = re.sub(r"--.*", "", path.read_text("utf-8"))
        assert not re.search(r"\b(lake|vault)\s*\.\s*\w", text), path.name
        assert set(re.findall(r"source\('(\w+)'", text)) <= {"lake", "linkage"}, path.name


def test_no_personal_column_reaches_a_model() -> None:
    personal = {column.name for contract in contracts().values() for column in contract.personal} - {"value"}
    assert personal
    for path in models():
        assert not personal & set(re.findall(r"\w+", path.read_text("utf-8"))), path.name


def test_no_model_asks_for_the_time_of_day() -> None:
    for path in models():
        assert not re.search(r"\b(now\(\)|current_date|current_timestamp)", path.read_text("utf-8"), re.I), path.name


def test_the_register_takes_every_type_that_the_catalogue_may_get() -> None:
    """A list here would be a second place to name a type in; the gate has checked the type."""
    rule = next(c for c in MARTS["document_register"]["columns"] if c["name"] == "document_type")["constraints"][1]
    pattern = re.search(r"~ '(.+)'", rule["expression"])
    assert pattern
    assert all(re.fullmatch(pattern[1], name) for name in ALLOWED["documents", "document_type"])
    assert re.fullmatch(pattern[1], "power_of_attorney")


def required_documents() -> list[dict[str, str]]:
    with (DBT / "seeds" / "required_documents.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_required_documents_are_types_that_exist() -> None:
    rows = required_documents()
    assert {row["document_type"] for row in rows} <= ALLOWED["documents", "document_type"]
    assert {row["matter_type"] for row in rows} == ALLOWED["matters", "matter_type"]
    assert {row["property_type"] for row in rows} == {"any", "freehold", "condominium"}


def test_required_documents_are_those_that_the_sample_holds_for_true() -> None:
    needed: dict[tuple[str, str], set[str]] = {}
    for row in required_documents():
        for tenure in ("freehold", "condominium"):
            if row["property_type"] in ("any", tenure):
                needed.setdefault((row["matter_type"], tenure), set()).add(row["document_type"])
    assert needed == {
        (kind, tenure): {*papers, paper}
        for kind, papers in truth.REQUIRED.items()
        for tenure, paper in truth.PROPERTY_PAPER.items()
    }


def test_the_project_needs_no_package_from_a_hub() -> None:
    assert not [*DBT.glob("packages.y*ml"), *DBT.glob("dependencies.y*ml")]


def test_the_folder_named_dbt_does_not_hide_the_library() -> None:
    code = "from importlib.util import find_spec as f; print(f('dbt.cli').origin, f('dbt.adapters.postgres').origin)"
    found = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert found.count("site-packages") == 2


def test_no_model_says_when_it_was_built_so_that_a_releases_marts_can_be_built_again() -> None:
    clock = re.compile(
        r"\b(now\s*\(|current_(date|time|timestamp)\b|local(time|timestamp)\b|(clock|statement|transaction)_timestamp"
        r"|timeofday|random\s*\(|gen_random_uuid|txid_current|pg_current_xact_id|run_started_at|invocation_id)",
        re.IGNORECASE,
    )
    sources = [*models(), *(DBT / "macros").rglob("*.sql")]
    assert [path.name for path in sources if clock.search(path.read_text("utf-8"))] == []
    assert clock.search("select now() as built_at")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project."""
    return shutil.copytree(DBT, tmp_path / "dbt", ignore=shutil.ignore_patterns("target", "logs"))


def fingerprint(project: Path) -> str:
    """The fingerprint as a new process takes it."""
    marts.fingerprint.cache_clear()
    return marts.fingerprint(project)


@pytest.mark.parametrize(
    "name",
    [
        "models/marts/parties.sql",
        "models/marts/parties.yml",
        "macros/land.sql",
        "seeds/required_documents.csv",
        "tests/logs/another.sql",
        "profiles.yml",
        "dbt_project.yml",
    ],
)
def test_what_dbt_reads_decides_the_fingerprint_of_the_project(project: Path, name: str) -> None:
    before = fingerprint(project)
    path = project / name
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write("\n")
    assert fingerprint(project) != before


@pytest.mark.parametrize("name", ["target/manifest.json", "logs/dbt.log", "dbt_packages/one/macros/a.sql", ".user.yml"])
def test_what_dbt_leaves_in_its_project_does_not(project: Path, name: str) -> None:
    before = fingerprint(project)
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1")
    assert fingerprint(project) == before
