"""What do tests ask of a page in a real browser? That it fits its screen and that axe finds nothing in it.

A click that opens another page is not done when it returns: ask through `opens`, which waits until the new page is
there with its styles, or after `settled`. Before that the page may have no root to measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

CHROMIUM: Final = Path("/usr/bin/chromium")
STANDARDS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MARKS: Final = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]
_RUN: Final = """
async options => (await axe.run(options)).violations.flatMap(one => one.nodes.map(node =>
  `${one.id}: ${node.target} ${[...node.any, ...node.all, ...node.none].map(why => why.message)[0] || ""}`))
"""


@contextmanager
def browser_page(**context: Any) -> Iterator[Any]:
    """A page of Chromium, for as long as it is needed."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        sync.expect.set_options(timeout=20_000)
        yield chromium.new_context(**context).new_page()
        chromium.close()


@contextmanager
def opens(page: Any) -> Iterator[None]:
    """Whatever is done within opens another page: it is there, with its styles, afterwards."""
    with page.expect_navigation(wait_until="load"):
        yield


def settled(page: Any) -> None:
    """Waits until the page that is being opened is there, with its styles."""
    page.wait_for_load_state("load")
    page.locator("html body").wait_for(state="attached")


def width(page: Any) -> int:
    """How wide the page is, which is as wide as the screen where nothing scrolls sideways."""
    settled(page)
    return int(page.locator("html").evaluate("root => root.scrollWidth"))


def fits(page: Any) -> bool:
    return bool(width(page) <= page.viewport_size["width"])


def violations(page: Any, *rules: str) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one a place; only by these rules where some are named."""
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")
    settled(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.AXE_SCRIPT)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    found: list[str] = page.evaluate(_RUN, {"runOnly": only, "resultTypes": ["violations"]})
    return found
