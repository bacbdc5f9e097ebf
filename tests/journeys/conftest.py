"""A clinic that runs: web server and worker as processes of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.running import Installation

from leadwell.server.tests.chromium import CHROMIUM

_PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def newly_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a clinic that nobody has used yet: to be copied, where a folder is all that it is."""
    home = tmp_path_factory.mktemp("newly-made")
    if not Installation(home).database:
        _make(Installation(home))
    return home


def _make(installation: Installation) -> None:
    installation.command("migrate")
    installation.command(
        "user", "new", "dana@example.com", "--organization", "lakeside", "--role", "manager", "--password", _PASSWORD
    )
    installation.command("publish", "lakeside-orthopedics", "--organization", "lakeside")


@pytest.fixture
def clinic(tmp_path: Path, newly_made: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    if installation.database:
        _make(installation)
    else:
        shutil.copytree(newly_made, tmp_path, dirs_exist_ok=True)
    try:
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def desk(clinic: Installation) -> Iterator[Any]:
    """A coordinator's page, signed in, of a clinic whose web server and worker run."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    account = ("--role", "coordinator", "--password", _PASSWORD, "--name", "Nadia Brook")
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
        page.get_by_label("Password").fill(_PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        sync.expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield page
        chromium.close()
