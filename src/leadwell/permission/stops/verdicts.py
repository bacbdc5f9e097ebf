"""Is it a stop? What a message says, what we had asked, and the sentence that explains the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import polars as pl

from leadwell.permission.stops import found, heard, texts
from leadwell.permission.stops.answers import Asked, asked
from leadwell.permission.stops.found import ASK, NOT, STOP, Told
from leadwell.permission.stops.lexicon import fillers, lexicon
from leadwell.permission.stops.looks import says_stop_elsewhere
from leadwell.permission.stops.marks import reasons
from leadwell.permission.values import CHANNELS, Channel, Purpose
from leadwell.reading.fold import fold_texts, received_offsets

_Name = TypeVar("_Name")
Answer = Literal["stop", "not", "ask-a-person"]
VERDICTS: Final[tuple[Answer, ...]] = ("not", "ask-a-person", "stop")  # by NOT, ASK, STOP
WHOSE: Final = ("another", "wrong-person")
_EVERY: Final = (1 << len(CHANNELS)) - 1  # bits of all channels
_SHORT: Final = 6  # words of a message that may answer what we asked
_PURPOSES: Final[tuple[Purpose, ...]] = ("marketing", "appointment")
SCHEMA: Final[dict[str, pl.DataType]] = {
    "verdict": pl.Enum([*VERDICTS]),
    "why": pl.String(),
    "channel": pl.Enum([*CHANNELS]),
    "keeps": pl.Enum([*CHANNELS]),
    "purpose": pl.Enum([*_PURPOSES]),
    "whose": pl.Enum([*WHOSE]),
    "evidence": pl.String(),
    "restart": pl.Boolean(),
    "help": pl.Boolean(),
}

# Why, by what decided: a key of the lexicon, or what `_answering` found.
_STOPS: Final = {
    "always": "They wrote a word that always ends messages.",
    "sentence": "They wrote words that always end messages.",
    "alone": "They wrote nothing but a word that ends messages.",
    "booking": "They wrote nothing but a word that ends messages.",
    "any": "They ask in their own words to be left alone.",
    "limitable": "They ask in their own words not to be contacted.",
    "demand": "They ask in their own words to be left alone.",
    "asked not": "Somebody asks through them not to be contacted.",
    "wrong-person": "They say that this reaches the wrong person.",
    "offered": "They gave the answer that we had offered for ending messages.",
    "to end": "We asked whether to end messages, and they said yes.",
    "all": "We asked what should end, and they said all of it.",
    "refused": "We asked whether we may contact them, and they said no.",
    "only marketing": "Of all that they had ended, they say that they meant marketing.",
}
_ASKS: Final = {
    "booking": "The word may cancel the booking that we wrote about, or end our messages.",
    "in question": "The word may answer what we asked, or end our messages.",
    "alone": "A word that may end messages stands among other words.",
    "unclear": "It holds a word that may end messages, and does not say what should end.",
    "refusal": "They refuse, and do not say what; it may be a wish to be left alone.",
    "not interested": "They do not want what we offer; it may be a wish to be left alone.",
    "account": "They end more than messages, and do not say whether messages too.",
    "pause": "They want messages to rest for a while, or ask whether they can.",
    "one way": "They want to be reached by one way alone, and do not say whether the others end.",
    "another address": "They want one number left alone and give another to use; which is which, a person finds out.",
    "complaint": "They complain of being contacted, or ask how we come to it; it may be a wish to be left alone.",
    "somebody else": "This may have reached somebody else than we meant.",
    "always": "Words that end messages stand beside others that leave it in doubt.",
    "any": "They speak of ending messages, and it is in doubt whether they ask for it.",
    "limitable": "They do not want to be contacted at some hours or in some way.",
    "wrong-person": "They speak of a wrong number, and it is in doubt whose.",
}
_SIGNS: Final = frozenset("🛑🚫⛔✋🖐🤚🖕👎📵🔇🔕🙅")
_SHORT_SIGN: Final = 12  # characters
_SHORT_FOREIGN: Final = 40
_ELSEWHERE: Final = "They write nothing but a word that may mean stop in another language."
_SIGNED: Final = "They answer with nothing but a sign that may mean stop."
_UNSURE: Final = "It may be a wish to be left alone."
_NOT: Final = "Nothing in it is a wish to be left alone."
_HELPS: Final = "They ask for help, which answers even a stopped number."
_RESTARTS: Final = "They ask for messages again."
_CONFIRMS: Final = "It answers what we asked, and gives no permission for more."


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a message says about being left alone, and in one sentence why.

    `channel`, `purpose`: the one that they named, None for all; `keeps`: the one channel that they ask for while they
    end the two others, None where that is not so; `whose`: "another", where they speak of somebody else's
    telephone or of one at work, "wrong-person", where we have reached somebody we do not mean; None for their own.
    `evidence`: their very words, "" where none decides. `restart`: they ask for messages again; `help`: for help.
    Channel, keeps, purpose and whose are only told of a stop.
    """

    verdict: Answer
    why: str
    channel: Channel | None = None
    keeps: Channel | None = None
    purpose: Purpose | None = None
    whose: Literal["another", "wrong-person"] | None = None
    evidence: str = ""
    restart: bool = False
    help: bool = False

    @property
    def bare(self) -> bool:
        """Whether only a word says it that ends messages as an answer to one, and elsewhere may mean much else."""
        return self.why == _STOPS["alone"]

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Those that they end by name; () where they name none, which is all."""
        if self.keeps is not None:
            return tuple(channel for channel in CHANNELS if channel != self.keeps)
        return () if self.channel is None else (self.channel,)


def is_stop(text: str, *, after: str | None = None) -> Stopped:
    """Does this message ask to be left alone? `after`: what it answers, as it was sent.

    Doubt between a stop and something harmless is "ask-a-person". 47 CFR 64.1200(a)(10): any reasonable means.
    """
    return next(_each([text], [after]))


def are_stops(messages: pl.Series, *, after: pl.Series | None = None) -> pl.DataFrame:
    """Messages, and what each answers -> a row each, as `is_stop` tells it: the columns of SCHEMA.

    A message that is NULL has NULL throughout. `evidence` is NULL where there is none.
    """
    answered = [None] * len(messages) if after is None else after.cast(pl.String).to_list()
    pairs = list(zip(messages.to_list(), answered, strict=True))
    number = {pair: at for at, pair in enumerate(dict.fromkeys(pair for pair in pairs if pair[0] is not None))}
    told = _told(list(_each([text for text, _ in number], [before for _, before in number])))
    if len(number) == len(pairs):
        return told
    places = pl.Series([number.get(pair) for pair in pairs], dtype=pl.UInt32)
    return told.select(pl.all().gather(places))


def _told(rows: Sequence[Stopped]) -> pl.DataFrame:
    said = {name: [getattr(row, name) for row in rows] for name in SCHEMA}
    said["evidence"] = [words or None for words in said["evidence"]]
    return pl.DataFrame([pl.Series(name, said[name], dtype=type_) for name, type_ in SCHEMA.items()])


def _each(messages: list[str], after: Iterable[str | None]) -> Iterator[Stopped]:
    own = texts.own(pl.Series(messages, dtype=pl.String)).to_list()
    before = 0
    answered = iter(after)
    for told in found.told(own):
        silent = ((told.sure == NOT) & (told.answer < 0) & ~told.again).tolist()
        for row, nothing in enumerate(silent):
            at, ours = before + row, next(answered)
            # Nearly all that people write, so that it costs no more than being found silent.
            quiet = nothing and ours is None and (len(own[at]) > _SHORT_SIGN or _SIGNS.isdisjoint(own[at]))
            said = _NOTHING if quiet else _judged(_Message(messages[at], own[at], told, row), ours)
            if said == _NOTHING:
                said = _by_ear(messages[at], sounds=bool(told.sounds[row]))
            yield _UNREAD if said.verdict == "not" and len(messages[at]) > texts.MOST else said
        before += len(silent)


_NOTHING: Final = Stopped("not", _NOT)
_SOUNDS: Final = Stopped("ask-a-person", heard.WHY)
_UNREAD: Final = Stopped(
    "ask-a-person", "It is too long to be read to its end, where a wish to be left alone may stand."
)


def _by_ear(message: str, *, sounds: bool) -> Stopped:
    """Of what no rule of ours says anything."""
    if len(message) <= _SHORT_FOREIGN and not message.isascii() and says_stop_elsewhere(message):
        return Stopped("ask-a-person", _ELSEWHERE, evidence=message.strip())
    return _SOUNDS if sounds else _NOTHING


class _Message:
    """One message with what was found in it."""

    def __init__(self, received: str, own: str, told: Told, row: int) -> None:
        self.received, self.own, self.told, self.row = received, own, told, row
        self.sure = int(told.sure[row])
        answer = int(told.answer[row])
        self.kind, self.key = (lexicon().kinds[answer], lexicon().keys[answer]) if answer >= 0 else ("", "")

    @property
    def reason(self) -> str:
        return reasons()[int(self.told.reason[self.row])]

    @property
    def short(self) -> bool:
        return bool(self.told.words[self.row] <= _SHORT)

    @property
    def thanks(self) -> bool:
        return not _THANKS.isdisjoint(fold_texts([self.own]).text(0).translate(_SEPARATORS).split())

    def evidence(self) -> str:
        start, end = int(self.told.start[self.row]), int(self.told.end[self.row])
        if start < 0:
            return ""
        if not self.told.odd[self.row]:
            return self.received[start:end]
        places = received_offsets(self.own)
        return self.received[places[start] : places[end - 1] + 1]

    def words(self) -> str:
        """The whole message, folded, without manners and with single spaces."""
        words = (word.strip("'") for word in fold_texts([self.own]).text(0).translate(_SEPARATORS).split())
        return " ".join(word for word in words if word not in fillers())


_THANKS: Final = frozenset(("thanks", "thank", "thx", "ty", "gracias"))
_SEPARATORS: Final = dict.fromkeys(range(ord("'")), " ")


def _judged(message: _Message, after: str | None) -> Stopped:
    if after is not None and message.short:
        answered = _answering(message, asked(after))
        if answered is not None:
            return answered
    if message.sure == NOT:
        return _harmless(message)
    if message.sure == ASK:
        return Stopped("ask-a-person", _ASKS.get(message.reason, _UNSURE), evidence=message.evidence())
    if message.told.redirected[message.row]:
        return Stopped("ask-a-person", _ASKS["another address"], evidence=message.evidence())
    return _stopped(message, message.reason)


def _harmless(message: _Message) -> Stopped:
    if message.kind == "answer" and message.key == "help":
        return Stopped("not", _HELPS, evidence=message.received.strip(), help=True)
    if message.told.again[message.row] or (message.kind == "answer" and message.key == "restart"):
        return Stopped("not", _RESTARTS, evidence=message.received.strip(), restart=True)
    if message.kind == "answer" and message.key in ("refusal", "unclear"):
        return Stopped("ask-a-person", _ASKS[message.key], evidence=message.received.strip())
    if message.told.words[message.row] == 0 and not _SIGNS.isdisjoint(message.own):
        return Stopped("ask-a-person", _SIGNED, evidence=message.received.strip())
    return Stopped("not", _NOT)


def _stopped(message: _Message, reason: str) -> Stopped:
    told, row = message.told, message.row
    channels, purposes = int(told.channels[row]), int(told.purposes[row])
    wrong = reason == "wrong-person"
    return Stopped(
        "stop",
        _STOPS.get(reason, _STOPS["any"]),
        channel=None if wrong else _only(CHANNELS, channels),
        keeps=None if wrong else _only(CHANNELS, _kept(channels, int(told.welcome[row]))),
        purpose=None if wrong else _only(_PURPOSES, purposes),
        whose="wrong-person" if wrong else "another" if told.another[row] else None,
        evidence=message.evidence() or message.received.strip(),
    )


def _kept(ended: int, welcome: int) -> int:
    """The bit of the third channel where two are ended and it is asked for; 0 otherwise."""
    left = _EVERY - ended
    return left if ended and welcome == left else 0


def _only(names: tuple[_Name, ...], bits: int) -> _Name | None:
    """The one that is named; None where none or several are."""
    return names[bits.bit_length() - 1] if bits and bits & (bits - 1) == 0 else None


def _answering(message: _Message, asked: Asked) -> Stopped | None:
    """What a short message says as an answer to what we asked; None where that changes nothing."""
    words = message.words()
    evidence = message.received.strip()
    means = asked.offers.get(words)
    if means == "stop" and message.kind != "word":
        return Stopped("stop", _STOPS["offered"], evidence=evidence)
    if means == "booking" or (message.key == "booking" and asked.booking and means != "stop"):
        return Stopped("ask-a-person", _ASKS["booking"], evidence=evidence)
    if message.kind == "word" and means is None and not asked.to_end:
        if words in asked.choices:
            return Stopped("not", _CONFIRMS, evidence=evidence)
        if words in (asked.said if message.key == "alone" else asked.asking):
            return Stopped("ask-a-person", _ASKS["in question"], evidence=evidence)
    if asked.which or asked.to_end:
        ended = _ending(message, asked, words)
        if ended is not None:
            return ended
    if message.key == "yes" or means in ("restart", "other"):
        return _agreed(message, asked, means)
    refused = _refusing(message, asked)
    if refused is not None:
        return refused
    if asked.ended and message.sure != STOP and message.told.purposes[message.row] == 0 and _marketing(words):
        return Stopped("stop", _STOPS["only marketing"], purpose="marketing", evidence=evidence)
    return None


def _refusing(message: _Message, asked: Asked) -> Stopped | None:
    """What a no, or one way of several, says to what we asked; None where that changes nothing."""
    evidence = message.received.strip()
    if message.key in ("no", "refusal") and asked.leave and not asked.to_end:
        return Stopped("stop", _STOPS["refused"], evidence=evidence)
    if message.key == "no" and asked.offer and message.thanks:
        return Stopped("ask-a-person", _ASKS["not interested"], evidence=evidence)
    if asked.way and message.sure != STOP and message.told.welcome[message.row]:
        return Stopped("not", _CONFIRMS, evidence=evidence)
    if message.key in ("no", "needless", "refusal") and asked.else_:
        return Stopped("not", _CONFIRMS, evidence=evidence)
    return None


def _ending(message: _Message, asked: Asked, words: str) -> Stopped | None:
    """What a short message says where we asked whether, or what, to end; None where that changes nothing."""
    evidence = message.received.strip()
    if message.sure == STOP or message.key in ("no", "refusal") or not _NONE.isdisjoint(words.split()):
        return None
    please = message.told.words[message.row] == 0 and not _PLEASE.isdisjoint(fold_texts([message.own]).text(0).split())
    if asked.to_end and (please or message.key == "yes"):
        return Stopped("stop", _STOPS["to end"], evidence=evidence)
    if asked.which and message.key == "all":
        return Stopped("stop", _STOPS["all"], evidence=evidence)
    if asked.which:
        return Stopped("ask-a-person", _ASKS["in question"], evidence=evidence)
    return None


_NONE: Final = frozenset(("none", "neither", "nothing", "keep", "ninguno", "ninguna", "nada", "tampoco"))
_PLEASE: Final = frozenset(("please", "pls", "plz", "favor", "porfavor", "porfa"))


def _agreed(message: _Message, asked: Asked, means: str | None) -> Stopped | None:
    if message.sure == STOP:
        return None
    evidence = message.received.strip()
    again = means == "restart" or (message.key == "yes" and asked.leave and means is None)
    return Stopped("not", _RESTARTS if again else _CONFIRMS, evidence=evidence, restart=again)


def _marketing(words: str) -> bool:
    return not {"marketing", "promotions", "promos", "ads", "offers", "promociones", "publicidad"}.isdisjoint(
        words.split()
    )
