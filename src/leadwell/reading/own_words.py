"""Which columns hold a person's own words, besides those meant for them? (promises 18, 23)

Somebody tells of danger, or asks to be left alone, wherever there is room: in the answer to a question that nobody here
understands, or in the list from which a service is picked. Those columns are read for that and for nothing else.
`contract.WORDS` are read anyway; what machines write (ids, addresses, parameters of advertisements) is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

import polars as pl

from leadwell.contract import ANSWER_PREFIX, EXTRA_PREFIX, INCOMING, LINK, WORDS

_PREFIXES: Final = (ANSWER_PREFIX, EXTRA_PREFIX)
# Columns that we understand, and that machines fill; the others are typed in or mostly picked.
_NEVER: Final = frozenset((
    *WORDS, "id", "received_at", "npi", "referrer_npi", "referrer_phone", "referrer_email", "source", "campaign",
    "page", "form", "verified",
))  # fmt: skip
# Where somebody is reached or was born: with a number in it what nobody says of themselves is one.
_NUMBERED: Final = frozenset((
    "birth_date", "patient_birth_date", "email", "phone", "phone_2", "address", "city", "state", "zip",
))  # fmt: skip
_PICKED: Final = frozenset(INCOMING) - _NEVER
_FEW_SPACES: Final = 2  # who writes of themselves needs three words
_SPACES: Final = 4  # who picks or gives a name seldom needs five
# A name of one to three words that ends with one of these, or begins so, is a machine's; a question is longer.
_ENDS: Final = frozenset((
    "ad", "adgroup", "ads", "adset", "agent", "browser", "campaign", "campaigns", "code", "creative", "device",
    "duration", "form", "group", "guid", "hash", "id", "ids", "ip", "key", "keyword", "keywords", "landing",
    "lang", "link", "locale", "medium", "name", "owner", "page", "placement", "platform", "query", "recording",
    "referer", "referrer", "seconds", "source", "stage", "status", "term", "timestamp", "title", "token", "tracker",
    "tracking", "type", "uid", "until", "uri", "url", "uuid", "version",
))  # fmt: skip
_BEGINS: Final = frozenset(("ad", "adset", "campaign", "fb", "ga", "gad", "gcl", "hsa", "keyword", "utm"))
_WHOLE: Final = frozenset(
    (
        "appointment_at",
        "appointments",
        "attachments",
        "attachments_not_read",
        "call_result",
        "cancelled_by",
        "invitation_from",
        "invitation_organizer",
        "invited",
        "media",
        "of_whom_it_is",
        "order_status",
        "patient_named_in",
        "rang_at",
        "tags",
        "trap",
        "user_agent",
    )
)
_LONGEST_NAME: Final = 3  # words
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTS: Final = re.compile(r"[^\W_]+")

_LETTERS: Final = r"\p{L}[^\p{L}]*\p{L}[^\p{L}]*\p{L}"
_MACHINE: Final = (
    r"^\s*(?:\S*[\d_/=@#%&]\S*|\S+[.:]\S+)\s*$"  # one word with a sign or digit inside: an address, a code
)
_YES: Final = (
    r"(?i)^\s*(?:(?:y|s|on|x|true|check(?:ed)?|selected|si|✓|✔|☑)\s*[.!]*\s*$|(?:yes|yeah|yep|yup|sí|si,)(?:\W|$))"
)
# Who agrees to terms says nothing of themselves: "I understand that with chest pain I should call 911".
_TERMS: Final = re.compile(
    r"\b(?:understand|acknowledge|aware|agree|consent|confirm|accept|certify|terms|policy|disclaimer|911|988"
    r"|if (?:you|this)|not (?:for|use|intended)"
    r"|entiendo|comprendo|acepto|autorizo|confirmo|términos|si (?:usted|es|tiene))\b",
    re.IGNORECASE,
)
# A question of what was once; what is picked there is mostly over.
_PAST: Final = re.compile(
    r"\b(?:ever|history|historial|past|prior|previous(?:ly)?|before|condition(?:es|s)?|diagnos\w+|disease[sd]?|family"
    r"|risk|antecedentes|alguna vez|anterior(?:es)?|previ[oa]s?|pasado"
    r"|enfermedad(?:es)?|padecimientos?|famili(?:a|ares?))\b",
    re.IGNORECASE,
)
_OF_NOW: Final = (
    r"(?i)\b(?:i|i['’]?m|me|my|now|today|tonight|currently|can['’]?t|cannot|ahora|hoy|(?-i:mi|Mi)|estoy|tengo|siento|quiero"
    r"|puedo)\b"
)
# A question of how they are now, or of what is never only asked about: a yes to it is said by themselves.
_NOW: Final = re.compile(
    r"\b(?:now|currently|today|tonight|this moment|ahora|hoy|actualmente|en este momento|suicid\w*"
    r"|(?:kill|hurt|harm)\w* yourself|end\w* your life|matarse|suicidarse|quitarse la vida|hacerse daño)\b",
    re.IGNORECASE,
)


def columns(names: Iterable[str]) -> list[str]:
    """Those of the columns in which a person may have written freely, besides `contract.WORDS`."""
    return [name for name in names if _may_be(name)]


@lru_cache(maxsize=4096)
def _may_be(name: str) -> bool:
    return name in _PICKED or (name not in INCOMING and name not in LINK and name != "row" and not _a_machines(name))


def _a_machines(name: str) -> bool:
    plain = _plain(name)
    words = [word.lower() for word in _PARTS.findall(_CAMEL.sub(" ", plain))]
    if "_".join(words) in _WHOLE:
        return True
    if not words or len(words) > _LONGEST_NAME or "?" in plain:
        return False
    return words[-1] in _ENDS or words[0] in _BEGINS or words[0].endswith("clid")


def _plain(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)


class Told(NamedTuple):
    """Of each column with words in some lead what it says, NULL where nothing: `sure`, as it was received, or behind a
    question of how they are now, with which the answer agrees; `unsure`, behind any other question with which it
    agrees, or picked where the question is of what was once."""

    sure: pl.DataFrame
    unsure: pl.DataFrame


def told(leads: pl.DataFrame) -> Told:
    ours = [name for name in columns(leads.columns) if _readable(leads[name])]
    if not ours:
        return Told(pl.DataFrame(), pl.DataFrame())
    types = leads.schema  # asking for it walks all columns
    texts = leads.select(_text(name, types[name]) for name in ours)
    long = texts.select((_spaces(pl.col(name)) >= _FEW_SPACES).any() for name in ours if not _asks(name))
    ours = [name for name in ours if _asks(name) or long[name].item()]
    return Told(_filled(texts, map(_sure, ours)), _filled(texts, map(_unsure, ours)))


def _filled(texts: pl.DataFrame, words: Iterable[pl.Expr]) -> pl.DataFrame:
    said = texts.select(words)
    return said.select(column for column in said if column.null_count() < said.height)


def _readable(column: pl.Series) -> bool:
    text = column.dtype in (pl.String, pl.Boolean, pl.Categorical, pl.Enum)
    return text and column.null_count() < len(column)


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Boolean:
        return pl.when(pl.col(name)).then(pl.lit("yes")).alias(name)
    return pl.col(name).cast(pl.String)


@lru_cache(maxsize=1024)
def _sure(name: str) -> pl.Expr:
    text = pl.col(name)
    if not _asks(name):
        return pl.when((_spaces(text) >= _FEW_SPACES) & text.str.contains(_OF_NOW)).then(text).alias(name)
    if _PAST.search(question(name)):
        return pl.when(_free(text) & text.str.contains(_OF_NOW)).then(text).alias(name)
    words: pl.Expr = pl.when(_free(text)).then(text)
    if _NOW.search(question(name)) and not _TERMS.search(question(name)):
        words = pl.when(text.str.contains(_YES)).then(_answering(name)).otherwise(words)
    return words.alias(name)


@lru_cache(maxsize=1024)
def _unsure(name: str) -> pl.Expr:
    text, words = pl.col(name), pl.lit(None, dtype=pl.String)
    if not _asks(name):
        free = (_spaces(text) >= _SPACES) & ~text.str.contains(_OF_NOW)
        return pl.when(free & ~text.str.contains(r"\d") if name in _NUMBERED else free).then(text).alias(name)
    if _PAST.search(question(name)):  # "Family history" stands for much of what follows
        words = pl.when(_free(text)).then(_answering(name))
    if not _TERMS.search(question(name)):
        words = pl.when(text.str.contains(_YES)).then(_answering(name)).otherwise(words)
    return words.alias(name)


def _spaces(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.count_matches(" ", literal=True)


def _free(text: pl.Expr) -> pl.Expr:
    return text.str.contains(_LETTERS) & ~text.str.contains(_MACHINE)


def _answering(name: str) -> pl.Expr:
    return pl.lit(f"{question(name)}: ") + pl.col(name)


def _asks(name: str) -> bool:
    """Whether its name is a question in somebody's words, and none of our columns."""
    return name not in INCOMING


def question(name: str) -> str:
    """What a column asks, as a person reads it."""
    return _plain(name).replace("_", " ").strip()
