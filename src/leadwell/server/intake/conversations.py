"""What belongs to what came before? An answer, a later word of the same call, another hour of a visit join their lead.

Each may bear a name of its own (of a mail, a call, a booking), by which what comes later finds the lead. A text names
nothing, nor does somebody's next call: they belong to the newest open lead of whoever has the number; a call only where
it is one person's. Anybody can write a mail's id into another, so it counts only from the address of the lead's own
person; or the UID of an invitation, so it changes nothing but from an address by which that was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from leadwell.server.consent.actions import hear
from leadwell.server.consent.addresses import Token, token_of
from leadwell.server.consent.models import Way
from leadwell.server.consent.queries import said_by_key
from leadwell.server.consent.saying import Saying
from leadwell.server.intake.askers import noted_as
from leadwell.server.intake.bearing import GIVEN_UP, NAME, refs
from leadwell.server.intake.early import await_names, read_again
from leadwell.server.intake.endangered import as_lead, endangered, join_theirs
from leadwell.server.intake.models import MailRef, State, Submission
from leadwell.server.intake.numbered import OF_ANOTHER, Meant, meant, note_before
from leadwell.server.intake.queries import source_by_number
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.unread import waiting
from leadwell.server.leads.answering import written_about
from leadwell.server.leads.askers import record_at
from leadwell.server.leads.joining import Later, Policy, join
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of, lead_of, own_columns, person_of
from leadwell.server.leads.referring import other_patient
from leadwell.server.leads.rejudging import rejudge_these
from leadwell.server.leads.taken_back import WITHDRAWN, lay_to_rest
from leadwell.server.people.linking import linked
from leadwell.server.people.models import PersonToken
from leadwell.server.privacy.sealing import if_opens
from leadwell.server.privacy.tokens import Blind

ANSWERS_WITHIN: Final = timedelta(days=30)  # a text to a lead of its number
_OLDER: Final = "booking.given-up"  # as it is noted where a later version of it came before


@dataclass(frozen=True)
class Placed:
    """`joined`: submission -> the lead that it has joined. `behind`: those that belong to what comes before them in the
    same batch, and wait until that is written; `elsewhere`: to what another worker is writing, or nobody has read yet.
    `readings`: what is left to be judged of each; `early`: what each said that waits for what it belongs to."""

    joined: Mapping[UUID, UUID]
    behind: frozenset[UUID]
    elsewhere: frozenset[UUID]
    readings: Mapping[UUID, Reading]
    early: Mapping[UUID, Reading]


def placed(
    organization: int, claimed: Sequence[Submission], readings: Mapping[UUID, Reading], *, policy: Policy
) -> Placed:
    blind, joined, behind, left = Blind(organization), dict[UUID, UUID](), set[UUID](), dict(readings)
    starting: dict[UUID, Reading] = {}
    waits: set[UUID] = set()
    in_danger = endangered({one.pk: readings[one.pk] for one in claimed}, policy.playbook)
    begun: set[str | Token] = set()  # the names of what is about to become a lead, and numbers that texts come from
    texting = {token_of(blind, one.number) for one in readings.values() if one.number}
    for one in sorted(claimed, key=lambda one: (one.received_at, one.pk)):
        reading, danger = readings[one.pk], one.pk in in_danger
        if len(reading.leads) != 1 or (reading.only_danger and not danger):
            left[one.pk] = by_itself(reading, in_danger=False)
            continue
        same = _same(organization, one.pk, reading, blind)
        lead = same.lead
        later = _later(organization, lead, reading, one) if lead is not None else reading.later
        if later.way == Way.TEXT:
            later = replace(later, at=one.received_at)
        if lead is not None and join(organization, lead, one.pk, reading.leads[0], policy=policy, later=later):
            joined[one.pk] = lead
            if lay_to_rest(organization, lead):
                rejudge_these(organization, [lead])
        elif same.problem:
            own = replace(as_lead(reading), names=())  # which are another patient's
            left[one.pk] = own if danger else replace(reading, leads=(), problem=same.problem)
        elif begun.intersection(reading.answers) or (reading.number and token_of(blind, reading.number) in begun):
            behind.add(one.pk)
        elif _referral_unread(organization, one, reading):
            waits.add(one.pk)
        elif danger and (open_lead := join_theirs(organization, one.pk, reading, policy)) is not None:
            joined[one.pk], left[one.pk] = open_lead, as_lead(reading)
        elif not (own := by_itself(reading, in_danger=danger)).leads:
            _obey(organization, one, reading)
            left[one.pk] = own
        else:
            starting[one.pk] = reading = left[one.pk] = own
            begun.update(reading.names)
            token = token_of(blind, reading.leads[0].get("phone", "")) if texting else None
            if token in texting and token is not None and not _of_number(organization, token):
                begun.add(token)
    early = {one: readings[one] for one, said in left.items() if said.not_a_lead and readings[one].early}
    return Placed(joined, frozenset(behind), _elsewhere(organization, starting, blind) | waits, left, early)


def by_itself(reading: Reading, *, in_danger: bool) -> Reading:
    """What is left to be judged of what belongs to nothing that is here; without leads where it is none by itself."""
    if in_danger:
        return as_lead(reading)
    if len(reading.leads) != 1 or not (reading.alone or reading.orphan):
        return reading
    if reading.alone:
        return replace(reading, leads=(), not_a_lead=reading.alone)
    return replace(reading, leads=(), problem=reading.orphan)


def _referral_unread(organization: int, one: Submission, reading: Reading) -> bool:
    """Whether what made the referral of which this speaks is still to be read, here or elsewhere."""
    if not reading.numbered or not (reading.alone or reading.orphan):
        return False
    source = source_by_number(organization, one.source)
    said = waiting(source, reading.answers, reading.leads[0], before=one.pk) if source is not None else []
    return any(event != WITHDRAWN for event, _ in said)


def _same(organization: int, submission: UUID, reading: Reading, blind: Blind) -> Meant:
    """The lead that it belongs to. A referral of another patient under a number that we know takes that number."""
    lead = _belongs(organization, reading, blind)
    if lead is None or not reading.numbered:
        return Meant(lead)
    same = meant(organization, lead, reading.leads[0], reading.later.event)
    if same.lead is None and not same.problem:
        if reading.alone or reading.ours:
            return Meant(None, OF_ANOTHER)
        _take_names(organization, submission, reading, lead)
    return same


def _known(organization: int, lead: UUID) -> Mapping[str, str]:
    found = lead_of(organization, lead)
    return (if_opens(own_columns, found) if found and found.sealed else None) or {}


def _take_names(organization: int, submission: UUID, reading: Reading, lead: UUID) -> None:
    """What bore them so far is of another patient: from now on they mean what this submission becomes."""
    note_before(organization, submission, lead)
    held = refs(organization, reading.names)
    leads = Lead.objects.of(organization).filter(pk__in=list(held.values_list("lead", flat=True)))
    held.filter(lead__in=list(leads.values_list("pk", flat=True))).update(lead=submission)


def _elsewhere(organization: int, starting: Mapping[UUID, Reading], blind: Blind) -> frozenset[UUID]:
    """Each takes its names before it is written; those that find them taken by what is only being written wait for it,
    so that two parts of a call are one lead however many workers there are. Where each of two has some, the older
    has all."""
    wanted = {one: {blind.token(NAME, name) for name in said.names} for one, said in starting.items() if said.names}
    refs = [MailRef(organization_id=organization, token=t, lead=one) for one, each in wanted.items() for t in each]
    if not refs:
        return frozenset()
    MailRef.objects.bulk_create(refs, ignore_conflicts=True)
    ours = MailRef.objects.of(organization).filter(token__in=[one.token for one in refs])
    held = {bytes(token): holder for token, holder in ours.values_list("token", "lead")}
    others = set(held.values()) - wanted.keys()
    busy = set(
        Submission.objects.of(organization).filter(pk__in=others, state=State.RECEIVED).values_list("pk", flat=True)
    )
    written = set(Lead.objects.of(organization).filter(pk__in=others).values_list("pk", flat=True))
    waits: set[UUID] = set()
    for one, tokens in wanted.items():
        holders = {held[token] for token in tokens if token in held}
        ahead = holders & busy
        older = bool(ahead) and (one not in holders or one > min(ahead))
        if older or (holders & written and _belongs(organization, starting[one], blind) is not None):
            waits.add(one)
        elif left := holders - written - wanted.keys():
            ours.filter(token__in=tokens, lead__in=left).update(lead=one)
    return frozenset(waits)


def _belongs(organization: int, reading: Reading, blind: Blind) -> UUID | None:
    """The lead that it would join, unless its words name another patient."""
    lead = _lead(organization, reading, blind)
    if lead is not None and reading.senders and other_patient(reading.leads[0], _known(organization, lead)):
        return None
    return lead


def _lead(organization: int, reading: Reading, blind: Blind) -> UUID | None:
    if reading.answers and (named := _named(organization, reading, blind)):
        return named
    token = token_of(blind, reading.number) if reading.number else None
    theirs = _of_number(organization, token) if token is not None else []
    open_lead = next((number for number, queue in theirs if queue), None)
    if token is not None and open_lead is not None and reading.beside is not None:
        return open_lead if _is_ones(organization, token) else None
    return open_lead


def _is_ones(organization: int, token: Token) -> bool:
    """Whether this number is one person's alone: of a family's nobody knows who calls."""
    people = set(_people_of_number(organization, token).values_list("person", flat=True))
    return len(set(linked(organization, list(people)).values())) == 1


def _later(organization: int, lead: UUID, reading: Reading, submission: Submission) -> Later:
    """Of a call, whether the lead is of this call, or of something else that somebody with its number has asked; of an
    invitation, whether it comes from whoever made the lead's, or from somebody else who says so, and whether a later
    version came before; of a booking, whether its hour was given up before it came."""
    for name, outdated in reading.outdated.items():
        if refs(organization, [name], kind=GIVEN_UP).exists():
            return outdated
    if reading.beside is None:
        return noted_as(organization, lead, submission, reading, reading.later)
    found = lead_of(organization, lead)
    own = (if_opens(columns_of if reading.makers else own_columns, found) if found and found.sealed else None) or {}
    if reading.makers:
        same = reading.author in {own.get(name, "").lower() for name in reading.makers} - {""}
        counted = reading.later.counted
        if same and counted and own.get(counted, "") > reading.leads[0].get(counted, ""):
            return replace(reading.later, event=_OLDER, codes={})
    else:
        same = bool(own.get("id")) and own.get("id") == reading.leads[0].get("id")
    return reading.later if same else reading.beside


def _named(organization: int, reading: Reading, blind: Blind) -> UUID | None:
    leads = set(refs(organization, reading.answers).values_list("lead", flat=True))
    leads |= written_about(organization, reading.answers)
    theirs = Lead.objects.of(organization).filter(pk__in=leads).exclude(sealed=b"")
    if leads and not reading.proven:
        address = reading.leads[0].get("email", "").lower()
        people = PersonToken.objects.of(organization).filter(kind="email", token=blind.token("email", address))
        referred = [one for one in leads if address and _referred_from(organization, one) == address]
        theirs = theirs.filter(Q(person__in=people.values("person")) | Q(pk__in=referred))
    return theirs.order_by("-received_at").values_list("pk", flat=True).first() if leads else None


def _referred_from(organization: int, lead: UUID) -> str:
    """The address of whoever has referred the patient of a lead."""
    return _known(organization, lead).get("referrer_email", "").lower()


def _of_number(organization: int, token: Token) -> list[tuple[UUID, str]]:
    """The leads of the last days of whoever has this number, the newest first, and in which queue each waits."""
    people = _people_of_number(organization, token).values("person")
    since = timezone.now() - ANSWERS_WITHIN
    leads = Lead.objects.of(organization).filter(person__in=people, received_at__gte=since)
    return list(leads.order_by("-received_at").values_list("pk", "queue"))


def _people_of_number(organization: int, token: Token) -> QuerySet[PersonToken]:
    return PersonToken.objects.of(organization).filter(kind="phone", token=token[1])


def _obey(organization: int, submission: Submission, reading: Reading) -> None:
    """What was said by somebody who is no lead is obeyed all the same, once; it may wait for what it belongs to."""
    if reading.alone and reading.early:
        await_names(organization, submission.pk, reading.answers)
    saying, key = said_alone(reading), str(submission.pk)
    if saying is not None and said_by_key(organization, key) is None:
        hear(organization, None, replace(saying, at=submission.received_at, key=key, submission=submission.pk))


def said_alone(reading: Reading) -> Saying | None:
    """What is heard of what is no lead by itself; None where nothing is, or nobody knows from which address it came."""
    words, address = words_of(reading), _said_from(reading)
    return Saying(reading.later.way, "worker", words, address=address) if reading.alone and address and words else None


def _said_from(reading: Reading) -> str:
    """The address at which whoever says it is reached, as far as it is known to be theirs."""
    if reading.later.way == Way.TEXT:
        return reading.number
    if not reading.later.way:
        return ""
    return reading.author or (reading.leads[0].get("email", "") if reading.early and reading.proven else "")


def look_again(organization: int, readings: Mapping[UUID, Reading]) -> None:
    """Of those that came early, and have ended: they join a lead that was written meanwhile."""
    blind = Blind(organization)
    left = [one for one, said in readings.items() if _belongs(organization, said, blind) is not None]
    read_again(organization, left)


def words_of(reading: Reading) -> str:
    """What is heard of it: the keyword of a text, or the words."""
    return reading.later.keyword or reading.leads[0].get("message", "")


def who_answers(organization: int, reading: Reading) -> UUID | None:
    """Who of those who asked for the lead that it would join; None where it would join none."""
    lead = _lead(organization, reading, Blind(organization))
    person = person_of(organization, lead) if lead is not None else None
    return record_at(organization, lead, person, reading.number) if lead is not None and person is not None else None
