"""Dagster's web UI in a real browser: the graph, the finished run, and what a table's windows tell."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from muniment.contract import contracts
from tests.conftest import Ran
from tests.serving import Served


@pytest.fixture
def abroad(page: Page) -> Iterator[list[str]]:
    """What the page asked from elsewhere, or did not get."""
    found: list[str] = []
    page.on("request", lambda r: found.append(r.url) if r.url.startswith("http") and "127.0.0.1" not in r.url else None)
    yield found
    assert found == []


def test_the_lineage_shows_every_group_from_landing_to_marts(page: Page, ui: Served, abroad: list[str]) -> None:
    page.goto(f"{ui.url}/asset-groups")
    for group in ("landing", "lake", "warehouse", "staging", "intermediate", "marts", "search", "windows"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # nothing asks a newcomer for an address


def test_the_lineage_of_a_mart_names_its_sources(page: Page, ui: Served) -> None:
    page.goto(f"{ui.url}/assets/marts/matter_readiness?view=lineage&lineageScope=upstream")
    for name in ("matter_readiness", "int_matter_checklist", "int_current_matters"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()


def test_the_finished_run_is_a_success_of_the_job(page: Page, ui: Served) -> None:
    page.goto(f"{ui.url}/runs")
    expect(page.get_by_text("Success", exact=True)).to_have_count(1)
    page.get_by_role("link", name="windows", exact=True).click()
    expect(page).to_have_url(re.compile("/locations/muniment/jobs/windows"))


def test_the_run_can_be_opened_and_run_again(page: Page, ui: Served) -> None:
    [run] = ui.ask("{ runsOrError { ... on Runs { results { runId } } } }")["runsOrError"]["results"]
    page.goto(f"{ui.url}/runs/{run['runId']}")
    expect(page.get_by_text("Success", exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Re-execute all"))).to_be_enabled()
    expect(page.get_by_text("RUN_SUCCESS")).to_be_visible()


def test_a_table_shows_its_columns_as_the_contract_describes_them(page: Page, ui: Served) -> None:
    page.goto(f"{ui.url}/assets/lake/documents?view=overview")
    for column in contracts()["documents"].columns[:5]:
        expect(page.get_by_text(column.name, exact=True).first).to_be_visible()
        expect(page.get_by_text(column.description, exact=True).first).to_be_visible()


def test_a_window_of_a_table_shows_rows_snapshot_and_columns(page: Page, ui: Served, ran: Ran) -> None:
    lake = ran.installation.platform.lake
    key, held = max(lake.held(contracts()["documents"]).items())
    snapshot = lake.catalog.load_table("lake.documents").current_snapshot()
    assert snapshot
    page.goto(f"{ui.url}/assets/lake/documents?view=partitions&partition={key}")
    figures = page.get_by_role("table").filter(has_text="iceberg_snapshot_id")
    expect(figures).to_contain_text(re.compile(f"partition_row_count\\s*{held.rows}"))
    expect(figures).to_contain_text(str(snapshot.snapshot_id))
    expect(figures).to_contain_text("column_schema")
    expect(page.get_by_text("Materialized", exact=True).first).to_be_visible()


def test_the_gates_checks_are_shown_as_passed(page: Page, ui: Served) -> None:
    page.goto(f"{ui.url}/assets/lake/documents?view=checks&checkDetail=documents_completeness")
    for dimension in ("completeness", "uniqueness", "validity"):
        expect(page.get_by_text(f"documents_{dimension}", exact=True).first).to_be_visible()
    expect(page.get_by_text("Passed", exact=True).first).to_be_visible()
    expect(page.get_by_text("threshold", exact=True).first).to_be_visible()
