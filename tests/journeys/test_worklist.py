"""Two coordinators in a real browser, at the same time: whoever takes the next lead has it alone. (promise D21)

One works with the keyboard only; the other's page shows it by itself. Web server and worker are real.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.journeys.running import Installation, until

from leadwell.server.tests.chromium import CHROMIUM

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]

PASSWORD = "a long enough password"
PEOPLE = {"nadia": "Nadia Brook", "omar": "Omar Haddad"}
LEADS = ("Anabel Quill", "Tobias Wren", "Mirela Osei")


@pytest.fixture
def desks(clinic: Installation) -> Iterator[dict[str, Any]]:
    """A page for each of two coordinators, signed in."""
    for name, whole in PEOPLE.items():
        account = ("--role", "coordinator", "--password", PASSWORD, "--name", whole)
        clinic.command("user", "new", f"{name}@example.com", "--organization", "lakeside", *account)
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write").split()[-1]
    clinic.start_web()
    clinic.start_worker()
    leads = [
        {
            "full_name": name,
            "phone": f"312-555-01{n}7",
            "message": f"I need a knee replacement, {n} times",
            "zip": "60606",
        }
        for n, name in enumerate(LEADS, 1)
    ]
    for lead in leads:
        sent = {"Authorization": f"Bearer {key}"}
        assert httpx.post(f"{clinic.url}/api/v1/leads", json=lead, headers=sent).status_code == 202
    with sync.sync_playwright() as player:
        sync.expect.set_options(timeout=30_000)
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        pages = {name: chromium.new_context().new_page() for name in PEOPLE}
        until(lambda: _waiting(clinic) == len(LEADS), "the leads to wait")
        for name, page in pages.items():
            page.goto(clinic.url)
            page.get_by_label("Email").fill(f"{name}@example.com")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            sync.expect(page.get_by_role("heading", name="Worklist", level=1)).to_be_visible()
        yield pages
        chromium.close()


def _waiting(clinic: Installation) -> int:
    told = "from leadwell.server.worklist.models import Waiting; print(Waiting.objects.of(ours).count())"
    return int(clinic.within(told))


def _owners(clinic: Installation) -> dict[str, str]:
    """Lead's id -> the first name of whoever has it."""
    told = """
from leadwell.server.leads.models import Lead
taken = Lead.objects.of(ours).exclude(owner=None)
print(orjson.dumps({str(one.pk): one.owner.name.split()[0] for one in taken}).decode())
"""
    found: dict[str, str] = json.loads(clinic.within(told))
    return found


def test_a_coordinator_takes_opens_and_gives_back_by_keys_and_nobody_else_gets_the_same(
    clinic: Installation, desks: dict[str, Any]
) -> None:
    nadia, omar = desks["nadia"], desks["omar"]
    first = nadia.locator("#next-name").inner_text()
    assert first == omar.locator("#next-name").inner_text()  # both are shown the same
    nadia.keyboard.press("t")
    sync.expect(nadia.get_by_text("Yours to answer now")).to_be_visible()
    taken = nadia.locator("section.next").get_attribute("data-lead")
    omar.keyboard.press("t")  # on a page that shows them still, or does no more
    sync.expect(omar.get_by_text("Yours to answer now")).to_be_visible()
    assert omar.locator("section.next").get_attribute("data-lead") != taken
    assert sorted(_owners(clinic).values()) == ["Nadia", "Omar"]

    nadia.keyboard.press("j")
    sync.expect(nadia.locator("#rows a.open").first).to_be_focused()
    nadia.keyboard.press("o")
    sync.expect(nadia.get_by_role("heading", level=1)).to_have_text(re.compile("|".join(LEADS)))
    sync.expect(nadia.get_by_text("Taken", exact=True)).to_be_visible()
    nadia.get_by_role("button", name="Give back").click()
    sync.expect(nadia.get_by_role("status").filter(has_text="Given back")).to_be_visible()
    assert list(_owners(clinic).values()) == ["Omar"]


def test_a_page_shows_what_others_do_and_leaves_the_focus_where_it_is(
    clinic: Installation, desks: dict[str, Any]
) -> None:
    nadia, omar = desks["nadia"], desks["omar"]
    omar.goto(f"{clinic.url}/worklist?lane=to-do")
    omar.keyboard.press("j")
    row = omar.locator("#rows tr").filter(has=omar.locator("a:focus"))
    at = row.get_attribute("data-lead")
    order = [one.get_attribute("data-lead") for one in omar.locator("#rows tr").all()]
    nadia.keyboard.press("t")
    sync.expect(nadia.get_by_text("Yours to answer now")).to_be_visible()
    sync.expect(omar.locator("#rows").get_by_text("Nadia Brook").or_(omar.locator(".next h2"))).not_to_have_count(0)
    taken = nadia.locator("section.next").get_attribute("data-lead")
    if taken != at:
        sync.expect(omar.locator(f"#rows tr[data-lead='{taken}']")).to_contain_text("Nadia Brook")
    sync.expect(omar.locator("#rows a.open:focus")).to_have_count(1)
    assert row.get_attribute("data-lead") == at
    assert [one.get_attribute("data-lead") for one in omar.locator("#rows tr").all()] == order


def test_without_script_the_page_works_by_buttons(clinic: Installation, desks: dict[str, Any]) -> None:
    browser = desks["nadia"].context.browser
    plain = browser.new_context(
        java_script_enabled=False, storage_state=desks["nadia"].context.storage_state()
    ).new_page()
    plain.goto(f"{clinic.url}/worklist?lane=to-do")
    plain.get_by_role("button", name="Take next").click()
    sync.expect(plain.get_by_text("Yours to answer now")).to_be_visible()
    plain.get_by_role("button", name="It is answered").click()
    sync.expect(plain.get_by_text("Noted as answered")).to_be_visible()
