"""A clinic that runs: web server and worker as processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.running import Installation


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    installation.command("migrate")
    password = "a long enough password"
    installation.command(
        "user", "new", "dana@example.com", "--organization", "lakeside", "--role", "manager", "--password", password
    )
    installation.command("publish", "lakeside-orthopedics", "--organization", "lakeside")
    try:
        yield installation
    finally:
        installation.stop()
