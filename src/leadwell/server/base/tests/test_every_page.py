"""Every page: works, wrong method, not mine, missing, role too low, signed out; and none outside this table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from leadwell.server.access.invitations import invite
from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.alerts.actions import Cause, tell
from leadwell.server.base.tests.test_look import inline
from leadwell.server.business.meeting import Agreed, agree
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.consent.actions import import_suppressions
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Lead
from leadwell.server.outreach.actions import Draft, Recipient, queue
from leadwell.server.outreach.letters import Letter
from leadwell.server.outreach.models import Message
from leadwell.server.people.models import Doubt
from leadwell.server.playbooks.models import PlaybookVersion
from leadwell.server.tests.standing import stands
from leadwell.server.typed_in.actions import take_down

pytestmark = pytest.mark.django_db(databases="__all__")

LEAD = {"full_name": "Sample Person", "phone": "312-555-0147", "message": "knee replacement please"}


@dataclass(frozen=True)
class Page:
    """`may`: the permission it needs, None where any member may; `of`: what its number names; `posts`: changes only."""

    may: May | None
    of: str = ""
    posts: bool = False


PAGES = {
    "home": Page(None),
    "more": Page(None),
    "me": Page(None),
    "worklist": Page(May.WORK_LEADS),
    "take_next": Page(May.WORK_LEADS, posts=True),
    "take_lead": Page(May.WORK_LEADS, of="lead", posts=True),
    "give_back_lead": Page(May.WORK_LEADS, of="lead", posts=True),
    "answer_lead": Page(May.WORK_LEADS, of="lead", posts=True),
    "team": Page(May.PLAN_TEAM),
    "waits_with_nobody": Page(May.PLAN_TEAM),
    "colleague": Page(May.PLAN_TEAM, of="colleague"),
    "set_away": Page(May.PLAN_TEAM, of="colleague", posts=True),
    "set_off": Page(May.PLAN_TEAM, of="colleague", posts=True),
    "set_back": Page(May.PLAN_TEAM, of="colleague", posts=True),
    "hand_over": Page(May.PLAN_TEAM, of="colleague", posts=True),
    "openings": Page(May.WORK_LEADS),
    "say_opening": Page(May.STATE_OPENINGS, posts=True),
    "move_lead": Page(May.WORK_LEADS, of="lead", posts=True),
    "inbox": Page(May.SEE_INBOX),
    "submission": Page(May.SEE_INBOX, of="submission"),
    "mend": Page(May.MEND, of="submission", posts=True),
    "replay": Page(May.MEND, of="submission", posts=True),
    "mean": Page(May.MEND, of="submission", posts=True),
    "no_lead": Page(May.MEND, of="submission", posts=True),
    "take_back": Page(May.MEND, of="submission", posts=True),
    "replay_all": Page(May.MEND, posts=True),
    "outbox": Page(May.SEE_OUTBOX),
    "message": Page(May.SEE_OUTBOX, of="message"),
    "retry_message": Page(May.RETRY, of="message", posts=True),
    "reopen_address": Page(May.RETRY, of="message", posts=True),
    "drop_message": Page(May.RETRY, of="message", posts=True),
    "sources": Page(May.SEE_SOURCES),
    "new_source": Page(May.CHANGE_SOURCES),
    "source": Page(May.SEE_SOURCES, of="source"),
    "change_source": Page(May.CHANGE_SOURCES, of="source", posts=True),
    "try_source": Page(May.SEE_SOURCES, of="source", posts=True),
    "close_source": Page(May.CHANGE_SOURCES, of="source", posts=True),
    "upload": Page(May.UPLOAD),
    "look": Page(May.UPLOAD, of="list"),
    "withdraw": Page(May.UPLOAD, of="list", posts=True),
    "ledger": Page(May.SEE_LEDGER),
    "part_lead": Page(May.LINK_PEOPLE, of="lead", posts=True),
    "doubts": Page(May.LINK_PEOPLE),
    "say_what_they_are": Page(May.LINK_PEOPLE, of="person", posts=True),
    "playbook": Page(May.SEE_PLAYBOOK),
    "upload_playbook": Page(May.PUBLISH_PLAYBOOK, posts=True),
    "playbook_version": Page(May.SEE_PLAYBOOK, of="version"),
    "playbook_file": Page(May.SEE_PLAYBOOK, of="version"),
    "publish_playbook": Page(May.PUBLISH_PLAYBOOK, of="version", posts=True),
    "try_playbook": Page(May.PUBLISH_PLAYBOOK, of="version"),
    "people": Page(May.MANAGE_PEOPLE),
    "withdraw_invitation": Page(May.MANAGE_PEOPLE, of="invitation", posts=True),
    "change_role": Page(May.MANAGE_PEOPLE, of="member", posts=True),
    "remove_member": Page(May.MANAGE_PEOPLE, of="member", posts=True),
    "new_password": Page(May.MANAGE_PEOPLE, of="member", posts=True),
    "reset_factor": Page(May.MANAGE_PEOPLE, of="member", posts=True),
    "keys": Page(May.MANAGE_KEYS),
    "revoke_key": Page(May.MANAGE_KEYS, of="key", posts=True),
    "trail": Page(May.SEE_TRAIL),
    "alerts": Page(None),
    "deal": Page(None, of="alert", posts=True),
    "person": Page(May.SEE_IDENTITIES, of="person"),
    "export_person": Page(May.EXPORT_PERSON, of="person", posts=True),
    "erase_person": Page(May.ERASE_PERSON, of="person", posts=True),
    "consent": Page(May.SEE_IDENTITIES, of="person"),
    "stop_person": Page(May.RECORD_CONSENT, of="person", posts=True),
    "give_consent": Page(May.RECORD_CONSENT, of="person", posts=True),
    "look_up_number": Page(May.RECORD_CONSENT, of="person", posts=True),
    "withdraw_consent": Page(May.RECORD_CONSENT, of="person", posts=True),
    "decide_doubt": Page(May.RECORD_CONSENT, of="person", posts=True),
    "same_person": Page(May.LINK_PEOPLE, of="person"),
    "link_person": Page(May.LINK_PEOPLE, of="person", posts=True),
    "undo_link": Page(May.LINK_PEOPLE, of="person", posts=True),
    "stop_lists": Page(May.IMPORT_STOPS),
    "stop_list": Page(May.IMPORT_STOPS, of="stops"),
    "emergency": Page(May.SEE_LEADS, of="person"),
    "close_emergency": Page(None, posts=True),
    "new_call": Page(May.WORK_LEADS),
    "who_is_it": Page(May.WORK_LEADS, posts=True),
    "typed_call": Page(May.WORK_LEADS, of="typed"),
    "review": Page(May.WORK_LEADS),
    "acknowledge": Page(May.WORK_LEADS, of="lead", posts=True),
    "settle_conflict": Page(May.VERIFY, of="lead", posts=True),
    "recover_lead": Page(May.WORK_LEADS, of="lead", posts=True),
    "put_aside": Page(May.WORK_LEADS, of="lead", posts=True),
    "decide_pair": Page(May.LINK_PEOPLE, of="pair", posts=True),
    "reopen_pair": Page(May.LINK_PEOPLE, of="pair", posts=True),
    "leads": Page(May.SEE_LEADS),
    "find": Page(May.SEE_IDENTITIES),
    "lead": Page(May.SEE_LEADS, of="lead"),
    "verify_fact": Page(May.VERIFY, of="lead", posts=True),
    "take_back_fact": Page(May.VERIFY, of="lead", posts=True),
    "call": Page(May.CALL, of="lead"),
    "begin_call": Page(May.CALL, of="lead", posts=True),
    "end_call": Page(May.CALL, of="lead", posts=True),
    "answer_question": Page(May.CALL, of="lead", posts=True),
    "try_answer": Page(May.CALL, of="lead", posts=True),
    "never_called": Page(May.CALL, of="lead", posts=True),
    "take_back_call": Page(May.CALL, of="lead", posts=True),
    "correct_call": Page(May.CALL, of="lead", posts=True),
    "name_colleague": Page(May.CALL, of="business"),
    "call_colleague": Page(May.CALL, of="business", posts=True),
    "take_back_colleague": Page(May.CALL, of="business", posts=True),
    "agree_meeting": Page(May.CALL, of="business"),
    "tell_meeting": Page(May.CALL, of="business", posts=True),
    "take_back_meeting": Page(May.CALL, of="business", posts=True),
    "meeting_file": Page(May.CALL, of="business"),
    "note_outcome": Page(May.RECORD_OUTCOME, of="lead", posts=True),
    "take_back_outcome": Page(May.RECORD_OUTCOME, of="lead", posts=True),
    "correct_outcome": Page(May.RECORD_OUTCOME, of="lead", posts=True),
}
# For the signed in, whatever their role and before they have chosen one; tested in access
# and signin.
SIGNED_IN = {"organization", "second_factor", "stay", "idle", "keep_draft", "throw_draft_away"}
# Also for somebody who has no account; tested in administration and outreach.
OPEN = {"join", "unsubscribe"}
# For programs, by key, signature or secret address; tested in api and intake.
PROGRAMS = {"healthz", "readyz", "receive", "fhir", "fhir_slash", "fhir_below"}
# allauth's own: tested there, and in access where we changed them.
FOREIGN = ("account_", "mfa_", "socialaccount_", "openid_connect_")


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names(one, one.namespace or space)
        elif isinstance(one, URLPattern):
            yield f"{space}:{one.name}" if space else one.name or str(one.pattern)


def test_every_address_is_known_to_this_table() -> None:
    ours = {n for n in _names(get_resolver()) if not n.startswith((*FOREIGN, "api:", "social/"))}
    assert ours == PAGES.keys() | SIGNED_IN | OPEN | PROGRAMS | {"closed"}


Things = dict[str, object]


def things(clinic: Clinic, *, mark: str = "Sample") -> Things:
    """One of each kind of thing that pages show, of this organisation. `mark`: a word in all that is named or said."""
    lead = orjson.dumps(LEAD | {"full_name": f"{mark} Person"})
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(lead)])
    drain()
    file = add_source(clinic.organization, "file", f"{mark} lists")
    rows = Delivery(f"Name,Phone\n{mark} Person,312-555-0147\n".encode(), media_type="text/csv", look=True)
    (listed,) = accept(clinic.number, file.pk, [rows])
    return {
        "submission": receipt.id,
        "lead": Lead.objects.of(clinic.number).get().pk,
        "person": Lead.objects.of(clinic.number).get().person_id,
        "alert": tell(clinic.number, "trail", Cause("trail", timezone.now(), codes={"says": "entry 2 was changed"})).pk,
        "source": add_source(clinic.organization, "webhook", f"{mark} calls").pk,
        "list": listed.id,
        "typed": _typed(clinic, mark),
        "pair": _pair(clinic),
        "stops": import_suppressions(clinic.number, b"phone\n312-555-0199\nnone\n", actor="user:1").pk,
        "message": _message(clinic, mark).pk,
        "version": _own_version(clinic),
        "member": member(clinic.organization, "marketing").pk,
        "colleague": member(clinic.organization, "coordinator").pk,
        "invitation": invite(clinic.organization, "invited@example.com", role="analyst", name=f"{mark} Person")[0].pk,
        "key": clinic.key.split("_")[1],
        "business": _business(clinic, mark),  # the last, for the others take the only lead
    }


def _business(clinic: Clinic, mark: str) -> UUID:
    """A lead of an organisation with which a meeting is agreed."""
    asked = {"full_name": f"{mark} Asker", "organization": f"{mark} Boxes", "type": "business", "phone": "312-555-0133"}
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(orjson.dumps(asked))])
    drain()
    lead = Lead.objects.of(clinic.number).get(submission=receipt.id)
    when = Agreed(timezone.now() + timedelta(days=3), "America/Chicago")
    agree(clinic.number, lead.pk, when, actor=f"user:{member(clinic.organization, 'coordinator').user_id}")
    return lead.pk


def _typed(clinic: Clinic, mark: str) -> UUID:
    """A call that is not judged yet."""
    who = member(clinic.organization, "coordinator")
    return take_down(who, {"full_name": f"{mark} Caller", "message": f"{mark} words"}, key=mark, began=None)


def _pair(clinic: Clinic) -> UUID:
    """Two who may be one."""
    person, other = sorted((Lead.objects.of(clinic.number).get().person_id or uuid4(), uuid4()))
    two = {"one": person, "other": other, "at": timezone.now(), "sealed": b""}
    return Doubt.objects.create(organization=clinic.organization, **two).pk


def _message(clinic: Clinic, mark: str) -> Message:
    to = Recipient(f"{mark.lower()}@example.org", Lead.objects.of(clinic.number).get().person_id)
    letter = Letter(f"{mark} visit", f"{mark} words", "first-answer")
    return queue(clinic.number, Draft(to, letter, "care-request"), key=mark)


def _own_version(clinic: Clinic) -> int:
    """A number that no other organisation of the cast has: versions are counted in each."""
    number = 1 if clinic.organization.slug == "lakeside" else 77
    PlaybookVersion.objects.filter(organization=clinic.organization).update(number=number)
    return number


@stands
def ours(lakeside: Clinic) -> Things:
    """Lakeside's."""
    return things(lakeside)


@stands
def theirs(harbor: Clinic) -> Things:
    """Those of another organisation."""
    return things(harbor)


_NOBODY = 999_999_999  # more than any sequence comes to while tests run
MISSING = {
    "submission": uuid4(), "typed": uuid4(), "pair": uuid4(), "lead": uuid4(), "business": uuid4(), "person": uuid4(),
    "list": uuid4(), "stops": uuid4(), "message": uuid4(), "alert": _NOBODY, "source": _NOBODY, "member": _NOBODY,
    "colleague": _NOBODY, "invitation": _NOBODY, "version": 99, "key": "nothing",
}  # fmt: skip


def address(name: str, numbers: Things) -> str:
    page = PAGES[name]
    return reverse(name, args=[numbers[page.of]] if page.of else [])


def ask(client: Client, name: str, numbers: Things) -> int:
    return client.generic("POST" if PAGES[name].posts else "GET", address(name, numbers)).status_code


def roles(name: str, *, allowed: bool) -> list[str]:
    may = PAGES[name].may
    return [role for role in Role if (may is None or may in ALLOWED[role]) == allowed]


@pytest.mark.parametrize("name", PAGES)
def test_it_works_for_every_role_that_may(lakeside: Clinic, ours: Things, name: str) -> None:
    for role in roles(name, allowed=True):
        client = browser(lakeside.organization, role)
        if PAGES[name].posts:
            assert ask(client, name, ours) in (200, 302, 400, 404), role  # without what a form would say
            continue
        answer = client.get(address(name, ours))
        assert answer.status_code in (200, 302), role
        if answer["Content-Type"].startswith("text/html"):
            assert inline(answer.content.decode()) == [], role
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", PAGES)
def test_a_role_that_may_not_is_told_who_may(lakeside: Clinic, ours: Things, name: str) -> None:
    for role in roles(name, allowed=False):
        answer = browser(lakeside.organization, role).generic(
            "POST" if PAGES[name].posts else "GET", address(name, ours)
        )
        assert answer.status_code == 403
        page = answer.content.decode()
        assert f"Your role may not {PAGES[name].may}" in page
        assert "This is for: " in page


@pytest.mark.parametrize("name", PAGES)
def test_signed_out_one_is_sent_to_sign_in(client: Client, ours: Things, name: str) -> None:
    answer = client.generic("POST" if PAGES[name].posts else "GET", address(name, ours))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("name", PAGES)
def test_the_wrong_method_is_refused(lakeside: Clinic, ours: Things, name: str) -> None:
    client = browser(lakeside.organization, roles(name, allowed=True)[0])
    assert client.generic("DELETE", address(name, ours)).status_code == 405


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.of])
def test_what_is_another_organisations_is_not_there(lakeside: Clinic, theirs: Things, name: str) -> None:
    for role in roles(name, allowed=True):
        assert ask(browser(lakeside.organization, role), name, theirs) == 404


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.of])
def test_what_is_missing_is_not_there(lakeside: Clinic, name: str) -> None:
    assert ask(browser(lakeside.organization, roles(name, allowed=True)[0]), name, MISSING) == 404


@pytest.mark.parametrize("path", ["/nothing", "/leads/x", "/inbox/1", "/account/email/"])
def test_where_nothing_is_a_page_says_so_in_words(lakeside: Clinic, path: str) -> None:
    answer = browser(lakeside.organization, "coordinator").get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize("number", [2**63, 2**70, "9" * 5_000])
@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if isinstance(MISSING.get(page.of), int)])
def test_a_number_that_no_record_has_is_not_there(lakeside: Clinic, name: str, number: object) -> None:
    client = browser(lakeside.organization, roles(name, allowed=True)[0])
    path = address(name, MISSING).replace(str(MISSING[PAGES[name].of]), str(number))
    assert client.generic("POST" if PAGES[name].posts else "GET", path).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/nothing"])
def test_to_a_program_it_is_said_in_the_one_shape_of_errors(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


ONE_BY_ONE = ("\0", "9" * 5_000)  # the others are told in one question: each page is slow enough


@pytest.mark.parametrize("nonsense", [*ONE_BY_ONE, "\u00b2", "-1", "\udcff", "'\"<x>", "2026-13-45"])
def test_nonsense_in_an_address_breaks_no_page(lakeside: Clinic, ours: Things, nonsense: str) -> None:
    said = nonsense.encode("utf-8", errors="surrogateescape")
    asked = dict.fromkeys(("page", "state", "day", "to", "subject", "queue", "disposition"), said)
    client = browser(lakeside.organization, "manager")
    officer = browser(lakeside.organization, "privacy-officer")
    questions = [{one: said} for one in asked] if nonsense in ONE_BY_ONE else [asked]
    for name, page in PAGES.items():
        if page.posts:
            continue
        for question in questions:
            who = client if page.may is None or page.may in ALLOWED["manager"] else officer
            answer = who.get(address(name, ours), question)
            assert answer.status_code in (200, 302, 400, 403, 404, 405), (name, list(question))
