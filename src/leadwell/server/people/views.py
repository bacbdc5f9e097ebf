"""One person: what do we hold, since when, who has seen it, and when does it go? Given out and erased here. (F33)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leadwell.server.access.needs import needs, refused
from leadwell.server.access.queries import names_of_users
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import Pager, asked_page, paged, show
from leadwell.server.people.emergency import LASTS, NotOpened, close_identities, open_identity
from leadwell.server.people.forms import Erasure, short
from leadwell.server.people.household import Known, known_from, related, shared_contacts
from leadwell.server.people.linking import linked
from leadwell.server.people.queries import emergencies_of, identity, is_known, name_of, others_of, sees
from leadwell.server.people.reviewing import unsure_of
from leadwell.server.privacy import held
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.receipts import roles_here, says, whose
from leadwell.server.privacy.trail import about, of_subjects, record


@dataclass(frozen=True)
class Use:
    """`times`: how often on that day; `at`: the last time."""

    at: datetime
    who: str
    did: str
    of: str
    where: str
    times: int = 1


@dataclass(frozen=True)
class Opened:
    at: datetime
    until: datetime
    who: str
    why: str | None


@dataclass(frozen=True)
class Lead:
    number: UUID
    code: str


@dataclass(frozen=True)
class Other:
    number: UUID
    code: str
    shares: str


@dataclass(frozen=True)
class Beside:
    """Another who belongs to them: `why`, in words."""

    number: UUID
    code: str
    why: str


@dataclass(frozen=True)
class Person:
    """`code`: the four letters that are typed before an erasure; `form`: None where the role may not erase."""

    number: UUID
    name: str
    code: str
    kept: tuple[held.Kept, ...]
    since: datetime | None
    ends: held.Ends | None
    leads: tuple[Lead, ...]
    others: tuple[Other, ...]
    known: tuple[Known, ...]
    one_with: tuple[Beside, ...]
    unsure: tuple[Beside, ...]
    related: tuple[Beside, ...]
    shared: tuple[str, ...]
    uses: tuple[Use, ...]
    pager: Pager
    emergencies: tuple[Opened, ...]
    may_export: bool
    may_link: bool
    form: Erasure | None


@dataclass(frozen=True)
class Emergency:
    """`lead`: the number of the one from which somebody came, '' where from none; `back`: its address or all leads'."""

    number: UUID
    code: str
    minutes: int
    reason: str
    wrong: str
    lead: str
    back: str


@needs(May.SEE_LEADS)
@require_safe
def person(request: MemberRequest, number: UUID) -> HttpResponse:
    member = request.member
    if not sees(member, number):
        return refused(request, member, May.SEE_IDENTITIES)
    form = Erasure(number) if member.may(May.ERASE_PERSON) else None
    return _person(request, number, form)


def _person(request: MemberRequest, number: UUID, form: Erasure | None, *, status: int = 200) -> HttpResponse:
    member, ours = request.member, request.member.organization_id
    known = identity(ours, number)
    if known is None:
        raise Http404
    record(ours, member.actor, "person.viewed", f"person/{number}")
    subject = held.subject_of(ours, number)
    one_person = linked(ours, [number])[number]
    alike = [one for one in others_of(ours, number) if one.person not in one_person]
    theirs = held.subjects_of(subject)
    entries, pager = paged(of_subjects(ours, theirs), asked_page(request))
    names = names_of_users(ours) if member.may(May.SEE_TRAIL) else roles_here(ours)
    unsure = unsure_of(ours, one_person)
    maybe = {one for two in unsure for one in two}
    kept, opens = tuple(held.kept(subject)), ("lead", "submission") if member.may(May.SEE_INBOX) else ("lead",)
    page = Person(
        number=number,
        name=name_of(known),
        code=short(number),
        kept=kept,
        since=min((one.since for one in kept if one.since), default=None),
        ends=held.ends(subject),
        leads=tuple(Lead(one, short(one)) for one in sorted(_leads(ours, subject, one_person))),
        others=tuple(Other(one.person, short(one.person), " and ".join(one.shares)) for one in alike),
        known=known_from(ours, sorted(one_person)),
        one_with=tuple(_one_with(number, one, unsure) for one in sorted(one_person - {number})),
        unsure=tuple(Beside(one, short(one), "nobody has said yet") for one in sorted(maybe - one_person)),
        related=tuple(Beside(one, short(one), why) for one, why in related(ours, number)),
        shared=shared_contacts(ours, number),
        uses=_folded(_use(entry, what, names, opens) for entry in entries for what in about(entry, theirs)),
        pager=pager,
        emergencies=_emergencies(ours, number) if member.may(May.SEE_TRAIL) else (),
        may_export=member.may(May.EXPORT_PERSON),
        may_link=member.may(May.LINK_PEOPLE),
        form=form,
    )
    return show(request, "people/person.html", page, status=status)


def _one_with(number: UUID, other: UUID, unsure: Iterable[tuple[UUID, UUID]]) -> Beside:
    asked = any(other in two for two in unsure if number in two)
    why = "taken for the same person, which is unsure: another may be as well" if asked else "taken for the same person"
    return Beside(other, short(other), why)


def _leads(organization: int, subject: held.Subject, one_person: frozenset[UUID]) -> set[UUID]:
    """Theirs, under whichever id they came."""
    others = (held.subject_of(organization, one) for one in one_person - {subject.person})
    return subject.leads.union(*(one.leads for one in others))


def _folded(uses: Iterable[Use]) -> tuple[Use, ...]:
    """What somebody did again on the same day is one line."""
    found: dict[tuple[object, ...], Use] = {}
    for one in uses:
        key = (timezone.localdate(one.at), one.who, one.did, one.of, one.where)
        found[key] = replace(found[key], times=found[key].times + 1) if key in found else one
    return tuple(found.values())


def _use(entry: TrailEntry, what: str, names: dict[str, str], opens: tuple[str, ...]) -> Use:
    kind, _, number = what.partition("/")
    of = f"{kind.capitalize()} {number[-4:].upper()}" if kind != "person" else ""
    where = reverse(kind, args=[number]) if kind in opens else ""
    return Use(entry.at, whose(entry.actor, names), says(entry.action, entry.codes), of, where)


def _emergencies(organization: int, number: UUID) -> tuple[Opened, ...]:
    return tuple(
        Opened(one.opened_at, one.until, one.user.get_full_name() if one.user else "somebody who is gone", why)
        for one, why in emergencies_of(organization, number)
    )


@needs(May.EXPORT_PERSON)
@require_POST
def export_person(request: MemberRequest, number: UUID) -> HttpResponse:
    """Everything that is held of one person, as a file. That it was given out goes on record."""
    ours = request.member.organization_id
    if not is_known(ours, number):
        raise Http404
    given = held.export(ours, number, actor=request.member.actor)
    answer = HttpResponse(orjson.dumps(given, option=orjson.OPT_INDENT_2), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="person-{short(number)}.json"'
    return answer


@needs(May.ERASE_PERSON)
@require_POST
def erase_person(request: MemberRequest, number: UUID) -> HttpResponse:
    """For good; only after the letters of the page were typed, and with a reason."""
    ours = request.member.organization_id
    if not is_known(ours, number):
        raise Http404
    form = Erasure(number, request.POST)
    if not form.is_valid():
        return _person(request, number, form, status=400)
    others = others_of(ours, number)
    subject = held.erase(ours, number, actor=request.member.actor, codes={"reason": form.cleaned_data["reason"]})
    count = len(subject.leads)
    messages.success(request, f"Erased: this person, with {count} {'enquiry' if count == 1 else 'enquiries'}.")
    if not others:
        return HttpResponseRedirect(reverse("leads"))
    messages.warning(
        request, "Somebody else here has the same telephone or e-mail. Are they the same person once more?"
    )
    return HttpResponseRedirect(reverse("person", args=[others[0].person]))


@needs(May.SEE_LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: MemberRequest, number: UUID) -> HttpResponse:
    """Opens who somebody is for a while, to one whose role does not show it, and leads back to where they came from."""
    if not is_known(request.member.organization_id, number):
        raise Http404
    lead = _lead_said(request)
    opened = reverse("lead", args=[lead]) if lead else reverse("person", args=[number])
    if sees(request.member, number):
        return HttpResponseRedirect(opened)
    reason = request.POST.get("reason", "")[:1000]
    wrong = ""
    if request.method == "POST":
        try:
            open_identity(request.member, number, reason)
        except NotOpened as error:
            wrong = str(error)
        else:
            return HttpResponseRedirect(opened)
    back = opened if lead else reverse("leads")
    minutes = int(LASTS.total_seconds() // 60)
    page = Emergency(number, short(number), minutes, reason, wrong, str(lead or ""), back)
    return show(request, "people/emergency.html", page, status=400 if wrong else 200)


def _lead_said(request: MemberRequest) -> UUID | None:
    """The lead from which somebody came, as the address or the form says."""
    try:
        return UUID((request.POST.get("lead") or request.GET.get("lead") or "")[:36])
    except ValueError:
        return None


@needs()
@require_POST
def close_emergency(request: MemberRequest) -> HttpResponse:
    """Closes it at once, and stays on the page; but what is hidden again cannot be stayed on."""
    if close_identities(request.member):
        messages.success(request, "Closed. Names are hidden again.")
    return HttpResponseRedirect(_stays(request.POST.get("back", "")))


def _stays(page: str) -> str:
    """The page on which it was closed, if it is one of ours that is still shown."""
    path = urlsplit(page).path
    ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    try:
        return page if ours and resolve(path).url_name != "person" else reverse("leads")
    except Resolver404:
        return reverse("leads")
