"""Is it advertising, a test entry, or no language at all? (promise 7)

Only a message with some mark of advertising is weighed: each of its words and signs has a weight, learned once by
`benchmarks/train_spam.py` and kept in `data/spam.csv`; what adds up past the threshold is spam. Nobody real is to be
lost to it, so the threshold stands where hardly a real message of the training texts passes that was held out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import polars as pl

from leadwell.contract import EVIDENCE, WORDS
from leadwell.playbook.model import Playbook
from leadwell.reading.finding import Texts
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.mentions import Mentions
from leadwell.reading.remembered import Remembered
from leadwell.reading.written import apart

BIAS: Final = "(bias)"
_SUBJECT: Final = WORDS.index("subject")  # what they write themselves stands in the message and in this
# What a text shows besides its words, as a pattern of the text as received.
SIGNS: Final = {
    "#url": r"(?i)https?://|www\.|\b[a-z0-9-]{2,}\.(com|net|org|info|biz|co\.uk|example|ru|xyz)\b",
    "#urls": r"(?is)https?://.{1,200}https?://",
    "#markup": r"(?i)<a href|\[url|\[/url|<br",
    "#money": r"[£$€]|(?i)\b\d+ ?(dollars|usd|dolares|dólares|euros|pounds)\b",
    "#pence": r"(?i)\b\d+ ?p(pm|/min|/msg| per)?\b|\b\d+p\b",
    "#percent": r"\d ?%",
    "#digits": r"\d{5,}",
    "#shout": r"[A-Z]{4,}[^a-z]{0,3}[A-Z]{3,}",
    "#shouts": r"[A-Z]{3,}.*[A-Z]{3,}.*[A-Z]{4,}",
    "#exclaim": r"!.*!",
    "#exclaims": r"!!",
    "#mixed": r"\b[A-Z]+\d+[A-Z]+\w*\b",
    "#chat": r"(?i)telegram|whatsapp|\bdm me|inbox me|skype|t\.me/|wa\.me/",
    "#stars": r"\*{2,}|>{2,}|\${2,}",
    "#long": r"(?s)^.{110,}",
    "#longer": r"(?s)^.{135,}",
    "#letter": r"(?s)^.{250,}",
    "#few digits": r"(?s)\d.*\d.*\d.*\d",
    "#many digits": r"(?s)(\d.*?){9}",
    "#more digits": r"(?s)(\d.*?){15}",
    "#capitals": r"(?s)([A-Z][^A-Z]*?){20}",
    "#slash": r"\w/\w",
    "#ampersand": r"\w&\w|\d/\d+",
}
_MONEY: Final = ("£", "$", "€")
_PREMIUM: Final = r" 0[789]\d{8}"  # numbers one pays to call


def _words(*lines: str) -> str:
    """A pattern that finds any of these words by themselves."""
    return r"\b(" + "|".join(lines) + r")\b"


# Two words of illness or care: somebody tells of themselves, whatever else stands there.
CARE: Final = _words(
    r"pain|ache|hurts?|symptoms?|diagnos\w*|disease|syndrome|disorder|surg\w*|treatments?|therap\w*|doctors?|dr|cancer",
    r"appointment|appt|infection|refer(red|ring|ral)\w*|patient|spinal|spine|stenosis|evaluation|clinicaltrials",
    r"aetna|cigna|humana|bcbs|kaiser|tricare|insurance|medicare|medicaid|blood|knees?|back|shoulder|hip|anxiety",
    r"depress\w*|mri|x ray|scan|medication|my (mom|mother|dad|father|son|daughter|wife|husband)|clinical|breath\w*",
    r"cough\w*|test(s|ed|ing)?|genetic|dolor|duele|cita|doctora?|cirugia|terapia|seguro|sintomas?|enfermedad|rodilla",
    r"espalda|mi (mama|papa|hijo|hija|esposo|esposa)",
)
_CARES: Final = 2
# One of these asks for care by itself.
_ASKS: Final = _words(
    r"appointment|appt|new patient|this study|therapist|your therapists|podiatr\w*|dermatolog\w*|physical therapy",
    r"(quiero|necesito|quisiera|busco|pedir|hacer|sacar|agendar) (una? )?(cita|consulta|doctora?|especialista)",
    r"terapeuta|buscar (una? )?(doctora?|terapeuta)",
    r"ortoped\w*|psic\w+|psiquiatra|terapia fisica",
)
# What somebody who asks for themselves or for theirs says in passing, and what only an advertisement holds.
_OF_ONESELF: Final = (
    r"\b(1?\d{1,2} ?(f|m|yrs?|years?|y ?o|anos)|i'?m 1?\d{1,2}|tengo 1?\d{1,2}|dob)\b"
    r"|(?:^|[^a-z0-9$£-])[1-9]\d{4}(?:$|[^0-9a-z]*$|[^0-9a-z,]+[a-z ])"
)
_SELLS: Final = rf"{SIGNS['#url']}|{SIGNS['#pence']}|£"
_PAYS: Final = ("payment", "payer", "plan")
_CARE_NAMED: Final = ("service", "elsewhere", "condition", "procedure")
_SHORT: Final = 240  # characters
_WORD: Final = r"[a-z']{2,}|\d+[a-z]+|[a-z]+\d+"
# A whole message that says only that it is a test.
_BEFORE_TEST: Final = (
    "hi|hello|hey|hola|please|pls|ignore|this|is|it'?s|just|only|solo|esto|es|a|an|una|un|my|the|quick|form|web|qa"
)
_AFTER_TEST: Final = "|".join(
    (
        r"tests?|testing|message|msg|submission|entry|lead|only|form|post|run|please|ignore|[0-9]+|one|two|from|the|web",
        r"site|website|team|qa|de|del|formulario|sistema|mensaje|favor|ignorar|john|jane|do|not|call|contact|reply",
        r"don't|no|llamar|contestar|delete|disregard|asdf|asd|by|our|staff|developer|dev|marketing|it|department|vendor",
        r"agency|for|with|new|of|a|this|to|check|see|if|works?|working|checking|verify|verifying|making|make|sure|that",
        r"whether|is|it|submits?|goes|going|through|page|landing|again|ok|okay|real|not a lead|fake|dummy|tracking",
        r"pixel|integration|webhook|zapier|crm|button|email|notifications?|thanks|thank you|el|la|por|que|funciona",
        r"funcione|si|pagina|sitio|es|un|una|para|ver|hagan caso|gracias|borrar|borren",
    )
)
_TEST: Final = (
    rf"^[ !\"]*(({_BEFORE_TEST})[ !\"]+)*(test|testing|tests|prueba|probando|pruebas)[ !\"]*(({_AFTER_TEST})[ !\"]*)*$"
)
_SAYS_TEST: Final = _words(
    r"this is (just )?(a |an )?(qa |internal |web |form )?test|test (submission|lead|entry|message from)",
    r"testing (the|our|this) (web ?)?(form|site|page|widget)|please (ignore|disregard) this (test|submission|message)",
    r"esto es una prueba|mensaje de prueba|prueba del? (formulario|sistema|sitio)|lead de prueba",
    r"lorem ipsum|dolor sit amet|testing testing|prueba prueba|(test|prueba)(ing)? 1 ?2 ?3",
    r"(does|is) th(is|e) (web ?)?form work(ing)?",
    r"checking (that |if |whether )?(the|this|our|your) (web ?)?form (works|goes through|submits)",
    r"not a real (lead|patient|person|submission|request)|fake (lead|patient|submission) (for|to) test(ing)?",
    r"(borren|borrar|ignoren|ignorar) est(a prueba|e mensaje)|no es un paciente real",
    r"funciona (este|el) formulario|checking (if|that|whether) (this|the) (web ?)?form works",
)
_BLANK: Final = r"(?:\{\{? ?\w+ ?\}\}?|\[\w+\]|%\w+%)"
_TEMPLATE: Final = rf"^\W*{_BLANK}(?:\W*{_BLANK})*\W*$"  # "{{name}} {{message}}", never filled in
_PROBE: Final = r"<script|' *or *'?1'? *= *'?1|union select|drop table|\.\./\.\./|onerror *="  # tries the form's locks
_TESTERS: Final = (
    "test",
    "tester",
    "testing",
    "prueba",
    "qa",
    "asdf",
    "test1",
    "testy",
    "test test",
    "john test",
    "test user",
    "test lead",
)
# "Testy McTest", "Test Patient 2": nothing else stands in the name.
_TESTED: Final = r"(?:mc)?test(?:y|er|o|ing|face|erson|erton|ington|user|lead|patient)*|prueba|asdf+"
_TESTER: Final = (
    rf"^(?:{_TESTED}|qa|dummy|fake)[0-9]*"
    rf"(?:[ -]+(?:{_TESTED}|user|lead|patient|person|account|entry|name|[0-9]+))*$"
)
_LATIN: Final = r"lorem ipsum|dolor sit amet"
_MASH: Final = "asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert|rtyu|tyui|yuio|uiop|zxcv|xcvb|cvbn|vbnm"
_ODD_WORD: Final = rf"{_MASH}|^[^aeiouy0-9']{{5,}}$|[bcdfghjklmnpqrstvwxz]{{6,}}|aaaa|bbbb|xxxx|zzzz|ssss"
_ODD: Final = (
    rf"{_MASH}|\b[bcdfghjklmnpqrstvwxz]{{5,}}\b|[bcdfghjklmnpqrstvwxz]{{6,}}|aaaa|bbbb|xxxx|zzzz|ssss|{_LATIN}"
)
_ODD_SHARE: Final = 0.5
_KNOWN_WORDS: Final = 2  # a text with more phrases that we know is language


def signs(received: pl.Expr) -> list[pl.Expr]:
    return [pl.when(received.str.contains(pattern)).then(pl.lit(name)).alias(name) for name, pattern in SIGNS.items()]


def features(texts: pl.DataFrame) -> pl.DataFrame:
    """Texts (`row`, `received`, `folded`) -> `row`, `word` of each of their words and signs, as often as they stand."""
    shown = texts.select("row", word=pl.concat_list(signs(pl.col("received")))).explode("word")
    return pl.concat([_written(texts), shown]).drop_nulls()


def _written(texts: pl.DataFrame) -> pl.DataFrame:
    """The features that are words and numbers."""
    words = texts.select("row", word=pl.col("folded").str.extract_all(_WORD)).explode("word")
    numbers = texts.select("row", word=pl.col("folded").str.extract_all(r"\d+")).explode("word").drop_nulls()
    numbers = numbers.with_columns(word=pl.lit("#number of ") + pl.col("word").str.len_chars().cast(pl.String))
    return pl.concat([words, numbers])


@lru_cache(maxsize=1)
def weights() -> tuple[pl.DataFrame, float]:
    """The learned weight of each word by its place in the order of words, and the bias."""
    text = resources.files("leadwell.reading").joinpath("data/spam.csv").read_bytes()
    table = pl.read_csv(text, schema={"word": pl.String, "weight": pl.Float64})
    known = table.filter(pl.col("word") != BIAS).sort("word").with_row_index("place")
    return known, table.filter(pl.col("word") == BIAS)["weight"].item()


def may_be_spam(texts: pl.DataFrame, marked: Flags) -> pl.DataFrame:
    """Those that show a mark of advertising (`marked` leads, money, a costly number) and tell of no illness or care.

    One text a lead: what it says in message and subject.
    """
    money = pl.col("received").str.contains_any(list(_MONEY)) | pl.col("folded").str.contains(_PREMIUM)
    row, shows = texts["row"].to_numpy(), marked.copy()
    shows[row[np.flatnonzero(texts.select(money).to_series().to_numpy())]] = True
    some = np.flatnonzero(shows[row])
    if not len(some):
        return texts.select("row", "received", "folded").clear()
    whole = texts.select("row", "received", "folded")[some]
    if len(np.unique(row[some])) < len(some):
        whole = whole.group_by("row", maintain_order=True).agg(pl.col("received", "folded").str.join(" "))
    folded = pl.col("folded")
    return whole.filter(folded.str.count_matches(CARE) < _CARES).filter(~folded.str.contains(_ASKS))


def weigh(texts: pl.DataFrame) -> pl.DataFrame:
    """Texts -> `row` and `weight`; above 0 is spam."""
    if texts.is_empty():
        return pl.DataFrame(schema={"row": pl.UInt32, "weight": pl.Float64})
    table, bias = weights()
    written = _written(texts).join(table, on="word", how="inner").select("row", "place")
    parts = [
        part["row"].to_numpy() * np.int64(table.height) + part["place"].to_numpy() for part in (written, _shown(texts))
    ]
    held = np.sort(np.concatenate(parts), kind="stable")  # by lead and word, each once
    row, place = np.divmod(held[np.flatnonzero(np.diff(held, prepend=-1))], table.height)
    weighed = pl.DataFrame({"row": row.astype(np.uint32), "weight": table["weight"].to_numpy()[place]})
    return weighed.group_by("row", maintain_order=True).agg(weight=pl.col("weight").sum() + bias)


def _shown(texts: pl.DataFrame) -> pl.DataFrame:
    """`row` and `place` of each sign of each text that has a weight."""
    signs = _signs()
    held = texts.select(pl.col("received").str.contains(SIGNS[sign]).alias(sign) for sign in signs)
    sign, text = np.nonzero(np.array([column.to_numpy() for column in held.get_columns()]))
    place = np.array(list(signs.values()), dtype=np.uint32)[sign]
    return pl.DataFrame({"row": texts["row"].to_numpy()[text], "place": place})


@lru_cache(maxsize=1)
def _signs() -> dict[str, int]:
    """The signs that have a weight, and their places."""
    table, _ = weights()
    return dict(table.filter(pl.col("word").is_in(list(SIGNS))).select("word", "place").iter_rows())


def spam(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    texts = mentions.texts.frame
    own = np.flatnonzero(texts["field"].to_physical().to_numpy() <= _SUBJECT)
    texts = texts[own] if len(own) < texts.height else texts
    known = np.bincount(mentions.table["row"].to_numpy(), minlength=mentions.height) > _KNOWN_WORDS
    unknown = np.flatnonzero(~known[texts["row"].to_numpy()])  # texts of which hardly a phrase is known
    parts = [_told(mentions, "spam", texts, _adverts(mentions, texts, own))]
    parts.append(_told(mentions, "test", texts, _tests(mentions, texts, frame, unknown)))
    parts.append(_told(mentions, "gibberish", texts, unknown[_gibberish(texts[unknown])] if len(unknown) else unknown))
    return pl.concat(parts, how="horizontal")


def _told(mentions: Mentions, name: str, texts: pl.DataFrame, which: Ints) -> pl.DataFrame:
    """A fact of the leads of these texts; the first of each lead is the evidence."""
    if not len(which):
        return mentions.nothing(name)
    _, first = np.unique(texts["row"].to_numpy()[which], return_index=True)
    words = pl.struct(
        pl.col("field").cast(pl.String),
        pl.col("received").alias("text"),
        pl.lit(0).alias("start"),
        pl.col("received").str.len_chars().alias("end"),
    )
    return mentions.by_lead(
        texts[which[first]].select(
            "row", pl.lit(True).alias(f"read.{name}"), words.cast(EVIDENCE).alias(f"read.{name}@")
        )
    )


def _adverts(mentions: Mentions, texts: pl.DataFrame, own: Ints) -> Ints:
    """Texts of leads that advertise. No advertisement hides a cry for help."""
    marked, row = mentions.leads("advert"), texts["row"].to_numpy()
    if marked.any():
        marked &= np.bincount(row, cared(mentions.texts)[own], minlength=mentions.height) < _CARES
    found = weigh(may_be_spam(texts, marked)).filter(pl.col("weight") > 0)
    if found.is_empty():
        return np.zeros(0, dtype=np.int64)
    spam = np.zeros(mentions.height, dtype=np.bool_)
    spam[found["row"].to_numpy()] = True
    spam &= ~mentions.leads("danger", "emergency", "crisis")
    return np.flatnonzero((spam & ~_asks_in_short(mentions, texts, spam[row]))[row])


def _asks_in_short(mentions: Mentions, texts: pl.DataFrame, among: Flags) -> Flags:
    """Leads that in few words, `among` these texts, say two of: the care they want, who pays, and who they are or how
    to reach them. The weights were learned on what sells, and what sells is terse and says "text" and long numbers too.
    """
    asks, row = np.zeros(mentions.height, dtype=np.bool_), texts["row"].to_numpy()
    care, pays, reach = mentions.leads(*_CARE_NAMED), mentions.leads(*_PAYS), mentions.leads("channel")
    may = np.flatnonzero(among & (care | pays)[row])
    if not len(may):
        return asks
    few, received, folded = texts[may], pl.col("received"), pl.col("folded")
    brief = (received.str.len_chars() <= _SHORT) & ~received.str.contains(_SELLS) & ~folded.str.contains(_PREMIUM)
    short, own = _flags(few, brief), _flags(few, folded.str.contains(_OF_ONESELF))
    asks[row[may[short & (own | (care & (pays | reach))[row[may]])]]] = True
    return asks


def cared(texts: Texts) -> Ints:
    """How often each text surely tells of illness or care, by its words alone: a cheap first look at CARE."""
    counts = [
        np.bincount(block.text, _CARED.of(block.distinct)["times"][block.token], minlength=block.texts)
        for block in texts.blocks
    ]
    return np.concatenate([np.zeros(0), *counts]).astype(np.int64)


def _learn(tokens: Sequence[str]) -> Iterator[tuple[int]]:
    care = re.compile(CARE)
    return ((len(care.findall(apart(token)[1])),) for token in tokens)


_CARED: Final = Remembered(_learn, times=np.int32)


def _tests(mentions: Mentions, texts: pl.DataFrame, frame: pl.DataFrame, unknown: Ints) -> Ints:
    """Texts that say they are a test, then those that test the form's locks, then those of senders called one."""
    row = texts["row"].to_numpy()
    said = np.flatnonzero(mentions.leads("testing")[row])
    if len(said):
        folded = pl.col("folded")
        said = said[_which(texts[said], folded.str.contains(_TEST) | folded.str.contains(_SAYS_TEST))]
    machines = unknown[_by_machines(texts[unknown])] if len(unknown) else unknown
    return np.concatenate((said, machines, np.flatnonzero(_called_test(frame)[row])))


def _which(texts: pl.DataFrame, holds: pl.Expr) -> Ints:
    return np.flatnonzero(_flags(texts, holds))


def _flags(texts: pl.DataFrame, holds: pl.Expr) -> Flags:
    told: Flags = texts.select(holds.alias("holds"))["holds"].to_numpy()
    return told


def _by_machines(texts: pl.DataFrame) -> Ints:
    """Unfilled templates and tries at the form's locks."""
    may = pl.col("received").str.contains_any(["{", "[", "%", "<", "'", "../", "select", "drop"])
    return _which(texts, may & (pl.col("received").str.contains(_TEMPLATE) | pl.col("folded").str.contains(_PROBE)))


def _called_test(frame: pl.DataFrame) -> Flags:
    """Senders with at least one name, and every name there is one of a test."""
    called, left = np.zeros(frame.height, dtype=np.bool_), np.arange(frame.height)
    for column in ("first_name", "last_name", "full_name"):
        if column in frame.columns and len(left):
            names = frame[column] if len(left) == frame.height else frame[column].gather(left)
            tests = names.to_frame("name").select(_is_tester(pl.col("name").str.to_lowercase())).to_series()
            told = np.array([2 if test is None else test for test in tests.to_list()])
            called[left[told == 1]] = True
            called[left[told == 0]] = False
            left = left[told > 0]
    return called


def _is_tester(name: pl.Expr) -> pl.Expr:
    return name.is_in(_TESTERS) | name.str.strip_chars().str.contains(_TESTER)


def _gibberish(texts: pl.DataFrame) -> Ints:
    """Keys struck at random: most words have no shape of a word."""
    folded = pl.col("folded")
    words = folded.str.extract_all(r"[a-z0-9']+")
    odd = words.list.eval(pl.element().str.contains(_ODD_WORD)).list.sum()
    mashed = odd >= words.list.len() * _ODD_SHARE
    may = _which(texts, folded.str.contains(_ODD))
    return may[_which(texts[may], folded.str.contains(_LATIN) | mashed)] if len(may) else may
