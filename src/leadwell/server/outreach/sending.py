"""How does a message leave? Written, asked for, announced, given, answered; each step may be the last. (promise D23)

The gate is asked in the transaction that marks the message as being sent. Its words leave in another one, which holds
the message's row: a stop that comes then waits until they have left, and one that came first has taken the row away. So
nothing leaves after a stop has been written, and whatever has left has its yes beside it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from leadwell.server.base.alone import beside
from leadwell.server.base.logs import log
from leadwell.server.consent.actions import Noted
from leadwell.server.outreach import backoff, gate
from leadwell.server.outreach.channels import Answer, Line, NotReached, Refused, Unfit, Way, Written, way
from leadwell.server.outreach.claiming import let_go, slow_down
from leadwell.server.outreach.incoming import is_unread
from leadwell.server.outreach.models import WAITING, Message, State
from leadwell.server.outreach.results import FULL, is_known_bad, note, note_sent, reported, times_full
from leadwell.server.privacy.sealing import Unopenable

_LOOK_AGAIN: Final = timedelta(hours=1)  # whether somebody has said what unclear words meant
_LOG: Final = log("leadwell.outreach")


def send(message: Message) -> None:
    """Takes one leased message as far as it goes, and says in its row how far that was."""
    try:
        _send(message)
    finally:
        let_go(message)


def _send(message: Message) -> None:
    if message.unknowns >= backoff.MOST_UNKNOWNS:
        _end(message, State.DEAD, "unanswered")
        return
    try:
        by = way(message.channel)
        written = by.write(message)
        line = by.line()
    except NotReached as error:
        _put_off(message, str(error))
        return
    except Unfit as error:
        _LOG.error("a message is not fit to be sent", message=str(message.pk), why=str(error))
        _end(message, State.DEAD, "unfit")
        return
    except Unopenable:
        _end(message, State.DEAD, "unopenable")
        return
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, it would be so the next time: a person must see it
        _LOG.error("a message cannot be written", message=str(message.pk), error=type(error).__name__)
        _end(message, State.DEAD, "unfit")
        return
    if _allowed(message, written):
        _handed_in(message, written, line)


def _allowed(message: Message, written: Written) -> bool:
    """Whether it may leave now, by the gate's answer, which is written with the attempt or stands in its place."""
    with transaction.atomic():
        beside(message.organization_id)  # before the row: a stop, which is alone, takes rows as well
        row = _ours(message).select_for_update().first()
        if row is None:  # stopped, erased or dropped since
            return False
        now = timezone.now()
        if row.until is not None and now >= row.until:
            return _over(message, State.CANCELLED, "too-late")
        if is_known_bad(message.organization_id, bytes(message.token)):
            known = _asked(Noted(gate.KNOWN_BAD, None), now)
            return _over(message, State.CANCELLED, "known-bad", **known)
        noted = gate.ask(row, written.recipient, now=now)
        verdict, asked = noted.verdict, _asked(noted, now)
        if verdict.answer == "never" and gate.is_in_doubt(row, verdict):
            _change(message, due_at=now + _LOOK_AGAIN, lease=None, problem="in-doubt", **asked)
            return False
        if verdict.answer == "never":
            return _over(message, State.CANCELLED, "never", **asked)
        if verdict.answer == "not_before":
            _change(message, due_at=verdict.not_before, lease=None, problem="not-before", **asked)
            return False
        first = row.first_tried_at or now
        _change(
            message, state=State.SENDING, problem="", message_id=written.message_id, tries=row.tries + 1,
            first_tried_at=first, handed_at=None, **asked,
        )  # fmt: skip
        message.tries, message.first_tried_at, message.contact = row.tries + 1, first, asked["contact"]
        return True


def _asked(noted: Noted, now: datetime) -> dict[str, Any]:
    verdict = noted.verdict
    return {
        "answer": verdict.answer, "rule": verdict.rule, "proof": verdict.proof, "says": verdict.says, "asked_at": now,
        "contact": noted.contact.pk if noted.contact else None,
    }  # fmt: skip


def _handed_in(message: Message, written: Written, line: Line) -> None:
    try:
        line.announce(written)
    except Refused as error:
        _settle(message, error.answer)
        return
    try:
        with transaction.atomic():
            beside(message.organization_id)
            if is_unread(message.organization_id):
                line.drop()
                _wait_for_what_came(message)
                return
            if not _ours(message).filter(state=State.SENDING).update(handed_at=timezone.now()):
                line.drop()  # kept from leaving since the gate was asked
                _never_left(message, _what_came_first(message))
                return
            line.hand_over(written)
    except NotReached:
        _settle(message, Answer("later", "transient"))
        return
    _settle(message, line.answer(), given=True)


def _settle(message: Message, answer: Answer, *, given: bool = False) -> None:
    """Writes what became of it. It was refused, or not answered, only as far as its row is still ours. `given`: whether
    the server had all of its words; refused for good after that, they may have been read, and the attempt counts."""
    with transaction.atomic():
        beside(message.organization_id)  # before the row: what came of it is told on the lead
        row = _ours(message).select_for_update().first()
        if answer.kind == "later" or (answer.kind == "refused" and not given):
            _never_left(message, answer.fault)
        if row is None:
            return
        match answer.kind:
            case "accepted":
                back = reported(row)
                state = State.BOUNCED if back else State.SENT
                _over(message, state, back, status=answer.status, sent_at=timezone.now())
                note_sent(row, taken=not back)
            case "unknown":
                _unanswered(message, row)
            case "later":
                note(row, answer.fault, via="smtp", status=answer.status)
                _refused_for_now(message, row, answer)
            case "refused":
                note(row, answer.fault, via="smtp", status=answer.status)
                ours = answer.fault == "ours"
                _over(message, State.DEAD if ours else State.BOUNCED, answer.fault, status=answer.status)
    _LOG.info("handed in", message=str(message.pk), answer=answer.kind, fault=answer.fault, status=answer.status)


def _never_left(message: Message, why: str) -> None:
    """Its words stayed here, or were refused, which whoever cancelled it meanwhile could not know. What may have left
    at an earlier try stays so."""
    gate.never_left(message, why)
    if not message.unsure:
        _cancelled(message).update(unsure=False)


def _wait_for_what_came(message: Message) -> None:
    """Something came that nobody has read yet: the gate is asked anew once it is, as if it had not been before."""
    _never_left(message, "unread")
    first = None if message.tries == 1 else message.first_tried_at
    _change(
        message, state=State.QUEUED, due_at=timezone.now(), lease=None, tries=message.tries - 1, first_tried_at=first,
        problem="unread",
    )  # fmt: skip


def _what_came_first(message: Message) -> str:
    """Why it is not this worker's any more: what it was cancelled for, or another worker holds its lease."""
    return _cancelled(message).values_list("problem", flat=True).first() or "overtaken"


def _unanswered(message: Message, row: Message) -> None:
    unknowns = row.unknowns + 1
    wait = backoff.after_silence(unknowns)
    if wait is None:
        _over(message, State.DEAD, "unanswered", unknowns=unknowns, unsure=True)
    else:
        due = timezone.now() + wait
        changed = {"unknowns": unknowns, "unsure": True, "due_at": due, "lease": None}
        _change(message, state=State.DEFERRED, problem="unanswered", **changed)
    slow_down(row, backoff.UNREACHED)


def _refused_for_now(message: Message, row: Message, answer: Answer) -> None:
    now = timezone.now()
    if answer.fault == FULL:
        wait = backoff.after_full(*times_full(row, now))
    else:
        wait = backoff.after_refusal(row.tries, now - (row.first_tried_at or now))
    if wait is not None:
        changed = {"due_at": now + wait, "lease": None, "handed_at": None}
        _change(message, state=State.DEFERRED, problem=answer.fault, status=answer.status, **changed)
    elif answer.fault == FULL:
        _over(message, State.BOUNCED, answer.fault, status=answer.status)
    else:
        _over(message, State.DEAD, "given-up", status=answer.status)
    if not answer.status:  # it took too long, or hung up
        slow_down(row, backoff.UNREACHED)


def _put_off(message: Message, why: str) -> None:
    """Our own server does not answer: everything waits, and nothing is counted against a message."""
    _LOG.error("the mail server is not reached", why=why)
    _change(message, due_at=timezone.now() + backoff.UNREACHED, lease=None, problem="not-reached")


def _end(message: Message, state: State, problem: str) -> None:
    with transaction.atomic():
        _over(message, state, problem)


def _over(message: Message, state: State, problem: str, **more: Any) -> bool:
    """It is nobody's work any more; False, so that a caller may end with it."""
    _change(message, state=state, problem=problem, due_at=None, lease=None, **more)
    return False


def _change(message: Message, **values: Any) -> None:
    _ours(message).update(**values)


def _ours(message: Message) -> Any:
    """The row, as long as this lease of it holds."""
    return Message.objects.of(message.organization_id).filter(pk=message.pk, lease=message.lease, state__in=WAITING)


def _cancelled(message: Message) -> Any:
    """The row, where it was cancelled under this lease."""
    ours = Message.objects.of(message.organization_id)
    return ours.filter(pk=message.pk, lease=message.lease, state=State.CANCELLED)


def ready() -> bool:
    """Whether there is any server to hand messages to."""
    return _mail().is_set()


def _mail() -> Way:
    return way("email")
