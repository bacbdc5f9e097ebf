"""In which language do they write? By the small words that every sentence of a language needs. (promise 10)"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.reading.mentions import Mentions

_FIELDS: Final = ("message", "subject", "referral_reason")
_SAMPLE: Final = 300  # characters that are enough to tell
_ENGLISH: Final = (
    "the|and|to|of|for|my|i|i'm|im|is|are|was|you|your|have|has|had|with|need|want|can|do|does|please|pls|on|at|an|it|this|that|be|we|"
    "our|he|she|his|her|how|what|when|where|would|like|get|from|just|not|don't|dont|am|by|if|will|thanks|thank|looking|appointment|"
    "call|text|next|week|doctor|any|all|new|old|year|time|out|asap|hi|hello|in|insurance|pain|knee|or|there|who|did|so|about|after|"
    "patient|referral|take|accept|back|schedule|book|free|see|needs|wants"
)
_SPANISH: Final = (
    "el|la|los|las|de|del|que|y|en|un|una|por|para|con|mi|mis|me|se|su|sus|es|son|esta|estoy|tengo|tiene|necesito|quiero|quisiera|busco|"
    "cita|lo|le|les|al|si|pero|como|cuanto|cuando|donde|gracias|hola|buenos|buenas|dias|tardes|favor|soy|somos|ya|muy|hay|este|esa|ese|"
    "anos|seguro|dolor|duele|puedo|pueden|aceptan|nos|desde|hasta|sin|sobre|tambien|porque|senora|doctora|hija|hijo|mama|papa|esposo|"
    "esposa|ustedes|informacion|precio|terapia|ocupo|quien|kiero|llamenme|quieren|nomas|solo|todavia|ser|ver|hacer|ir|yo|pa|mas|q|x"
)
_OTHER: Final = "je|vous|nous|avec|pour|mon|une|est|voce|nao|minha|uma|meu|obrigado|ich|und|nicht|ein|bitte|ako|ang|mga|po|toi|khong"


def _count(words: str) -> pl.Expr:
    return pl.col("sample").str.count_matches(rf"(?-u:\b)(?:{words})(?-u:\b)")


def language(mentions: Mentions) -> pl.DataFrame:
    """en | es | other; NULL where too few words say. The first text of a lead with words in it counts, the message first."""
    texts = mentions.texts.frame
    some = texts.filter(pl.col("field").is_in(_FIELDS)).unique("row", keep="first", maintain_order=True)
    sample = pl.col("folded").str.head(_SAMPLE)
    counts = some.select("row", "received", sample=sample).select(
        "row", english=_count(_ENGLISH), spanish=_count(_SPANISH), letters=pl.col("sample").str.contains("[a-z]"),
        signs=pl.col("received").str.contains("[¿¡ñ]"),
        script=pl.col("received").str.contains(r"\p{Cyrillic}|\p{Han}|\p{Arabic}|\p{Hangul}|\p{Hiragana}|\p{Katakana}"),
    )  # fmt: skip
    spanish = pl.col("spanish") + pl.col("signs").cast(pl.UInt32)
    told = counts.select(
        "row",
        pl.when("script").then(pl.lit("other"))
        .when((pl.col("english") == 0) & (spanish == 0)).then(None)
        .when(spanish > pl.col("english")).then(pl.lit("es"))
        .when(spanish < pl.col("english")).then(pl.lit("en"))
        .when("signs").then(pl.lit("es"))
        .alias("read.language"),
    )  # fmt: skip
    return mentions.by_lead(told)
