"""Who knows what a submission lacks? Meta: it is asked for the answers of each lead that a notice only names.

Beside the worker, never while it drains: others decide how long an answer takes. What cannot be had now is asked for
later and later; in the end it needs mending, and its source says why. Once the source answers again, it is played
again by itself. (docs/decisions/0015)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import orjson
from django.db.models import Q
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.base.logs import log
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import in_trouble, out_of_trouble
from leadwell.server.intake.mending import replay
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import settings_of
from leadwell.server.intake.sources.meta.adapter import lead_of
from leadwell.server.intake.sources.meta.door import of_lead
from leadwell.server.intake.sources.meta.graph import Graph, NotLetIn, Refused, Unknown
from leadwell.server.privacy.sealing import Unopenable, seal
from leadwell.server.privacy.tokens import Blind

MOST: Final = 200  # of one source in one turn
LONGEST: Final = 60.0  # seconds of such a turn: mailboxes wait for it
MOST_TRIES: Final = 12  # of one lead: about six hours
EMPTY: Final = "Meta answered without the answers (field_data)"
_KIND: Final = "meta"
_WITHOUT_TOKEN: Final = "there is no access token: make one and type it here"  # noqa: S105  a sentence
_ASKED: Final = "asked for its answers: "  # how such a problem begins
_LONGEST_WAIT: Final = timedelta(hours=1)
_FAILED: Final = Q(state=State.NEEDS_MENDING, problem__startswith=_ASKED)
_LACKS_ANSWERS: Final = Q(state=State.AWAITING) | _FAILED
_BEFORE: Final = timedelta(days=1)  # a lead of the day before its source was added is still one of today's work
_ONE_AFTER_ANOTHER: Final = 3
_LATE: Final = 600  # seconds that a lead may come to stand in its form after its own time
_LOG: Final = log("leadwell.intake")
_Thing = TypeVar("_Thing")


def fetch_answers() -> int:
    """Asks for what is awaited and due; returns how many were had. A source that does not answer holds up no other."""
    return sum(_fetch(source) for source in _askable())


def look_through_forms() -> int:
    """Takes the leads of each form that no notice told of; returns how many."""
    return sum(_look(source) for source in _askable() if source.closed_at is None)


def _askable() -> Iterator[Source]:
    now = timezone.now()
    for organization in Organization.objects.all():
        yield from Source.objects.of(organization).filter(kind=_KIND).exclude(ask_again_at__gt=now)


def _fetch(source: Source) -> int:
    if source.troubles and source.ask_again_at is None:  # its settings were changed: what failed may be had now
        _play_again(source)
    ours = Submission.objects.of(source.organization_id).filter(source=source.pk, state=State.AWAITING)
    due = list(ours.filter(due_at__lte=timezone.now()).order_by("due_at")[:MOST])
    if not due:
        return 0
    try:
        graph = _graph(source)
        forms = _Forms(graph)
        return _each(source, due, lambda one: _had(source, graph, one, forms))
    except NotLetIn as refused:
        _troubled(source, refused)
        _needs_somebody(source, due, str(refused))
        return 0


def _each(source: Source, things: Sequence[_Thing], had: Callable[[_Thing], int]) -> int:
    """What was had of all of these. One that fails holds up no other; where some fail one after another, or none can
    be had, it is the source that does not answer."""
    count, well, failed, began = 0, 0, 0, monotonic()
    last: Refused | None = None
    for one in things:
        if monotonic() - began > LONGEST:
            break
        try:
            count += had(one)
            well, failed = well + 1, 0
        except NotLetIn:
            raise
        except Refused as refused:
            last, failed = refused, failed + 1
            if failed >= _ONE_AFTER_ANOTHER:
                break
    if last is not None and (not well or failed >= _ONE_AFTER_ANOTHER):
        _troubled(source, last)
    elif well:
        _untroubled(source)
    return count


class _Forms:
    """The forms of one turn, for their questions; of one that is not shown those are told by their keys."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, dict[str, Any]] = {}

    def __call__(self, number: str) -> dict[str, Any]:
        if number not in self._known:
            try:
                self._known[number] = self._graph.form(number)
            except Refused as refused:
                if not isinstance(refused, Unknown) and not refused.fewer:
                    raise
                self._known[number] = {}
        return self._known[number]


def _graph(source: Source) -> Graph:
    token = str(settings_of(source).get("token") or "")
    if not token:
        raise NotLetIn(_WITHOUT_TOKEN)
    return Graph(token)


def _had(source: Source, graph: Graph, one: Submission, forms: _Forms) -> int:
    """1 where its answers are there now. What is wrong with this one alone is noted on it."""
    try:
        lead = graph.lead(lead_of(opened(one, as_mended=False)))
        number = str(lead.get("form_id") or "")
        form = forms(number)
    except (Unknown, Unopenable) as refused:
        _not_now(one, str(refused) if isinstance(refused, Unknown) else "it cannot be opened")
        return 0
    except NotLetIn:
        raise
    except Refused as refused:
        _not_now(one, str(refused))
        raise
    if not isinstance(lead.get("field_data"), list):
        _not_now(one, EMPTY)
        return 0
    _give(one, lead, form)
    if form and number not in source.seen:
        source.seen = {**source.seen, number: 0}
        source.save(update_fields=["seen"])
    return 1


def _give(one: Submission, lead: dict[str, Any], form: dict[str, Any]) -> None:
    """Puts what was answered beside what was sent, and plays it; where it lacks nothing any more, nothing is done."""
    body = orjson.dumps({"lead": lead, "form": form})
    fetched = seal(one.organization_id, body, place=f"intake.fetched/{one.pk}")
    ours = Submission.objects.of(one.organization_id).filter(_LACKS_ANSWERS, pk=one.pk)
    ours.update(state=State.RECEIVED, fetched=fetched, due_at=timezone.now(), tries=0, problem="")


def _not_now(one: Submission, why: str) -> None:
    ours = Submission.objects.of(one.organization_id).filter(pk=one.pk, state=State.AWAITING)
    tries = one.tries + 1
    if tries >= MOST_TRIES:
        ours.update(state=State.NEEDS_MENDING, due_at=None, tries=tries, problem=f"{_ASKED}{why}")
    else:
        wait = min(timedelta(minutes=2 ** (tries - 1)), _LONGEST_WAIT)
        ours.update(due_at=timezone.now() + wait, tries=tries)


def _troubled(source: Source, refused: Refused) -> None:
    wait = timedelta(seconds=refused.wait)
    in_trouble(source, str(refused), lasting=isinstance(refused, NotLetIn), wait=wait)
    _LOG.error("a source could not be asked", source=source.pk, trouble=str(refused), times=source.troubles)


def _needs_somebody(source: Source, due: Sequence[Submission], why: str) -> None:
    """What waits is shown with what needs mending, where only somebody can change that it waits."""
    ours = Submission.objects.of(source.organization_id).filter(pk__in=[one.pk for one in due], state=State.AWAITING)
    ours.update(state=State.NEEDS_MENDING, due_at=None, problem=f"{_ASKED}{why}"[:200])


def _untroubled(source: Source) -> None:
    if source.troubles:
        out_of_trouble(source)
        _play_again(source)


def _play_again(source: Source) -> None:
    ours = Submission.objects.of(source.organization_id).filter(_FAILED, source=source.pk)
    replay(source.organization_id, ours.values_list("pk", flat=True))


def _look(source: Source) -> int:
    settings = settings_of(source)
    if not settings.get("token"):
        return 0
    try:
        graph = _graph(source)
        start, forms = _since(source, settings), _Forms(graph)
        numbers = _forms_of(source, graph, settings.get("pages", ()))
        return _each(source, numbers, lambda form: _look_through(source, graph, form, start, forms))
    except Refused as refused:
        _troubled(source, refused)
        return 0


def _forms_of(source: Source, graph: Graph, pages: Sequence[str]) -> list[str]:
    """Those of its pages, and those of which a lead came."""
    found = dict.fromkeys(source.seen)
    for page in pages:
        try:
            found |= dict.fromkeys(graph.forms(page))
        except Unknown:
            continue  # the others are looked through all the same
    return list(found)


def _since(source: Source, settings: dict[str, Any]) -> datetime:
    """Before then leads are somebody else's work, or done."""
    if said := settings.get("since"):
        zone = ZoneInfo(source.organization.time_zone)
        return datetime.combine(date.fromisoformat(said), time(), zone)
    return source.created_at - _BEFORE


def _look_through(source: Source, graph: Graph, form: str, start: datetime, forms: _Forms) -> int:
    """How far we are is told by the newest time in the form itself, and only once all of it was had: a page that fails
    leaves nothing behind it."""
    last = int(source.seen.get(form, 0))
    since = max(last - _LATE, int(start.timestamp()))
    count, newest = 0, last
    try:
        for page in graph.leads(form, since=since):
            count += _take(source, page, forms(form) if page else {})
            newest = max([newest, *(_seconds(one) for one in page)])
    except Unknown:
        return count
    if newest != last:
        source.seen = {**source.seen, form: newest}
        source.save(update_fields=["seen"])
    return count


def _take(source: Source, page: Sequence[dict[str, Any]], form: dict[str, Any]) -> int:
    """Those of a page that are not known. One of which only the name is there awaits the rest; one that is awaited is
    given it."""
    leads = {str(one["id"]): one for one in page if one.get("id")}
    if not leads:
        return 0
    blind = Blind(source.organization_id)
    tokens = {blind.token("key", f"{source.pk}/{_delivery(number, {}, {}).key}"): number for number in leads}
    known = {
        tokens[bytes(one.key or b"")]: one
        for one in Submission.objects.of(source.organization_id).filter(key__in=list(tokens))
    }
    for number, one in known.items():
        if isinstance(leads[number].get("field_data"), list):
            _give(one, leads[number], form)
    new = [_delivery(number, lead, form) for number, lead in leads.items() if number not in known]
    if new:
        accept(source.organization_id, source.pk, new)
    return len(new)


def _delivery(number: str, lead: dict[str, Any], form: dict[str, Any]) -> Delivery:
    return of_lead(number, Delivery(orjson.dumps({"lead": lead, "form": form})))


def _seconds(lead: dict[str, Any]) -> int:
    try:
        return int(datetime.strptime(str(lead.get("created_time")), "%Y-%m-%dT%H:%M:%S%z").timestamp())
    except ValueError:
        return 0
