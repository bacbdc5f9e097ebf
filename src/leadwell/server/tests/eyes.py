"""What is wrong with a page, on a desk and on a phone, light and dark? One browser looks at one page after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.test import Client

from leadwell.server.tests.chromium import fits, opens, violations

DESK: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
_NARROW: Final = ("color-contrast", "target-size", "scrollable-region-focusable")  # what another width can change
# Of each form in which something is typed or chosen: where it stands on the page, and where it is sent.
_FORMS: Final = """
() => [...document.querySelectorAll("main form[method=post]")].map((form, nth) => ({
  nth, to: new URL(form.getAttribute("action") || "", location).pathname,
  typed: [...form.elements].some(one => one.matches("textarea, select, input:not([type=hidden])"))}))
"""
# Sends one of them with nothing in it, as a browser would that checks nothing by itself.
_SEND_EMPTY: Final = """
nth => {
  const form = document.querySelectorAll("main form[method=post]")[nth];
  form.noValidate = true;
  for (const one of form.elements) {
    if (one.matches("[type=checkbox], [type=radio]")) one.checked = false;
    else if (one.matches("select")) one.selectedIndex = -1;
    else if (one.matches("textarea, input:not([type=hidden])")) one.value = "";
  }
  form.querySelector("[type=submit]").click();
}
"""
# Once the browser has put it there: it scrolls to what has the focus before it draws a frame.
_IN_SIGHT: Final = """
one => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const box = one.getBoundingClientRect();
  done(box.top >= 0 && box.top < innerHeight);
})))
"""


@dataclass
class Eyes:
    """`wrong`: all that was found, with where; `heard`: since the last page, what scripts and the console complained
    of and what was asked of other hosts."""

    page: Any
    url: str
    wrong: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._told)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on("request", self._asked)

    def _told(self, line: Any) -> None:
        if line.type in ("error", "warning") and "responded with a status of 4" not in line.text:
            self.heard.append(line.text)

    def _asked(self, one: Any) -> None:
        if not one.url.startswith((self.url, "data:")):
            self.heard.append(f"asks {one.url}")

    def become(self, client: Client) -> None:
        """Whoever is signed in there."""
        cookies = [{"name": one.key, "value": one.value, "url": self.url} for one in client.cookies.values()]
        self.page.context.clear_cookies()
        self.page.context.add_cookies(cookies)

    def open(self, path: str) -> None:
        try:
            answer = self.page.goto(self.url + path)
        except Exception as error:  # playwright's, which need not be installed
            if "ERR_ABORTED" not in str(error):
                raise
            answer = self.page.goto(self.url + path)  # the page before was still on its way elsewhere
        if answer.status >= 500:
            self.wrong.append(f"{path}: {answer.status}")

    def forms(self) -> dict[str, int]:
        """Where each form of the page is sent in which something is typed -> its place."""
        return {one["to"]: one["nth"] for one in self.page.evaluate(_FORMS) if one["typed"]}

    def send_empty(self, form: int) -> None:
        """What is wrong with it stands in sight then, without a scroll."""
        with opens(self.page):
            self.page.evaluate(_SEND_EMPTY, form)
        problems = self.page.locator(".problem")
        if problems.count() and not problems.first.evaluate(_IN_SIGHT):
            self.wrong.append(f"{self.page.url}: what is wrong is out of sight")

    def tabs(self) -> list[str]:
        """The queries of the tabs and further pages of a list."""
        tabs = self.page.locator("main nav a[href^='?']")
        found: list[str] = tabs.evaluate_all("all => all.map(one => one.search)")
        return found

    def judge(self, where: str) -> None:
        """Looks at the page that is there, folded as it came and with all unfolded."""
        page, before = self.page, "" if fits(self.page) else "scrolls sideways"
        headings = page.locator("h1").count()
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        self._mark(where, "desk", [before, "" if headings == 1 else f"{headings} headings", *violations(page)])
        page.emulate_media(color_scheme="dark")
        self._mark(where, "dark", violations(page, "color-contrast"))
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        self._mark(where, "phone", ["" if fits(page) else "scrolls sideways", *violations(page, *_NARROW)])
        page.set_viewport_size(DESK)
        self._mark(where, "heard", self.heard)
        self.heard.clear()

    def _mark(self, where: str, how: str, found: Iterable[str]) -> None:
        self.wrong += [f"{where} ({how}): {one}" for one in found if one]
