"""Did they ask us to stop? Whatever somebody writes or a colleague notes is heard, and obeyed in the same
transaction."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.db import transaction

from leadwell.permission.stops import Stopped, is_stop
from leadwell.permission.values import ANOTHER
from leadwell.server.consent.actions.finding import note_wrong
from leadwell.server.consent.actions.starting import restart
from leadwell.server.consent.actions.stopping import NobodyToStop, scopes, stop
from leadwell.server.consent.addresses import normal, token_of
from leadwell.server.consent.models import ALL, EVERY, Way
from leadwell.server.consent.queries import people_at
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import CLOSES
from leadwell.server.privacy.tokens import Blind

_KEYWORD: Final = 3  # words at most: "STOP", "NO MÁS", "Please unsubscribe me"
_OF_THEM: Final = "me"  # with which a Spanish word asks something for oneself: "déjenme", "bórrenme"
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
    follows = what_follows(heard, holds=holds)
    if not follows:
        return None
    doubt = follows == "doubt"
    wrong = heard.whose == "wrong-person"
    # A bare keyword ends what it came by; free words that name nothing, or several ways, end everything, and so does
    # what is in doubt for as long as it is.
    everything = doubt or (not wrong and _is_free(saying.words, heard.evidence))
    closes = scopes(heard.channels or ((ALL,) if everything else CLOSES[saying.way]), heard.purpose or EVERY)
    with transaction.atomic():
        done = stop(organization, None if wrong and saying.address else person, saying, closes=closes, doubt=doubt)
        if wrong and not done.repeat:
            _is_anothers(organization, person, saying, done.event.at)
    return done.event.pk


def what_follows(heard: Stopped, *, holds: bool) -> Literal["", "doubt", "stop"]:
    """Nothing, a stop until somebody has looked, or a stop."""
    if heard.verdict == "not" or (heard.verdict == "ask-a-person" and not holds):
        return ""
    # Of whom they speak where it is somebody else's telephone, a person must find out.
    return "doubt" if heard.verdict == "ask-a-person" or heard.whose == "another" else "stop"


def _is_free(words: str, evidence: str) -> bool:
    """Whether they speak in a sentence: “leave me alone”, “déjenme en paz”, and not “Please unsubscribe me”."""
    said = evidence.split()
    return len(words.split()) > _KEYWORD or len(said) >= _KEYWORD or (len(said) == 1 and evidence.endswith(_OF_THEM))


def _is_anothers(organization: int, person: UUID | None, saying: Saying, at: datetime) -> None:
    """Whoever writes from a number says best whether it is theirs whom we mean: the gate knows it for calls too, as of
    a call that ended so. Found for whom we know there, each of whom may say otherwise of themselves."""
    if saying.way != Way.TEXT or saying.submission is None:
        return
    token = token_of(Blind(organization), saying.address)
    if token is not None and token[0] == "phone":
        proof = f"submission/{saying.submission}"
        people: list[UUID | None] = [person] if person else [*people_at(organization, token[1])]
        for one in people or [None]:
            note_wrong(organization, token[1], why=ANOTHER, person=one, proof=proof, at=at)
