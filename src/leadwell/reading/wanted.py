"""Which phrases does a playbook look for? Its own words and those of the lexicons, compiled once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from leadwell.playbook.model import Fact, Playbook
from leadwell.reading import lay, lexicons
from leadwell.reading.foreign import foreign
from leadwell.reading.phrases import Phrase
from leadwell.reading.search import Search, build
from leadwell.reading.word_kinds import kind_of, lasts

DENIED = "denied"  # the key of words that deny a yes-no by themselves: "no implants"
_TAIL = r"(?<=[a-z]{3})(bound|ridden)\b"  # often written apart
_DID = r"^([a-z]{3,})e(?= )"  # "mandé fotos": what its verb is otherwise; of no Spanish one it makes no word
_DOES = ("o", "ado", "amos", "aron")
_STATE = re.compile(r" (?:is |was )?(?:approved|attached|enclosed|done|signed|aprobad[oa]|adjunt[oa]s?)$")
_YES = ("{} yes", "{} si", "{} already approved", "{} in hand")
_NO = ("{} no", "{} not yet", "{} not approved", "{} todavia no", "{} aun no", "no {}", "no {} yet", "without {}",
       "sin {}")  # fmt: skip
_OFTEN = re.compile(r"(drink|use|smoke|vape)s? (?:every day|daily|each day|every night)")
_NOT = ("don't", "dont", "do not", "doesn't", "doesnt", "does not", "never", "no longer")
_KEPT = 8
_compiled: list[tuple[Playbook, Search]] = []


def _each(kind: str, key: str, words: Iterable[str]) -> Iterator[Phrase]:
    return (Phrase(kind, key, text, language="?", lasts=lasts(text)) for text in words)


def _called(name: str) -> Iterator[str]:
    """A location by its whole name, or by one word of it and what it is: "the Loop clinic"."""
    yield name
    if " " in name:
        yield from (f"{word} {what}" for word in name.split() for what in ("clinic", "office", "location"))


def _denials(key: str, words: Iterable[str]) -> Iterator[Phrase]:
    """Who has "no implants" has no metal and no cochlear one: what two of a fact's words share at their end, denied."""
    heads = Counter(text.split()[-1] for text in words if " " in text)
    for head in (head for head, times in heads.items() if times > 1):
        for no in ("no", "without", "without any", "no known", "zero"):
            yield Phrase(f"answer.{key}", DENIED, f"{no} {head}", loose=False, misspelt=False)


def _answers(key: str, fact: Fact) -> Iterator[Phrase]:
    """ "Prior auth: yes", "labs? not yet", "no prior auth": the name of a fact's field, or its words without what they
    say of it ("prior auth approved"), beside an answer."""
    names = (fact.field or "", *(_STATE.sub("", text) for text in fact.words if _STATE.search(text)))
    for name in dict.fromkeys(name.replace("_", " ") for name in names if name):
        for said, answers in (("", _YES), (DENIED, _NO)):
            yield from (
                Phrase(f"answer.{key}", said, a.format(name), loose=False, inflect=False, misspelt=False)
                for a in answers
            )


def _seldom(key: str, words: Iterable[str]) -> Iterator[Phrase]:
    """Who does not drink does not "drink every day"."""
    for does in dict.fromkeys(often[1] for text in words if (often := _OFTEN.fullmatch(text))):
        for no in _NOT:
            yield Phrase(f"answer.{key}", DENIED, f"{no} {does}", loose=False, misspelt=False)


def words_of(fact: Fact) -> tuple[str, ...]:
    """The words that say a fact: those of the playbook, "bed bound" beside "bedbound", and "mando fotos" beside "mandé
    fotos". A number without any is read beside its own name: "BMI 29"."""
    if fact.type == "number" and not fact.words:
        return (fact.key.replace("_", " "),)
    apart = (re.sub(_TAIL, r" \1", text) for text in fact.words)
    tenses = (re.sub(_DID, rf"\1{ending}", text) for text in fact.words for ending in _DOES)
    return tuple(dict.fromkeys((*fact.words, *apart, *tenses)))


def specific(words: str) -> Phrase:
    """The words of a service that make a request specific: of the kind of the lexicon's words they hold."""
    return Phrase(kind_of(words), words, words, language="?")


def phrases(playbook: Playbook) -> Iterator[Phrase]:
    """Kinds: service, elsewhere, offer, decides, location, payer, answer.<fact>, emergency, crisis."""
    for key, service in playbook.services.items():
        yield from _each("service", key, (*service.asks, service.name))
        yield from map(specific, service.specific)
    for key, elsewhere in playbook.elsewhere.items():
        yield from _each("elsewhere", key, elsewhere.asks)
    for key, offer in playbook.offers.items():
        yield from _each("offer", key, (*offer.asks, offer.name))
        yield from _each("decides", key, offer.decides)
    for key, location in playbook.locations.items():
        yield from _each("location", key, _called(location.name))
    for payer in playbook.payers.accepted:
        yield Phrase("payer", payer, payer, language="?", loose=False, inflect=False)
    for key, fact in playbook.own_facts.items():
        yield from _each(f"answer.{key}", "", words_of(fact))
        if fact.type == "yes-no":
            yield from _denials(key, words_of(fact))
            yield from _answers(key, fact)
            yield from _seldom(key, fact.words)
        for option, words in fact.options.items():
            yield from _each(f"answer.{key}", option, (*words, option))
    yield from lay.adopted(playbook)
    yield from foreign(playbook)
    yield from _each("emergency", "", playbook.safety.emergency)
    yield from _each("crisis", "", playbook.safety.crisis)


def search(playbook: Playbook) -> Search:
    """The compiled search of a playbook; the last few are kept, also for another that looks for the same words."""
    for known, compiled in _compiled:
        if known is playbook:
            return compiled
    compiled = _of_words(tuple(phrases(playbook)))
    hand_in(playbook, compiled)
    return compiled


@lru_cache(maxsize=_KEPT)
def _of_words(own: tuple[Phrase, ...]) -> Search:
    """One search for the same words, whichever policy has them: a new version seldom has others."""
    return build((*own, *lexicons.phrases()), lexicons.families(), lexicons.real_words())


def hand_in(playbook: Playbook, compiled: Search) -> None:
    """The search of a playbook as it was compiled before (`packed`), so that it need not be compiled again."""
    _compiled.insert(0, (playbook, compiled))
    del _compiled[_KEPT:]
