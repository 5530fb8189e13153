"""Fixtures of the browser tests: a real Chromium without a screen, and the web UI of the practice that ran."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import Ran
from tests.serving import Served, serving

_FLAGS = [
    "--no-sandbox",  # Chromium does not start as root with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium; skips where there is none."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page that waits for slow machines; its last view is kept as a picture in the test's folder."""
    page = chromium.new_page(viewport={"width": 1600, "height": 1000})
    page.set_default_timeout(60_000)
    yield page
    page.screenshot(path=tmp_path / "last.png")
    page.close()


@pytest.fixture(scope="session")
def ui(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`muniment ui` on the practice that ran."""
    log = tmp_path_factory.mktemp("ui") / "log"
    with serving(ran.installation, log, "ui", ready="/server_info") as served:
        yield served
