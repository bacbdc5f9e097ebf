"""Whom does the asker ask for, who speaks for whom, and who decides? (promise 15)

A person named by a relation is the patient where the words say so: asked *for*, in need, of some age or trouble; not
where the person drives, insures or lives with the asker. `beside.toml` holds these words. A professional asks for a
patient, an organisation for itself; who asks without naming anybody asks for themselves.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell.reading.beside import beside
from leadwell.reading.heard import Heard
from leadwell.reading.readiness import Readiness

KINDS: Final = (
    "relation", "relation.third", "relation.self", "relation.is", "relation.patient", "relation.organization",
    "authority", "decides", "role", "sex",
)  # fmt: skip
_BESIDE: Final = (
    "relation-not",
    "relation-does",
    "relation-owns",
    "relation-for",
    "relation-of",
    "relation-needs",
    "relation-has",
)
# What speaks for a value, the strongest first; the asker's own body outweighs a relation that is merely there.
_ONLY, _IS, _SURE_ORGANIZATION, _PATIENT, _FOR, _ORGANIZATION, _HAS, _SELF, _THERE, _WISH = range(10)
_MYSELF: Final = pl.lit("self")
_SURE: Final = pl.col("key").str.ends_with(" sure")
_ACQUAINTANCE: Final = "relative/x"
_SPEAKS: Final = {"guardian": 0, "authorized": 1, "parent": 2, "provider": 3}
_FIRST_PERSON: Final = (
    r"(?:^|[^a-z0-9'])(?:i|i'm|im|i've|ive|i'd|i'll|my|mine|myself|necesito|quiero|quisiera|busco|tengo|estoy|soy|mi|mis|ocupo|"
    r"puedo|sufro|padezco|vivo|pago|me)(?:[^a-z0-9']|$)"
)


def relations(heard: Heard, ready: Readiness) -> pl.DataFrame:
    """Who wants something (`ready.wanting`) without naming anybody wants it for themselves."""
    found = _candidates(heard, ready.wanting)
    if not found.is_empty():
        found = found.sort("rank", "first", maintain_order=True).unique("row", keep="first", maintain_order=True)
    facts = [
        _or_first_person(heard, heard.fact("asks_for", found, pl.col("key").str.extract("^([a-z]+)")), ready),
        _authority(heard),
        _decides(heard),
        _sex(heard, found),
    ]
    return pl.concat(facts, how="horizontal")


def _candidates(heard: Heard, wanting: pl.DataFrame) -> pl.DataFrame:
    own = heard.asserted("relation.self")
    named = heard.all("relation")
    if not own.is_empty() and not named.is_empty():
        own = own.filter(~own["last"].is_in(named["first"].implode()))  # "para mi hijo" is not "para mi"
    parts = [
        _persons(heard),
        _ranked(own, pl.when(pl.col("key") == "only").then(_ONLY).otherwise(_SELF), myself=True),
        _ranked(_speaking(heard), pl.lit(_IS)),
        _ranked(_spoken(heard, "relation.patient"), pl.lit(_PATIENT)),
        _ranked(_organizations(heard), pl.when(_SURE).then(_SURE_ORGANIZATION).otherwise(_ORGANIZATION)),
        _ranked(wanting, pl.lit(_WISH), myself=True),
    ]
    return pl.concat([part for part in parts if not part.is_empty()] or [heard.empty.with_columns(rank=pl.lit(_WISH))])


def _or_first_person(heard: Heard, told: pl.DataFrame, ready: Readiness) -> pl.DataFrame:
    """Who writes of themselves and does not only ask for information means themselves, too."""
    if told["read.asks_for"].null_count() == 0:
        return told
    texts = heard.mentions.texts.frame.select("row", "folded")
    open_ = texts.filter(
        told["read.asks_for"].is_null().gather(texts["row"]) & ~pl.col("row").is_in(ready.asking["row"].implode())
    )
    rows = open_.filter(pl.col("folded").str.contains(_FIRST_PERSON))["row"].unique()
    if rows.is_empty():
        return told
    filled = told["read.asks_for"].clone().scatter(rows, "self")
    return told.with_columns(filled)


def _ranked(found: pl.DataFrame, rank: pl.Expr, *, myself: bool = False) -> pl.DataFrame:
    return found if found.is_empty() else found.with_columns(rank=rank.cast(pl.Int32), key=_MYSELF if myself else "key")


def _spoken(heard: Heard, kind: str) -> pl.DataFrame:
    found = heard.all(kind)
    return found if found.is_empty() else found.filter(~pl.col("negated"))


def _speaking(heard: Heard) -> pl.DataFrame:
    """Who says who they are: "her aunt" signs, but in "her aunt all say so" somebody is told of."""
    found = heard.asserted("relation.is")
    return (
        found
        if found.is_empty()
        else found.filter(~beside(heard.mentions.texts, found, "relation-does")["relation-does"])
    )


def _organizations(heard: Heard) -> pl.DataFrame:
    """Without "referring our patient": one patient is asked for, and only "our patients" are an organisation's."""
    found = _spoken(heard, "relation.organization")
    if found.is_empty():
        return found
    folded = pl.lit(heard.mentions.texts.frame["folded"]).gather(pl.col("text"))
    return found.filter(~folded.str.slice(pl.col("end").cast(pl.Int64) - 7, 7).eq_missing("patient"))


def _persons(heard: Heard) -> pl.DataFrame:
    """Those named by a relation, ranked by how much makes them the patient; helpers left out."""
    named = heard.all("relation")
    if named.is_empty():
        return named
    near = pl.concat([named, beside(heard.mentions.texts, named, *_BESIDE)], how="horizontal")
    near = near.with_columns(third=_spoken_of(named, heard.all("relation.third")))
    helper = pl.col("relation-not") | pl.col("relation-does") | pl.col("relation-owns")
    asked = (pl.col("relation-for") | pl.col("relation-of")) & ~pl.col("relation-not") & ~pl.col("relation-owns")
    needs = pl.col("relation-needs") & ~pl.col("relation-not") & ~pl.col("relation-does")
    rank = (
        pl.when(asked | needs).then(_FOR)
        .when(pl.col("key") == _ACQUAINTANCE).then(None)
        .when(helper & pl.col("third")).then(_HAS)
        .when(helper).then(None)
        .when(pl.col("relation-has") | pl.col("third")).then(_HAS)
        .otherwise(_THERE)
    )  # fmt: skip
    return near.with_columns(rank=rank.cast(pl.Int32)).drop(*_BESIDE, "third").drop_nulls("rank")


def _spoken_of(named: pl.DataFrame, third: pl.DataFrame) -> pl.Series:
    """Whether a "she needs" follows in the same text before anybody else is named."""
    if third.is_empty():
        return pl.repeat(False, named.height, eager=True)
    third = third.sort("first")
    at = third["first"].search_sorted(named["last"], "right").cast(pl.Int64)
    near = third[at.clip(0, third.height - 1).cast(pl.UInt32)]
    follower = named["first"].shift(-1).fill_null(1 << 31)
    return (at < third.height) & (near["text"] == named["text"]) & (near["first"] < follower)


def _authority(heard: Heard) -> pl.DataFrame:
    found = heard.asserted("authority")
    if not found.is_empty():
        rank = pl.col("key").replace_strict(_SPEAKS, default=9, return_dtype=pl.Int32)
        found = found.with_columns(rank=rank).sort("rank", "first", maintain_order=True)
    return heard.fact("authority", found)


def _decides(heard: Heard) -> pl.DataFrame:
    roles = pl.concat([heard.asserted("decides"), heard.asserted("role")]).sort("first", maintain_order=True)
    whose = beside(heard.mentions.texts, roles, "role-not", "role-own")
    told = heard.fact("decides", roles.filter(whose["role-own"] | ~whose["role-not"]))
    words = pl.col("read.decides@").struct.field("text").str.to_lowercase()
    return told if roles.is_empty() else told.with_columns(words.alias("read.decides"))


def _sex(heard: Heard, found: pl.DataFrame) -> pl.DataFrame:
    """Of the patient: as the relation says, else as the words say of whoever is asked for."""
    by_relation = found if found.is_empty() else found.filter(pl.col("key").str.contains("/[fm]$"))
    said = heard.asserted("sex")
    if not said.is_empty() and not found.is_empty():
        others = found.filter(pl.col("key").str.contains("/"))["row"]
        said = said.filter(~pl.col("row").is_in(others.implode()))
    both = pl.concat([by_relation.select(heard.empty.columns), said])
    letter = pl.col("key").str.extract("([fm])[a-z]*$").replace_strict({"f": "female", "m": "male"}, default=None)
    return heard.fact("sex", both, letter)
