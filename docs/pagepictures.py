"""What do the pages of the server look like? Takes pictures of the real ones, for `design-system.md`.

    python docs/pagepictures.py URL EMAIL PASSWORD        of a running demo, as somebody whose role needs one factor

Needs Chromium and playwright. A tool for maintainers: run it when a page has changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

HERE: Final = Path(__file__).parent
CHROMIUM: Final = "/usr/bin/chromium"
# picture -> look, width, address, whether to open the first of the list, and the keys to press then. A call can only be
# begun at an hour at which the gate allows one.
PICTURES: Final = {
    "lead-light": ("light", 1280, "/leads?tab=verify", True, ()),
    "leads-phone": ("light", 390, "/leads", False, ()),
    "inbox-dark": ("dark", 1280, "/inbox", False, ()),
    "call-light": ("light", 1440, "/leads?tab=verify", True, ("Enter", "2")),
    "outcome-dark": ("dark", 1440, "/leads?tab=schedule", True, ("f", "2")),
}


def main(url: str, email: str, password: str) -> None:
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, (scheme, width, path, first, keys) in PICTURES.items():
            page = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
            page.goto(f"{url}/account/login/")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.goto(url + path)
            if first:
                page.get_by_role("table").get_by_role("link").first.click()
                page.wait_for_load_state("load")
            for key in keys:
                page.keyboard.press(key)
                page.wait_for_timeout(6_000)
            page.screenshot(path=HERE / "images" / "pages" / f"{name}.png")
        chromium.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
