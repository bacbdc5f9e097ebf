"""What changes once somebody here has confirmed a fact? It outranks field and words, and the lead is judged anew.

Judged and sealed before the first lock is taken: `prepare`, then `write` in a transaction, which says no where the lead
has changed meanwhile. What would be said of an answer that nobody has saved, `would_be` tells. (promise D22)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.server.base.alone import beside
from leadwell.server.consent.actions import Confirmed, confirmed
from leadwell.server.consent.addresses import normal
from leadwell.server.leads.actions import assessment_of, still_held
from leadwell.server.leads.asking import CannotBe, asked, checked
from leadwell.server.leads.handing import as_it_is
from leadwell.server.leads.judging import Arrived, Judged, judged
from leadwell.server.leads.models import Assessment, Lead, Verified
from leadwell.server.leads.noting import note
from leadwell.server.leads.queries import current_assessment, last_of, lead_of, over, verified_of, verified_text
from leadwell.server.leads.rejudging import again, as_judged, take
from leadwell.server.people.queries import keep
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.sealing import if_opens, seal_json
from leadwell.server.privacy.trail import record

UNDO_WITHIN: Final = timedelta(minutes=10)
_ADDRESSES: Final = {"phone": "phone_ok", "phone_2": "phone_ok", "email": "email_ok"}


class Gone(LookupError):  # noqa: N818  says what happened
    """There is no such lead, or nothing is left of it that can be opened."""


class SomebodyElse(Exception):  # noqa: N818  says what happened
    """Somebody has confirmed something of the lead meanwhile: nothing was written. `row`: what, where it is of the same
    fact."""

    def __init__(self, row: Verified | None = None) -> None:
        super().__init__()
        self.row = row


@dataclass(frozen=True)
class Answer:
    """`column`: of the engine's; `empties`: what stood there is not theirs; `known`: False where they do not know."""

    column: str
    text: str = ""
    known: bool = True
    empties: bool = False
    call: UUID | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Stand:
    """How a lead is judged, in short. `asks`: the facts that are asked for, the most decisive first."""

    disposition: str
    grade: str
    score: int | None
    reasons: tuple[str, ...]
    asks: tuple[str, ...]
    ask: str = ""


@dataclass(frozen=True)
class Change:
    """`row`: what was written; None where it was said before and is not said twice."""

    before: Stand
    after: Stand
    row: Verified | None


@dataclass(frozen=True)
class Prepared:
    """What is about to be written of `lead`, as it stood when it was judged; `undoes`: what is taken back; `addresses`:
    those of them that stand confirmed from then on, None where that stays as it is; `empties`: what stood there is not
    theirs."""

    lead: Lead
    actor: str
    at: datetime
    change: Change
    judged: Judged | None
    assessment: Assessment | None
    undoes: Verified | None = None
    addresses: tuple[Confirmed, ...] | None = None
    empties: bool = False


def stand(said: Mapping[str, Any]) -> Stand:
    questions = said.get("questions") or ()
    return Stand(
        said["disposition"],
        said["grade"] or "",
        said["score"],
        tuple(said.get("reasons") or ()),
        tuple(one["fact"] for one in questions if one.get("fact")),
        questions[0]["ask"] if questions else "",
    )


def verify(  # noqa: PLR0913  what is said, by whom, and what they saw
    organization: int, number: UUID, answer: Answer, *, actor: str, stood: int | None = None, seen: str | None = None
) -> Change:
    """Writes it, and what is said of the lead from now on. `stood`: how often something was verified of it when it was
    looked at, where that must still be so; `seen`: what of this fact stood confirmed then, by its id, '' for nothing,
    where nobody else must have said otherwise since. Raises Gone, CannotBe, SomebodyElse."""
    while True:
        prepared = prepare(organization, number, answer, actor=actor)
        if prepared.change.row is None:
            return prepared.change
        if stood is not None and prepared.lead.verified != stood:
            raise SomebodyElse
        if seen is not None and (other := _otherwise(prepared, seen)) is not None:
            raise SomebodyElse(other)
        if _written(prepared):
            return prepared.change


def take_back(organization: int, number: UUID, verified: UUID, *, actor: str) -> Change | None:
    """Whoever confirmed it undoes it, within ten minutes, and the lead is judged anew; None where that is not possible.
    Raises Gone."""
    while True:
        prepared = prepare_back(organization, number, verified, actor=actor)
        if prepared is None or prepared.undoes is None or prepared.undoes.by != actor:
            return None
        if _written(prepared):
            return prepared.change


def would_be(lead: Lead, answers: Sequence[Mapping[str, str]]) -> list[Stand]:
    """What would be said of the lead with each of these answers (column -> text); nothing is written."""
    if not answers:
        return []
    _, playbook = in_force(lead.organization_id)
    arrived = again(lead)
    asked_of = [replace(arrived, columns=over(arrived.columns, one)) for one in answers]
    return [stand(one.said) for one in judged(asked_of, playbook, as_of=timezone.now())]


def prepare(organization: int, number: UUID, answer: Answer, *, actor: str) -> Prepared:
    """Raises Gone, CannotBe."""
    lead, before = _found(organization, number)
    version, playbook = in_force(organization)
    text = _text(answer, playbook, of=lead.type)
    now = timezone.now()
    if _said_before(lead, answer, text, actor, now):
        return Prepared(lead, actor, now, Change(stand(before), stand(before), None), None, None)
    row = Verified(organization_id=organization, lead=lead, column=answer.column, known=answer.known, at=now, by=actor)
    row.call, row.seconds = answer.call, answer.seconds
    row.sealed = seal_json(organization, text, place=f"leads.verified/{row.pk}")
    if not answer.known:
        change = Change(stand(before), stand(before), row)
        return Prepared(lead, actor, now, change, None, None, addresses=_addresses(lead, row, ""))
    arrived = _as_it_stands(lead)
    anew = replace(arrived, columns=over(arrived.columns, {answer.column: text}))
    (one,) = judged([anew], playbook, as_of=now)
    if not answer.empties:
        _must_be_taken(answer.column, one.said, playbook)
    change = Change(stand(before), stand(one.said), row)
    row.moved = moved(change)
    assessment = assessment_of(organization, version, lead.pk, one, now)
    addresses = _addresses(lead, row, text)
    return Prepared(lead, actor, now, change, one, assessment, addresses=addresses, empties=answer.empties)


def prepare_back(
    organization: int, number: UUID, verified: UUID, *, actor: str, within: timedelta = UNDO_WITHIN
) -> Prepared | None:
    """None where it is older, or does not stand. Raises Gone."""
    lead, before = _found(organization, number)
    now = timezone.now()
    standing = [one for one in verified_of(organization, number) if one.undone_at is None]
    row = next((one for one in standing if one.pk == verified and one.at >= now - within), None)
    if row is None:
        return None
    version, playbook = in_force(organization)
    arrived = _as_it_stands(lead, but=row.pk)
    (one,) = judged([arrived], playbook, as_of=now)
    assessment = assessment_of(organization, version, lead.pk, one, now)
    change = Change(stand(before), stand(one.said), row)
    return Prepared(lead, actor, now, change, one, assessment, undoes=row, addresses=_addresses(lead, row))


def _written(prepared: Prepared) -> bool:
    """Locks are taken in their one order (`base.alone`). Raises Gone."""
    ours, person = prepared.lead.organization_id, prepared.lead.person_id
    with transaction.atomic():
        beside(ours)
        if person is None or not keep(ours, person):
            raise Gone
        return write(prepared)


def write(prepared: Prepared) -> bool:
    """In the caller's transaction, which is beside others and keeps the person; False where the lead has changed
    meanwhile: then all is done again. Raises Gone."""
    lead, organization = prepared.lead, prepared.lead.organization_id
    if not still_held(organization, [lead.pk]):
        raise Gone
    if lead.pk not in as_judged(organization, [lead]):
        return False
    Lead.objects.of(organization).filter(pk=lead.pk).update(verified=F("verified") + 1)
    as_it_is(organization, [lead])
    if prepared.undoes is not None:
        undone = {"undone_at": prepared.at, "undone_by": prepared.actor}
        Verified.objects.of(organization).filter(pk=prepared.undoes.pk).update(**undone)
    elif prepared.change.row is not None:
        prepared.change.row.save(force_insert=True)
    if prepared.addresses is not None and lead.person_id is not None:
        confirmed(organization, lead.person_id, lead.pk, prepared.addresses)
    if prepared.judged is not None and prepared.assessment is not None:
        take(lead, prepared.judged, prepared.assessment)
    _told(prepared)
    return True


def moved(change: Change) -> dict[str, list[Any]]:
    """What of the judgement it changed, each before and after: codes alone."""
    names = ("disposition", "grade", "score", "asks")
    both = {name: [getattr(change.before, name), getattr(change.after, name)] for name in names}
    return {name: [_plain(one) for one in pair] for name, pair in both.items() if pair[0] != pair[1]}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _found(organization: int, number: UUID) -> tuple[Lead, dict[str, Any]]:
    lead = lead_of(organization, number)
    said = if_opens(current_assessment, organization, number) if lead and lead.sealed else None
    if lead is None or said is None:
        raise Gone
    return lead, said


def _as_it_stands(lead: Lead, *, but: UUID | None = None) -> Arrived:
    arrived = if_opens(again, lead, but=but)
    if arrived is None:
        raise Gone
    return arrived


def _text(answer: Answer, playbook: Playbook, *, of: str) -> str:
    ask = asked(answer.column, playbook, of=of)
    return checked(ask, answer.text) if answer.known and not answer.empties else ""


def _addresses(lead: Lead, row: Verified, text: str | None = None) -> tuple[Confirmed, ...] | None:
    """Those that stand confirmed once `row` says `text`, or where that is None, once it is taken back. None where it is
    about no address."""
    if row.column not in _ADDRESSES:
        return None
    last: dict[str, Verified] = {row.column: row} if text is not None else {}
    for one in verified_of(lead.organization_id, lead.pk):
        if one.undone_at is None and one.pk != row.pk and one.column in _ADDRESSES:
            last.setdefault(one.column, one)
    found = ((one, text if one is row else if_opens(verified_text, one)) for one in last.values() if one.known)
    read = ((one, normal(said)) for one, said in found if said)
    return tuple(Confirmed(one.pk, address, one.at, one.by) for one, address in read if address)


def _said_before(lead: Lead, answer: Answer, text: str, actor: str, now: datetime) -> bool:
    """Whether the same was confirmed by the same a moment ago and stands: a second click says nothing more."""
    last = last_of(lead, answer.column)
    if last is None or last.by != actor or last.known != answer.known or last.at < now - UNDO_WITHIN:
        return False
    return if_opens(verified_text, last) == text


def _otherwise(prepared: Prepared, seen: str) -> Verified | None:
    """What a colleague has confirmed of the same fact, and whoever answers has not seen; None where it is the same."""
    row = prepared.change.row
    last = last_of(prepared.lead, row.column) if row is not None else None
    if row is None or last is None or str(last.pk) == seen or last.by == prepared.actor:
        return None
    same = last.known == row.known and if_opens(verified_text, last) == if_opens(verified_text, row)
    return None if same else last


def _must_be_taken(column: str, said: Mapping[str, Any], playbook: Playbook) -> None:
    """What the engine does not understand would stand there and say nothing. Raises CannotBe."""
    ask = asked(column, playbook)
    if column in _ADDRESSES:
        taken = said["contact"].get(_ADDRESSES[column])
    elif column == "service" and said["type"] == "business":
        taken = True  # it is one of the offers, which are no facts
    else:
        rests = [one for one in (said.get("facts") or {}).values() if one and one.get("from") == column]
        taken = not _states_a_fact(column, playbook) or any(one["provenance"] == "verified" for one in rests)
    if not taken:
        raise CannotBe(ask.write)


def _states_a_fact(column: str, playbook: Playbook) -> bool:
    """Whether a fact shows that it was understood; of some columns only other things rest on them."""
    return asked(column, playbook).kind not in ("npi", "phone", "email") and column not in ("visit_mode", "type")


def _told(prepared: Prepared) -> None:
    row = prepared.undoes or prepared.change.row
    if row is None:
        return
    name = "fact.taken-back" if prepared.undoes else "fact.verified" if row.known else "fact.unknown"
    codes = {"column": row.column, **({} if prepared.undoes else row.moved)}
    if prepared.empties and not prepared.undoes:
        codes["empties"] = "yes"
    note(prepared.lead, name, actor=prepared.actor, at=prepared.at, codes=codes)
    record(prepared.lead.organization_id, prepared.actor, name, f"lead/{prepared.lead.pk}", {"column": row.column})
