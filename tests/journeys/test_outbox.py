"""What is queued leaves through a real mail server, once, with its yes; whatever that server does. (promise D23)

Real processes and a provider's stand-in that bounces, defers, hangs up after DATA, answers slowly and reports later. On
PostgreSQL, with four workers, where LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS names a database.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.journeys.browsing import Browser
from tests.journeys.mailing import Sender, own_database, settings
from tests.journeys.running import PASSWORD, Installation, begin, free_port, until
from tests.standins.smtp import SmtpStandin, dkim_holds, signed_headers

pytestmark = pytest.mark.slow

# The first word says what the provider does; each is at a provider of its own.
WORDS = {
    "ok": ("sent", ""),
    "defer1": ("sent", ""),
    "greylist": ("sent", ""),
    "dropdata1": ("sent", ""),
    "full": ("bounced", "mailbox-full"),
    "slow": ("sent", ""),
    "unknown": ("bounced", "address-bad"),
    "bare-unknown": ("bounced", "address-bad"),
    "disabled": ("bounced", "address-bad"),
    "nodomain": ("bounced", "no-domain"),
    "late-bounce2": ("bounced", "address-bad"),
    "policy": ("dead", "ours"),
    "toolarge": ("dead", "ours"),
    "at-data": ("dead", "ours"),
    "complain": ("sent", ""),
}
UNREACHABLE = ("unknown", "bare-unknown", "disabled", "nodomain", "late-bounce2")
_STOP = """
import time
from datetime import datetime, UTC
from uuid import UUID
from leadwell.server.consent.actions import stop
from leadwell.server.consent.saying import Saying
from leadwell.server.outreach.models import Message
said = []
while not Message.objects.of(ours.pk).filter(state="sent").exists():
    time.sleep(0.02)
for person in sys.argv[1:]:
    stop(ours.pk, UUID(person), Saying("staff", "command"))
    said.append((person, datetime.now(UTC).isoformat()))
print(orjson.dumps(said).decode())
"""

_STOPPED = """
from leadwell.server.consent.models import ConsentEvent
found = ConsentEvent.objects.of(ours.pk).filter(name="stop.given").exclude(person=None)
print(orjson.dumps({str(one.person): one.at.isoformat() for one in found}).decode())
"""
_LINKS = """
from leadwell.server.outreach.leaving import token
from leadwell.server.outreach.models import Message
links = {str(one.person): token(ours.pk, one.pk, bytes(one.token)) for one in Message.objects.of(ours.pk)}
print(orjson.dumps(links).decode())
"""


def address(word: str) -> str:
    return f"{word}.sample@{word}.example.org"


@pytest.fixture
def sender(tmp_path: Path, newly_made: Path) -> Iterator[Sender]:
    bounces, home = free_port(), tmp_path / "home"
    options = {"starttls": True, "auth": ("clinic", "a quiet word"), "bounce_to": ("127.0.0.1", bounces),
               "greylist_seconds": 1, "slow_seconds": 0.5, "report_after": 0.5}  # fmt: skip
    given = os.environ.get("LEADWELL_TEST_DATABASE_URL_OF_JOURNEYS", "")
    with own_database(given) as database, SmtpStandin(tmp_path / "wire.jsonl", **options) as provider:
        more, public = settings(provider, tmp_path)
        clinic = Installation(home, database=database, more=more)
        begin(clinic, newly_made)
        try:
            clinic.start("mail", "listen", "--port", str(bounces))
            yield Sender(clinic, provider, public)
        finally:
            clinic.stop()


def workers(clinic: Installation) -> list[str]:
    """Four where the database takes as many."""
    names = [f"worker-{n}" for n in range(4 if clinic.database else 1)]
    for name in names:
        clinic.start(name, "work")
    return names


def test_whatever_the_provider_does_each_message_ends_as_it_should(sender: Sender) -> None:
    sender.queue(map(address, WORDS))
    workers(sender.clinic)
    sender.settled()
    until(lambda: _only_full_is_put_off(sender), "what was put off to be taken")
    until(lambda: _given_up(sender, "full"), "a full mailbox to be given up")
    found = until(lambda: _came_back(sender), "what comes back later")
    told = {word: (found[address(word)]["state"], found[address(word)]["problem"]) for word in WORDS}
    assert told == WORDS
    sender.all_allowed()
    count = Counter(str(one.email["Message-ID"]) for one in sender.provider.messages())
    assert {word for word in WORDS if count[found[address(word)]["message_id"]] > 1} == {"dropdata1"}
    events = Counter(one["name"] for one in sender.told()["events"])
    assert events["email.unreachable"] == len(UNREACHABLE)
    assert events["email.complained"] == 1


def _only_full_is_put_off(sender: Sender) -> bool:
    """The provider's own minutes pass in earnest; whatever is put off is tried anew."""
    sender.make_due()
    states = {to: one["state"] for to, one in sender.messages().items()}
    waiting = {to for to, state in states.items() if state in ("queued", "deferred", "sending")}
    return waiting == {address("full")} and states[address("full")] == "deferred"


def _given_up(sender: Sender, word: str) -> bool:
    """A mailbox that stays full is asked by its dates: a day later each time that this is called."""
    one = sender.messages()[address(word)]
    if one["state"] == "bounced":
        return True
    sender.age(hours=25)
    return False


def _came_back(sender: Sender) -> dict[str, dict[str, object]] | None:
    found = sender.messages()
    complained = any(one["name"] == "email.complained" for one in sender.told()["events"])
    return found if found[address("late-bounce2")]["state"] == "bounced" and complained else None


def test_what_leaves_is_signed_and_came_over_tls(sender: Sender) -> None:
    sender.queue([address("ok")])
    workers(sender.clinic)
    (received,) = sender.provider.until(1, seconds=60)
    assert dkim_holds(received.raw, public_key=sender.public, domain="clinic.example", selector="lw")
    assert {"from", "to", "subject", "date", "message-id"} <= signed_headers(received.raw)
    assert received.tls
    assert received.user == "clinic"
    assert received.envelope_from.startswith("bounces+")


def test_a_slow_provider_holds_up_no_other(sender: Sender) -> None:
    """One takes longer than anybody waits, again and again; the others are served meanwhile."""
    slow = [f"slow20.sample{n}@slow.example.org" for n in range(8)]
    quick = [f"ok.sample{n}@quick{n}.example.org" for n in range(12)]
    sender.queue([*slow, *quick])
    workers(sender.clinic)
    sender.provider.until(len(quick), seconds=30)
    assert {to for one in sender.provider.messages() for to in one.envelope_to} == set(quick)


def test_a_worker_that_is_killed_loses_nothing_and_doubles_only_what_was_unanswered(sender: Sender) -> None:
    people = [f"slow.sample{n}@provider{n}.example.org" for n in range(12)]
    sender.queue(people)
    kills = 2
    for n in range(kills):
        names = workers(sender.clinic)
        sender.provider.until(4 * (n + 1), seconds=60)
        for name in names:
            sender.clinic.kill(name)
    workers(sender.clinic)

    def all_sent() -> bool:
        sender.make_due()
        return all(one["state"] == "sent" for one in sender.messages().values())

    until(all_sent, "every message to be sent")
    sender.all_allowed()
    came = [(str(one.email["Message-ID"]), one.envelope_to[0]) for one in sender.provider.messages()]
    assert {to for _, to in came} == set(people)
    assert len({number for number, _ in came}) == len(people), "a repeat has the id of the first"
    told = sender.messages()
    doubled = [to for to, count in Counter(to for _, to in came).items() if count > 1]
    assert all(told[to]["unknowns"] >= 1 for to in doubled)
    assert len(doubled) <= kills * 4 * len(names), "no more than were in hand"


def test_after_a_stop_nothing_leaves_however_many_send(sender: Sender) -> None:
    people = [f"slow.sample{n}@provider{n}.example.org" for n in range(80)]
    sender.queue(people)
    whose = {to: one["person"] for to, one in sender.messages().items()}
    with ThreadPoolExecutor(1) as beside:
        said_later = beside.submit(sender.clinic.within, _STOP, *(whose[to] for to in people))
        workers(sender.clinic)
        said = json.loads(said_later.result(timeout=120))
    _none_left_after(sender, {person: datetime.fromisoformat(at) for person, at in said})


def test_nor_after_one_on_a_page_or_by_the_link_in_a_mail(sender: Sender) -> None:
    """Through the web server, a process of its own: staff note a stop, or somebody presses both buttons themselves."""
    clinic = sender.clinic
    people = [f"slow.sample{n}@provider{n}.example.org" for n in range(60)]
    sender.queue(people)
    whose, links = {to: one["person"] for to, one in sender.messages().items()}, json.loads(clinic.within(_LINKS))
    clinic.more["LEADWELL_URL"] = clinic.url  # by which a browser that has no https signs in
    clinic.start_web()
    with Browser(clinic.url) as staff:
        staff.sign_in("dana@example.com", PASSWORD)
        noted = {"csrfmiddlewaretoken": staff.token("/me"), "channels": ["call", "text", "email"], "way": "voice"}
        workers(clinic)
        sender.provider.until(1, seconds=60)
        for n, to in enumerate(people):
            if n % 2:
                page = f"/persons/{whose[to]}/stop"
                answer = staff.client.post(page, data=noted, follow_redirects=False)
                assert answer.status_code == 302
            else:
                answer = httpx.post(f"{clinic.url}/unsubscribe/{links[whose[to]]}", data={"all": "1"}, timeout=60)
                assert answer.status_code == 200
    stopped = {person: datetime.fromisoformat(at) for person, at in json.loads(clinic.within(_STOPPED)).items()}
    assert set(stopped) == set(whose.values())
    _none_left_after(sender, stopped)


def _none_left_after(sender: Sender, stopped: dict[str, datetime]) -> None:
    """`stopped`: person -> when the stop was written."""
    found = sender.settled(put_off=False)
    received = {one.envelope_to[0]: one for one in sender.provider.messages()}
    for to, one in found.items():
        at = stopped[one["person"]]
        if one["state"] == "cancelled":
            assert to not in received
            continue
        assert one["state"] == "sent"
        assert datetime.fromisoformat(one["handed_at"]) < at, "its words left before the stop was written"
        assert received[to].at < at + timedelta(seconds=10), "and so they came"
    states = Counter(one["state"] for one in found.values())
    assert states["sent"]
    assert states["cancelled"], "the stops came while they were sent"
    sender.all_allowed()
