"""A whole run, then everything that is kept is searched for the people in it: none is found. (promise F33)

People with planted names, numbers, addresses, birth dates and nonsense words come in by every source, are judged,
mended, refused, seen, given out and opened in an emergency. Then the database files with their logs (or PostgreSQL's
dump), what the processes wrote, error pages, headers and every address that a page held are searched, in any encoding.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import smtplib
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage

import httpx
import pytest
from tests.journeys.browsing import Browser
from tests.journeys.mailing import Sender, settings
from tests.journeys.running import Installation, free_port, until
from tests.journeys.searching import Searcher
from tests.standins.smtp import SmtpStandin

pytestmark = pytest.mark.slow

PASSWORD = "a long enough password"
MADE = ("privacy-officer", "marketing", "coordinator")
SECRET = "whsec-brindlewickery"


@dataclass(frozen=True)
class Planted:
    """One person, with a nonsense word of their own."""

    name: str
    phone: str
    birth: str
    street: str
    word: str

    @property
    def email(self) -> str:
        return f"{self.name.split()[-1].lower()}.{self.word}@example.org"

    def columns(self) -> dict[str, str]:
        return {
            "full_name": self.name, "phone": self.phone, "email": self.email, "birth_date": self.birth,
            "address": self.street, "zip": "60201", "message": f"knee replacement, my {self.word} hurts",
        }  # fmt: skip

    def words(self) -> list[str]:
        digits = re.sub(r"\D", "", self.phone)
        year, month, day = self.birth.split("-")
        return [*self.name.split(), self.name, self.phone, digits, f"({digits[:3]}) {digits[3:6]}-{digits[6:]}",
                self.birth, f"{month}/{day}/{year}", self.street, self.word, self.email]  # fmt: skip


API = Planted("Anabella Quillfeather", "312-555-0101", "1961-04-17", "4711 Thimbleberry Lane", "zorbimaxlet")
BROKEN = Planted("Bartholomew Nightjarre", "312-555-0102", "1952-11-03", "38 Wrenwhistle Court", "flumpkettle")
WEBHOOK = Planted("Cordelia Ñandúvélez", "312-555-0103", "1974-08-29", "9 Möwenweghof", "grizzlewump")
FORGED = Planted("Dorothea Fennimorey", "312-555-0104", "1983-02-12", "77 Crumplehorn Road", "snorfblatz")
FORM = Planted("Ebenezer Vandersloot", "312-555-0105", "1949-06-30", "120 Pepperwhisk Street", "wobbletrix")
FILED = Planted("Florentina Ossenbrugge", "312-555-0106", "1990-09-09", "5 Lanternmoss Way", "quibberjack")
MAILED = Planted("Gwendolyn Appletrude", "312-555-0107", "1966-01-21", "61 Saltmarshgate Ave", "drizzlefonk")
LATER = "plumdoggerel"  # in an answer by mail, in reasons, in an address that somebody typed
PEOPLE = (API, BROKEN, WEBHOOK, FORGED, FORM, FILED, MAILED)
WORDS = sorted({w for one in PEOPLE for w in one.words()} | {LATER, SECRET, "Nanduvelez", "Mowenweghof"})


@pytest.fixture
def provider(clinic: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpStandin]:
    """Where the clinic's mail goes; what it writes down is not kept by us."""
    folder = tmp_path_factory.mktemp("provider")
    options = {"starttls": True, "auth": ("clinic", "a quiet word")}
    with SmtpStandin(folder / "wire.jsonl", **options) as started:
        clinic.more, _ = settings(started, folder)
        del clinic.more["LEADWELL_URL"]  # its browsers come by http
        yield started


@pytest.fixture
def staff(clinic: Installation, provider: SmtpStandin) -> Iterator[dict[str, Browser]]:
    for role in MADE:
        clinic.command(
            "user", "new", f"{role}@example.com", "--organization", "lakeside", "--role", role, "--password", PASSWORD
        )
    clinic.start_web()
    clinic.start_worker()
    people = {"manager": "dana@example.com"} | {role: f"{role}@example.com" for role in MADE}
    with ExitStack() as doors:
        browsers = {role: doors.enter_context(Browser(clinic.url)) for role in people}
        for role, browser in browsers.items():
            browser.sign_in(people[role], PASSWORD)
        yield browsers


def by_api(clinic: Installation, browser: Browser) -> None:
    key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write,leads:read")
    headers = {"Authorization": f"Bearer {key}"}
    posted = browser.client.post("/api/v1/leads", json=API.columns(), headers={**headers, "Idempotency-Key": API.email})
    assert posted.status_code == 202
    browser.client.post("/api/v1/leads", json=FORM.columns(), headers={**headers, "Idempotency-Key": API.email})  # 409
    broken = json.dumps(BROKEN.columns())[:-1]
    refused = browser.client.post("/api/v1/leads", content=broken, headers=headers)
    assert refused.status_code == 422
    browser.client.post("/api/v1/leads", content=f"{API.word}: {API.name}", headers={"Authorization": "Bearer no"})
    status = posted.json()["status_url"]
    until(lambda: httpx.get(status, headers=headers).json()["state"] == "assessed", "the lead of the API")
    mended = clinic.home / "mended.json"
    mended.write_text(broken + "}")
    clinic.command("inbox", "mend", refused.json()["id"], "--file", str(mended))
    mended.unlink()


def by_webhook_and_form(clinic: Installation, manager: Browser) -> None:
    handle = clinic.command("sources", "new", "webhook", "Calls", "--organization", "lakeside")
    number = re.search(r'href="/sources/(\d+)"[^>]*>Calls', manager.get("/sources").text)
    assert number
    settings = {"secret": SECRET, "header": "X-Signature", "digest": "sha256", "encoding": "hex", "mapping": ""}
    path = f"/sources/{number[1]}"
    action = re.search(rf'action="({path}/[a-z-]+)"', manager.get(path).text)
    assert action
    assert manager.send(action[1], settings, on=path).status_code == 200
    body = json.dumps(WEBHOOK.columns()).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    kept = {"X-Signature": signature, "User-Agent": f"{LATER}/1", "Content-Type": "application/json"}
    assert manager.client.post(f"/in/{handle}", content=body, headers=kept).status_code == 202
    forged = json.dumps(FORGED.columns()).encode()
    assert manager.client.post(f"/in/{handle}", content=forged, headers=kept).status_code == 401
    form = clinic.command("sources", "new", "form", "Website", "--organization", "lakeside")
    page = {"Referer": f"https://clinic.example/form?name={FORM.word}"}
    assert manager.client.post(f"/in/{form}", data=FORM.columns(), headers=page).status_code == 202
    assert manager.client.post(f"/in/{form}", files={k: (None, v) for k, v in API.columns().items()}).status_code == 202


def by_file(manager: Browser) -> None:
    columns = FILED.columns()
    text = ",".join(columns) + "\n" + ",".join(f'"{value}"' for value in columns.values()) + "\n"
    named = {"file": (f"{FILED.word}.csv", text.encode(), "text/csv")}
    looked = manager.send("/sources/upload", {}, files=named)
    assert "/upload/" in looked.url.path, looked.url
    assert manager.send(looked.url.path, {}).status_code == 200


def by_mail(clinic: Installation) -> None:
    handle = clinic.command("sources", "new", "email", "Intake mail", "--organization", "lakeside")
    port = free_port()
    clinic.start("mail", "listen", "--port", str(port))
    until(lambda: _greeted(port), "the mail server")
    first = _mail(handle, "<1@example.org>")
    body = "".join(f"{name.replace('_', ' ')}: {value}\n" for name, value in MAILED.columns().items())
    first.set_content(f"Please see this patient for a knee replacement.\n\n{body}")
    until(lambda: clinic.ledger()["waiting"] == 0, "what came before")
    before = clinic.ledger()["leads"]
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.send_message(first)
        until(lambda: clinic.ledger()["leads"] > before, "the mailed lead")
        answer = _mail(handle, "<2@example.org>")
        answer["In-Reply-To"] = answer["References"] = "<1@example.org>"
        answer.set_content(f"One thing more: the {LATER} is worse.\n")
        smtp.send_message(answer)


def _mail(handle: str, number: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = f"{MAILED.name} <{MAILED.email}>", f"{handle}@leads.example.org"
    message["Subject"], message["Message-ID"] = f"Referral of {MAILED.name}", number
    return message


def _greeted(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=2):
            return True
    except OSError:
        return False


def written_to(clinic: Installation, provider: SmtpStandin, coordinator: Browser) -> None:
    """One mail arrives; another comes back, in words that name its reader."""
    sender = Sender(clinic, provider, "")
    came_back = f"unknown.{API.word}@example.org"
    sender.queue([f"{API.name.split()[-1].lower()}.{FILED.word}@example.org", came_back], words=f"{API.name}: {LATER}")
    told = sender.settled()
    assert {one["state"] for one in told.values()} == {"sent", "bounced"}
    listed = coordinator.get("/outbox").text
    for path in sorted(set(re.findall(r'href="(/outbox/[0-9a-f-]{36})"', listed))):
        assert LATER in coordinator.get(path).text
        assert LATER in clinic.command("outbox", "show", path.rpartition("/")[2])
    assert API.word not in clinic.command("outbox", "list")


LISTS = ("/inbox", "/leads", "/leads?disposition=verify", "/ledger", "/sources", "/trail", "/alerts")


def seen_and_used(clinic: Installation, staff: dict[str, Browser]) -> None:
    """Every page of every lead and submission, by each role; an export, an emergency, an alert, an erasure."""
    persons: set[str] = set()
    for role, browser in staff.items():
        for path in (*LISTS, "/worklist"):
            listed = browser.get(path).text
            for one in sorted(set(re.findall(r'href="(/(?:inbox|leads)/[0-9a-f-]{36})"', listed))):
                persons |= set(re.findall(r'href="(/persons/[0-9a-f-]{36})"', browser.get(one).text))
        browser.get(f"/leads?queue={LATER}")
        browser.get(f"/{API.word}/{API.email}")
        browser.get(f"/trail?page={API.word}")
        assert role != "marketing" or API.name not in browser.get("/leads").text
    assert len(persons) >= 6
    officer, marketing = staff["privacy-officer"], staff["marketing"]
    for path in sorted(persons):
        officer.get(path)
    for typed in (API.name, f"{API.birth} {API.phone}", f"{LATER} {API.email}"):
        searched = officer.send("/leads/find", {"sought": typed}, on="/leads").text
        assert (API.name in searched) == (LATER not in typed)
    whose = next(path for path in sorted(persons) if officer.get(path).text.count(API.name))
    assert API.word in officer.send(f"{whose}/export", {}, on=whose).text
    reason = f"{API.name} fell; the {LATER} is worse, she must be called."
    assert API.name in marketing.send(f"{whose}/emergency", {"reason": reason}).text
    assert LATER in officer.get(whose).text
    number = re.search(r'action="(/alerts/\d+/deal)"', officer.get("/alerts").text)
    assert number
    officer.send(number[1], {"why": f"{API.name} was well served: {LATER}."}, on="/alerts")
    officer.send(f"{whose}/erase", {"reason": "asked", "typed": API.word}, on=whose)  # refused
    assert API.word in clinic.command("export", "person", whose.rpartition("/")[2])
    clinic.command("receipt", "person", whose.rpartition("/")[2])
    gone = next(path for path in sorted(persons) if officer.get(path).text.count(FORM.name))
    letters = gone[-4:].upper()
    officer.send(f"{gone}/erase", {"reason": "asked", "typed": letters}, on=gone)
    assert officer.get(gone).status_code == 404
    assert FORM.name not in officer.get("/leads").text


def broken(clinic: Installation, browser: Browser) -> None:
    """A page in a part of which what somebody said cannot be opened; then one that fails while it shows a lead."""
    if os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS"):
        return
    lead = re.findall(r'href="/leads/([0-9a-f-]{36})"', browser.get("/leads").text)[0]
    with sqlite3.connect(clinic.home / "leadwell.sqlite3", timeout=20) as database:
        database.execute("UPDATE leads_lead SET sealed = zeroblob(40) WHERE id = ?", (lead.replace("-", ""),))
    assert "annot be opened" in browser.get(f"/leads/{lead}").text
    with sqlite3.connect(clinic.home / "leadwell.sqlite3", timeout=20) as database:
        database.execute("UPDATE leads_assessment SET playbook_id = 999999")
    assert browser.get(f"/leads/{lead}").status_code == 500
    assert browser.get("/leads").status_code == 200


def kept(clinic: Installation) -> Iterator[tuple[str, bytes]]:
    """Every file of the data folder but keys and what every installation serves; and each row by itself."""
    for path in sorted(clinic.home.rglob("*")):
        part = path.relative_to(clinic.home)
        if path.is_file() and part.parts[0] not in ("keys", "static"):
            yield str(part), path.read_bytes()
    if url := os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS"):
        yield "dump", subprocess.run(["pg_dump", url], capture_output=True, check=True).stdout
        return
    for name in ("leadwell.sqlite3", "inbox.sqlite3"):
        with sqlite3.connect(clinic.home / name, timeout=20) as database:
            yield f"rows of {name}", "\n".join(database.iterdump()).encode()


def test_nothing_that_is_kept_or_said_names_anybody(
    clinic: Installation, provider: SmtpStandin, staff: dict[str, Browser]
) -> None:
    manager = staff["manager"]
    by_api(clinic, manager)
    by_webhook_and_form(clinic, manager)
    by_file(manager)
    by_mail(clinic)
    until(lambda: clinic.ledger()["joined"] >= 1, "the answer by mail")
    until(lambda: clinic.ledger()["waiting"] == 0, "the rest")
    told = clinic.ledger()
    assert (told["refused"], told["difference"]) == (1, 0)
    written_to(clinic, provider, staff["coordinator"])
    seen_and_used(clinic, staff)
    broken(clinic, manager)
    whole = dict(kept(clinic))  # while it runs: the write-ahead logs are full
    assert {"web.log", "worker.log", "mail.log", "erased.jsonl"} <= whole.keys()
    shown = Searcher(["dana@example.com"]).search(b"".join(whole.values()))
    assert shown, "nothing would be found: whoever works here is known by an address that is not sealed"
    searcher = Searcher(WORDS)
    found = {name: searcher.search(data) for name, data in whole.items()}
    assert {name: them for name, them in found.items() if them} == {}
    for role, browser in staff.items():
        assert searcher.search("\n".join(browser.addresses).encode()) == [], f"addresses shown to {role}"
        assert searcher.search(b"\n".join(browser.answers)) == [], f"errors and headers shown to {role}"
    assert clinic.command("audit", "verify")
