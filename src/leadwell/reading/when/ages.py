"""How old is the person asked for? Ages in words ("my 7 year old", "I'm 65", "tengo 45 años"), and whose they are."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import polars as pl

from leadwell.reading.when.stretches import AS_WRITTEN, marked, trie
from leadwell.reading.when.vocabulary import vocabulary

AGES: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(), "field": pl.String(), "words": pl.String(), "start": pl.UInt32(), "end": pl.UInt32(),
    "value": pl.Int32(), "unit": pl.String(),  # y m w d
    "years": pl.Int32(),
    "whose": pl.String(),  # kin | self | patient | other (of another time, or of a thing)
}  # fmt: skip

_E: Final = r"(?-u:\b)"
_A_YEAR: Final = {"y": 1, "m": 12, "w": 52, "d": 365}
_TENS: Final = (
    "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety) "
    "|(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa) y "
)
_APART: Final = 13  # younger ages that stand alone are rather something else
_GOES_ON: Final = r"^ *(?:me|necesito|quiero|busco|ocupo|mi|y)(?-u:\b)"  # "tengo 17 me piden"
_NOT_AN_AGE: Final = ("once", "a", "an", "un", "una", "uno")


@cache
def words(kind: str) -> str:
    """A pattern for the words of one list of ages.toml."""
    return f"(?:{trie(_lists()[kind])})"


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("ages.toml").read_text("utf-8"))


@cache
def _stretch() -> str:
    """What may hold an age: a number with a unit and "old", or beside words that only people have."""
    spoken = trie(phrase for phrase in vocabulary().phrases("N") if phrase not in _NOT_AN_AGE)
    number = f"(?:[0-9]{{1,3}}|(?:{_TENS})?{spoken})"
    soft, unit, kin = f"(?:{words('soft')} )*", words("units"), words("kin")
    forms = (
        f"{number} {{0,2}}{unit}(?: {{1,2}}(?:and |y )?{number} {{0,2}}{unit})? {{1,2}}{words('old')}",
        f"{number} {{0,2}}{words('short')}",
        f"{words('having')} {{1,2}}{soft}{number}(?: {unit})?",
        f"(?:{kin}|{words('people')})(?: [a-z]+)? {{1,3}}(?:de |with |con )?{number} {{0,2}}{unit}",
        "(?:patient|pt|paciente)(?: [a-z]+){1,3} {1,3}(?:de |aged? )?[1-9][0-9]? {1,2}(?:anos|years|yrs)",
        f"{kin}(?: de)? {{1,2}}{number}",
        f"{kin} [a-z]+ {{2,3}}{number}(?:  | $|$)",
        "(?:patient|pt|paciente)(?: [a-z]+){1,3} {2,3}[1-9][0-9]?(?:  | $|$)",
        f"{words('being')} {{1,3}}{soft}{number}(?: {{0,2}}{unit} {{1,2}}{words('old')}| {{0,2}}{words('short')})?",
        f"[0-9]{{1,3}} ?{words('sexes')}",
        "[0-9]{1,3}[mf]",
        "[0-9]{1,3} {1,2}anos",
        "[a-z]{2,} {2,3}[1-9][0-9](?:  | $|$)",
    )
    return f"{_E}(?:{'|'.join(forms)}){_E}".replace(r"\ ", " ")


@cache
def _must() -> str:
    """The same where signs still stand."""
    return _stretch().replace(" ", r"[^a-z0-9\n]")


@lru_cache(maxsize=100_000)
def _age(stretch: str) -> dict[str, Any] | None:
    """What the first number of a stretch counts: value, unit, whole years."""
    plain = stretch.lower().replace("ñ", "n")
    told = [word for word in re.findall("[a-z']+|[0-9]+", plain) if word not in _NOT_AN_AGE]
    at = next((index for index, word in enumerate(told) if _value(word) is not None), None)
    if at is None:
        return None
    value, used = _value(told[at]) or 0, 1
    rest = [word for word in told[at + 1 : at + 3] if word != "y"][:1]
    if value >= 20 and value % 10 == 0 and not told[at].isdigit() and rest and 0 < (_value(rest[0]) or 0) < 10:
        value, used = value + (_value(rest[0]) or 0), 2
    unit = _unit(next((word for word in told[at + used :] if word not in ("y", "and")), ""))
    return {"value": value, "unit": unit, "years": value // _A_YEAR[unit]}


def _unit(word: str) -> str:
    short = re.match("(mo|me|mth)|(w[ek]|sem)|(d[ai])", word)
    return "y" if short is None else "mwd"[(short.lastindex or 1) - 1]


def _value(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    token = vocabulary().tokens.get((word,), "")
    return int(token[1:]) if token[:1] == "N" else None


def read_ages(texts: pl.DataFrame) -> pl.DataFrame:
    """`texts` as in `read_times` -> AGES, by row and place."""
    found = marked(texts, _must(), _stretch())
    if found.is_empty():
        return pl.DataFrame(schema=AGES)
    distinct = found.select("stretch").unique(maintain_order=True)
    kind = pl.Struct({"value": pl.Int32, "unit": pl.String, "years": pl.Int32})
    told = pl.Series("age", [_age(stretch) for stretch in distinct["stretch"]], dtype=kind)
    distinct = distinct.with_columns(told).drop_nulls("age").unnest("age")
    ages = _beside(found.lazy().join(distinct.lazy(), on="stretch", how="inner", maintain_order="left"))
    kept = ages.filter(_is_age()).with_columns(whose=_whose(), words="stretch")
    return kept.select(pl.col(name).cast(dtype) for name, dtype in AGES.items()).collect(optimizations=AS_WRITTEN)


def _beside(found: pl.LazyFrame) -> pl.LazyFrame:
    """Adds `said` (folded), the words before and after it, the sign that follows, and the words that lead in."""
    plain = pl.col("folded").str.replace_all("[^a-z0-9'!]", " ")
    end = pl.col("start") + pl.col("stretch").str.len_chars()
    reach = pl.min_horizontal(pl.col("start"), pl.lit(45))
    return found.with_columns(end=end).with_columns(
        said=plain.str.slice("start", pl.col("end") - pl.col("start")),
        before=plain.str.slice(pl.col("start") - reach, reach).str.extract("[^!]*$", 0),
        after=plain.str.slice("end", 30),
        sign=pl.col("text").str.slice("end", 2),
    )


def _is_age() -> pl.Expr:
    said, after, sign, years = pl.col("said"), pl.col("after"), pl.col("sign"), pl.col("years")
    before = pl.col("before")
    united = said.str.contains(
        f"[0-9a-z] ?(?:{words('units')}|{words('short')}|{words('sexes')}){_E}|[0-9][mf]$|^(?:age|edad)"
    )
    having = said.str.contains(f"^{words('having')}{_E}")
    chart = said.str.contains("^[0-9]+[mf]$") & ~pl.col("stretch").str.contains("[MF]$")
    # "35 años" by itself is an age; "hace 5 años" and "5 años con dolor" are not.
    bare = said.str.contains("^[0-9]+ +anos$") & ~before.str.contains(f"{_E}{words('having')} [a-z ]*{_E}y *$")
    lasting = before.str.contains(f"{_E}{words('for_years')} *$") | after.str.contains(f"^ *{words('of_years')}{_E}")
    length = said.str.contains(f"^{words('kin')}{_E}.*{words('units')} *$") & after.str.contains(
        f"^ *{words('lengths')}{_E}"
    )
    apart = said.str.contains("^[a-z']+ {2,3}[0-9]{2} *$")
    people = f"(?:{words('kin')}|{words('people')}|he|she|it|who)(?: [a-z]+){{0,2}} *$"
    return (
        (united | ~after.str.contains(f"^ *(?:{words('counted')}{_E}|[0-9])"))
        & (united | ~sign.str.contains(r"^['%’\"/$-]|^:[^ ]|^[.,][0-9]"))
        & ~(having & ~united & ~sign.str.contains(r"^$|^[,.;:!)]|^ y$") & ~after.str.contains(_GOES_ON))
        & ~(having & (years < 18) & after.str.contains(f"^ *{words('lasting')}{_E}"))
        & ~(chart & ~after.str.contains(f"^ *{words('chart')}{_E}"))
        & ~(said.str.contains("^is ") & ~united & ~pl.col("before").str.contains(f"{_E}{people}"))
        & ~(apart & ((years < _APART) | said.str.contains(f"^{words('not_apart')} ")))
        & ~(bare & (lasting | (years < 5)))
        & ~length
        & (years <= 120)
        & (pl.col("value") > 0)
    )


def _whose() -> pl.Expr:
    said, before, after = pl.col("said"), pl.col("before"), pl.col("after")
    other = before.str.contains(f"(?:^| ){words('elsewhen')}(?: {words('lean')})* *$") | after.str.contains(
        f"^ *(?:(?:left|right|old|dental) )*{words('things')}{_E}"
    ) & ~pl.col("sign").str.contains("^[,.;:]")
    for_kin = before.str.contains(f"{_E}(?:for|para) (?:my|our|mi|mis|nuestr[oa]) (?:[a-z]+ ){{0,2}}$")
    own = said.str.contains("^(?:i|i'm|im|tengo|cumpli|soy)(?: |$)") | before.str.contains(
        f"{_E}(?:i am|i'm|im|i m|soy|tengo)(?: (?:an?|una?|de))* *$"
    )
    kin = (
        said.str.contains(f"^(?:{words('kin')}|she|he|tiene|cumplio){_E}")
        | before.str.contains(
            f"{_E}(?:my|our|mi|mis|nuestr[oa]|his|her) (?:[a-z]+ ){{0,2}}$|{_E}{words('kin')}(?: [a-z']+){{0,3}} *$"
        )
        | after.str.contains(f"^ *(?:old )?(?:[a-z]+ )?{words('kin')}{_E}")
    )
    return (
        pl.when(other & ~for_kin)
        .then(pl.lit("other"))
        .when(own)
        .then(pl.lit("self"))
        .when(kin)
        .then(pl.lit("kin"))
        .otherwise(pl.lit("patient"))
    )
