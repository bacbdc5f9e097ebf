"""How old is the person asked for? Ages said in words ("my 7 year old", "I'm 65", "tengo 45 años"), and whose they are."""

from __future__ import annotations

import re
from functools import cache, lru_cache
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
_UNIT: Final = (
    "(?:years?|yrs?|year s|months?|mos?|mths?|weeks?|wks?|days?|anos?|meses|mes|semanas?|dias?)"
)
_KIN: Final = (
    "(?:son|sons|daughter|daughters|kid|child|boy|girl|baby|infant|toddler|newborn|teen|teenager|grandson|granddaughter|mother|mom|mum|father|dad|"
    "husband|wife|spouse|partner|brother|sister|grandmother|grandma|grandfather|grandpa|aunt|uncle|niece|nephew|mother in law|father in law|friend|"
    "hijo|hija|nino|nina|bebe|hijito|hijita|mama|madre|papa|padre|esposo|esposa|marido|mujer|pareja|hermano|hermana|abuelo|abuela|abuelito|abuelita|"
    "tio|tia|sobrino|sobrina|nieto|nieta|suegro|suegra|cunado|cunada|novio|novia)"
)
_PEOPLE: Final = "(?:patient|pt|male|female|man|woman|gentleman|lady|person|paciente|pcte|senor|senora|hombre|mujer|masculino|femenina|femenino|joven|adulto|adulta)"
_SOFT: Final = "(?:a |an |only |just |almost |about |around |now |currently |still |like |over |casi |apenas |solo |unos |ya |tan |como |yo |over |nearly |approx |approximately )*"
_NUMERAL: Final = "[0-9]{1,3}"


@cache
def patterns() -> tuple[str, str]:
    words = trie(_numbers())
    tens = f"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety) {words}|(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa) y {words}"
    number = f"(?:{_NUMERAL}|{tens}|{words})"
    is_ = "(?:i am|i m|im|iam|i'm|she is|she s|shes|she's|he is|he s|hes|he's|who is|who's|who s|is|turning|turned|turns|turn|will be|soy de|age|aged|edad|edad de|age is|age of|age about)"
    forms = (
        f"{number} {{0,2}}{_UNIT}(?: {{1,2}}(?:and |y )?{number} {{0,2}}{_UNIT})? {{1,2}}(?:old|of age|olds|de edad|young)",
        f"{number} {{0,2}}(?:yo|y o|y old|yr old|yro|yrold|yearold|yoa|y olds|yos)",
        f"(?:tengo|tiene|tenemos|tienen|tenia|cumplio|cumple|cumpli|cumplira|cumplire|cumplir) {{1,2}}{_SOFT}(?:los )?{number} {_UNIT}",
        f"(?:{_KIN}|{_PEOPLE})(?: [a-z]+)? {{1,3}}(?:de |with |con )?{number} {{0,2}}(?:anos|meses|semanas|years|yrs|months)",
        f"{_KIN}(?: [a-z]+)? {{2,3}}{number}(?:  | $|$)",
        f"{is_} {{1,3}}{_SOFT}{number}",
        f"{_NUMERAL} {{0,1}}(?:male|female|man|woman|lady|gentleman|girl|boy|year male|year female|years male|years female)",
        f"{_NUMERAL}(?:m|f)",
        f"(?:y |and )?{number} anos {_KIN}",
        f"(?:mi edad es|my age) (?:de )?{number}",
    )
    pattern = f"{_E}(?:{'|'.join(forms)}){_E}"
    return pattern, pattern


def _numbers() -> list[str]:
    known = vocabulary()
    return [phrase for phrase in known.phrases("N") if phrase not in ("once", "a", "an", "un", "una", "uno")]


_ROUND_UP: Final = {"y": 1, "m": 12, "w": 52, "d": 365}


@lru_cache(maxsize=100_000)
def _age(stretch: str) -> dict[str, Any] | None:
    """Where the number stands in the stretch, what it counts, and whether it leans on "I", on kin or on nobody."""
    words = [(m.group(), m.start()) for m in re.finditer("[a-z']+|[0-9]+", stretch.lower().replace("á", "a").replace("ñ", "n"))]
    at = next((i for i, (word, _) in enumerate(words) if _value(word) is not None and (word[0].isdigit() or _alone(words, i))), None)
    if at is None:
        return None
    value, used = _value(words[at][0]) or 0, 1
    if value >= 20 and value % 10 == 0 and not words[at][0][0].isdigit():
        rest = [word for word, _ in words[at + 1 : at + 3] if word != "y"][:1]
        more = _value(rest[0]) if rest else None
        value, used = (value + more, 2) if more is not None and more < 10 else (value, 1)
    following = next((word for word, _ in words[at + used :] if word not in ("y", "and")), "y")
    unit = {"m": "m", "w": "w", "s": "w", "d": "d"}.get(following[0], "y") if re.match("m(?:o|e|th)|w[ek]|sem|d[ai]", following) else "y"
    return {"value": value, "unit": unit, "years": value // _ROUND_UP[unit], "at": words[at][1]}


def _alone(words: list[tuple[str, int]], at: int) -> bool:
    return words[at][0] not in ("a", "once") or at > 0


def _value(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    token = vocabulary().tokens.get((word,), "")
    return int(token[1:]) if token[:1] == "N" else None


# An age of another time or of a thing: "at age 12", "when I was 20", "ages 5 to 12", "a 25 year old implant".
_OTHER_TIME: Final = (
    r"(?:^| )(?:at|at the|at an|at around|when i was|when he was|when she was|since|since i was|since he was|since she was|from|until|till|by the|by|under|over|below|above|between|"
    r"than|a los|a la|desde los|desde la|desde|cuando|cuando tenia|cuando tuvo|cuando cumpla|hace|hasta los|hasta|menores de|mayores de|before|after|when|once|was|were|i was|was only|for|para|until i|when i|i was only|died|died at|passed|fallecio|murio)"
    r"(?: (?:the|about|around|only|just|i|he|she|my|una|mi))* *$"
)
_THING: Final = (
    r"^ *(?:(?:left|right|old|dental) )*(?:injury|injuries|mri|mris|scan|x ?ray|xray|scar|implants?|crown|filling|car|house|home|bill|referral|prosthes[ei]s|replacement|hip|knee|surgery|fracture|tear|dog|cat|practice|company|clinic|business|building|utilities|"
    r"machine|equipment|glasses|contacts|prescription|records?|report|problem|pain|wound|marriage|saga)" + _E
)
_NO_AGE_AFTER: Final = (
    r"^ *(?:miles?|mi|minutes?|mins?|min|lbs?|pounds?|kgs?|kilos?|cm|feet|ft|foot|inch(?:es)?|mg|mcg|ml|percent|weeks?|wks?|months?|mos?|days?|hours?|hrs?|st|nd|rd|th|dollars|usd|am|pm|a m|p m|of|out|to|or|blocks?|grams?|mm|"
    r"pills?|times?|units?|sessions?|visits?|people|patients|employees|kids|children|x|beds?|per|bucks|semanas?|meses|dias|horas|minutos|millas|libras|years? (?:in|into|of experience|out|post|sober|clean|ago|with|since|now)|y|[0-9]+|and a half|different|more|level|stories|by|on|in the|at|weeks?|thousand|hundred|k|degrees)"
    + _E
)


def read_ages(texts: pl.DataFrame) -> pl.DataFrame:
    """`texts` as in `read_times` -> AGES, by row and place."""
    found = marked(texts, *patterns())
    if found.is_empty():
        return pl.DataFrame(schema=AGES)
    distinct = found.select("stretch").unique(maintain_order=True)
    told = [_age(stretch) for stretch in distinct["stretch"]]
    kind = pl.Struct({"value": pl.Int32, "unit": pl.String, "years": pl.Int32, "at": pl.UInt32})
    distinct = distinct.with_columns(pl.Series("age", told, dtype=kind)).drop_nulls("age").unnest("age")
    found = found.join(distinct, on="stretch", how="inner", maintain_order="left")
    kept = _kept(found.lazy()).select(pl.col(name).cast(dtype) for name, dtype in AGES.items())
    return kept.collect(optimizations=AS_WRITTEN)


def _kept(found: pl.LazyFrame) -> pl.LazyFrame:
    plain = pl.col("folded").str.replace_all("[^a-z0-9'!]", " ")
    size = pl.col("stretch").str.len_chars()
    first = pl.min_horizontal(pl.col("start"), pl.lit(45))
    said = pl.col("stretch").str.to_lowercase()
    found = found.with_columns(
        before=plain.str.slice(pl.col("start") - first, first).str.extract("[^!]*$", 0),
        after=plain.str.slice(pl.col("start") + size, 30),
        sign=pl.col("text").str.slice(pl.col("start") + size, 2),
        end=pl.col("start") + size,
        lead=said.str.extract(r"^([a-z' ’]*?)(?:[0-9]|$)", 1).fill_null(""),
    )
    before = pl.col("before")
    explicit = said.str.contains(r"old|yo\b|y/o|y\.o|of age|edad|tengo|tiene|anos|años|year|yr|meses|months|male|female|man$|lady|girl|boy|^age") | said.str.contains("[0-9][mf]$")
    short = said.str.contains("^[0-9]+[mf]$")
    keep = (
        (explicit | ~pl.col("after").str.contains(_NO_AGE_AFTER))
        & (explicit | ~pl.col("sign").str.contains(r"^['%’\"/:$-]|^\.[0-9]|^,[0-9]"))
        & ~(said.str.contains("^(?:tengo|tiene)") & (pl.col("years") < 18) & pl.col("after").str.contains("^ *(?:con|sufr|padec|que|sin|de |viv|usando|tomando|esper|trabaj|y medio con)"))
        & (~short | pl.col("after").str.contains("^ *(?:with|who|here|needs?|pt|looking|c o|s p|hx|seen|for|seeking|presents|$|w )"))
        & ((pl.col("years") <= 120) & (pl.col("value") > 0) & (pl.col("unit").is_in(["m", "w", "d"]) | (pl.col("value") <= 120)))
        & ~(said.str.contains("^is ") & ~explicit & (pl.col("value") < 1))
        & ~((pl.col("lead").str.strip_chars() == "is") & ~explicit & ~before.str.contains(f"{_KIN}(?: [a-z]+){{0,2}} *$|{_PEOPLE}(?: [a-z]+){{0,1}} *$|(?:he|she|it|who|patient) *$"))
    )
    own = pl.col("lead").str.contains("^(?:i|im|tengo|cumpl[ií]|soy)") | before.str.contains("(?:i am|i'm|im|i m|soy|tengo|i am a|i'm a|im a) *(?:una?|un|an?|de)? *$")
    kin = pl.col("lead").str.contains(f"^{_KIN}") | before.str.contains(f"{_E}(?:my|our|mi|mis|nuestr[oa]|his|her) (?:[a-z]+ ){{0,2}}$|{_KIN}(?: [a-z']+){{0,3}} *$") | pl.col("after").str.contains(f"^ *(?:old )?(?:[a-z]+ )?{_KIN}{_E}") | pl.col("lead").str.contains("^(?:she|he|tiene|cumpli[oó])")
    other = before.str.contains(_OTHER_TIME) | pl.col("after").str.contains(_THING)
    return found.filter(keep).with_columns(
        words=pl.col("stretch"), whose=pl.when(other).then(pl.lit("other")).when(own).then(pl.lit("self")).when(kin).then(pl.lit("kin")).otherwise(pl.lit("patient"))
    )
