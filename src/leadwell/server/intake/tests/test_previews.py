"""What a captured payload of each kind would become: the same by `leadwell sources try` and on the source's page, in a
real browser. (promise A1)"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from leadwell import playbook
from leadwell.server.commands.sources import app
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.models import Submission
from leadwell.server.intake.sources import KINDS
from leadwell.server.intake.trying import Tried, as_posted, tried
from leadwell.server.tests.chromium import MARKS, browser_page, fits, opens

CAPTURED = Path(__file__).parent / "captured"
SETTINGS: dict[str, dict[str, Any]] = {"webhook": {"each": "rows"}}
# Kind -> the file, what must stand in what it would become, and the reply.
SAMPLES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "api": ("api.json", ("It would become",), "nothing"),
    "webhook": ("webhook.json", ("It would become",), "202"),
    "form": ("form.txt", ("It would become 1 lead.",), "20"),
    "google-ads": ("google-ads.json", ("It would become 1 lead.", "Google Ads"), "200 {}"),
    "meta": ("meta.json", ("Concepción Muñoz", "+17875550133", "Instagram", "Rodilla otoño"), "200 EVENT_RECEIVED"),
    "twilio": ("twilio-call.txt", ("It would become 1 lead.",), "200 <?xml"),
    "callrail": ("callrail.json", ("It would become 1 lead.",), '200 {"id"'),
    "calendly": ("calendly.json", ("It would become 1 lead.",), '200 {"id"'),
    "fhir": ("fhir.json", ("It would become 1 lead.", "Patient", "Referrer"), "201"),
    "hl7v2": ("hl7v2.hl7", ("Tomás Sample", "Dr. Dora Example", "Knee replacement"), "200 MSH|"),
    "email": ("email.eml", ("It would become",), "nothing"),
    "typed-in": ("typed-in.json", ("It would become 1 lead.",), "nothing"),
    "file": ("file.csv", ("It would become",), "nothing"),
}
ON_PAGES = [kind for kind in SAMPLES if kind not in ("file", "typed-in")]  # these have pages of their own


def _foretold(kind: str, body: bytes) -> Tried:
    return tried(kind, as_posted(kind, body), SETTINGS.get(kind, {}), _policy())


@cache
def _policy() -> playbook.Playbook:
    return playbook.load(playbook.find("lakeside-orthopedics"))


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def test_every_kind_has_a_sample() -> None:
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_command_shows_person_referrer_service_and_what_was_not_understood(kind: str, tmp_path: Path) -> None:
    """Without a database: this test may use none."""
    file, says, reply = SAMPLES[kind]
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS.get(kind, {})))
    words = [
        kind,
        str(CAPTURED / file),
        "--playbook",
        "lakeside-orthopedics",
        "--settings",
        str(tmp_path / "settings.json"),
    ]
    result = CliRunner().invoke(app, ["try", *words])
    assert result.exit_code == 0, result.output
    shown, told = _plain(result.stdout), _foretold(kind, (CAPTURED / file).read_bytes())
    for text in says:
        assert text in shown
    assert f"Whoever sent it is told: {reply}" in shown
    assert told.foretold
    for one in told.foretold:
        for name, text in (*one.known, *one.carried):
            assert _plain(name) in shown
            assert _plain(text) in shown
        for text in (one.who, one.patient, one.referrer, one.wants, one.next):
            assert _plain(text) in shown


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("kind", ON_PAGES)
def test_the_page_is_told_the_same_as_the_terminal(lakeside: Clinic, kind: str) -> None:
    file, _, _ = SAMPLES[kind]
    source = add_source(lakeside.organization, kind, kind, SETTINGS.get(kind))
    page = _asked(browser(lakeside.organization, "manager"), source.pk, (CAPTURED / file).read_text())
    told = _foretold(kind, (CAPTURED / file).read_text().strip().encode())
    assert page.foretold == told.foretold
    assert (page.fields, page.leads, page.problem, page.not_a_lead, page.awaits) == (
        told.fields, told.leads, told.problem, told.not_a_lead, told.awaits,
    )  # fmt: skip
    assert _timeless(page.reply) == _timeless(told.reply)
    assert not Submission.objects.exists()


def _asked(manager: Client, source: int, sample: str) -> Tried:
    answer = manager.post(reverse("try_source", args=[source]), {"sample": sample})
    told: Tried = answer.context["page"].tried
    return told


def _timeless(reply: str) -> str:
    """Of a page that thanks, the address is the source's own."""
    return re.sub(r"/in/[\w-]*", "/in/", reply)


class TestInABrowser:
    pytestmark = MARKS

    @pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
    def test_each_kind_is_tried_on_its_page(
        self, live_server, lakeside: Clinic, width: int, scheme: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
        client = browser(lakeside.organization, "manager")
        cookie = {"name": site.SESSION_COOKIE_NAME, "value": client.cookies[site.SESSION_COOKIE_NAME].value}
        made = {kind: add_source(lakeside.organization, kind, kind, SETTINGS.get(kind)).pk for kind in ON_PAGES}
        wrong: list[str] = []
        with browser_page(viewport={"width": width, "height": 844}, color_scheme=scheme) as page:
            page.context.add_cookies([cookie | {"url": live_server.url}])
            for kind, number in made.items():
                sample = (CAPTURED / SAMPLES[kind][0]).read_text()
                page.goto(live_server.url + reverse("source", args=[number]))
                page.get_by_label("A sample of what it sends").fill(sample)
                with opens(page):
                    page.get_by_role("button", name="See what it is taken for").click()
                wrong += [f"{kind}: {one}" for one in _not_shown(page, _foretold(kind, sample.strip().encode()))]
                wrong += [] if fits(page) else [f"{kind}: too wide"]
        assert wrong == []
        assert not Submission.objects.exists()


def _not_shown(page: Any, told: Tried) -> list[str]:
    shown = _plain(page.locator("section", has=page.locator("#try")).inner_text())
    expected = [f"It would become {told.leads} lead"]
    for one in told.foretold:
        expected += [one.who, one.patient, one.referrer, one.next]
        expected += [] if told.fields else [_plain(text)[:150] for _, text in (*one.known, *one.carried)]
    expected += [part for field in told.fields for part in (field.name, _plain(field.value)[:60], field.column)]
    return [text for text in expected if text and text not in shown]
