"""How old is the person asked for? Ages in words ("my 7 year old", "I'm 65", "tengo 45 años"), and whose they are."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl

from leadwell.reading.evidence import Spans, said
from leadwell.reading.grouped import Flags, Ints
from leadwell.reading.patterns import EDGE as _E
from leadwell.reading.patterns import SIGN, Places, group, holds, places, spaced
from leadwell.reading.when.found import Names, distinct
from leadwell.reading.when.stretches import longest_word, trie
from leadwell.reading.when.vocabulary import vocabulary

AGES: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(), "field": pl.String(), "words": pl.String(), "start": pl.UInt32(), "end": pl.UInt32(),
    "value": pl.Int32(), "unit": pl.String(),  # y m w d
    "years": pl.Int32(),
    "whose": pl.String(),  # kin | self | patient | other (of another time, or of a thing)
}  # fmt: skip

_A_YEAR: Final = {"y": 1, "m": 12, "w": 52, "d": 365}
_TENS_EN: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TENS: Final = f"(?:{_TENS_EN}) "
_TENS_ES: Final = "diez|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"
_ONES_ES: Final = "uno|una|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
_JOINED: Final = f"(?:{_TENS_ES})(?:i| [yie] )(?:{_ONES_ES})"  # "treinta y un", "treintaicinco"
_COMPOUND: Final = re.compile(rf"\b({_TENS_ES})(?:i|[^a-z0-9]+[yie][^a-z0-9]+)({_ONES_ES})\b")
# "Once" is eleven only in Spanish: before its units, or behind these.
_ELEVEN: Final = re.compile(
    r"\bonce(?=[^a-z0-9]+(?:an[oi]|mes|sem|dias))|(?<=\bde )once\b|(?<=\btiene )once\b|(?<=\btengo )once\b"
)
# "Forty-one, endometriosis": a number in words that is a clause of its own.
_ONES_EN: Final = "one|two|three|four|five|six|seven|eight|nine"
_SPOKEN: Final = f"(?:{_JOINED}|veinti[a-z]{{2,6}}|(?:{_TENS_EN}|{_TENS_ES})(?: (?:{_ONES_EN}))?)"
_MAY_BE: Final = "(?:2[5-9]|[3-9][0-9])"  # no hour of a day: "can I come in at 10?"
# "Can I freeze my eggs at 40?", "am I too old at 71?": whoever asks so is of that age.
_ASKED: Final = (
    "(?:(?:can|could|may|am) i(?: {1,2}[a-z']+){0,8}|too (?:late|old)(?: [a-z']+){0,6})"
    f" {{1,2}}at (?:age )?{_MAY_BE}(?:  | $|$)"
    "|(?:(?:puedo|podria|podre)(?: {1,2}[a-z]+){0,8}|(?:muy|demasiado) (?:viej[oa]|tarde|grande)(?: [a-z]+){0,6})"
    f" {{1,2}}a los (?:{_MAY_BE}|{_SPOKEN})(?: anos)?(?:  | $|$)"
)
_ALONE: Final = 16  # fewer years in a sentence of their own are rather how long it lasts
_APART: Final = 13  # younger ages that stand alone are rather something else
# "Lexington 40508, 31 yrs", "I'm in Denver, 31 yrs", but not "pain, 20 yrs".
_PLACED: Final = "(?:^|[^0-9])[0-9]{5} {2}$|(?:^| )(?:in|from|near|en|de) [a-z]+(?: [a-z]+)? {2}$"
_GOES_ON: Final = r"^ *(?:me|necesito|quiero|busco|ocupo|mi|y)(?-u:\b)"  # "tengo 17 me piden"
_BIRTHDAY: Final = (
    r"^ *(?:la semana|el mes|el ano|ayer|hoy|hace|en [a-z]+|el [a-z]+|este|esta)(?-u:\b)"  # "cumplió 6 ayer"
)
# After a number that opens the text, who writes of themselves: "26, pretty sure im autistic".
_OPENS: Final = r"^[a-z ]*(?:i|i'm|im|i've|ive|female|male|soy|tengo|mujer|hombre)(?: |$)"
_MARKS: Final = str.maketrans("áéíóúüñ", "aeiouun")
_YEARS: Final = "(?:(?:years old|years|anos|yo) )?"
_ANOS: Final = "[0-9] a[ !]os"  # "25 a;os": ñ where their keyboard has none
_PLAN: Final = "(?:(?:on|with|w|has|have|con|en|tiene) )?"  # "72 on Medicare"
_NONE: Final = (0, "y", 0)  # a stretch without a number
_HUNDRED: Final = 100
_OLDEST: Final = 110
_REACH: Final = 45  # characters looked at before it
_AHEAD: Final = 30  # and behind it
# "Born in 72": without a month or a day behind it. Two figures need "in" before them: one is "born 10 weeks early".
_YEAR: Final = "19[2-9][0-9]|20[0-2][0-9]"
_BORN: Final = (
    "(?:(?:born|naci|nacio|nacido|nacida)(?: {1,2}(?:back|y|criado|criada))?"
    f" {{1,2}}(?:(?:in|en|en el|del?)(?: the year)? {{1,2}}(?:{_YEAR}|[0-9]{{2}})|(?:{_YEAR}))"
    f"|soy (?:del|modelo) {{1,2}}(?:{_YEAR}|[3-9][0-9]))"
)
_YEAR_BORN: Final = re.compile("(?:born|naci|soy (?:del|modelo)).*?([0-9]{4}|[0-9]{2})$")
_GOES_ON_AS_DATE: Final = "^[/.-][0-9]|^ *(?:st|ave|street|minutes?|weeks?|days?|months?)(?-u:\\b)"
_MIDSUMMER: Final = 7  # before this month fewer than half have had their birthday
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
    """What may hold an age: a number with a unit and "old", or beside words that only people have; any sign parts."""
    spoken = trie(_numbers())
    number = f"(?:[0-9]{{1,3}}|{_JOINED}|(?:{_TENS})?{spoken})"
    soft, unit, kin = f"(?:{words('soft')} )*", words("units"), words("kin")
    forms = (
        f"{number} {{0,2}}{unit}(?: {{1,2}}(?:and |y )?{number} {{0,2}}{unit})? {{1,2}}{words('old')}",
        f"{number} {{0,2}}{words('short')}",
        f"{words('having')} {{1,2}}{soft}(?:{number}|once)(?: {unit})?",
        f"(?:{kin}|{words('people')})(?: [a-z]+)? {{1,3}}(?:de )?once (?:anos|anios|anitos|meses|semanas|dias)",
        f"{kin} de once",
        f"(?:{kin}|{words('people')})(?: [a-z]+)? {{1,3}}(?:de |with |con )?{number} {{0,2}}{unit}",
        "(?:patient|pt|paciente)(?: [a-z]+){1,3} {1,3}(?:de |aged? )?[1-9][0-9]? {1,2}(?:anos|years|yrs)",
        f"{kin}(?: de)? {{1,2}}{number}",
        f"{kin} [a-z]+ {{2,3}}{number}(?:  | $|$)",
        "(?:patient|pt|paciente)(?: [a-z]+){1,3} {2,3}[1-9][0-9]?(?:  | $|$)",
        f"{words('being')} {{1,3}}{soft}{number}(?: {{0,2}}{unit} {{1,2}}{words('old')}| {{0,2}}{words('short')})?",
        f"[0-9]{{1,3}} ?{words('sexes')}",
        "[0-9]{1,3}[mf]",
        "[1-9][0-9] [mf]",
        "[0-9]{1,3} {1,2}(?:anos|a os)",
        f"(?:{_JOINED}|veinti[a-z]{{2,6}}) anos",
        "[1-9][0-9] (?:years|yrs|yr)(?:  | $|$)",
        f"{words('sexes')} {{1,2}}[1-9][0-9](?:  | $|$)",
        "(?:[a-z]{2,}|[0-9]{4,5}) {2,3}[1-9][0-9]?(?:  | $|$)",
        f"{words('paying')} {{1,2}}[1-9][0-9](?:  | $|$)",
        f"[1-9][0-9] {{1,2}}{_PLAN}{words('paying')}",
        f"{_SPOKEN}(?:  | $|$)",
        _ASKED,
        "^[1-9][0-9]  ",
        "[1-9][0-9] and [a-z']+",
        _BORN,
    )
    return f"{_E}(?:{'|'.join(forms)})(?:{_E}|$)".replace(r"\ ", " ").replace(" ", SIGN)


def _numbers() -> list[str]:
    return [phrase for phrase in vocabulary().phrases("N") if phrase not in _NOT_AN_AGE]


@cache
def needed() -> tuple[str, ...]:
    """How a word begins of which every stretch without a figure holds one: as a number does."""
    tens = f"{_TENS_EN}|{_TENS_ES}|veinti|once".split("|")
    return tuple({*tens, *map(longest_word, _numbers())})


@lru_cache(maxsize=100_000)
def _age(stretch: str) -> tuple[int, str, int] | None:
    """What the first number of a stretch counts: value, unit, whole years. Unit b: the year of a birth, in full."""
    plain = stretch.lower().translate(_MARKS)
    if born := _YEAR_BORN.match(plain):
        return int(born[1]), "b", 0
    plain = _ELEVEN.sub("11", _COMPOUND.sub(_in_figures, plain))
    told = [word for word in re.findall(r"[a-z']+|\b[0-9]{1,3}(?![0-9])", plain) if word not in _NOT_AN_AGE]
    if re.match("[a-z']+[^a-z0-9]{2,}[0-9]{1,2}[^a-z0-9]*$", plain):
        told = told[1:]  # "a mom of two, 38"
    at = next((index for index, word in enumerate(told) if _value(word) is not None), None)
    if at is None:
        return None
    value, used = _value(told[at]) or 0, 1
    rest = [word for word in told[at + 1 : at + 3] if word != "y"][:1]
    if value >= 20 and value % 10 == 0 and not told[at].isdigit() and rest and 0 < (_value(rest[0]) or 0) < 10:
        value, used = value + (_value(rest[0]) or 0), 2
    unit = _unit(next((word for word in told[at + used :] if word not in ("y", "and")), ""))
    return value, unit, value // _A_YEAR[unit]


def _in_figures(spoken: re.Match[str]) -> str:
    """Treinta y un(o): 31."""
    return str((_value(spoken[1]) or 0) + (_value(spoken[2]) or 0))


def _unit(word: str) -> str:
    short = re.match("(mo|mes|mth)|(w[ek]|sem)|(d[ai])", word)
    return "y" if short is None else "mwd"[(short.lastindex or 1) - 1]


def _value(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    token = vocabulary().tokens.get((word,), "")
    return int(token[1:]) if token[:1] == "N" else None


@dataclass(frozen=True, eq=False)
class Ages:
    """AGES as arrays; `at`: in which text."""

    at: Ints
    start: Ints
    end: Ints
    value: Ints
    unit: Names
    years: Ints
    whose: Names


def found_ages(texts: pl.DataFrame, among: Flags | None = None) -> Ages | None:
    """The ages told in `texts` (text, folded), `among` these, by text and place; None where there are none."""
    found = places(texts["folded"], _stretch(), among=among)
    if not len(found.at):
        return None
    around, which = _Around.of(texts, found)
    value, unit, years = map(np.array, zip(*(_age(stretch) or _NONE for stretch in around.stretch), strict=True))
    born = unit == "b"
    coming = _coming(around) & (unit == "y")
    is_age = ~born & _is_age(around, years - coming, coming)
    a_year = born & ~holds(around.after, _GOES_ON_AS_DATE, born)
    value, unit, years, born = value[which], unit[which], (years - coming)[which], born[which]
    since = _since(value, texts["received"][pl.Series(found.at)])
    years, value, unit = np.where(born, since, years), np.where(born, since, value), np.where(born, "y", unit)
    kept = ((a_year[which] & (since <= _OLDEST)) | is_age[which]) & (value > 0)
    opens = kept & (_opens(around.said) | _spoken(around.said))[which]
    if opens.any():  # whose it is, is plain only where nobody else is named
        kept &= ~holds(texts["folded"][pl.Series(found.at)], f"{_E}{words('kin')}{_E}", opens)
    if not kept.any():
        return None
    one, which = np.unique(which[kept], return_inverse=True)
    at, start, end = (part[kept] for part in found)
    return Ages(at, start, end, value[kept], unit[kept], years[kept], _whose(around.where(one))[which])


def _since(year: Ints, received: pl.Series) -> Ints:
    """Whole years since a year of birth, as most are who were born in it; two figures mean the last such year."""
    now, early = received.dt.year().to_numpy(), received.dt.month().to_numpy() < _MIDSUMMER
    full = np.where(year >= _HUNDRED, year, now - (now - year) % _HUNDRED)
    return np.asarray(now - full - early, dtype=np.int64)


def read_ages(texts: pl.DataFrame) -> pl.DataFrame:
    """`texts` as in `read_times` -> AGES, by row and place."""
    told = found_ages(texts)
    if told is None:
        return pl.DataFrame(schema=AGES)
    whose = texts.select("row", "field", "text")[pl.Series(told.at)]
    placed = {name: pl.Series(values) for name, values in vars(told).items() if name != "at"}
    words = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))
    return (
        whose.with_columns(**placed)
        .with_columns(words=words)
        .select(pl.col(name).cast(dtype) for name, dtype in AGES.items())
    )


@dataclass(frozen=True, eq=False)
class _Around:
    """The words as received (`stretch`) and folded (`said`), what stands before and after them within reach, and the
    sign that follows."""

    stretch: pl.Series
    said: pl.Series
    before: pl.Series
    after: pl.Series
    sign: pl.Series

    @classmethod
    def of(cls, texts: pl.DataFrame, found: Places) -> tuple[_Around, Ints]:
        """Those that differ, and which of them each is."""
        (at, start, end), folded = found, texts["folded"]
        one, which = distinct(
            *(
                stretch := said(texts["text"], Spans(*found)),
                words := said(folded, Spans(*found)),
                before := group(said(folded, Spans(at, np.maximum(start - _REACH, 0), start)), "[^!]*$", 0),
                after := said(folded, Spans(at, end, end + _AHEAD)),
                sign := said(texts["text"], Spans(at, end, end + 2)),
            )
        )
        few = _Around(stretch, words, before, after, sign).where(one)
        return cls(few.stretch, spaced(few.said), spaced(few.before), spaced(few.after), few.sign), which

    def where(self, which: Ints) -> _Around:
        kept = pl.Series(which)
        return _Around(*(texts[kept] for texts in vars(self).values()))


def _is_age(around: _Around, years: Ints, coming: Flags) -> Flags:
    said, before, after, sign = around.said, around.before, around.after, around.sign
    united = holds(
        said,
        f"[0-9a-z] ?(?:{words('units')}|{words('short')}|{words('sexes')}){_E}|[0-9] ?[mf]$|^(?:age|edad)|{_ANOS}$",
    )
    having = holds(said, f"^{words('having')}{_E}")
    birthday = holds(said, f"^cumplio?{_E}") & holds(after, _BIRTHDAY) | coming
    # "Ours, 46 F", but not "45 F outside".
    charted = holds(around.stretch, "[MF]$") & holds(before, f"^ *$| {{2}}$|{_E}{words('people')} *$")
    noted = holds(before, "^ *$| {2}$") & holds(sign, "^[,.;/)]|^$") & (years >= _APART)  # "47 m, acid reflux"
    chart = holds(said, "^[0-9]+[mf]$") & ~holds(around.stretch, "[MF]$") & ~noted
    # "35 años" by itself is an age; "hace 5 años" and "5 años con dolor" are not.
    bare = holds(said, f"^(?:[0-9]+|{_JOINED}|veinti[a-z]+) +(?:anos|a os)$") & ~holds(
        before, f"{_E}{words('having')} [a-z ]*{_E}y *$"
    )
    alone = holds(said, "^[0-9]+ (?:years|yrs|yr)[ !]*$")  # "No insurance. 33 years. Pullman", but not "pain, 20 years"
    lasting = holds(before, f"{_E}{words('for_years')} *$") | holds(after, f"^ *{words('of_years')}{_E}")
    length = holds(said, f"^{words('kin')}{_E}.*{words('units')} *$") & holds(after, f"^ *{words('lengths')}{_E}")
    length |= _far_along(around)
    length |= holds(said, f"^{words('grown')} de ") & ~united  # "madre de tres"
    length |= holds(said, f"^{words('grown')}{_E}.*[0-9a-z] (?:mo|mes|w[ek]|sem|d[ai])")
    apart = _apart(said)
    child = holds(said, f"^{words('kin')}{_E}") | holds(before, f"{_E}{words('kids')}{_E}", apart)
    paying = holds(said, f"^(?:[0-9]{{2}}[ !]{{1,2}})?{_PLAN}{words('paying')}(?: {{1,2}}[0-9]{{2}} *)?$") & ~apart
    parted = paying & holds(said, "^[0-9]{2}[ !]{2}")
    spoken, asked = _spoken(said), _asked(said)
    joined = holds(said, "^[0-9]{2} and [a-z']+$")  # "17 and want my CDL"
    opens = _opens(said)
    opening = opens & (years >= _APART) & holds(around.stretch, "[,.;]") & holds(after, _OPENS)
    people = f"(?:{words('kin')}|{words('people')}|he|she|who)(?: [a-z]+){{0,2}} *$"
    return (
        (united | paying | ~_counts(around))
        & (united | ~holds(sign, r"^['%’\"/$-]|^:[^ ]|^[.,][0-9]"))
        & ~(having & ~united & ~holds(sign, r"^$|^[,.;:!)]|^ y$") & ~holds(after, _GOES_ON) & ~birthday)
        & ~(having & (years < 18) & holds(after, f"^ *{words('lasting')}{_E}"))
        & ~(chart & ~holds(after, f"^ *{words('chart')}{_E}"))
        & ~(holds(said, "^is ") & ~united & ~holds(before, f"{_E}{people}"))
        & ~(apart & (((years < _APART) & ~child) | holds(said, f"^{words('not_apart')} ")))
        & ~(apart & holds(around.stretch, "[#$£€=+*/]|^[0-9]+ ?[-–]"))
        & ~(bare & (lasting | (years < 5)))
        & ~(alone & ~(holds(before, f"^ *$|{_PLACED}") & (years >= _ALONE)))
        & ~(joined & (~holds(before, "^ *$| {2}$") | (years < _APART) | holds(said, f" {words('not_joined')}$")))
        & ~(parted & (~holds(before, "^ *$| {2}$") | holds(before, f"{_E}{words('not_apart')} +$")))
        & ~(
            spoken
            & (
                holds(said, "!")
                | ~holds(before, "^ *$")
                | holds(after, f"^ *(?:{words('unsure')}|{_SPOKEN}|[0-9]){_E}")
            )
        )
        & ~(asked & holds(said, f"{_E}(?:{words('measures')}|{words('kin')}){_E}"))
        & ~(paying & ((years < _APART) | holds(before, f"{_E}{words('amounts')} *$")))
        & ~length
        & ~(holds(said, "^[0-9]+ [mf]$") & ~charted & ~noted)
        & (opening | ~opens)
        & (years <= 120)
    )


def _coming(around: _Around) -> Flags:
    """Whether they are not yet so old: "turning 18 in February", "almost 65"."""
    grows = holds(around.said, f"^{words('coming')}{_E}")
    ahead = holds(around.after, f"^ *{_YEARS}{words('ahead')}{_E}", grows)
    there = holds(around.after, f"^ *{words('not_ahead')}{_E}", ahead)
    return (ahead & ~there) | holds(around.said, f"{_E}{words('almost')} [0-9]")


def _far_along(around: _Around) -> Flags:
    """Weeks or months of who writes, or of a pregnancy: "tengo 30 semanas", "she is 8 months along"."""
    weeks = holds(around.said, "[0-9a-z] ?(?:mo|mes|w[ek]|sem|d[ai])[a-z]*$")
    own = holds(around.said, f"^(?:i|i'm|im|iam|tengo){_E}")
    along = holds(around.after, f"^ *(?:de )?{words('along')}{_E}")
    return weeks & (own | along)


def _counts(around: _Around) -> Flags:
    """Whether a bare number counts something else: "5 minutes"; not before a ZIP, a sign, or how it is paid."""
    after = around.after
    another = holds(after, "^ *[0-9]") & ~holds(after, "^ *[0-9]{5}(?:[^0-9]|$)")
    thing = holds(after, f"^ *{words('counted')}{_E}") & ~holds(after, f"^ *on {words('paying')}{_E}")
    thing &= ~(holds(around.said, "^turned ") & holds(after, f"^ *(?:on|in the|at){_E}"))  # "turned 16 on May 2"
    return another | (thing & ~holds(around.sign, "^[,.;)] "))


def _apart(said: pl.Series) -> Flags:
    """Whether a number stands alone behind a sign: "DOT physical, 46, any day"."""
    return holds(said, "^(?:[a-z']+|[0-9]{4,5})[ !]{2,3}[0-9]{1,2}[ !]*$")


def _opens(said: pl.Series) -> Flags:
    """Whether a number opens the text: "26, pretty sure im autistic"."""
    return holds(said, "^[0-9]+  $")


def _spoken(said: pl.Series) -> Flags:
    """Whether a number in words is a clause of its own: "Forty-one, endometriosis since forever"."""
    return holds(said, f"^{_SPOKEN}[ !]*$")


def _asked(said: pl.Series) -> Flags:
    """Whether who writes asks what they may at their age: "can I freeze my eggs at 40?"."""
    return holds(said, "^(?:(?:can|could|may|am) i|too|puedo|podria|podre|muy|demasiado) ")


def _whose(around: _Around) -> Names:
    said, before, after = around.said, around.before, around.after
    thing = holds(after, f"^ *(?:(?:left|right|old|dental) )*{words('things')}{_E}")
    other = holds(before, f"(?:^| ){words('elsewhen')}(?: {words('lean')})* ?$")
    # "A los 30" is at an age, "a la bebé. 30 años" is not.
    other &= ~_apart(said) & ~(
        holds(said, f"^(?:{words('kin')}|{words('people')}){_E}") & holds(before, f"{_E}a l(?:a|as|os) *$")
    )
    other |= thing & ~holds(around.sign, "^[,.;:]") & ~_apart(said)
    other &= ~holds(said, "^(?:born|naci)")
    for_kin = holds(before, f"{_E}(?:for|para) (?:my|our|mi|mis|nuestr[oa]) (?:[a-z]+ ){{0,2}}$")
    for_kin |= holds(before, f"{_E}(?:for|para) +$") & holds(said, f"^{words('kin')}{_E}")
    own = holds(said, "^(?:i|i'm|im|tengo|cumpli|soy|(?:can|could|may|am) i|puedo|podria|podre)(?: |$)")
    own |= holds(before, f"{_E}(?:i am|i'm|im|i m|soy|tengo)(?: (?:an?|una?|de))* *$")
    kin = holds(said, f"^(?:{words('kin')}|she|he|tiene|cumplio){_E}")
    kin |= holds(
        before, f"{_E}(?:my|our|mi|mis|nuestr[oa]|his|her) (?:[a-z]+ ){{0,2}}$|{_E}{words('kin')}(?: [a-z']+){{0,3}} *$"
    )
    kin |= holds(after, f"^ *(?:old )?(?:[a-z]+ )?{words('kin')}{_E}")
    return np.select([other & ~for_kin, own, kin], ["other", "self", "kin"], "patient")
