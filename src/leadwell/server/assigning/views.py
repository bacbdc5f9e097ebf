"""The page Team: who is in, who has how much, and what to do when somebody is away. (promise D19)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leadwell.playbook import Playbook
from leadwell.server.access.models import Membership
from leadwell.server.access.needs import needs
from leadwell.server.access.queries import member_by_number
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.assigning import replanning
from leadwell.server.assigning.actions import give_out, wake
from leadwell.server.assigning.crediting import welcome_back
from leadwell.server.assigning.forms import Away, TakesOn
from leadwell.server.assigning.showing import Colleague, TeamNow, colleagues, teams_now
from leadwell.server.base.pages import show
from leadwell.server.base.templatetags.look import day_of
from leadwell.server.playbooks.queries import policy_now
from leadwell.server.playbooks.requests import policy_needed
from leadwell.server.privacy.trail import record_list
from leadwell.server.teams.actions import AwayAlready, be_away, be_back, call_off, take_on
from leadwell.server.teams.models import Absence, Because
from leadwell.server.teams.queries import absences_of, away_until, duty_of
from leadwell.server.worklist.rows import Row, rows

_DIGITS: Final = 10  # a number of so many is none of ours
_SHOWN: Final = 100  # leads of one person


@dataclass(frozen=True)
class Team:
    """`policy`: whether there is one; without it there are no teams. `nobody`: leads for which nobody was found."""

    people: tuple[Colleague, ...]
    teams: tuple[TeamNow, ...]
    there: int
    nobody: int
    reasons: tuple[tuple[str, str], ...]
    tomorrow: str
    policy: bool


@dataclass(frozen=True)
class One:
    """`begun`, `untouched`: what is theirs; `more`: how many of it are not shown; `others`: who may be handed it;
    `ahead`: absences that have not begun."""

    who: Colleague
    begun: tuple[Row, ...]
    untouched: tuple[Row, ...]
    more: int
    others: tuple[Colleague, ...]
    ahead: tuple[Absence, ...]
    reasons: tuple[tuple[str, str], ...]
    tomorrow: str
    form: TakesOn | None


@needs(May.PLAN_TEAM)
@require_safe
def team(request: MemberRequest) -> HttpResponse:
    member, now = request.member, timezone.now()
    policy = policy_now(member.organization_id)
    if policy is None:
        return show(request, "assigning/team.html", Team((), (), 0, 0, (), "", policy=False))
    people = colleagues(member, policy, now)
    teams = teams_now(member.organization_id, policy, people, now)
    page = Team(
        people=people,
        teams=teams,
        there=sum(one.is_in is True for one in people),
        nobody=sum(one.nobody for one in teams),
        reasons=_reasons(),
        tomorrow=_tomorrow(member),
        policy=True,
    )
    return show(request, "assigning/team.html", page)


@needs(May.PLAN_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def colleague(request: MemberRequest, number: int) -> HttpResponse:
    """What somebody has and takes on; changes what they take on."""
    who, policy = _colleague(request, number), policy_needed(request)
    duty = duty_of(who.organization_id, who.pk)
    if request.method != "POST":
        return _one(request, who, policy, TakesOn(None, policy, duty))
    form = TakesOn(request.POST, policy, duty)
    if not form.is_valid():
        return _one(request, who, policy, form, status=400)
    before = set(duty.teams) if duty else set()
    made = take_on(who, form.said, by=request.member.actor)
    wake(who.organization_id, before | set(made.teams))
    give_out(who.organization_id)
    messages.success(request, "Saved. It holds from the next lead on.")
    return HttpResponseRedirect(reverse("colleague", args=[number]))


@needs(May.PLAN_TEAM)
@require_POST
def set_away(request: MemberRequest, number: int) -> HttpResponse:
    who = _colleague(request, number)
    form = Away(request.POST, zone=who.organization.time_zone)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return HttpResponseRedirect(reverse("colleague", args=[number]))
    name, back = who.user.get_full_name(), day_of(form.back_at)
    try:
        made = be_away(who, form.out_at, form.back_at, because=form.why, by=request.member.actor)
    except AwayAlready as error:
        messages.warning(request, _already(name, error))
        return HttpResponseRedirect(reverse("colleague", args=[number]))
    if not form.ahead and made.since > timezone.now():
        messages.success(request, f"{name} was away until {day_of(made.since)} already, and now is until {back}.")
    elif form.ahead:
        messages.success(request, f"{name} will be away from {day_of(form.out_at)}, and is back on {back}.")
    else:
        moved = replanning.plan_absences(who.organization_id)
        messages.success(request, f"{name} is away until {back}. {_moved(moved)}")
    return HttpResponseRedirect(reverse("colleague", args=[number]))


@needs(May.PLAN_TEAM)
@require_POST
def set_back(request: MemberRequest, number: int) -> HttpResponse:
    who = _colleague(request, number)
    if be_back(who, by=request.member.actor):
        welcome_back(who.organization_id)
        give_out(who.organization_id)
        messages.success(request, f"{who.user.get_full_name()} is back, and is given leads again.")
    else:
        messages.warning(request, "They were not away.")
    return HttpResponseRedirect(reverse("team"))


@needs(May.PLAN_TEAM)
@require_POST
def set_off(request: MemberRequest, number: int) -> HttpResponse:
    """An absence that lies ahead does not take place."""
    who, absence = _colleague(request, number), _number(request.POST.get("absence", ""))
    done = call_off(who, absence, by=request.member.actor) if absence is not None else None
    if done is not None:
        messages.success(request, _called_off(who, done))
    else:
        messages.warning(request, "That absence has begun, or was called off before.")
    return HttpResponseRedirect(reverse("colleague", args=[number]))


@needs(May.PLAN_TEAM)
@require_POST
def hand_over(request: MemberRequest, number: int) -> HttpResponse:
    who, to = _colleague(request, number), request.POST.get("to", "")
    leads = [one for text in request.POST.getlist("lead") if (one := _lead(text)) is not None]
    receiver = _receiver(request, to) if to else None
    if not leads:
        messages.warning(request, "Choose the leads to hand over.")
    elif to and receiver is None:
        messages.warning(request, "Choose a colleague who takes leads, or their team.")
    elif receiver is not None and (until := _away(receiver)) is not None:
        name = receiver.user.get_full_name()
        messages.warning(request, f"{name} is away until {day_of(until)}: hand them to somebody who is here.")
    else:
        done = replanning.pass_on(who, leads, to=receiver.user_id if receiver else None, by=request.member)
        whose = receiver.user.get_full_name() if receiver else "their team"
        messages.success(request, f"{done} {'lead' if done == 1 else 'leads'} handed to {whose}.")
    return HttpResponseRedirect(reverse("colleague", args=[number]))


def _one(
    request: MemberRequest, who: Membership, policy: Playbook, form: TakesOn, *, status: int = 200
) -> HttpResponse:
    now, people = timezone.now(), colleagues(request.member, policy, timezone.now())
    told = replanning.theirs(who.organization_id, who.user_id)
    shown = rows(request.member, told.rows[:_SHOWN], now)
    if request.member.may(May.SEE_IDENTITIES):
        subjects = [f"lead/{row.id}" for row in shown]
        record_list(who.organization_id, request.member.actor, "lead.listed", subjects)
    page = One(
        who=next(one for one in people if one.number == who.pk),
        begun=tuple(row for row in shown if row.id in told.begun),
        untouched=tuple(row for row in shown if row.id not in told.begun),
        more=len(told.rows) - len(shown),
        others=tuple(one for one in people if one.number != who.pk and not one.away),
        ahead=tuple(one for one in absences_of(who.organization_id, who.pk, since=now) if one.since > now),
        reasons=_reasons(),
        tomorrow=_tomorrow(request.member),
        form=form,
    )
    return show(request, "assigning/colleague.html", page, status=status)


def _colleague(request: MemberRequest, number: int) -> Membership:
    """One whose role may work leads."""
    found = member_by_number(request.member.organization_id, number)
    if found is None or not found.may(May.WORK_LEADS):
        raise Http404
    return found


def _receiver(request: MemberRequest, text: str) -> Membership | None:
    number = _number(text)
    found = member_by_number(request.member.organization_id, number) if number is not None else None
    return found if found is not None and found.may(May.WORK_LEADS) else None


def _away(who: Membership) -> datetime | None:
    """Until when; None where they are here."""
    now = timezone.now()
    return away_until(absences_of(who.organization_id, who.pk, since=now), now)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < _DIGITS else None


def _lead(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _already(name: str, error: AwayAlready) -> str:
    one = error.one
    stands = f"{name} is away from {day_of(one.since)} until {day_of(one.until)} already"
    return f"{stands}." if error.whole else f"{stands}: call that off first, or choose days beside it."


def _called_off(who: Membership, done: Absence) -> str:
    """That they will be here, unless another absence stands on some of these days."""
    name = who.user.get_full_name()
    left = [one for one in absences_of(who.organization_id, who.pk, since=done.since) if one.since < done.until]
    if not left:
        return f"{name} will be here."
    return f"That is called off. {name} is away from {day_of(left[0].since)} until {day_of(left[0].until)} still."


def _reasons() -> tuple[tuple[str, str], ...]:
    return tuple((str(one.value), str(one.label)) for one in Because)


def _tomorrow(member: Membership) -> str:
    return str(Away(zone=member.organization.time_zone).fields["until"].widget.attrs["min"])


def _moved(count: int) -> str:
    if not count:
        return "Nothing that they had not begun was left."
    return f"{count} that they had not begun {'goes' if count == 1 else 'go'} to colleagues."
