"""dbt's documentation of the warehouse in a real browser, without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Ran
from tests.serving import serving

_MART = "#!/model/model.muniment.matter_readiness"


@pytest.fixture
def offline(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page that reaches nothing."""
    context = chromium.new_context(offline=True, viewport={"width": 1600, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    page.screenshot(path=tmp_path / "docs.png")
    context.close()


def _shows_the_mart(page: Page) -> None:
    expect(page.get_by_text("Every open matter with the documents that it needs").first).to_be_visible()
    expect(page.get_by_text("missing_documents").first).to_be_visible()
    expect(page.get_by_text("Land identification number of the parcel").first).to_be_visible()


def test_the_documentation_is_one_file_that_needs_no_network(ran: Ran, offline: Page) -> None:
    ran.installation.muniment("docs", "--no-serve")
    file = ran.installation.state / "dbt" / "docs" / "static_index.html"
    offline.goto(file.as_uri() + _MART)
    _shows_the_mart(offline)


def test_the_documentation_is_served(ran: Ran, page: Page, tmp_path: Path) -> None:
    with serving(ran.installation, tmp_path / "log", "docs", ready="/catalog.json") as served:
        page.goto(f"{served.url}/{_MART}")
        _shows_the_mart(page)
        page.goto(f"{served.url}/#!/source_list/lake")
        expect(page.get_by_text("Tables of the lake as the warehouse holds them").first).to_be_visible()
