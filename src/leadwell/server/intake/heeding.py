"""Which texts ask us to stop? Such a one is in force before whoever brought it is answered; the worker reads it later.

Who has heard that their text was taken in may rely on it, however long the worker has other things to read, or is
away. What is only in doubt waits for the worker, and the outbox waits with it (`unread`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from leadwell.permission.stops import Stopped, is_stop
from leadwell.server.base.logs import log
from leadwell.server.consent.actions import SaidOtherwise, obey
from leadwell.server.consent.models import Way
from leadwell.server.consent.queries import said_by_key
from leadwell.server.consent.saying import Saying
from leadwell.server.intake import conversations, sources
from leadwell.server.intake.accepting import Delivery, Receipt
from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading

_MOST: Final = 10  # of one post; a longer list is read by the worker
_LOG: Final = log("leadwell.intake")


def heed(
    source: Source, settings: Mapping[str, Any], deliveries: Sequence[Delivery], receipts: Sequence[Receipt]
) -> None:
    """Raises what the database raises: what is not in force is not acknowledged."""
    if len(deliveries) > _MOST:
        return
    for delivery, receipt in zip(deliveries, receipts, strict=True):
        for reading, heard in _stops(source, settings, delivery):
            _obey(source.organization_id, receipt.id, reading, heard)


def _stops(source: Source, settings: Mapping[str, Any], delivery: Delivery) -> Iterator[tuple[Reading, Stopped]]:
    """The one that it is, if it is one. Whose telephone they speak of, a person finds out."""
    try:
        sent = Sent(delivery.body, delivery.media_type, delivery.headers)
        reading = sources.reader(source.kind)(sent, {**settings, "source": source.pk})
        if reading.later.way != Way.TEXT or len(reading.leads) != 1:
            return
        heard = is_stop(conversations.words_of(reading))
    except Exception as error:  # noqa: BLE001  the worker meets it too, and sets it aside where a person sees it
        _LOG.error("a text could not be heard", error=type(error).__name__)
        return
    if heard.verdict == "stop" and not heard.restart and heard.whose != "another":
        yield reading, heard


def _obey(organization: int, submission: UUID, reading: Reading, heard: Stopped) -> None:
    """Once, by whoever comes first, this or the worker. One that came again was obeyed when it came."""
    kept = Submission.objects.of(organization).filter(pk=submission).first()
    if kept is None or said_by_key(organization, str(submission)) is not None:
        return
    saying = Saying(
        Way.TEXT, "worker", conversations.words_of(reading), address=reading.number, at=kept.received_at,
        language=reading.leads[0].get("language", ""), key=str(submission), submission=submission,
    )  # fmt: skip
    with suppress(SaidOtherwise):  # the worker has obeyed it meanwhile
        obey(organization, conversations.who_answers(organization, reading), saying, heard)
