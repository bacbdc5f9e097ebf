"""Name somebody else of the organisation, who decides there, and say who of them is called: one verb a function.

They are a person of their own: linked by what the records say of both, as anybody who arrives, and never merged with
whoever asked. The gate decides whether they may be contacted. That the organisation asks us to is recorded with its
words, but never over a stop of theirs. (promises B15, D23)
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leadwell.server.base.alone import alone, one_writer
from leadwell.server.base.ids import new_id
from leadwell.server.business.models import Colleague
from leadwell.server.business.queries import colleague_of, colleagues_of, told_by
from leadwell.server.business.written import one_line
from leadwell.server.consent.actions import Asked, CannotGive, Given, Proof, give, note_inquiries, obey_links
from leadwell.server.consent.addresses import normal
from leadwell.server.consent.queries import known
from leadwell.server.leads.actions import still_held
from leadwell.server.leads.handing import worked_on
from leadwell.server.leads.models import Lead
from leadwell.server.leads.noting import note
from leadwell.server.leads.queries import lead_of
from leadwell.server.leads.verifying import UNDO_WITHIN, Answer, Gone, verify
from leadwell.server.people.actions import Prepared, add_people, prepared_people
from leadwell.server.people.arriving import Arriving
from leadwell.server.people.models import COLLEAGUE, Relation
from leadwell.server.people.queries import keep
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.privacy.tokens import Blind
from leadwell.server.privacy.trail import record

LONGEST: Final = 200
_ASKER_DECIDES: Final = "contact_decides"


class CannotName(ValueError):  # noqa: N818  its message is for the person who tried; `key`: the field at fault
    def __init__(self, key: str, says: str) -> None:
        super().__init__(says)
        self.key = key


@dataclass(frozen=True)
class Named:
    """`agreed`: in their words, that we may contact them; '' where nobody said so."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    decides: bool = False
    agreed: str = ""


def name_colleague(organization: int, number: UUID, named: Named, *, actor: str) -> tuple[Colleague, bool]:
    """Somebody else, and whether they are new: a second click names nobody twice. Whoever has a number or an address is
    called from then on. Where they decide, whoever asked does not, which is verified. Raises Gone, CannotName."""
    lead, told = _held(organization, number), _checked(named)
    if (before := _named_before(lead, told, decides=named.decides)) is not None:
        return before, False
    if named.decides:
        verify(organization, number, Answer(_ASKER_DECIDES, "no"), actor=actor)
    one = _written(lead, told, named, actor)
    _agreed(one, told, named, actor)
    return one, True


def call_this(organization: int, number: UUID, colleague: UUID | None, *, actor: str) -> bool:
    """From now on it is they who are called; None: whoever asked. False where they cannot be called, or it is so
    already. Raises Gone."""
    _held(organization, number)
    chosen = colleague_of(organization, number, colleague) if colleague else None
    if colleague and (chosen is None or not _can_be_reached(told_by(chosen) or {})):
        return False
    now = timezone.now()
    with transaction.atomic():
        lead = _hold(organization, number)
        ours = Colleague.objects.of(organization).filter(lead=number, undone_at=None)
        before = ours.filter(called=True).values_list("pk", flat=True).first()
        if before == colleague:
            return False
        ours.filter(called=True).update(called=False)
        if colleague is not None:
            ours.filter(pk=colleague).update(called=True)
        codes = {"whom": "colleague" if colleague else "asker"}
        note(lead, "colleague.called", actor=actor, at=now, codes=codes)
        worked_on(organization, number, now)
        record(organization, actor, "colleague.called", f"lead/{number}", codes)
    return True


def take_back(organization: int, number: UUID, colleague: UUID, *, actor: str) -> bool:
    """They are no such person, says whoever named them within ten minutes; False where it is too late, or done before.
    That whoever asked does not decide is taken back by itself, as any fact."""
    now = timezone.now()
    with transaction.atomic():
        lead = _hold(organization, number)
        ours = Colleague.objects.of(organization).filter(pk=colleague, lead=number, undone_at=None)
        if not ours.filter(at__gte=now - UNDO_WITHIN, by=actor).update(undone_at=now, undone_by=actor, called=False):
            return False
        note(lead, "colleague.taken-back", actor=actor, at=now, codes={})
        worked_on(organization, number, now)
        record(organization, actor, "colleague.taken-back", f"lead/{number}")
    return True


def _held(organization: int, number: UUID) -> Lead:
    lead = lead_of(organization, number)
    if lead is None or not lead.sealed or lead.person_id is None or lead.type != "business":
        raise Gone
    return lead


def _hold(organization: int, number: UUID) -> Lead:
    """Until the transaction ends. Raises Gone."""
    if not still_held(organization, [number]):
        raise Gone
    return _held(organization, number)


def _checked(named: Named) -> dict[str, str]:
    """What is sealed of them, addresses in their normal form. Raises CannotName."""
    name, role = map(one_line, (named.name, named.role))
    if not name or max(len(name), len(role)) > LONGEST:
        raise CannotName("name" if len(name) > LONGEST or not name else "role", _SAYS["name" if not name else "long"])
    told = {"name": name, "role": role}
    for kind, text in (("phone", named.phone), ("email", named.email)):
        found = normal(text) if text.strip() else None
        if text.strip() and (found is None or found[0] != kind):
            raise CannotName(kind, _SAYS[kind])
        told[kind] = found[1] if found else ""
    return told


_SAYS: Final = {
    "name": "Write their name.",
    "long": f"Write at most {LONGEST} characters.",
    "phone": "Write the whole number, like 312-555-0142.",
    "email": "Write the whole address, like name@example.com.",
}


def _named_before(lead: Lead, told: dict[str, str], *, decides: bool) -> Colleague | None:
    there = colleagues_of(lead.organization_id, lead.pk)
    return next((one for one in there if told_by(one) == told and one.decides == decides), None)


def _can_be_reached(told: dict[str, str]) -> bool:
    return bool(told.get("phone") or told.get("email"))


def _written(lead: Lead, told: dict[str, str], named: Named, actor: str) -> Colleague:
    """Looked up and sealed before the first lock is taken."""
    ours, now, blind = lead.organization_id, timezone.now(), Blind(lead.organization_id)
    (who,) = prepared_people(ours, [(_columns(told), _said(told))], now, blind)
    arriving = Arriving(ours, [who], blind)
    one = Colleague(id=new_id(), organization_id=ours, lead=lead, person=who.patient.person.pk, at=now, by=actor)
    one.decides, one.called = named.decides, _can_be_reached(told)
    one.sealed = seal_json(ours, told, place=f"business.colleague/{one.pk}")
    with transaction.atomic():
        one_writer(ours)
        arriving.again()
        if arriving.recognised.found.links:
            alone(ours)
        if lead.person is None or not keep(ours, lead.person.pk):
            raise Gone
        _insert(lead, one, who, arriving, actor)
    return one


def _insert(lead: Lead, one: Colleague, who: Prepared, arriving: Arriving, actor: str) -> None:
    ours = lead.organization_id
    if not still_held(ours, [lead.pk]):
        raise Gone
    add_people(ours, [who])
    links = arriving.write([who])
    relation = Relation(organization_id=ours, asker=who.patient.person, kind=COLLEAGUE)
    relation.patient_id = lead.person_id  # type: ignore[assignment]  # it was kept a moment ago
    relation.save(force_insert=True)
    obey_links(ours, links)
    if one.called:
        Colleague.objects.of(ours).filter(lead=lead.pk, called=True, undone_at=None).update(called=False)
    one.save(force_insert=True)
    codes = {"decides": "yes" if one.decides else "no"}
    note(lead, "colleague.named", actor=actor, at=one.at, codes=codes)
    worked_on(ours, lead.pk, one.at)
    record(ours, actor, "colleague.named", f"lead/{lead.pk}", codes)


def _columns(told: dict[str, str]) -> dict[str, str]:
    return {"full_name": told["name"]} | {kind: told[kind] for kind in ("phone", "email") if told[kind]}


def _said(told: dict[str, str]) -> dict[str, Any]:
    """As an assessment tells it, as far as a record of somebody rests on one."""
    return {"contact": {"phone": told["phone"], "email": told["email"]}, "facts": {}, "asks_for": ""}


def _agreed(one: Colleague, told: dict[str, str], named: Named, actor: str) -> None:
    """The organisation has asked us, and now asks that we speak with them: its request, and the words of it as proof.
    Somebody else speaks for them, so where they have stopped us anywhere nothing is opened again."""
    ours, person = one.organization_id, one.person
    if not named.agreed.strip() or person is None or known(ours, person).stops:
        return
    with suppress(CannotGive):
        for channel, address in (("call", told["phone"]), ("email", told["email"])):
            if address:
                proof = Proof(named.agreed.strip(), "organisation", address=address)
                give(ours, person, Given(channel, "business"), proof, actor=actor)
        asked = Asked(person, one.lead_id, one.at, bool(told["phone"]), bool(told["email"]), business=True, text=False)
        note_inquiries(ours, [asked])


def undoable(one: Colleague, actor: str, now: datetime) -> bool:
    return one.by == actor and one.at >= now - UNDO_WITHIN
