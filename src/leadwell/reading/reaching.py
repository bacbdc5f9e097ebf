"""How can they be reached, as far as the words say? Phone numbers and e-mail addresses, and whose they are.

Needs: `row`-wise the columns of `contract.WORDS`, `read.type`, and the columns of REFERRAL as far as they are there.
Adds: the columns of `contract.REACHED`. Whether a number is any good is for `contact` to say. A number that is
labelled as another (a member id, an NPI, a fax) is none, nor is somebody else's, such as a doctor's. In a referral
`read.phone` is the patient's and `read.referrer_phone` the writer's; elsewhere the writer's comes before all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from leadwell.contract import REACHED, WORDS
from leadwell.reading.patterns import holds
from leadwell.reading.tables import read_table

REFERRAL: Final = ("referrer_npi", "referral_reason", "referral_service", "referrer_phone", "referrer_email")
_LONGEST: Final = 20_000  # characters of one text that are looked through
_BEFORE: Final = 80  # characters in which the words stand that say whose it is
_LIKELY_PHONE: Final = r"[2-9][0-9]{2}\)?[\s./-]{0,3}[2-9][0-9]{2}[\s./-]{0,3}[0-9]{4}"
_PHONE: Final = re.compile(
    r"(?<![\w@$#+/.=-])(?:\+?1[\s.-]{0,2})?(?:\([2-9]\d{2}\)|(?<!\()[2-9]\d{2})[\s./-]{0,3}[2-9]\d{2}[\s./-]{0,3}\d{4}"
    r"(?![\w@%]|[-./]\d)",
    re.ASCII,
)
_EMAIL: Final = re.compile(
    r"(?<![\w@.+/:=-])[a-z0-9_][\w.+'-]{0,63}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w@-])", re.ASCII | re.IGNORECASE
)
_NPI: Final = re.compile(r"\bNPI\b[\s:#.-]*(?:(?:number|no|nr|is|es)\b[\s:#.]*){0,2}([12]\d{9})(?!\d)", re.ASCII | re.I)
_WORDS_BETWEEN: Final = 4
_ABROAD: Final = re.compile(r"\+\d{1,3}[\s.-]*$")  # of a number whose rest looks American
_ENDED: Final = re.compile(r"\n|[.!?;]\s+(?=[A-Z¿¡])")
_NAMED_AFTER: Final = re.compile(
    r"\s*(?:[(\[]\s*|(?:is|es)\s+(?:\w+\s+)?)(?:fax|npi|member|id|order|claim|policy)\b", re.I
)
_WRITER_FIRST: Final = ("own", "phone", "", "patient")
_KINDS: Final = ("no_phone", "other", "own", "patient", "phone")


_Evidence = dict[str, object]


class _Named(NamedTuple):
    """`whose`: own | patient | other; where nothing says, 'phone' if it is called one, else ''."""

    field: str
    text: str
    start: int
    whose: str


def reaching(frame: pl.DataFrame) -> pl.DataFrame:
    """The leads with the columns of `contract.REACHED`; NULL where their words name none."""
    told: dict[str, list[_Evidence | None]] = {name: [None] * frame.height for name in _FACTS}
    fields = [name for name in WORDS if name in frame.columns and frame[name].null_count() < frame.height]
    rows = {way: _rows(frame, fields, likely) for way, likely in _LIKELY.items()}
    few = sorted({row for found in rows.values() for row in found})
    if few:
        texts = frame[few].select(*fields).to_dicts()
        referred = dict(zip(few, _referred(frame[few]), strict=True))
        for row, said in zip(few, texts, strict=True):
            for way, found in rows.items():
                if way == "npi" and row in found:
                    told["npi"][row] = _npi(said)
                elif row in found:
                    for name, one in _chosen(way, list(_named(said, way)), referral=referred[row]):
                        told[name][row] = _evidence(one)
    return frame.with_columns(_columns(told, frame.height))


_FACTS: Final = ("phone", "email", "referrer_phone", "referrer_email", "npi")
_LIKELY: Final = {"phone": _LIKELY_PHONE, "email": "@", "npi": r"(?i)\bnpi\b"}


def _rows(frame: pl.DataFrame, fields: list[str], likely: str) -> set[int]:
    """The places of the leads whose words may hold one."""
    return {row for name in fields for row in np.flatnonzero(holds(frame[name], likely)).tolist()}


def _npi(texts: dict[str, str | None]) -> _Evidence | None:
    """The first number that is called an NPI."""
    for field, text in texts.items():
        if match := _NPI.search((text or "")[:_LONGEST]):
            return {"field": field, "text": match[1], "start": match.start(1), "end": match.end(1)}
    return None


def _referred(frame: pl.DataFrame) -> list[bool]:
    fields = [pl.col(name).is_not_null() for name in REFERRAL if name in frame.columns]
    stated = [pl.col("type").str.to_lowercase().eq_missing("referral")] if "type" in frame.columns else []
    return (
        frame.select(pl.any_horizontal(pl.col("read.type").eq_missing("referral"), *fields, *stated))
        .to_series()
        .to_list()
    )


def _named(texts: dict[str, str | None], way: str) -> Iterator[_Named]:
    """All that stand in the words and are somebody's, field by field."""
    pattern = _PHONE if way == "phone" else _EMAIL
    for field, text in texts.items():
        for match in pattern.finditer((text or "")[:_LONGEST]):
            whose = _whose(match, way)
            if whose is not None:
                yield _Named(field, match[0], match.start(), whose)


def _whose(match: re.Match[str], way: str) -> str | None:
    """None: no number or address of anybody."""
    if _ABROAD.search(match.string, max(0, match.start() - 8), match.start()):
        return None
    before = _ENDED.split(match.string[max(0, match.start() - _BEFORE) : match.start()])[-1].lower()
    whose, label = "", None
    for cue in _cues().finditer(before):
        kind = cue.lastgroup or ""
        label = before[cue.end() :] if kind == "no_phone" else None
        whose = whose if kind == "no_phone" or (kind == "phone" and whose) else kind
    if way == "phone" and (_labelled(label, bare=match[0].isdigit()) or _NAMED_AFTER.match(match.string, match.end())):
        return None
    return whose


def _labelled(since: str | None, *, bare: bool) -> bool:
    """Whether a label, `since` which so much was said, is this number's."""
    if since is None or re.search(r"\d{4}", since):
        return False
    return len(re.findall(r"\w+", since)) <= (_WORDS_BETWEEN if bare else 0)


@cache
def _cues() -> re.Pattern[str]:
    """Every phrase of `reaching.toml`; a label takes the words "number", "no." and "is" along."""
    table = read_table("reaching")
    parts = {kind: "|".join(table[kind]["words"]) for kind in _KINDS}
    parts["no_phone"] = f"(?:{parts['no_phone']})(?:[\\s/.:#]*(?:number|num|no|nr|id|is|code|phone|n[uú]mero|es)\\b)*"
    order = ("own", "patient", "no_phone", "other", "phone")
    return re.compile("|".join(rf"(?P<{kind}>\b(?:{parts[kind]})(?!\w))" for kind in order))


def _chosen(way: str, named: list[_Named], *, referral: bool) -> Iterator[tuple[str, _Named]]:
    """In a referral what nothing is said of is taken for the writer's: it mostly stands below their name."""
    orders = {way: ("patient", "phone"), f"referrer_{way}": ("own", "")} if referral else {way: _WRITER_FIRST}
    for name, order in orders.items():
        if one := next((one for whose in order for one in named if one.whose == whose), None):
            yield name, one


def _evidence(one: _Named) -> _Evidence:
    return {"field": one.field, "text": one.text, "start": one.start, "end": one.start + len(one.text)}


def _columns(told: dict[str, list[_Evidence | None]], height: int) -> list[pl.Series]:
    made = []
    for name, found in told.items():
        words, evidence = f"read.{name}", f"read.{name}@"
        if any(found):
            made.append(pl.Series(words, [one and one["text"] for one in found], dtype=REACHED[words]))
            made.append(pl.Series(evidence, found, dtype=REACHED[evidence]))
        else:
            made += [none.new_from_index(0, height) for none in (_none(words), _none(evidence))]
    return made


@cache
def _none(column: str) -> pl.Series:
    return pl.Series(column, [None], dtype=REACHED[column])
