"""What happened to a lead, in sentences, the newest first?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from leadwell.playbook import Playbook
from leadwell.server.access.queries import names_of_users
from leadwell.server.leads import telling, worked
from leadwell.server.leads.judging import UNREADABLE_TIME
from leadwell.server.leads.models import Assessment, Event
from leadwell.server.leads.queries import assessments_of, events_of
from leadwell.server.leads.taken_back import FROM, STANDS, WITHDRAWN
from leadwell.server.playbooks.queries import policy_now

_ICONS: Final = {
    "lead.received": "inbox",
    "lead.rejudged": "again",
    "lead.joined": "inbox",
    "lead.taken": "user",
    "lead.given": "user",
    "lead.released": "back",
    "lead.answered": "check",
    "lead.moved": "swap",
    "lead.recovered": "back",
    "lead.put-aside": "folder",
    "danger.acknowledged": "shield",
    "danger.unseen": "shield",
    "email.sent": "send",
    "email.unreachable": "mail",
    "email.complained": "mail",
    "email.reopened": "mail",
    "lead.replied": "inbox",
    "call.noted": "phone",
    "booking.noted": "cal",
    "booking.changed": "cal",
    "booking.given-up": "cal",
    "booking.cancelled": "cal",
    "booking.missed": "cal",
    "booking.answered": "cal",
    "booking.doubted": "ask",
    **worked.ICONS,
}
_CALLS: Final = {
    "completed": "it was answered",
    "no-answer": "nobody answered",
    "busy": "the line was busy",
    "abandoned": "they hung up before anybody answered",
    "failed": "it could not be put through",
    "voicemail": "a voicemail",
}
_BOOKINGS: Final = {
    "booking.noted": "Told more of their appointment",
    "booking.changed": "Their appointment was changed",
    "booking.given-up": "They gave up the hour of their appointment for another",
    "booking.cancelled": "Their appointment was cancelled",
    "booking.missed": "They did not come to their appointment",
    "booking.missed-not": "Somebody took back that they did not come to their appointment",
    "booking.answered": "They answered our invitation",
}
_DOUBTED: Final = {
    "booking.cancelled": "was cancelled",
    "booking.changed": "was changed",
    "booking.answered": "was answered",
}
_BY: Final = {
    "host": ", by us",
    "invitee": ", by them",
    "accepted": ": yes",
    "declined": ": no",
    "tentative": ": perhaps",
}
_PLAIN: Final = {  # with the code of why, where there is one
    ("lead.taken", ""): "Taken",
    ("lead.answered", ""): "Answered",
    ("lead.recovered", ""): "Brought back from what was set aside",
    ("lead.put-aside", ""): "Put aside again",
    ("danger.acknowledged", ""): "Somebody has seen that their words sound like danger",
    (
        "danger.acknowledged",
        "earlier",
    ): "Somebody has seen what sounded like danger before, and not what they wrote since",
    (
        "danger.unseen",
        "",
    ): "What they had written meanwhile was not on the page on which that was noted. It waits still",
    ("lead.released", ""): "Given back to its team",
    ("lead.released", "untouched"): "Given back to its team: whoever had taken it had not touched it for 15 minutes",
    ("lead.released", "left"): "Given back to its team: whoever had it works here no more",
    ("lead.released", "not-begun"): "Given back to its team: whoever it was given to had not begun it in time",
    ("lead.released", "away"): "Given back to its team: whoever had it is away",
    ("lead.released", "handed-over"): "Given back to its team for somebody who is away",
    ("lead.released", "other-team"): "Given back: it is another team's",
    ("lead.released", "other-clinic"): "Given back: they go to another clinic now, which whoever had it does not cover",
    ("lead.parted", ""): "What had joined this lead was made a lead of its own",
    ("email.complained", ""): "They called an e-mail of ours unwanted. Marketing to them has ended",
    ("email.reopened", ""): "Somebody here said that mail may go to the address again",
    ("lead.replied", ""): "They wrote again",
}
_REFERRERS: Final = {
    "referral.changed": "The referrer sent it again",
    WITHDRAWN: "The referrer withdrew it",
    "referral.questioned": "The referrer asked how it stands, and wrote something beside that",
    "referral.numbered": "The referrer used its number for another patient too",
    "referral.asked": "The referrer asks that it be taken up otherwise; they were told that this cannot be",
}
_BAD: Final = {
    "address-bad": "the address does not exist, or takes no mail",
    "no-domain": "what stands after the @ takes no mail",
    "mailbox-full": "the mailbox has been full for weeks",
}

_PROBLEMS: Final = {UNREADABLE_TIME: "When it says it was received cannot be, so it is taken as received when it came."}


@dataclass(frozen=True)
class Happening:
    at: datetime
    icon: str
    says: str
    by: str = ""


def happenings(organization: int, lead: UUID, *, named: Mapping[str, str] | None = None) -> tuple[Happening, ...]:
    """`named`: submission -> whose it is, of those that somebody else sent than who asked first."""
    events = events_of(organization, lead)
    names = names_of_users(organization) if any(one.name == "lead.given" for one in events) else {}
    policy = policy_now(organization) if any(one.name == "lead.moved" for one in events) else None
    told = [_given(one, names) if one.name == "lead.given" else _event(one, policy, named or {}) for one in events]
    told += [_judgement(one) for one in assessments_of(organization, lead)]
    return tuple(sorted(told, key=lambda one: one.at, reverse=True))


def _given(event: Event, names: Mapping[str, str]) -> Happening:
    to = names.get(f"user:{event.codes.get('to')}", "somebody who works here no more")
    return Happening(event.at, _ICONS[event.name], f"Given to {to}", event.by.get_full_name() if event.by else "")


def _event(event: Event, policy: Playbook | None, named: Mapping[str, str]) -> Happening:
    by = event.by.get_full_name() if event.by else ""
    says = _moved(event.codes, policy) if event.name == "lead.moved" else _says(event)
    if event.name == "lead.joined" and (who := named.get(str(event.codes.get("submission")))):
        says = f"{who} {says[:1].lower()}{says[1:]}".replace("asked again,", "asked too,")
    return Happening(event.at, _ICONS.get(event.name, "clock"), says, by)


def _moved(codes: Mapping[str, str], policy: Playbook | None) -> str:
    """“To be seen at Evanston (next opening 3 December), not at Chicago Loop (next opening 12 January)”."""
    to, before = (_clinic(codes, where, day, policy) for where, day in (("to", "opens"), ("from", "was")))
    return f"To be seen at {to}{f', not at {before}' if before else ''}"


def _clinic(codes: Mapping[str, str], where: str, day: str, policy: Playbook | None) -> str:
    name = telling.named(policy, "location", codes[where]) if policy and codes[where] else codes[where]
    on = date.fromisoformat(codes[day]) if codes[day] else None
    return f"{name} (next opening {on.day} {on:%B})" if name and on else name


def _says(event: Event) -> str:
    if plain := _PLAIN.get((event.name, str(event.codes.get("why", "")))) or _PLAIN.get((event.name, "")):
        return plain
    if event.name == "lead.received":
        queue = str(event.codes.get("queue") or "").replace("-", " ")
        received = f"Received, and given to {queue}" if queue else "Received"
        return f"{received}. {_PROBLEMS[event.codes['problem']]}" if "problem" in event.codes else received
    if event.name == "lead.rejudged":
        moved = ", ".join(name.replace("_", " ") for name in event.codes)
        return f"Judged anew; changed: {moved}"
    if event.name == "lead.joined":
        said = "with something new" if event.codes.get("new") == "yes" else "for the same"
        return f"Asked again, {said}; it joined this lead"
    if event.name == "email.sent":
        return f"An e-mail left: {event.codes.get('template', '')}".removesuffix(": ")
    if event.name == "email.unreachable":
        why = _BAD.get(str(event.codes.get("why")), "the address is at fault")
        return f"E-mail came back: {why}. Ask by another way"
    if event.name == "call.noted":
        return f"Told of their call: {_CALLS.get(str(event.codes.get('result')), 'more was said')}"
    if event.name == "booking.doubted":
        what = _DOUBTED.get(str(event.codes.get("says")), "was told more of")
        return f"From an address that did not make it came that their appointment {what}. It stands as it was: ask them"
    if event.name in _BOOKINGS:
        return _BOOKINGS[event.name] + _BY.get(str(event.codes.get("by") or event.codes.get("answer")), "")
    if event.name == WITHDRAWN and STANDS in event.codes:
        return f"{event.codes.get(FROM, 'A referrer')} took its referral back; what else asked for this stands"
    if event.name in _REFERRERS:
        changed = ", ".join(map(telling.label, str(event.codes.get("changed", "")).split()))
        return f"{_REFERRERS[event.name]}{f'; changed: {changed}' if changed else ''}"
    return worked.says(event) or event.name.replace(".", " ").replace("-", " ").capitalize()


def _judgement(one: Assessment) -> Happening:
    grade = f", {one.grade} {one.score}" if one.grade else ""
    return Happening(one.at, "ask", f"Assessed: {one.disposition}{grade}, by playbook version {one.playbook.number}")
