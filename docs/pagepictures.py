"""What do the pages of the server look like? Takes pictures of the real ones, for `design-system.md` and `sources/`.

    python docs/pagepictures.py URL EMAIL PASSWORD          of a running demo, as somebody whose role needs one factor
    python docs/pagepictures.py URL EMAIL PASSWORD CODE     of the team, of openings, and of each kind of source at the
                                                            moment in which its secret is typed, as a manager with the
                                                            digits of `leadwell user code`

Needs Chromium and playwright. A tool for maintainers: run it when a page has changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

HERE: Final = Path(__file__).parent
CHROMIUM: Final = "/usr/bin/chromium"
# picture -> look, width, address, whether to open the first of the list, and the keys to press then. A call can only be
# begun at an hour at which the gate allows one.
PICTURES: Final = {
    "worklist-light": ("light", 1280, "/worklist", False, ()),
    "worklist-phone": ("light", 390, "/worklist", False, ()),
    "lead-light": ("light", 1280, "/leads?tab=verify", True, ()),
    "leads-phone": ("light", 390, "/leads", False, ()),
    "new-call-light": ("light", 1280, "/calls/new", False, ()),
    "review-light": ("light", 1280, "/review?tab=duplicates", False, ()),
    "inbox-dark": ("dark", 1280, "/inbox", False, ()),
    "call-light": ("light", 1440, "/leads?tab=verify", True, ("Enter", "2")),
    "business-light": ("light", 1280, "/leads?type=business&tab=schedule", True, ()),
    "outcome-dark": ("dark", 1440, "/leads?tab=schedule", True, ("f", "2")),
}
# kind -> how it is offered, what it is called, and what is typed into which field
SOURCES: Final = {
    "google-ads": ("A lead form of Google Ads", "Knee ads", {"New key": "x" * 24}),
    "meta": (
        "Lead ads of Facebook and Instagram",
        "Knee ads",
        {"New app secret": "x" * 32, "Verify token": "fern-and-moss"},
    ),
    "twilio": ("Twilio: calls, voicemails and texts of your numbers", "Front desk", {"New auth token": "x" * 32}),
    "callrail": (
        "CallRail: calls, voicemails and texts of your tracking numbers",
        "Tracking numbers",
        {"New secret": "x" * 24},
    ),
    "calendly": ("Calendly: what is booked, moved and cancelled", "Bookings", {"New secret": "x" * 32}),
    "hl7v2": ("A hospital that sends HL7 v2, over HTTP or MLLP", "North Hospital", {"New secret": "x" * 24}),
    "fhir": ("A health system that sends FHIR (R4)", "South Health", {}),
}


def main(url: str, email: str, password: str, code: str = "") -> None:
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        if code:
            page = chromium.new_context(viewport={"width": 1280, "height": 844}, color_scheme="light").new_page()
            _sign_in(page, url, email, password, code)
            page.goto(f"{url}/team")
            page.screenshot(path=HERE / "images" / "pages" / "team-light.png")
            _openings(page, url)
            for kind in SOURCES:
                _source(page, url, kind)
        else:
            for name, (scheme, width, path, first, keys) in PICTURES.items():
                page = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
                _sign_in(page, url, email, password)
                page.goto(url + path)
                if first:
                    page.get_by_role("table").get_by_role("link").first.click()
                    page.wait_for_load_state("load")
                for key in keys:
                    page.keyboard.press(key)
                    page.wait_for_timeout(6_000)
                page.screenshot(path=HERE / "images" / "pages" / f"{name}.png")
        chromium.close()


def _sign_in(page: Page, url: str, email: str, password: str, code: str = "") -> None:
    page.set_default_timeout(120_000)  # a busy machine
    page.goto(f"{url}/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if code:
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{url}/**")
        page.locator("main").wait_for()


def _openings(page: Page, url: str) -> None:
    """The page with its first form unfolded, and the card of a lead whose clinic is full."""
    page.goto(f"{url}/openings")
    page.locator("main details summary").first.click()
    page.screenshot(path=HERE / "images" / "pages" / "openings-light.png")
    page.goto(f"{url}/worklist?lane=to-do")
    page.locator("tr:has(.where) a.open").last.click()
    page.wait_for_load_state("load")
    page.locator("section:has(> .places)").screenshot(path=HERE / "images" / "pages" / "where-light.png")


def _source(page: Page, url: str, kind: str) -> None:
    """A new source of this kind, with its secret typed and not yet saved; of FHIR, whose key is made elsewhere, as its
    page opens."""
    offered, name, typed = SOURCES[kind]
    page.goto(f"{url}/sources/new")
    page.get_by_label("What you call it").fill(name)
    page.get_by_label(offered).check()
    page.get_by_role("main").get_by_role("button").first.click()
    page.locator("code.secret").first.wait_for()
    page.evaluate("document.querySelectorAll('main form details').forEach(one => one.open = true)")
    for label, words in typed.items():
        page.get_by_label(label, exact=True).fill(words)
        page.get_by_label(label, exact=True).evaluate("one => one.scrollIntoView({block: 'center'})")
    page.evaluate("document.querySelectorAll('.messages, .toast').forEach(one => one.remove())")  # that it was opened
    page.screenshot(path=HERE / "images" / "sources" / f"{kind}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
