"""What becomes of what was received? Submissions are claimed, read, judged and written, many at a time.

Leads are keyed by their submission, so what was written before a crash is not written twice; the submission is marked
last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from leadwell.server.base import bulk
from leadwell.server.base.logs import log
from leadwell.server.base.routers import inbox_database
from leadwell.server.base.turns import inbox_turn
from leadwell.server.intake import bearing, conversations, mentioning, sources
from leadwell.server.intake.claiming import MOST_TRIES, claim, ended, give_back, in_hand, put_off, set_aside_deadly
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.pacing import MOST
from leadwell.server.intake.queries import settings_of
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.striking import empty_struck, struck_of
from leadwell.server.leads.actions import Coming, coming, remember
from leadwell.server.leads.joining import Policy
from leadwell.server.leads.judging import Arrived, Judged, judged
from leadwell.server.leads.queries import first_leads, joined_rows, leads_made
from leadwell.server.leads.referring import of_referrers
from leadwell.server.leads.rejudging import rejudge_joined
from leadwell.server.playbooks.queries import NoPlaybook, in_force
from leadwell.server.privacy.sealing import Unopenable

FIRST: Final = 200  # of a batch, those that came last: written before the rest
SLICE: Final = 1_500  # leads of one submission before others have their turn
_BACK_OFF: Final = timedelta(seconds=5)
_WRITTEN_ELSEWHERE: Final = timedelta(seconds=1)
_WITHOUT_PLAYBOOK: Final = timedelta(seconds=60)
_LOG: Final = log("leadwell.intake")


@dataclass
class Drained:
    submissions: int = 0
    leads: int = 0
    tried_again: int = 0
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def drain(*, most: int = MOST, stopping: Callable[[], bool] = lambda: False) -> Drained:
    """Takes up to `most` submissions that are due to their end. `submissions` is 0 where none was due. `stopping`: is
    asked where each is tried by itself; what is left then comes due at once."""
    give_back()  # what a round that failed has left
    done = Drained()
    claimed = claim(most)
    for organization, ours in _by_organization(claimed):
        _settle(organization, ours, done, stopping)
    give_back()
    if len(claimed) < most:
        _note_deadly()
    return done


def _note_deadly() -> None:
    for organization, ours in _by_organization(set_aside_deadly()):
        mentioning.note(organization, ours)


def _by_organization(claimed: Sequence[Submission]) -> list[tuple[int, list[Submission]]]:
    """Whoever has few comes first: their leads wait for no long list of others."""
    groups: dict[int, list[Submission]] = defaultdict(list)
    for submission in claimed:
        groups[submission.organization_id].append(submission)
    return sorted(groups.items(), key=lambda group: len(group[1]))


def _settle(organization: int, claimed: list[Submission], done: Drained, stopping: Callable[[], bool]) -> None:
    """Reads, judges and writes; where a batch fails, each by itself, so that one bad one never holds up the others."""
    try:
        _process(organization, claimed, done)
    except NoPlaybook:
        put_off(claimed, _WITHOUT_PLAYBOOK)
        done.tried_again += len(claimed)
    except (OperationalError, InterfaceError, KeyboardInterrupt, SystemExit):  # no fault of a submission's
        raise
    except BaseException as error:  # noqa: BLE001  a panic in Rust is no Exception; it must not end the worker each time
        if len(claimed) == 1:
            _failed(claimed[0], error)
            done.tried_again += 1
            return
        for one in in_hand(claimed):
            if stopping():
                return
            _settle(organization, [one], done, stopping)


@dataclass(frozen=True)
class _Batch:
    """What was read and judged of submissions of one organisation. `joined`: submission -> the lead that it has joined.
    `behind`, `elsewhere`: those that belong to what is only being written, here or by another worker. `early`: those
    that wait for what they belong to. `waiting`: those that have more leads than are taken now."""

    organization: int
    readings: Mapping[UUID, Reading]
    joined: Mapping[UUID, UUID]
    behind: frozenset[UUID]
    elsewhere: frozenset[UUID]
    early: Mapping[UUID, Reading]
    struck: frozenset[tuple[UUID, int]]
    waiting: Collection[UUID]
    judged: Sequence[Judged]
    coming: Coming


def _process(organization: int, claimed: list[Submission], done: Drained) -> None:
    """Judging costs most by the batch and writing by the lead: so all are judged at once, and what came last is written
    before the rest, unless it joins one of those. What belongs to one of them is looked at again once that is written;
    what asked again ends when the lead that it has joined was judged anew."""
    while claimed:
        batch = _understood(organization, claimed)
        put_off([one for one in claimed if one.id in batch.elsewhere], _WRITTEN_ELSEWHERE)
        first = [one for one in claimed if one.id not in batch.behind | batch.elsewhere]
        again: list[tuple[_Written, list[Submission]]] = []
        rest = {one.id for one in first[FIRST:]}
        last = rest and rest | batch.coming.join_each_other
        for part in ([one for one in first if one.id not in last], [one for one in first if one.id in last]):
            if part:
                written = _write(batch, part, done)
                _end(batch, written, [one for one in part if one.id not in written.repeats], done)
                again.append((written, [one for one in part if one.id in written.repeats]))
        rejudge_joined(organization, {lead for written, _ in again for lead in chain(*written.repeats.values())})
        for written, part in again:
            _end(batch, written, part, done)
        claimed = [one for one in claimed if one.id in batch.behind]


def _understood(organization: int, claimed: list[Submission]) -> _Batch:
    version, playbook = in_force(organization)
    readings = dict(zip((s.id for s in claimed), _readings(organization, claimed), strict=True))
    placed = conversations.placed(organization, claimed, readings, policy=Policy(version, playbook))
    struck = struck_of(organization, readings.keys())
    rest = [one for one in claimed if one.id not in (placed.joined.keys() | placed.behind | placed.elsewhere)]
    arrived, waiting = _arrived(organization, rest, placed.readings, struck)
    told = judged(of_referrers(arrived, playbook), playbook) if arrived else []
    return _Batch(
        organization, placed.readings, placed.joined, placed.behind, placed.elsewhere, placed.early, struck, waiting,
        told,
        coming(organization, version, told),
    )  # fmt: skip


@dataclass(frozen=True)
class _Written:
    """What became of some submissions. `made`, `joined`: submission -> its first lead, or the lead that it has joined;
    `repeats`: those whose rows asked again -> the leads that these have joined; `never`: how many of its rows were
    erased before they were leads."""

    made: Mapping[UUID, UUID]
    joined: Mapping[UUID, UUID]
    repeats: Mapping[UUID, Sequence[UUID]]
    never: Mapping[UUID, int]


def _write(batch: _Batch, part: Sequence[Submission], done: Drained) -> _Written:
    readings = {one.id: batch.readings[one.id] for one in part}
    leads = [one for one in batch.judged if one.arrived.submission in readings]
    remember(batch.organization, batch.coming, leads)
    made = first_leads(batch.organization, readings.keys())
    repeats = _repeats(batch.organization, readings.keys())
    joined = {one: lead for one, lead in batch.joined.items() if one in readings}
    joined |= {one: leads[0] for one, leads in repeats.items()}
    bearing.remember(batch.organization, readings, made | joined)
    struck = {row for row in batch.struck if row[0] in readings}
    never = Counter(submission for submission, _ in struck - leads_made(batch.organization, struck))
    done.submissions += len(part)
    done.leads += len(leads)
    return _Written(made, joined, repeats, never)


def _end(batch: _Batch, written: _Written, part: Sequence[Submission], done: Drained) -> None:
    through, now = [one for one in part if one.id not in batch.waiting], timezone.now()
    for one in through:
        _ended(one, batch.readings[one.id], now)
        if one.id in batch.joined:
            one.state, one.leads = State.JOINED, 0
        if one.id in written.never:
            _without(one, written.never[one.id])
        _joined(one, len(written.repeats.get(one.id, ())))
        one.lead = written.made.get(one.id) or written.joined.get(one.id)
        done.states[one.state] += 1
        one.tries = 0
    mentioning.note(batch.organization, through)
    if through:
        with inbox_turn(), transaction.atomic(using=inbox_database()):
            bulk.update(through, ["state", "lead", "leads", "problem", "assessed_at", "due_at", "tries"])
        empty_struck(batch.organization, {one.id for one in part})
        ended(through)
        conversations.look_again(
            batch.organization, {one.id: batch.early[one.id] for one in through if one.id in batch.early}
        )
    put_off([one for one in part if one.id in batch.waiting], timedelta())


def _arrived(
    organization: int,
    claimed: Sequence[Submission],
    readings: Mapping[UUID, Reading],
    struck: Collection[tuple[UUID, int]],
) -> tuple[list[Arrived], set[UUID]]:
    """The leads to be judged now, and which submissions have more: a long list is taken in slices, other leads between
    them."""
    arrived: list[Arrived] = []
    waiting: set[UUID] = set()
    for one in claimed:
        said = readings[one.id]
        rows = {nth: row for nth, row in enumerate(said.leads) if (one.id, nth) not in struck}
        if len(rows) > SLICE:
            for _, nth in (
                *leads_made(organization, [(one.id, nth) for nth in rows]),
                *joined_rows(organization, [one.id]),
            ):
                rows.pop(nth, None)
        if len(rows) > SLICE:
            waiting.add(one.id)
        made = partial(
            Arrived, source=one.source, received_at=one.received_at, spoken=said.spoken, senders=said.senders
        )
        arrived += [made(one.id, nth, columns=row) for nth, row in islice(rows.items(), SLICE)]
    return arrived, waiting


def _readings(organization: int, claimed: list[Submission]) -> list[Reading]:
    known = {s.pk: s for s in Source.objects.of(organization).filter(pk__in={c.source for c in claimed})}
    settings = {pk: settings_of(source) for pk, source in known.items()}
    return [_reading(c, known.get(c.source), settings.get(c.source, {})) for c in claimed]


def _reading(submission: Submission, source: Source | None, settings: dict[str, Any]) -> Reading:
    if source is None:
        return Reading(problem="its source no longer exists")
    try:
        sent = opened(submission)
    except Unopenable:
        return Reading(problem="it cannot be opened: damaged, or sealed for another organisation")
    return sources.reader(source.kind)(sent, {**settings, "source": source.pk})


def _without(submission: Submission, gone: int) -> None:
    """Of whom nobody is left but people who were erased before they were leads, it never made one."""
    submission.leads -= gone
    if submission.state == State.ASSESSED and not submission.leads:
        submission.state, submission.problem = State.NOT_A_LEAD, "erased before it was taken in"


def _repeats(organization: int, submissions: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Submission -> the leads that its rows have joined, in its order."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for (submission, _), lead in sorted(joined_rows(organization, submissions).items()):
        found[submission].append(lead)
    return found


def _joined(submission: Submission, repeats: int) -> None:
    """What asked again made no lead of its own."""
    submission.leads -= repeats
    if repeats and not submission.leads:
        submission.state = State.JOINED


def _ended(submission: Submission, reading: Reading, now: datetime) -> None:
    if reading.problem:
        submission.state = State.NEEDS_MENDING
    elif reading.not_a_lead:
        submission.state = State.NOT_A_LEAD
    elif reading.awaits:
        submission.state = State.AWAITING
    else:
        submission.state, submission.assessed_at = State.ASSESSED, now
    submission.problem = (reading.problem or reading.not_a_lead or reading.awaits)[:200]
    submission.leads = len(reading.leads)
    submission.due_at = now if reading.awaits else None


def _failed(submission: Submission, error: BaseException) -> None:
    """Tried again, later and later; after the last try set aside, where a person sees it."""
    tries = submission.tries
    _LOG.error(
        "submission failed", submission=str(submission.id), tries=tries, error=type(error).__name__, exc_info=error
    )
    ours = Submission.objects.filter(id=submission.id)
    ended([submission])
    if tries >= MOST_TRIES:
        ours.update(state=State.SET_ASIDE, due_at=None, problem=type(error).__name__)
        submission.state = State.SET_ASIDE
        mentioning.note(submission.organization_id, [submission])
    else:
        ours.update(due_at=timezone.now() + _BACK_OFF * 2**tries)
