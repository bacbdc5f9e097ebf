"""What must an organisation hold for every page to have something to show, in each state that looks different?

The demo clinic, judged, and beside it what no sample lead brings: messages of every state, a stop, a doubt, a list
that waits, an alert, somebody erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone

from leadwell import playbook
from leadwell.server import demo
from leadwell.server.access.invitations import invite
from leadwell.server.access.keys import new_key
from leadwell.server.access.models import Membership, Organization
from leadwell.server.access.roles import Role
from leadwell.server.alerts.actions import Cause, tell
from leadwell.server.business.models import Meeting
from leadwell.server.conftest import member
from leadwell.server.consent.actions import Given, Proof, give, import_suppressions, stop
from leadwell.server.consent.models import StopList, Suppression
from leadwell.server.consent.saying import Saying
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.models import Source, Submission
from leadwell.server.leads.models import Lead
from leadwell.server.outreach import leaving
from leadwell.server.outreach.actions import Draft, Recipient, queue
from leadwell.server.outreach.letters import Letter
from leadwell.server.outreach.models import Message, State
from leadwell.server.playbooks.actions import upload
from leadwell.server.playbooks.models import PlaybookVersion
from leadwell.server.privacy.held import erase
from leadwell.server.typed_in.actions import take_down
from leadwell.server.typed_in.queries import sources

_WORDS: Final = Letter("Your visit", "We can see you on Thursday.\n\nCall us if that does not suit.", "first-answer")


def filled() -> Organization:
    """The demo clinic with all of it."""
    demo.make(lambda _: None)
    demo.work_so_far()
    ours = Organization.objects.get(slug=demo.SLUG)
    for role in Role.values:
        member(ours, role)
    _people(ours.pk)
    _messages(ours.pk)
    _lists(ours)
    _call(ours)
    upload(ours, playbook.find(demo.PLAYBOOK).replace(b'"14 per week"', b'"12 per week"'))
    invite(ours, "invited@example.com", role="analyst", name="Sample Person")
    new_key(ours, ["leads:write"])
    tell(ours.pk, "trail", Cause("trail", timezone.now(), codes={"says": "entry 2 was changed"}))
    return ours


def _people(ours: int) -> None:
    """One who asked us to stop, one of whom it is unclear, one who agreed to more, one erased."""
    stopped, doubted, agreed, gone = Lead.objects.of(ours).filter(safety="").order_by("-received_at")[:4]
    stop(ours, stopped.person_id, Saying("voice", "user:1", "Please, no more calls"))
    stop(ours, doubted.person_id, Saying("text", "user:1", "I would rather not"), doubt=True)
    give(ours, agreed.person_id, Given("email", "marketing", "written"), Proof("News, please", "staff"), actor="user:1")
    erase(ours, gone.person_id, actor="user:1")


def _messages(ours: int) -> None:
    lead = Lead.objects.of(ours).filter(person__isnull=False).order_by("received_at").first()
    for state in State.values:
        to = Recipient(f"{state}@example.org", lead.person_id, lead.pk)
        made = queue(ours, Draft(to, _WORDS, "care-request"), key=state)
        told = _TOLD[state]
        asked = timezone.now() if told else None
        Message.objects.filter(pk=made.pk).update(state=state, tries=1, asked_at=asked, **told)


_YES: Final = {"answer": "yes", "rule": "1.8", "says": "They agreed to e-mails about their request."}
_TOLD: Final[Mapping[str, Mapping[str, Any]]] = {
    "queued": {},
    "sending": _YES,
    "deferred": {"problem": "not-before", "answer": "not_before", "rule": "1.1", "says": "Not before 9:00 tomorrow."},
    "sent": _YES,
    "bounced": _YES | {"problem": "address-bad", "status": "5.1.1"},
    "cancelled": {"problem": "stopped", "answer": "never", "rule": "1.12", "says": "They asked us to stop."},
    "dead": _YES | {"problem": "ours", "status": "5.7.1"},
}


def _lists(ours: Organization) -> None:
    import_suppressions(ours.pk, b"phone\n312-555-0199\nnone\n", actor="user:1")
    import_suppressions(ours.pk, b"nothing of use", actor="user:1")
    file = add_source(ours, "file", "Sample lists")
    rows = b"Name,Phone\nSample Person,312-555-0147\n"
    accept(ours.pk, file.pk, [Delivery(rows, media_type="text/csv", look=True)])


def _call(ours: Organization) -> None:
    """One that is typed in, and not judged yet."""
    said = {"full_name": "Sample Caller", "message": "I need my knee replaced, I have Medicare"}
    take_down(member(ours, Role.COORDINATOR), said, key="page", began=None)


def numbers(ours: Organization) -> dict[str, list[Any]]:
    """Kind of thing -> those of them whose pages look different, one of each look."""
    stopped = _of_each(Suppression.objects.of(ours).filter(person__isnull=False), "doubt", of="person")
    theirs = _of_each(Lead.objects.of(ours).filter(person__in=stopped), "person_id")
    held = {
        "lead": [*_of_each(Lead.objects.of(ours).exclude(pk__in=theirs), "disposition", "safety"), *theirs],
        "business": _organizations(ours),
        "person": stopped,
        "submission": _of_each(Submission.objects.of(ours), "state"),
        "typed": _of_each(Submission.objects.of(ours).filter(source__in=sources(ours.pk)), "source"),
        "source": _of_each(Source.objects.of(ours), "kind"),
        "list": _of_each(Submission.objects.of(ours).filter(state="not-taken"), "state"),
        "stops": _of_each(StopList.objects.of(ours), "problem"),
        "message": _of_each(Message.objects.of(ours), "state"),
        "colleague": _colleagues(ours),
        "version": _of_each(PlaybookVersion.objects.of(ours), "number", of="number"),
    }
    assert all(held.values()), held
    return held


def _organizations(ours: Organization) -> list[Any]:
    """One with which a meeting lies ahead: it has every page of its own."""
    ahead = Meeting.objects.of(ours).filter(result="", moved_to=None, undone_at=None, at__gt=timezone.now())
    return [one.lead_id for one in ahead[:1]]


def _colleagues(ours: Organization) -> list[int]:
    """One who is away, one who is in, one who was placed in no team."""
    working = Membership.objects.of(ours).filter(role="coordinator")
    away, placed = working.filter(absences__isnull=False)[:1], working.filter(duty__isnull=False, absences=None)[:1]
    return [one.pk for some in (away, placed, working.filter(duty=None)[:1]) for one in some]


def token(ours: Organization) -> str:
    """That which stands in the way out of a mail."""
    sent = Message.objects.of(ours).filter(state="sent")[0]
    return leaving.token(ours.pk, sent.pk, bytes(sent.token))


def _of_each(rows: Iterable[Model], *columns: str, of: str = "pk") -> list[Any]:
    found = {tuple(getattr(row, column) for column in columns): getattr(row, of) for row in rows}
    return list(found.values())
