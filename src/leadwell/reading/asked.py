"""What is asked for? Services, what others offer, what organisations ask, with the words that name them."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import CONTEXTS
from leadwell.playbook.model import Playbook
from leadwell.reading import crossing, pictured, wanted, why, word_kinds
from leadwell.reading.context import overlaps, within_longer
from leadwell.reading.evidence import Spans
from leadwell.reading.evidence import said as words
from leadwell.reading.fold import EDGES, fold
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.listed import listed
from leadwell.reading.mentions import Mentions
from leadwell.reading.patterns import holds
from leadwell.reading.picked import Picked, codes, distinct

_FAR: Final = 1 << 40  # beyond any word
# Who "has a therapist", said between two signs, wants none.
_SOMEBODY: Final = (
    r"(?:therapist|counselor|psychiatrist|psychologist|pcp|dermatologist|surgeon|doctor|terapeuta|psiquiatra)$"
)
_HAVING: Final = r"[^a-z0-9' ] *(?:already |currently )?(?:have|has|got|see|seeing|tengo|tiene) (?:an? |una? )?$"
_SAID_SO: Final = r"^(?: already| now| ya)?(?: *$| *[^a-z0-9' ])"
# "Pt" is a patient after "our" and before a name, an age or what they have; else it is physical therapy.
_OF_PATIENT: Final = r"(?i)(?:\b(?:our|my|your|this|the|that|new|another|established|referring|refer|re)\s+|^\s*)$"
_REFERRED: Final = r"(?i)\b(?:refer|referring)\s+(?:this|our|my|the|a|another)\s+$"
_PATIENT_DOES: Final = (
    r"^\.?\s*(?:[:;,#]|\(|(?i:w/|with\b|is\b|has\b|had\b|was\b|c/o\b|s/p\b|dob\b|presents|presented|reports|states|who\b|name\b|"
    r"seen\b|needs\b|will\b|yo\b|y/o\b|info\b)|\d{1,3}\s?(?i:y|m\b|f\b)|[A-Z]\.? ?[A-Z][a-z]|[A-Z][a-z]+ [A-Z])"
)
_OPENS: Final = r"(?:^|[.!?;,:-])\s*$"  # where a sentence begins, "Pt speaks English" tells of somebody
_SPEAKS: Final = (
    r"^\s+(?:[a-z]{3,}s|would|can|cannot|can't|could|failed|tried|prefer|aware|already|also|only|not|now)\b"
)
_SEVERAL: Final = (
    r"^\s+(?:sessions|visits|appointments|services|exercises|evals|evaluations|appts|slots|times|is\b|was\b)"
)
_IS_TREATMENT: Final = (
    r"^\s*(?:[.!?]|$|(?i:after|for|to|session|appointment|appt|please|pls|plz|evals?\b|evaluation|visit|consult|therapy|"
    r"treatment|script|rx\b|order|again|asap|twice|[23]x))"
)
# "I don't want a knee replacement" as a whole, but not "I don't want a surgeon who rushes me".
_REFUSES: Final = (
    r"(?:^|[^a-z0-9'])(?:not|dont|don't|doesn't|no|nunca|tampoco) +"
    r"(?:want|need|wants|needs|quiero|quiere|necesito|ocupo|deseo)"
    r"(?: +(?:to|have|get|a|an|the|any|that|this|otra|una?|la|el|esa|ese|hacerme|que|me|hagan)){0,3} *$"
)
_ALL_OF_IT: Final = r"^(?: *$| *[^a-z0-9' ]| +(?:and|but|y|pero|ni|just|solo|nada|no|i|at all|anymore)(?-u:\b))"
# A trouble they would like to be rid of is no care refused: "to eat without heartburn".
_WITHOUT: Final = r"(?:^|[^a-z0-9'])(?:without|sin) +(?:(?:any|the|this|my|constant|tanta?|este|esta|el|la) +)?$"
_LIVING: Final = (
    r"(?:^|[^a-z0-9'])(?:eat|eating|sleep|sleeping|walk|walking|live|living|run|running|work|swallow|drive|sit|"
    r"stand|breathe|bend|lift|travel|enjoy|exercise|go|meal|day|night|comer|comida|dormir|caminar|vivir|correr|trabajar|tragar|manejar|"
    r"respirar|dia|noche) +(?:[a-z0-9']+ +){0,5}(?:without|sin) +(?:[a-z]+ +)?$"
)
_AGAIN: Final = (
    r"^ +(?:afterwards?|after|again|every|all (?:day|night|the)|anymore|at night|despues|otra vez|cada)(?-u:\b)"
)
_BEFORE: Final = 40
_BEHIND: Final = 30  # characters looked at after it
_NOWHERE: Final = -2
_SHORT: Final = "^[pP] ?[tT]$"
_LISTS: Final = {"services": "service", "elsewhere": "elsewhere", "offers": "offer"}


def asked(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    """`read.services`, `read.elsewhere`, `read.offers`: wanted and unwanted alike (`context`).

    A name inside a longer one is not meant: "dental implant" asks for no implant, "teen IOP" not for the adults' one.
    "My therapist" is one they have.
    """
    picked = Picked.of(mentions, codes(wanted.search(playbook), (*_LISTS.values(), *why.SPECIFIC, "provider", "want")))
    named, providers = picked.of_kind(*_LISTS.values()), picked.of_kind("provider")
    context = picked.context.copy()
    if len(named) and len(providers):
        theirs = named[overlaps(_places(picked, named), _places(picked, providers)).to_numpy()]
        context[theirs] = CONTEXTS.index("past")
    context[pictured.taken_already(picked, named)] = CONTEXTS.index("past")
    context[_had(picked, named)] = CONTEXTS.index("past")
    context[_refused_later(picked, named)] = CONTEXTS.index("negated")
    context[_to_be_rid_of(picked, named)] = CONTEXTS.index("asserted")
    named = _without_names(picked, _without_patients(picked, _without_payers(picked, named)), frame)
    named = _outermost(picked, crossing.straight(picked, named))
    named = why.without_reasons(picked, _unshared(picked, named), playbook)
    told = []
    for name, kind in _LISTS.items():
        found = named[picked.kind[named] == picked.codes.kinds.index(kind)]
        if len(found):
            keys = picked.codes.names[pl.Series(picked.key[found])]
            told.append(listed(name, picked, found, keys, context[found]))
    return pl.DataFrame(told)


def _refused_later(picked: Picked, named: Ints) -> Ints:
    """Of these, what was told first and then refused: "they said knee replacement. I don't want knee replacement"."""
    denied = named[picked.negated[named]]
    if not len(denied) or len(denied) == len(named):
        return named[:0]
    folded, (text, start, end) = picked.mentions.texts.frame["folded"], picked.spans(denied)
    before = words(folded, Spans(text, np.maximum(start - _BEFORE, 0), start))
    after = words(folded, Spans(text, end, end + _BEHIND))
    denied = denied[holds(before, _REFUSES) & holds(after, _ALL_OF_IT)]
    if not len(denied):
        return named[:0]
    theirs = picked.row * len(picked.codes.keys) + picked.key
    refused, which = np.unique(theirs[denied][::-1], return_index=True)
    at = np.minimum(np.searchsorted(refused, theirs[named]), len(refused) - 1)
    earlier: Flags = picked.first[named] < picked.first[denied[::-1][which][at]]
    told_first: Ints = named[(refused[at] == theirs[named]) & earlier]
    return told_first


def _had(picked: Picked, named: Ints) -> Ints:
    """Of these, whom they have already: "DBT skills, have a therapist, aetna"."""
    folded, (text, start, end) = picked.mentions.texts.frame["folded"], picked.spans(named)
    somebody = np.flatnonzero(holds(words(folded, Spans(text, start, end)), _SOMEBODY))
    if not len(somebody):
        return named[:0]
    text, start, end = text[somebody], start[somebody], end[somebody]
    before = words(folded, Spans(text, np.maximum(start - _BEFORE, 0), start))
    after = words(folded, Spans(text, end, end + _BEHIND))
    theirs: Ints = named[somebody[holds(before, _HAVING) & holds(after, _SAID_SO)]]
    return theirs


def _to_be_rid_of(picked: Picked, named: Ints) -> Ints:
    """Of these, the troubles that are denied only as what they would live without."""
    denied = named[picked.negated[named]]
    if not len(denied):
        return denied
    folded, (text, start, end) = picked.mentions.texts.frame["folded"], picked.spans(denied)
    before = words(folded, Spans(text, np.maximum(start - 2 * _BEFORE, 0), start))
    after = words(folded, Spans(text, end, end + _BEHIND))
    rid = holds(before, _WITHOUT) & (holds(before, _LIVING) | holds(after, _AGAIN))
    denied = denied[rid]
    kinds = map(word_kinds.kind_of, words(folded, picked.spans(denied)))
    return denied[np.array([kind in ("condition", "reason") for kind in kinds], dtype=np.bool_)]


def _places(picked: Picked, found: Ints) -> pl.DataFrame:
    return pl.DataFrame({"first": picked.first[found], "last": picked.last[found]})


def _without_payers(picked: Picked, named: Ints) -> Ints:
    """Without what stands in the name of a payer: who has "Delta Dental" asks for nothing dental by that."""
    search, table = picked.mentions.search, picked.mentions.table
    payers = np.flatnonzero((codes(search, ("payer",)).kind >= 0)[table["phrase"].to_numpy()])
    if not len(payers) or not len(named):
        return named
    theirs = table.select("first", "last")[payers].cast(pl.Int64)
    held = within_longer(_places(picked, named), theirs.filter(pl.col("last") > pl.col("first"))).to_numpy()
    return np.delete(named, np.flatnonzero(held))


def _without_patients(picked: Picked, named: Ints) -> Ints:
    """Without the "pt" that is short for a patient."""
    received = picked.mentions.texts.frame["received"]
    short = np.flatnonzero(holds(words(received, picked.spans(named)), _SHORT)) if len(named) else named
    if not len(short):
        return named
    text, start, end = picked.spans(named[short])
    before, after = words(received, Spans(text, start * 0, start)), words(received, Spans(text, end, end + _BEHIND))
    patient = pl.DataFrame([before.alias("before"), after.alias("after")]).select(
        pl.col("after").str.contains(_PATIENT_DOES)
        | pl.col("before").str.contains(_REFERRED)
        | (
            pl.col("before").str.contains(_OPENS)
            & pl.col("after").str.contains(_SPEAKS)
            & ~pl.col("after").str.contains(_SEVERAL)
        )
        | (pl.col("before").str.contains(_OF_PATIENT) & ~pl.col("after").str.contains(_IS_TREATMENT))
    )
    return np.delete(named, short[patient.to_series().to_numpy()])


def _without_names(picked: Picked, named: Ints, frame: pl.DataFrame) -> Ints:
    """Without what stands in the name of the organisation that writes: "Harbor Point Rehab" asks for no rehab."""
    for column in ("organization", "referrer_organization"):
        if column not in frame.columns or frame[column].null_count() == frame.height:
            continue
        theirs = np.flatnonzero(frame[column].is_not_null().to_numpy()[picked.row[named]])
        if len(theirs):
            named = np.delete(named, theirs[_in_name(picked, named[theirs], frame[column])])
    return named


def _in_name(picked: Picked, named: Ints, names: pl.Series) -> Flags:
    """Which of them stand in the name of their lead, where its text holds that name first."""
    text, start, end = picked.spans(named)
    name = pl.when(pl.col("name") != "").then(pl.col("name"))
    told = pl.DataFrame(
        [
            picked.mentions.texts.frame["folded"][pl.Series(text)].alias("text"),
            fold(names[pl.Series(picked.row[named])]).str.strip_chars(EDGES).alias("name"),
            pl.Series("start", start),
            pl.Series("end", end),
        ]
    ).with_columns(at=pl.col("text").str.find(name, literal=True))
    inside = (pl.col("start") >= pl.col("at")) & (pl.col("end") <= pl.col("at") + pl.col("name").str.len_chars())
    flags: Flags = told.select(inside.fill_null(False)).to_series().to_numpy()
    return flags


def _outermost(picked: Picked, named: Ints) -> Ints:
    """Without names inside longer ones, and without those that reach across another's words to share its last or first:
    who "needs couples therapy" does not "need therapy". Care and offers to organisations do not meet. Words of wanting
    are no part of a name: "busco psicólogo" lies inside "psicólogo infantil"."""
    if len(named) < 2:
        return named
    width = picked.mentions.phrases["width"].to_numpy()
    widest = named[np.argsort(-width[picked.phrase[named]].astype(np.int64), kind="stable")]
    once = np.sort(widest[distinct(picked.key[widest], picked.first[widest], picked.last[widest])])
    size = picked.last[once] - picked.first[once] + 1
    own = width[picked.phrase[once]]
    tight, several = (own == 0) | (size <= own), size > 1
    apart = np.where(picked.kind[once] == picked.codes.kinds.index("offer"), _FAR, 0)
    first, last = picked.first[once] + apart, picked.last[once] + apart
    ends = tight & several
    wide = np.flatnonzero(~tight)
    shares = np.isin(first[wide], first[ends]) | np.isin(last[wide], last[ends])
    # "Peanut allergy, need him tested" asks for no allergy test: the word is of what others treat.
    others = ends & (picked.kind[once] == picked.codes.kinds.index("elsewhere"))
    reaching = wide[shares | np.isin(first[wide], last[others])]
    spans = pl.DataFrame({"first": first, "last": last})
    wants = picked.of_kind("want")
    goes_on = _furthest(picked.first[wants], picked.last[wants], first) + 1
    inside = within_longer(spans, spans.filter(pl.Series(tight))).to_numpy()
    meant: Flags = ~(inside | (_furthest(first[tight], last[tight], goes_on) > last))
    meant[reaching] = False
    return once[meant]


def _unshared(picked: Picked, named: Ints) -> Ints:
    """Without a name that several services go by, for all but the one that the lead also calls by a name of its own:
    "a sleep study (polysomnography)" asks for no sleep study at home."""
    service = picked.kind[named] == picked.codes.kinds.index("service")
    if np.count_nonzero(service) < 3:
        return named
    place = picked.first[named] * _FAR + picked.last[named]
    _, at, names = np.unique(np.where(service, place, -1), return_inverse=True, return_counts=True)
    shared = service & (names[at] > 1)
    theirs = picked.row[named] * len(picked.codes.keys) + picked.key[named]
    called = np.isin(theirs, theirs[service & ~shared & (picked.context[named] == 0)])
    settled = np.isin(place, place[shared & called])
    return np.delete(named, np.flatnonzero(shared & settled & ~called))


def _furthest(begins: Ints, ends: Ints, asked: Ints) -> Ints:
    """Where what begins at each place ends, at the furthest; below -1 where nothing begins there."""
    if not len(begins):
        return np.full(len(asked), _NOWHERE)
    order = np.lexsort((ends, begins))
    at = np.searchsorted(begins[order], asked, "right") - 1
    there = (at >= 0) & (begins[order][np.maximum(at, 0)] == asked)
    return np.where(there, ends[order][np.maximum(at, 0)], _NOWHERE)
