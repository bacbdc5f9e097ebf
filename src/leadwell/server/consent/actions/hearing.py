"""Did they ask us to stop? Whatever somebody writes or a colleague notes is heard, and obeyed in the same
transaction."""

from __future__ import annotations

from contextlib import suppress
from typing import Final
from uuid import UUID

from leadwell.permission.stops import Stopped, is_stop
from leadwell.server.consent.actions.starting import restart
from leadwell.server.consent.actions.stopping import NobodyToStop, scopes, stop
from leadwell.server.consent.addresses import normal
from leadwell.server.consent.models import ALL, EVERY, Way
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import CLOSES

_KEYWORD: Final = 3  # words at most: "STOP", "NO MÁS", "Please unsubscribe me"
# By these somebody shows that the address is theirs; anybody can write anything into a form.
_SHOWS: Final = (Way.TEXT, Way.EMAIL_REPLY, Way.CARRIER)


def hear(
    organization: int, person: UUID | None, saying: Saying, *, after: str | None = None, holds: bool = True
) -> Stopped:
    """What was heard in `saying.words`, once it is obeyed. `after`: what of ours they answer. Without a person it is
    said of the address, for everybody who is reached at it; where that cannot be read, nobody is concerned.

    Where it is unclear it holds as a stop until a person has looked, who is told so: 47 CFR 64.1200(a)(10) leaves no
    room for less. It does not where that would hold up what cannot wait (`holds`), as with somebody in danger.
    """
    heard = is_stop(saying.words, after=after)
    obey(organization, person, saying, heard, holds=holds)
    return heard


def obey(organization: int, person: UUID | None, saying: Saying, heard: Stopped, *, holds: bool = True) -> UUID | None:
    """The same, of what was heard by the column (`are_stops`). The event by which they are stopped, if they are."""
    if person is None and normal(saying.address) is None:
        return None
    if heard.restart and saying.way in _SHOWS:
        with suppress(NobodyToStop):  # nobody is known at the address, so nobody was stopped there
            restart(organization, person, saying, channels=CLOSES[saying.way])
    if heard.verdict == "not" or (heard.verdict == "ask-a-person" and not holds):
        return None
    # Of whom they speak where it is somebody else's telephone, a person must find out.
    doubt = heard.verdict == "ask-a-person" or heard.whose == "another"
    # A bare keyword ends what it came by; free words that name nothing, or several ways, end everything.
    free = len(saying.words.split()) > _KEYWORD and not doubt and heard.whose is None
    closes = scopes(heard.channels or ((ALL,) if free else CLOSES[saying.way]), heard.purpose or EVERY)
    whose = None if heard.whose == "wrong-person" and saying.address else person
    return stop(organization, whose, saying, closes=closes, doubt=doubt).event.pk
