"""What does each phrase of the lexicon do? One flag a phrase and use, so that arrays of phrases can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from leadwell.permission.stops.lexicon import lexicon
from leadwell.permission.values import CHANNELS
from leadwell.reading.grouped import Flags

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Marks:
    """For each phrase of the lexicon what it does; `reason`: the number of its key among `REASONS`."""

    word: Flags
    answer: Flags
    always: Flags
    sentence: Flags
    booking: Flags
    stop: Flags
    named: Flags
    after_name: Flags
    ask: Flags
    harmless: Flags
    opening: Flags
    short: Flags
    whole: Flags
    loose: Flags
    instructs: Flags
    limitable: Flags
    sure: Flags
    beside: Flags
    joint: Flags
    either: Flags
    instead: Flags
    object: Flags
    article: Flags
    spoken: Flags
    wonders: Flags
    limited: Flags
    undo: Flags
    held: Flags
    mistake: Flags
    again: Flags
    not_again: Flags
    after: Flags
    before: Flags
    day: Flags
    another_time: Flags
    hour: Flags
    no_hour: Flags
    redirect: Flags
    no_redirect: Flags
    for_good: Flags
    but: Flags
    whose: Flags
    channel: Numbers
    welcome: Numbers
    purpose: Numbers
    reason: Numbers


@lru_cache(maxsize=1)
def reasons() -> tuple[str, ...]:
    return tuple(dict.fromkeys(lexicon().keys))


@lru_cache(maxsize=1)
def marks() -> Marks:
    of, keys = lexicon().of, reasons()
    bits, welcome = (
        [of(kind, key=name).astype(np.int64) << at for at, name in enumerate(CHANNELS)]
        for kind in ("channel", "welcome")
    )
    purposes = [of("purpose", key=name).astype(np.int64) << at for at, name in enumerate(("marketing", "appointment"))]
    return Marks(
        word=of("word"),
        answer=of("answer"),
        always=of("word", key="always"),
        sentence=of("word", key="sentence"),
        booking=of("word", key="booking"),
        stop=of("stop", "stop.opening", "stop.whole", "stop.named", "stop.after"),
        named=of("stop.named"),
        after_name=of("after name"),
        ask=of("ask", "ask.opening", "ask.whole", "ask.short", "ask.loose"),
        harmless=of("harmless", "harmless.opening"),
        opening=of("stop.opening", "ask.opening", "harmless.opening"),
        short=of("ask.short"),
        whole=of("stop.whole", "ask.whole") | of("stop.after", key="at work"),
        loose=lexicon().loose,
        instructs=of("harmless", key="instructions"),
        limitable=of("stop", "stop.opening", "ask", key="limitable") | of("stop", key="asked not"),
        sure=of("stop", "stop.named", key="wrong-person") | of("stop", key="demand") | of("stop", key="asked not"),
        beside=of("beside"),
        joint=of("joint"),
        either=of("or"),
        instead=of("instead"),
        object=of("object"),
        article=of("article"),
        spoken=of("spoken of"),
        wonders=of("wonders"),
        limited=of("limited"),
        undo=of("undo"),
        held=of("undo", "no undo"),
        mistake=of("harmless", key="by mistake"),
        again=of("again"),
        not_again=of("no again"),
        after=of("stop.after"),
        before=of("spoken before"),
        day=of("day"),
        another_time=of("another time"),
        hour=of("hour", "no hour"),
        no_hour=of("no hour"),
        redirect=of("redirect", "no redirect"),
        no_redirect=of("no redirect"),
        for_good=of("for good"),
        but=of("but"),
        whose=of("whose"),
        channel=np.bitwise_or.reduce(bits),
        welcome=np.bitwise_or.reduce(welcome),
        purpose=np.bitwise_or.reduce(purposes),
        reason=np.array([keys.index(key) for key in lexicon().keys], dtype=np.int64),
    )
