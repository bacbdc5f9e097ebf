"""What comes later to a lead: an answer, the transcript of its call, another hour of its visit?

An answer is noted, and what in it sounds like danger is the lead's. What is a part of the very call or booking that
made the lead becomes part of the lead, which is judged anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from leadwell.contract import INCOMING
from leadwell.permission.stops import is_stop
from leadwell.playbook import Playbook
from leadwell.reading.lines import unfinished
from leadwell.server.base.alone import alone, one_writer
from leadwell.server.consent.models import Way
from leadwell.server.leads.actions import assessment_of, still_held
from leadwell.server.leads.askers import record_at
from leadwell.server.leads.combining import with_words
from leadwell.server.leads.contacts import Corrected, corrected_by
from leadwell.server.leads.handing import as_it_is, hand, open_again
from leadwell.server.leads.judging import Judged, judged
from leadwell.server.leads.models import Assessment, Event, Joined, Lead
from leadwell.server.leads.permitting import ADDRESSES, hear_answer
from leadwell.server.leads.queries import call_began, joined_columns, joined_to, known_of, own_columns, with_joined
from leadwell.server.leads.referring import but_the_referrers
from leadwell.server.leads.rejudging import again, take
from leadwell.server.leads.taken_back import OF
from leadwell.server.leads.thanking import asks
from leadwell.server.playbooks.queries import loaded
from leadwell.server.privacy.sealing import seal

_FIRST: Final = ("id", "received_at")  # stay as they came first
_WORDS: Final = ("message",)  # grow


@dataclass(frozen=True)
class Later:
    """How it is noted. `event`, `codes`: open. `way`: by which it was said (`consent.models.Way`), '' where nobody said
    anything. `keyword`: what is heard in place of its words. `part`: its columns are the lead's; `keeps`: column -> the
    values that stay where the lead has them, () for any. `counted`: the column that says its version: an older one that
    comes later is noted, and changes nothing. `of`: the submission whose columns it changes, where that joined the
    lead; None for the lead's own. `at`: when it was said, None for now. `taken`: of a lead as it stands and what came,
    what is taken of that. `spoken`: they only telephoned. `restates`: it says all of it again, so that only what the
    lead did not say before is heard."""

    event: str = "lead.replied"
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    way: str = Way.EMAIL_REPLY
    keyword: str = ""
    part: bool = False
    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    counted: str = ""
    of: UUID | None = None
    at: datetime | None = None
    taken: Callable[[Mapping[str, str], Mapping[str, str]], Mapping[str, str]] | None = None
    spoken: bool = False
    restates: bool = False


ANSWER: Final = Later()


@dataclass(frozen=True)
class Policy:
    """In force: the number of its version, and what it says."""

    version: int
    playbook: Playbook


def join(  # noqa: PLR0913  what is said, of whom, and how it is taken
    organization: int, lead: UUID, said: UUID, columns: Mapping[str, str], *, policy: Policy, later: Later = ANSWER
) -> bool:
    """Notes on a lead what came after it, once for each submission (`said`). A lead that rested, or was answered, waits
    again: where it rested for the policy's fallback team. Thanks, and a stop, ask for no answer. False where the lead
    was erased meanwhile."""
    sealed = seal(organization, orjson.dumps(dict(columns)), place=f"leads.event/{said}")
    while True:
        at = timezone.now()  # before it is judged: what is judged by it came after it
        whose, news = _news(organization, lead, columns, later)
        grown = _grown(organization, lead, columns, later, policy)
        event = Event(id=said, organization_id=organization, lead_id=lead, name=later.event, at=at)
        event.codes, event.sealed = {**later.codes, **(grown.codes if grown else {})}, sealed
        if _asks(columns, later) or _opens(grown, later):
            event.codes["asks"] = "yes"
        done = _written(event, news, later, policy, grown, whose)
        if done is not None:
            return done


@dataclass(frozen=True)
class _Grown:
    """A lead that says more than before, sealed, and what is said of it; `row`: what joined it and says that, None
    where it is its own; `was`: as both stood, and how often something was verified of it; `corrected`: what follows for
    whose it is; `codes`: which of our columns it says otherwise now, and none of whoever sent it, which might be
    words."""

    lead: Lead
    row: Joined | None
    was: tuple[bytes, int, bytes]
    sealed: bytes
    judged: Judged
    assessment: Assessment
    corrected: Corrected | None
    codes: Mapping[str, str]


def _grown(organization: int, lead: UUID, columns: Mapping[str, str], later: Later, policy: Policy) -> _Grown | None:
    """Judged before any lock is taken; None where it says nothing new. An answer is read for danger alone: where its
    words suggest any, by themselves or with what was said before, they are the lead's."""
    found = Lead.objects.of(organization).filter(pk=lead).exclude(sealed=b"").first()
    row = _row(found, later.of) if found is not None else None
    if found is None or (row is not None and not row.sealed):
        return None
    own = own_columns(found) if row is None else joined_columns(row)
    whole = merged(own, columns, later if later.part else replace(later, taken=_words))
    if whole == own:
        return None
    if not later.part and (goes_on := _going_on(own, columns)) and _sounds(found, goes_on, policy):
        whole = {**whole, **goes_on}
    now = timezone.now()
    said = with_joined(found, whole) if row is None else with_joined(found, own_columns(found), instead={row.pk: whole})
    anew = replace(again(found), columns=said | known_of(found))
    rows = [anew, replace(anew, columns=whole)]
    rows += [] if later.part else [replace(anew, columns=_words(own, columns))]
    one, unjoined, *by_itself = judged(rows, policy.playbook, as_of=now)
    if by_itself and not _alarms(found, one, by_itself[0]):
        return None
    place = f"leads.lead/{lead}" if row is None else f"leads.joined/{row.pk}"
    sealed = seal(organization, orjson.dumps(whole), place=place)
    made = assessment_of(organization, policy.version, lead, one, now)
    changed = " ".join(name for name in INCOMING if own.get(name, "") != whole.get(name, ""))
    codes = {"changed": changed} if changed else {}
    corrected = corrected_by(row or found, unjoined, lead=found.pk, spoken=later.spoken)
    was = (bytes(found.sealed), found.verified, bytes(row.sealed) if row is not None else b"")
    return _Grown(found, row, was, sealed, one, made, corrected, codes)


def _going_on(own: Mapping[str, str], columns: Mapping[str, str]) -> Mapping[str, str]:
    """Words that go on with a sentence of before, as a telephone has cut it: "Is it normal that you don't", "want to
    live"."""
    before, words = own.get("message", "").rstrip(), columns.get("message", "")
    return {"message": f"{before}\n{words}"} if words.strip() and unfinished(before) else {}


def _sounds(lead: Lead, words: Mapping[str, str], policy: Policy) -> bool:
    """Whether these words alone suggest danger."""
    (told,) = judged([replace(again(lead), columns=words)], policy.playbook, as_of=timezone.now())
    return bool(told.said["safety_because"])


def _alarms(lead: Lead, with_it: Judged, by_itself: Judged) -> bool:
    """Whether somebody is to look at an answer: by itself it suggests danger, or the lead does so only with it."""
    return bool(by_itself.said["safety_because"]) or (with_it.said["safety"] or "") not in ("", lead.safety)


def _words(stands: Mapping[str, str], came: Mapping[str, str]) -> Mapping[str, str]:
    """What an answer says, with a subject that is not the lead's own."""
    subject = came.get("subject", "")
    said = (subject if subject != stands.get("subject", "") else "", *(came.get(name, "") for name in _WORDS))
    return {"message": words} if (words := "\n\n".join(text for text in said if text.strip())) else {}


def _row(lead: Lead, of: UUID | None) -> Joined | None:
    """That of a submission which joined the lead; None where it made it, or was parted."""
    return next((one for one in joined_to(lead) if one.submission == of), None) if of is not None else None


def merged(stands: Mapping[str, str], came: Mapping[str, str], later: Later) -> dict[str, str]:
    """What is said last holds; words are added to words, and nothing is taken away."""
    whole = dict(stands)
    if later.counted and stands.get(later.counted, "") > came.get(later.counted, ""):
        return whole
    if later.taken is not None:
        came = later.taken(stands, came)
    came = but_the_referrers(stands, came)
    for name, text in came.items():
        if text.strip() and not _stays(name, whole.get(name, ""), later):
            whole[name] = _both(whole.get(name, ""), text) if name in _WORDS else text
    return whole


def _stays(name: str, before: str, later: Later) -> bool:
    if not before:
        return False
    return name in _FIRST or (name in later.keeps and (not later.keeps[name] or before in later.keeps[name]))


def _both(before: str, text: str) -> str:
    """What goes on from what was said stands in its place, as of a transcript."""
    return text if text.startswith(before) else with_words(before, text)


def _written(  # noqa: PLR0913, PLR0917  what is said, of whom, and what follows
    event: Event, columns: Mapping[str, str], later: Later, policy: Policy, grown: _Grown | None, whose: UUID | None
) -> bool | None:
    """None where the lead has grown otherwise meanwhile, or who it is of, and all is to be done again."""
    organization, number = event.organization_id, event.lead_id
    ours = Lead.objects.of(organization).filter(pk=number)
    corrected = grown.corrected if grown is not None else None
    with transaction.atomic():
        if corrected is not None:
            one_writer(organization)
        if later.way or corrected is not None:
            alone(organization)  # before the lead: it may ask us to stop
        people_stand = corrected is None or corrected.stands()  # locks them before the lead
        if not still_held(organization, [number]):
            return False
        if not people_stand:
            return None
        if Event.objects.of(organization).filter(pk=event.pk).exists():
            return True
        if grown is not None and _stands(ours, grown.row) != grown.was:
            return None
        event.save(force_insert=True)
        if "asks" in event.codes:
            open_again(organization, {number: event.at}, [number] if grown is not None else [])
        person = whose or ours.values_list("person", flat=True).get()
        _heard(event, person, columns, later, in_danger=_in_danger(grown, later))
        if grown is not None:
            said_by = ours if grown.row is None else Joined.objects.of(organization).filter(pk=grown.row.pk)
            said_by.update(sealed=grown.sealed)
            if corrected is not None:
                corrected.write(event.at)
            as_it_is(organization, [grown.lead])
            take(grown.lead, grown.judged, grown.assessment)
        if not later.part:
            waits = ours if "asks" in event.codes and grown is None else ours.filter(queue="")
            _wake(waits.select_related("current").first(), policy.playbook, event.at)
    return True


def _wake(lead: Lead | None, playbook: Playbook, at: datetime) -> None:
    """Where it rested, or had been answered."""
    if lead is not None:
        judged_by = loaded(lead.current.playbook_id) if lead.current else playbook  # whose levels `level` counts
        rested: dict[str, Any] = {} if lead.queue else {"queue": playbook.fallback_team, "resting": ""}
        hand(lead, judged_by, at, lead.level, **rested)


def _asks(columns: Mapping[str, str], later: Later) -> bool:
    """Whether it is an answer of theirs that somebody here must read."""
    words = columns.get("message", "")
    if later.part or not later.way or later.keyword or not asks(words):
        return False
    return is_stop(words).verdict != "stop"


def _opens(grown: _Grown | None, later: Later) -> bool:
    """Whether danger in it opens the lead again, stop or no stop: in an answer any, in what tells more of a booking or
    a referral what the lead did not tell before. On a call somebody has spoken with them."""
    if grown is None or not later.part:
        return grown is not None
    return not later.spoken and (grown.judged.said["safety"] or "") not in ("", grown.lead.safety)


def _news(
    organization: int, lead: UUID, columns: Mapping[str, str], later: Later
) -> tuple[UUID | None, Mapping[str, str]]:
    """Of which record that is said which asked for the lead, None for the lead's own; and of what is said all over
    again, what its sender has not said before."""
    found = Lead.objects.of(organization).filter(pk=lead).exclude(sealed=b"").first() if later.restates else None
    if found is None:
        return None, columns
    row = _row(found, UUID(later.codes[OF]) if OF in later.codes else None)
    told = own_columns(found) if row is None else joined_columns(row)
    return row.person_id if row else None, {one: text for one, text in columns.items() if told.get(one, "") != text}


def _in_danger(grown: _Grown | None, later: Later) -> bool:
    """Whether one word in doubt is to leave nobody alone who may be in danger."""
    return grown is not None and (not later.part or (later.restates and bool(grown.judged.said["safety"])))


def _stands(lead: QuerySet[Lead], row: Joined | None) -> tuple[bytes, int, bytes]:
    sealed, verified = lead.values_list("sealed", "verified").get()
    joined = Joined.objects.of(row.organization_id).filter(pk=row.pk, parted_at=None) if row is not None else None
    told = joined.values_list("sealed", flat=True).first() if joined is not None else None
    return bytes(sealed), verified, bytes(told or b"")


def _heard(event: Event, person: UUID, columns: Mapping[str, str], later: Later, *, in_danger: bool) -> None:
    if later.way:
        address = columns.get(ADDRESSES.get(Way(later.way)) or "", "")
        person = record_at(event.organization_id, event.lead_id, person, address)
        said = {**columns, "message": later.keyword} if later.keyword else columns
        at, submission = later.at or event.at, event.pk
        hear_answer(
            event.organization_id, person, event.lead_id, said, at, way=later.way, submission=submission,
            holds=not in_danger, asked_at=call_began(event, columns) if later.way == Way.VOICE else at,
        )  # fmt: skip
