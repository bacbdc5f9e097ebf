"""In which language do they write? By the small words that every sentence of a language needs. (promise 10)"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.reading.mentions import Mentions

_FIELDS: Final = ("message", "subject", "referral_reason")
# Between spaces, frequent enough to tell most texts; neither list holds a word of the other language.
_ENGLISH: Final = (
    "the|and|to|of|for|my|i|i'm|im|is|are|was|you|your|have|has|had|with|need|want|can|do|does|please|on|at|it|this|that|be|we|"
    "our|he|she|his|her|how|what|when|where|would|like|get|from|just|not|don't|am|by|if|will|looking"
)
_SPANISH: Final = (
    "el|la|los|las|de|del|que|y|en|un|una|por|para|con|mi|mis|se|su|es|son|esta|estoy|tengo|tiene|necesito|quiero|quisiera|"
    "busco|cita|lo|le|les|al|pero|como|cuando|donde|soy|ya|muy|hay|anos"
)
# For what these leave open: more words, wherever they stand.
_MORE_ENGLISH: Final = _ENGLISH + (
    "|pls|an|any|all|new|old|year|time|out|asap|hi|hello|in|insurance|pain|knee|or|there|who|did|so|about|after|patient|"
    "referral|take|accept|back|schedule|book|free|see|needs|wants|thanks|thank|appointment|call|text|next|week|doctor|dont"
)
_MORE_SPANISH: Final = _SPANISH + (
    "|me|sus|si|cuanto|gracias|hola|buenos|buenas|dias|tardes|favor|somos|este|ese|esa|seguro|dolor|duele|puedo|pueden|nos|"
    "aceptan|desde|hasta|sin|sobre|tambien|porque|senora|doctora|hija|hijo|mama|papa|esposo|esposa|ustedes|"
    "informacion|precio|terapia|examen|examenes|consulta|cirugia|resonancia|rodilla|espalda|cadera|medico|ocupo|quien|kiero|llamenme|quieren|nomas|solo|todavia|ser|ver|hacer|ir|yo|pa|mas|q|x"
)
_SCRIPTS: Final = r"\p{Cyrillic}|\p{Han}|\p{Arabic}|\p{Hangul}|\p{Hiragana}|\p{Katakana}"


def language(mentions: Mentions) -> pl.DataFrame:
    """en | es | other; NULL where too few words say. Of a lead's texts the first counts, the message before others."""
    texts = mentions.texts.frame.filter(pl.col("field").is_in(_FIELDS))
    if texts.height > 1:
        texts = texts.unique("row", keep="first", maintain_order=True)
    told = texts.select("row", "received", "folded", told=_more(_spaced(_ENGLISH), _spaced(_SPANISH)))
    open_ = told["told"].is_null().arg_true()
    if not open_.is_empty():
        told = told.with_columns(told["told"].clone().scatter(open_, _again(told[open_])))
    return mentions.by_lead(told.select("row", pl.col("told").alias("read.language")))


def _spaced(words: str) -> pl.Expr:
    """How many of these words stand between spaces."""
    return pl.col("folded").str.extract_many([f" {word} " for word in words.split("|")]).list.len()


def _again(texts: pl.DataFrame) -> pl.Series:
    """What a closer look says of texts that their spaced words leave open."""
    patterns = (rf"(?-u:\b)(?:{words})(?-u:\b)" for words in (_MORE_ENGLISH, _MORE_SPANISH))
    english, spanish = (pl.col("folded").str.count_matches(pattern) for pattern in patterns)
    signs = pl.col("received").str.contains("[¿¡ñ]")
    told = _more(english, spanish + signs.cast(pl.UInt32))
    other = pl.when(pl.col("received").str.contains(_SCRIPTS)).then(pl.lit("other")).when(signs).then(pl.lit("es"))
    return texts.select(told=pl.coalesce(told, other))["told"]


def _more(english: pl.Expr, spanish: pl.Expr) -> pl.Expr:
    return pl.when(spanish > english).then(pl.lit("es")).when(spanish < english).then(pl.lit("en"))
