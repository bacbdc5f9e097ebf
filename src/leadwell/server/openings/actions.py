"""Say when a clinic has openings. All of what is said at once, or nothing; the last who says something is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from leadwell.playbook import Playbook
from leadwell.routing.openings import Slot, slots, slots_of
from leadwell.server.openings.models import Opening, Stated
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.trail import record_all

_FARTHEST: Final = timedelta(days=730)
_AHEAD: Final = timedelta(minutes=5)  # left to a clock that runs ahead
MOST_WEEKS: Final = 8
MOST_A_WEEK: Final = 9_999
_CONTENT: Final = ("on", "hour", "full", "weeks")


class CannotState(ValueError):  # noqa: N818  its message is for whoever tried; `number`: of what was said, `key`: in it
    def __init__(self, key: str, says: str, number: int = 0) -> None:
        super().__init__(says)
        self.key, self.number = key, number


class SaidSince(ValueError):  # noqa: N818  says what happened
    """Somebody has said something else since the version that this one has seen. `number`: of what was said."""

    def __init__(self, number: int, version: int) -> None:
        super().__init__(
            f"Somebody has said something else since: it is version {version} now. Read it, then say yours."
        )
        self.number, self.version = number, version


@dataclass(frozen=True)
class Said:
    """As of `Stated` in the models. `as_of`: None for now. `version`: the one that they have seen, None where whatever
    stands is to be replaced."""

    slot: Slot
    on: date | None
    hour: datetime | None = None
    full: bool = False
    weeks: tuple[int, ...] = ()
    as_of: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Told:
    """`opening`: as it stands now; `before`: as it stood. `new`: whether something else is said now; `late`: whether
    something later was known, so that this changes nothing."""

    opening: Opening
    before: Opening | None
    new: bool
    late: bool = False


def state(organization: int, said: Sequence[Said], *, actor: str) -> list[Told]:
    """In the order given. The same said again is known anew, and is no other version. Raises CannotState, SaidSince."""
    policy, now = in_force(organization)[1], timezone.now()
    today = now.astimezone(ZoneInfo(policy.organization.time_zone)).date()
    for number, one in enumerate(said):
        _check(one, number, policy, now, today)
    if twice := next((n for n, one in enumerate(said) if one.slot in {other.slot for other in said[:n]}), None):
        raise CannotState("service", "The same stands twice; say it once.", twice)
    with transaction.atomic():
        held = _held(organization, {one.slot for one in said})
        told = [_written(held[one.slot], one, number, now, actor) for number, one in enumerate(said)]
        changes = [(one.opening.service, one.opening.location, one.opening.version) for one in told if one.new]
        if changes:
            codes = [{"service": service, "location": place, "version": n} for service, place, n in changes]
            record_all(organization, actor, "opening.stated", [("", one) for one in codes])
    return told


def slot(policy: Playbook, service: str, location: str = "", visit: str = "") -> Slot:
    """The one that is meant; the visit may be left out where there is one alone. Raises CannotState."""
    if service not in policy.services:
        raise CannotState("service", _none("service", service, policy.services))
    ours = slots_of(policy, service)
    if location and location not in policy.locations:
        raise CannotState("location", _none("clinic", location, policy.locations))
    here = [one for one in ours if one.location == location]
    if not here:
        known = ", ".join(dict.fromkeys(one.location for one in ours if one.location))
        raise CannotState(
            "location", f"It is offered at {known}." if known else "It is offered by video: leave it out."
        )
    found = [one for one in here if visit in ("", one.visit)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one.visit for one in here if one.visit)
    raise CannotState("visit", f"Say for which visit: {known}." if known else "It has no visits: leave it out.")


def _none(kind: str, given: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(given, names, 1)
    return f"There is no such {kind}; {f'“{near[0]}” may be meant' if near else 'there are ' + ', '.join(names)}."


def _check(one: Said, number: int, policy: Playbook, now: datetime, today: date) -> None:
    if one.slot not in slots(policy):
        raise CannotState("service", "The playbook does not offer this there.", number)
    if one.on is None and not one.full:
        raise CannotState("on", "Say the day of the next opening, or that it is full.", number)
    if one.on is not None and not today <= one.on <= today + _FARTHEST:
        raise CannotState("on", "Choose a day from today on, within two years.", number)
    if one.full and one.on == today:
        raise CannotState("on", "Full until today is not full: choose a later day, or none where nobody knows.", number)
    if one.hour is not None and one.hour < now:
        raise CannotState("hour", "That hour is over. Say the next one.", number)
    if len(one.weeks) > MOST_WEEKS or any(not 0 <= count <= MOST_A_WEEK for count in one.weeks):
        raise CannotState("weeks", f"Say at most {MOST_WEEKS} weeks, each from 0 to {MOST_A_WEEK:,}.", number)
    if counted := _counted_before(one, policy, now):
        raise CannotState("weeks", counted, number)
    if one.as_of is not None and one.as_of > now + _AHEAD:
        raise CannotState("as_of", "It lies ahead. Say when that was so, or leave it out for now.", number)


def _counted_before(one: Said, policy: Playbook, now: datetime) -> str:
    """What contradicts itself: some counted in seven days that are over before the first of them."""
    said_on = (one.as_of or now).astimezone(ZoneInfo(policy.organization.time_zone)).date()
    if one.on is None or one.full:
        return ""
    if not any(one.weeks[: max((one.on - said_on).days // 7, 0)]):
        return ""
    last = said_on + timedelta(days=6)
    return (
        f"The next opening is on {one.on:%a} {one.on.day} {one.on:%b %Y}, and the first 7 days end on "
        f"{last:%a} {last.day} {last:%b %Y}: say 0 for those before it, or leave them out."
    )


def _held(organization: int, wanted: set[Slot]) -> dict[Slot, Opening]:
    """Until the transaction ends nobody else says anything of these. In one order, so that no two wait for ever."""
    rows = sorted(wanted, key=lambda one: (one.service, one.location, one.visit))
    now = timezone.now()
    new = [
        Opening(organization_id=organization, service=one.service, location=one.location, visit=one.visit, as_of=now)
        for one in rows
    ]
    Opening.objects.bulk_create(new, ignore_conflicts=True)
    ours = Opening.objects.of(organization).filter(service__in={one.service for one in rows}).select_for_update()
    return {Slot(one.service, one.location, one.visit): one for one in ours.order_by("service", "location", "visit")}


def _written(row: Opening, said: Said, number: int, now: datetime, actor: str) -> Told:
    if said.version is not None and said.version != row.version:
        raise SaidSince(number, row.version)
    as_of = min(said.as_of or now, now)
    before = _copy(row) if row.version else None
    if before is not None and before.as_of > as_of:
        return Told(row, before, new=False, late=True)
    content = {"on": said.on, "hour": said.hour, "full": said.full, "weeks": list(said.weeks)}
    new = before is None or any(getattr(row, name) != value for name, value in content.items())
    for name, value in (content | {"as_of": as_of, "by": actor}).items():
        setattr(row, name, value)
    row.version += 1 if new else 0
    row.save(update_fields=[*_CONTENT, "as_of", "by", "version"])
    if new:
        same = {name: getattr(row, name) for name in (*_CONTENT, "as_of", "by", "version", "organization_id")}
        Stated.objects.create(opening=row, **same)
    return Told(row, before, new=new)


def _copy(row: Opening) -> Opening:
    names = [field.attname for field in Opening._meta.concrete_fields]
    return Opening(**{name: getattr(row, name) for name in names})
