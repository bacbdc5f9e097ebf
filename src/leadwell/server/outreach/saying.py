"""What is said of a message in lists and on its page: which is it, and why is it where it is? Codes, nobody's words."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from leadwell.server.consent.telling import FOR, NAMES
from leadwell.server.outreach.incoming import is_unread
from leadwell.server.outreach.models import Message, Result, State
from leadwell.server.outreach.results import REASONS

_FAULTS: Final = {
    "address-bad": "The address does not exist, or takes no mail.",
    "no-domain": "What stands after the @ takes no mail.",
    "mailbox-full": "The mailbox is full.",
    "transient": "The provider could not take it then.",
    "ours": "The provider refuses us: policy, size or content. It is not the address’s fault.",
    "complaint": "They called it unwanted. Marketing to them has ended.",
    "reopened": "Somebody said that the address is good after all.",
}
_PROBLEMS: Final = _FAULTS | {
    "not-reached": "Our mail server does not answer. It waits, and is not counted as tried.",
    "not-before": "Not allowed yet.",
    "unread": "It waits until what came in has been read.",
    "restored": "It waited when the backup was made that was brought back, and may have left since.",
    "in-doubt": "They may have asked us to stop. It waits until somebody has said what was meant.",
    "unanswered": "The connection broke after everything was given: nobody knows whether it arrived.",
    "given-up": "The provider could not take it for three days.",
    "unfit": "What the law wants in such a message is missing: see the playbook’s postal address and LEADWELL_URL.",
    "unopenable": "Nothing can be read of it any more.",
    "known-bad": "Mail to this address came back before. Ask by another way, or reopen it where you know better.",
    "too-late": "It was not sent in time, and would only confuse now.",
    "never": "",
    "stopped": "They asked us to stop.",
    "dropped": "Somebody decided that it is not sent.",
    "erased": "The person was erased.",
    "forgotten": "It is for nobody whom we know, and was kept long enough.",
}
_VIA: Final = {"smtp": "Answered at once", "report": "Reported later", "person": "By somebody here"}


def what(message: Message) -> str:
    """“First answer: e-mail about a request”."""
    channel = NAMES[message.channel].lower()
    return f"{message.template.replace('-', ' ').capitalize()}: {channel} about {FOR[message.purpose]}"


def why(message: Message) -> str:
    """In a sentence; for what the gate forbade or put off, its own. Of what is not sent any more, also whether it may
    have been."""
    late = " Its words may have left before that; nobody knows."
    return _why(message) + (late if message.unsure and message.state == State.CANCELLED else "")


def _why(message: Message) -> str:
    said = _PROBLEMS.get(message.problem, "")
    if _is_due(message) and is_unread(message.organization_id):
        return _PROBLEMS["unread"]
    if message.answer in ("never", "not_before") and message.problem in ("never", "not-before", "stopped"):
        return f"{message.says} (rule {message.rule})"
    if message.state == State.QUEUED and (not said or message.problem == "unread"):
        return "It leaves when its turn comes and the gate allows it."
    if message.state == State.SENDING and not said:
        return "It is being handed over now."
    if message.state == State.SENT:
        return "The provider has taken it."
    return f"{said} ({message.status})" if said and message.status else said


def _is_due(message: Message) -> bool:
    waits = message.state in (State.QUEUED, State.DEFERRED)
    return waits and message.due_at is not None and message.due_at <= timezone.now()


def result(one: Result) -> str:
    status = f" ({one.status})" if one.status else ""
    if one.why:
        return f"{_VIA[one.via]}: {_FAULTS[one.kind]} {REASONS[one.why]}."
    return f"{_VIA.get(one.via, one.via)}: {_FAULTS.get(one.kind, one.kind)}{status}"
