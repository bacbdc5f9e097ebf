"""Where are they, as far as the words say? ZIP code and state; never a phone, a price or a doctor's state."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from leadwell.playbook.regions import STATES
from leadwell.reading.evidence import Spans
from leadwell.reading.facts import Facts
from leadwell.reading.grouped import Ints
from leadwell.reading.heard import Heard
from leadwell.reading.patterns import holds

KINDS: Final = ("state",)
BESIDE: Final = ("state",)
_CODES: Final = "|".join(STATES)
# Before a ZIP: the word, a place word, a state's code, or nothing but a sign or the text's begin; never $ or #.
_ZIP: Final = (
    r"(?i-u:\bzip(?:code| code)?(?: is|:|=)? ?|\bpostal(?: code| es)?:? ?|\bhome(?: is|:)? |\bcasa(?: es|:)? |"
    r"\b(?:in|near|at|from|live|lives|area|around|en|de|es|cerca de|vivo en)(?: the)? "
    rf"|(?-u:\b)(?:{_CODES})[,.]? ?|[,;(] ?|[.!?] |^|\n)(?P<said>[0-9]{{5}})(?:-[0-9]{{4}})?(?: area)?(?:[,.;)!?\n ]|$)"
)
# A ZIP after any other word, a town's as a rule: not after what five digits count or name otherwise, nor before it.
_TOWN_ZIP: Final = (
    r"[A-Za-z]{2,} (?P<said>[0-9]{5})(?:-[0-9]{4})?"
    r"(?i:[,.;)!?\n]|$| (?:medicare|medicaid|aetna|cigna|humana|united|uhc|bcbs|blue|cash|self|no|need|needs|and|i|im|"
    r"we|my|he|she|they|it|have|want|looking|for|with|pls|please|thanks|thank|so|but|which|thats|that's|near|nearest|close|closest|or|can|"
    r"could|would|is|if|not|any|because|since|also|now|here|then|when|what|where|do|does|how|call|text|area|only|"
    r"y|con|soy|tengo|tiene|necesito|quiero|busco|para|gracias|pero|asi|porque|que|o|cerca|entonces|me|le|por|cuando|es|si|no|ya|"
    r"ahora|tambien|también|así|mi|estoy|vivo|pueden|hay)\b)"
)
_NO_TOWN: Final = (
    r"(?i-u:\b(?:to|is|of|or|by|po|hr|up|are|was|about|almost|approx|around|bill|box|code|codes|copay|cost|costs|count|cpt|deductible|drg|earn|earns|employs|ext|extension|fax|"
    r"form|group|hcpcs|highway|hwy|icd|income|item|lot|make|makes|mbi|member|nearly|number|only|order|over|owe|owes|page|paid|part|password|"
    r"pay|pays|per|phone|pin|plan|policy|price|room|route|salary|save|score|serial|serve|serves|sku|some|store|suite|tel|text|than|the|"
    r"ticket|total|under|unit|until|upto|verification|with|won|worth|year) [0-9]{5}\b)"
)
_NO_ZIP: Final = (
    r"(?i-u:(?:\b(?:(?:acct|mrn|ref|id|no|ext)\.?:?|(?:account|claim|order|quote|invoice|case|number):?)|\$|#)"
    r" ?[0-9]{5}\b"
    r"|[0-9]{5} ?(?:dollars|usd|patients|people|employees|miles|pesos|dolares|steps|sq))"
)
_FIVE: Final = r"(?-u:[0-9]{5})"
_CAPITALS: Final = rf"[a-z](?:,? |,)(?:{_CODES})(?-u:\b)"
# After a town ("Columbus OH"); what is also a word, an exam or a degree needs a comma, a ZIP, or a place word before.
_WORDS_TOO: Final = "|".join(
    ("AL", "CO", "CT", "DC", "DE", "HI", "ID", "IN", "LA", "MA", "MD", "ME", "MI", "MS", "ND", "OK", "OR", "PA", "VA")
)
_ONLY: Final = "|".join(code for code in STATES if code not in _WORDS_TOO.split("|"))
_ENDS: Final = r"(?:[,.;)!?\n ]|$)"
_REGION: Final = (
    "(?i-u:in|from|near|rural|upstate|northern|southern|eastern|western|central|north|south|east|west|en|de)"
)
_PLACED: Final = r"\b(?:[Ii]n|[Nn]ear|[Ff]rom|[Ee]n|[Dd]e) [A-Z][a-z]+ (?:[A-Z][a-z]+ )?"
_CODES_SAID: Final = (
    rf"(?:[A-Z][a-z]+, ?|{_PLACED})(?P<said>{_CODES}){_ENDS}",
    rf"\b(?:[A-Z][a-z]+|{_REGION}) (?P<said>{_ONLY}){_ENDS}",
    rf"\b[A-Z][a-z]+ (?P<said>{_CODES}) [0-9]{{5}}(?:[^0-9]|$)",
)


def whereabouts(heard: Heard, facts: Facts) -> None:
    _zip(heard, facts)
    _state(heard, facts)


def _zip(heard: Heard, facts: Facts) -> None:
    texts = heard.mentions.texts.frame
    at = np.flatnonzero(holds(texts["folded"], _FIVE))
    if len(at):
        at = at[~texts["received"][pl.Series(at)].str.contains(_NO_ZIP).to_numpy()]
    row, spans, codes = _extracted(heard, at, _ZIP)
    rest = at[~np.isin(at, spans.text)]
    if len(rest):
        rest = rest[~texts["received"][pl.Series(rest)].str.contains(_NO_TOWN).to_numpy()]
    row_too, spans_too, codes_too = _extracted(heard, rest, _TOWN_ZIP)
    facts.add_spans(
        "zip",
        np.concatenate([row, row_too]),
        Spans(*(np.concatenate(both) for both in zip(spans, spans_too, strict=True))),
        pl.concat([codes, codes_too.alias(codes.name)]),
        np.arange(len(codes) + len(codes_too)),
    )


def _state(heard: Heard, facts: Facts) -> None:
    """By name where they live or are, else by its code after a town ("Columbus, OH")."""
    named, said = heard.asserted("state"), heard.said
    here = heard.fits(named, "place-here") & ~heard.fits(named, "place-none") & ~heard.fits(named, "place-coded")
    done = heard.mentions.table["done"].to_numpy()[said.at[named]] & ~heard.fits(named, "place-lives")
    named = named[(here & ~done) | heard.fits(named, "place-resident")]
    at = np.flatnonzero(holds(heard.mentions.texts.frame["received"], _CAPITALS))
    row, spans, codes = _by_code(heard, at)
    by_name, keys = said.spans(named), said.codes.names
    facts.add_spans(
        "state",
        np.concatenate([said.row[named], row]),
        Spans(*(np.concatenate(both) for both in zip(by_name, spans, strict=True))),
        pl.concat([keys, codes.alias(keys.name)]),
        np.concatenate([said.key[named], len(keys) + np.arange(len(codes))]),
    )


def _by_code(heard: Heard, at: Ints) -> tuple[Ints, Spans, pl.Series]:
    """What the first fitting pattern of _CODES_SAID holds in each of these texts."""
    found = []
    for pattern in _CODES_SAID:
        found.append(_extracted(heard, at, pattern))
        at = at[~np.isin(at, found[-1][1].text)]
    rows, spans, codes = zip(*found, strict=True)
    parts = (np.concatenate(parts) for parts in zip(*spans, strict=True))
    return np.concatenate(rows), Spans(*parts), pl.concat([c.alias("said") for c in codes])


def _extracted(heard: Heard, at: Ints, pattern: str) -> tuple[Ints, Spans, pl.Series]:
    """What the pattern's group holds in these texts as received: of which leads, where it stands, and the words."""
    if not len(at):
        return at, Spans(at, at, at), pl.Series([], dtype=pl.String)
    texts = heard.mentions.texts.frame.select("row", "received")[pl.Series(at)]
    groups = pl.col("received").str.extract_groups(f"(?s)^(?P<ahead>.*?{pattern.replace('(?P<said>', ')(?P<said>', 1)}")
    found = texts.with_columns(groups.alias("g"), text=at).unnest("g").drop_nulls("said")
    found = found.with_columns(start=pl.col("ahead").str.len_chars(), size=pl.col("said").str.len_chars())
    row, text, start, size = (found[name].to_numpy().astype(np.int64) for name in ("row", "text", "start", "size"))
    return row, Spans(text, start, start + size), found["said"]
