"""Is it advertising, a test entry, or no language at all? (promise 7)

Only a message with some mark of advertising is weighed: each of its words and signs has a weight, learned once by
`benchmarks/train_spam.py` and kept in `data/spam.csv`; what adds up past the threshold is spam. Nobody real is to be
lost to it, so the threshold stands where hardly a real message of the training texts passes that was held out.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.contract import EVIDENCE
from leadwell.playbook.model import Playbook
from leadwell.reading.mentions import Mentions

BIAS: Final = "(bias)"
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
_CARE: Final = _words(
    r"pain|ache|hurts?|symptoms?|diagnos\w*|disease|syndrome|disorder|surg\w*|treatments?|therap\w*|doctors?|dr|cancer",
    r"appointment|appt|infection|refer(red|ring|ral)\w*|patient|spinal|spine|stenosis|evaluation|clinicaltrials",
    r"aetna|cigna|humana|bcbs|kaiser|tricare|insurance|medicare|medicaid|blood|knees?|back|shoulder|hip|anxiety",
    r"depress\w*|mri|x ray|scan|medication|my (mom|mother|dad|father|son|daughter|wife|husband)|clinical|breath\w*",
    r"cough\w*|test(s|ed|ing)?|genetic|dolor|duele|cita|doctora?|cirugia|terapia|seguro|sintomas?|enfermedad|rodilla",
    r"espalda|mi (mama|papa|hijo|hija|esposo|esposa)",
)
# One of these asks for care by itself.
_ASKS: Final = _words(
    r"appointment|appt|new patient|this study|therapist|your therapists|podiatr\w*|dermatolog\w*|physical therapy",
    r"(quiero|necesito|quisiera|busco|pedir|hacer|sacar|agendar) (una? )?(cita|consulta|doctora?|especialista)",
    r"terapeuta|buscar (una? )?(doctora?|terapeuta)",
    r"ortoped\w*|psic\w+|psiquiatra|terapia fisica",
)
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
        r"agency|for|with|new|of|a|this|to|check|see|if|works?|working",
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
    words = texts.select("row", word=pl.col("folded").str.extract_all(_WORD)).explode("word")
    numbers = texts.select("row", word=pl.col("folded").str.extract_all(r"\d+")).explode("word").drop_nulls()
    numbers = numbers.with_columns(word=pl.lit("#number of ") + pl.col("word").str.len_chars().cast(pl.String))
    shown = texts.select("row", word=pl.concat_list(signs(pl.col("received")))).explode("word")
    return pl.concat([words, numbers, shown]).drop_nulls()


@lru_cache(maxsize=1)
def weights() -> tuple[pl.DataFrame, float]:
    """The learned weight of each word, and the bias."""
    text = resources.files("leadwell.reading").joinpath("data/spam.csv").read_bytes()
    table = pl.read_csv(text, schema={"word": pl.String, "weight": pl.Float64})
    return table.filter(pl.col("word") != BIAS), table.filter(pl.col("word") == BIAS)["weight"].item()


def may_be_spam(texts: pl.DataFrame, marked: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Those that show a mark of advertising (`marked` leads, money, a costly number) and tell of no illness or care.

    One text a lead: what it says in message and subject.
    """
    money = pl.col("received").str.contains_any(list(_MONEY)) | pl.col("folded").str.contains(_PREMIUM)
    shows = marked.copy()
    shows[texts.filter(money)["row"].to_numpy()] = True
    some = texts.filter(pl.Series(shows[texts["row"].to_numpy()]))
    if some.is_empty():
        return some.select("row", "received", "folded")
    whole = some.group_by("row", maintain_order=True).agg(pl.col("received", "folded").str.join(" "))
    folded = pl.col("folded")
    return whole.filter(folded.str.count_matches(_CARE) < 2).filter(~folded.str.contains(_ASKS))


def marked(mentions: Mentions, kind: str = "advert") -> npt.NDArray[np.bool_]:
    """In which leads a word of this kind stands."""
    found = np.zeros(mentions.height, dtype=np.bool_)
    found[mentions.table.filter(pl.col("kind") == kind)["row"].to_numpy()] = True
    return found


def weigh(texts: pl.DataFrame) -> pl.DataFrame:
    """Texts -> `row` and `weight`; above 0 is spam."""
    if texts.is_empty():
        return pl.DataFrame(schema={"row": pl.UInt32, "weight": pl.Float64})
    table, bias = weights()
    known = features(texts).join(table, on="word", how="inner").unique().sort("row", "word")
    return known.group_by("row", maintain_order=True).agg(weight=pl.col("weight").sum() + bias)


def spam(mentions: Mentions, frame: pl.DataFrame, playbook: Playbook) -> pl.DataFrame:
    texts = mentions.texts.frame.filter(pl.col("field").is_in(["message", "subject"]))
    found = weigh(may_be_spam(texts, marked(mentions))).filter(pl.col("weight") > 0)
    if not found.is_empty():
        found = found.filter(~pl.col("row").is_in(_in_danger(mentions, found["row"]).implode()))
    parts = [_told(mentions, "spam", texts.filter(pl.col("row").is_in(found["row"].implode())))]
    parts.append(_told(mentions, "test", _tests(mentions, texts, frame)))
    parts.append(_told(mentions, "gibberish", _gibberish(mentions, texts)))
    return pl.concat(parts, how="horizontal")


def _in_danger(mentions: Mentions, rows: pl.Series) -> pl.Series:
    """Which of these leads hold words of danger: no advertisement hides a cry for help."""
    said = mentions.table.filter(pl.col("row").is_in(rows.implode()))
    return said.filter(pl.col("kind").cast(pl.String).is_in(["danger", "emergency", "crisis"]))["row"].unique()


def _told(mentions: Mentions, name: str, texts: pl.DataFrame) -> pl.DataFrame:
    words = pl.struct(
        pl.col("field").cast(pl.String),
        pl.col("received").alias("text"),
        pl.lit(0).alias("start"),
        pl.col("received").str.len_chars().alias("end"),
    )
    told = texts.unique("row", keep="first", maintain_order=True)
    return mentions.by_lead(
        told.select("row", pl.lit(True).alias(f"read.{name}"), words.cast(EVIDENCE).alias(f"read.{name}@"))
    )


def _tests(mentions: Mentions, texts: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Texts that say they are a test, or whose sender is called one."""
    may = texts.filter(pl.Series(marked(mentions, "testing")[texts["row"].to_numpy()]))
    said = may
    if not may.is_empty():
        said = may.filter(pl.col("folded").str.contains(_TEST) | pl.col("folded").str.contains(_SAYS_TEST))
    said = pl.concat([said, _by_machines(mentions, texts).select(said.columns)])
    names = [n for n in ("first_name", "last_name", "full_name") if n in frame.columns]
    if not names:
        return said
    called = [pl.col(n).str.to_lowercase().is_in(_TESTERS) for n in names]
    rows = frame.select(_all_said(called)).to_series().arg_true()
    return said if rows.is_empty() else pl.concat([said, texts.filter(pl.col("row").is_in(rows.implode()))])


def _by_machines(mentions: Mentions, texts: pl.DataFrame) -> pl.DataFrame:
    """Unfilled templates and tries at the form's locks, where hardly a phrase we know stands among them."""
    may = texts.filter(pl.col("received").str.contains_any(["{", "[", "%", "<", "'", "../", "select", "drop"]))
    may = may.filter(pl.col("received").str.contains(_TEMPLATE) | pl.col("folded").str.contains(_PROBE))
    known = np.bincount(mentions.table["row"].to_numpy(), minlength=mentions.height) > _KNOWN_WORDS
    return may if may.is_empty() else may.filter(~pl.Series(known).gather(may["row"]))


def _all_said(called: list[pl.Expr]) -> pl.Expr:
    """At least one name, and every name there is."""
    return pl.all_horizontal([c.fill_null(True) for c in called]) & pl.any_horizontal(called)


def _gibberish(mentions: Mentions, texts: pl.DataFrame) -> pl.DataFrame:
    """Keys struck at random: most words have no shape of a word, and no phrase we know stands among them."""
    folded = pl.col("folded")
    known = np.bincount(mentions.table["row"].to_numpy(), minlength=mentions.height) > _KNOWN_WORDS
    may = texts.filter(~pl.Series(known).gather(texts["row"])).filter(folded.str.contains(_ODD))
    if may.is_empty():
        return may
    words = folded.str.extract_all(r"[a-z0-9']+")
    odd = words.list.eval(pl.element().str.contains(_ODD_WORD)).list.sum()
    mashed = odd >= words.list.len() * _ODD_SHARE
    return may.filter(folded.str.contains(_LATIN) | mashed)
