"""A clinic that runs: web server and worker as processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.running import PASSWORD, Installation, begin, make

from leadwell.server.tests.chromium import CHROMIUM


@pytest.fixture(scope="session")
def newly_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a clinic that nobody has used yet: to be copied, where a folder is all that it is."""
    made = Installation(tmp_path_factory.mktemp("newly-made"))
    if not made.database:
        make(made)
        made.stop()
    return made.home


@pytest.fixture
def clinic(tmp_path: Path, newly_made: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    try:
        begin(installation, newly_made)
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def desk(clinic: Installation) -> Iterator[Any]:
    """A coordinator's page, signed in, of a clinic whose web server and worker run."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    account = ("--role", "coordinator", "--password", PASSWORD, "--name", "Nadia Brook")
    clinic.command("user", "new", "nadia@example.com", "--organization", "lakeside", *account)
    clinic.start_web()
    clinic.start_worker()
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=30_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_context().new_page()
        page.set_default_timeout(60_000)
        page.goto(clinic.url)
        page.get_by_label("Email").fill("nadia@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        sync.expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield page
        chromium.close()
