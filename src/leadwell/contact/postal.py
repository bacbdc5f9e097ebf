"""Where may they be? ZIP, state, city and area code: what each says, whether they agree, and which zones follow.

A mismatch with the area code is a note and no more: numbers move with people.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from leadwell.contact import atlas
from leadwell.contact.states import state_of
from leadwell.contact.texts import Schema, answers
from leadwell.contact.zones import good_hours

POSTAL: Final = ("contact.zip", "zip_state", "contact.state", "area_code_states", "contact.postal_says")
HOURS: Final[Schema] = {
    "contact.time_zone": pl.String,
    "contact.zones": pl.List(pl.String),
    "contact.good_hours": pl.String,
}

_ASKED: Final = {"zip": pl.String, "state": pl.String, "city": pl.String, "code": pl.Int32}
_SHORT: Final = 80  # characters of all three texts; longer ones are no place, and not kept
_FIVE_DIGITS: Final = r"^[0-9]{5}$"
_FIVE: Final = r"(?:^|[^0-9])([0-9]{5})(?:[\s.\-]*[0-9]{4})?[^0-9]*$"
_LOST_ZERO: Final = r"^([0-9]{3,4})(?:-?[0-9]{4})?$"
_READ, _NO_ZIP, _UNKNOWN = range(3)
_NO_STATE: Final = 127  # something is said, and it is no state
_SAYS_OF_ZIP: Final = (None, "This is not a US ZIP code.", "No such ZIP code is in use.")

# All that decides the zones fits into one number, so that each combination is thought through once.
_SIZES: Final = {"elsewhere": 2, "unsettled": 128, "place": 1024, "code_zones": 1024}


def read_postal(fields: pl.DataFrame) -> pl.DataFrame:
    """The columns of POSTAL and HOURS. Needs zip, state, city (texts) and code (of the phone)."""
    if len(fields) == 1:
        *texts, code = (fields[name].item() for name in _ASKED)
        if sum(len(text or "") for text in texts) <= _SHORT:
            return _of_one(*texts, code).clone()
    return _of_many(fields)


@lru_cache(maxsize=1 << 12)
def _of_one(zip_code: str | None, state: str | None, city: str | None, code: int | None) -> pl.DataFrame:
    """Of one lead after another many live in the same few places."""
    return _of_many(pl.DataFrame([(zip_code, state, city, code)], schema=_ASKED, orient="row"))


def _of_many(fields: pl.DataFrame) -> pl.DataFrame:
    stated = answers(fields["state"], _state_number, {"stated": pl.Int64})["stated"].fill_null(0)
    frame = fields.select("zip", "city", "code").hstack([stated, *_zip_numbers(fields)]).with_columns(_zip_read())
    frame = frame.hstack([_city(frame)]).with_columns(_compared()).select(_said())
    return frame.select(POSTAL).hstack(answers(frame["key"], _hours, HOURS))


def _state_number(text: str) -> tuple[int]:
    state = state_of(text)
    return (atlas.states().index(state) if state else _NO_STATE if text.strip() else 0,)


def _zip_numbers(fields: pl.DataFrame) -> list[pl.Series]:
    """The columns of `_zip_number`. Nearly every ZIP is five digits and no more; only others are looked at closely."""
    zips = fields["zip"]
    five = fields.select(pl.col("zip").str.contains(_FIVE_DIGITS).fill_null(True)).to_series()
    number, padded = zips.cast(pl.UInt32, strict=False), zips.is_null()
    if not five.all():
        others = (~five).arg_true()
        read = fields.filter(~five).select(_zip_number())
        number, padded = number.scatter(others, read["number"]), padded.scatter(others, read["padded"])
    return [number.alias("number"), padded.alias("padded")]


@lru_cache(maxsize=1)
def _zip_number() -> list[pl.Expr]:
    """number; padded: whether its leading zeros had been lost, as a spreadsheet loses them."""
    text = pl.col("zip").str.head(64).str.strip_chars().str.strip_suffix(".0")
    five, short = text.str.extract(_FIVE), text.str.extract(_LOST_ZERO)
    return [pl.coalesce(five, short).cast(pl.UInt32).alias("number"), five.is_null().alias("padded")]


@lru_cache(maxsize=1)
def _zip_read() -> list[pl.Expr]:
    """A padded ZIP counts only where no stated state speaks against it."""
    number, stated = pl.col("number"), pl.col("stated")
    state = pl.lit(atlas.state_by_zip()).gather(number)
    conflict = pl.col("padded") & stated.is_between(1, _NO_STATE - 1) & (state != stated)
    good = ((state > 0) & ~conflict).fill_null(False)
    given = pl.col("zip").str.contains(r"\S").fill_null(False)
    return [
        pl.when(good).then(number.cast(pl.String).str.zfill(5)).alias("contact.zip"),
        pl.when(good).then(state).otherwise(0).alias("zip_state"),
        pl.when(good).then(pl.lit(atlas.zone_by_zip()).gather(number)).otherwise(0).alias("zone"),
        pl.when(good | ~given).then(_READ).when(number.is_null()).then(_NO_ZIP).otherwise(_UNKNOWN).alias("zip_says"),
    ]


def _city(frame: pl.DataFrame) -> pl.Series:
    """The number of the city's zone, where the ZIP does not tell; its state has to be stated."""
    if frame["city"].null_count() == frame.height:
        return pl.Series("city", [0], dtype=pl.Int64).new_from_index(0, frame.height).alias("city_zone")
    key = pl.col("stated").cast(pl.String) + "|" + pl.col("city").str.head(64).str.strip_chars().str.to_lowercase()
    asked = (pl.col("zone") == 0) & pl.col("stated").is_between(1, _NO_STATE - 1)
    keys = frame.select(pl.when(asked).then(key).alias("key"))["key"]
    return answers(keys, _city_number, {"city_zone": pl.Int64})["city_zone"].fill_null(0)


def _city_number(key: str) -> tuple[int]:
    state, _, city = key.partition("|")
    return (atlas.city_zones().get((city, atlas.states()[int(state)]), 0),)


@lru_cache(maxsize=1)
def _compared() -> list[pl.Expr]:
    """named: the stated state, 0 for none; elsewhere: the area code is used in other states than where they are;
    conflict."""
    stated, zip_state = pl.col("stated"), pl.col("zip_state")
    named = pl.when(stated < _NO_STATE).then(stated).otherwise(0)
    lives = pl.when(named > 0).then(named).otherwise(zip_state)
    at = pl.col("code").fill_null(0).cast(pl.Int64) * atlas.STATES + lives
    return [
        named.alias("named"),
        pl.lit(atlas.elsewhere()).gather(at).alias("elsewhere"),
        ((zip_state > 0) & (named > 0) & (zip_state != named)).alias("conflict"),
        pl.when(pl.col("zone") > 0).then("zone").otherwise("city_zone").alias("place"),
    ]


@lru_cache(maxsize=1)
def _said() -> list[pl.Expr]:
    names = pl.lit(pl.Series([None, *atlas.states()[1:]], dtype=pl.String))
    code = pl.col("code").fill_null(0)
    zip_state, named = names.gather("zip_state"), names.gather("named")
    settled = (pl.col("place") > 0) & ~pl.col("conflict")
    parts = {
        "unsettled": pl.when(settled).then(0).otherwise("named"),
        "code_zones": pl.lit(atlas.zones_by_code()).gather(code),
    }
    key = pl.lit(0, dtype=pl.Int64)
    for name, size in _SIZES.items():
        key = key * size + parts.get(name, pl.col(name)).cast(pl.Int64)
    sentences = [
        pl.lit(pl.Series(_SAYS_OF_ZIP, dtype=pl.String)).gather("zip_says"),
        pl.when("conflict").then(pl.format("The ZIP code lies in {}, but the state given is {}.", zip_state, named)),
        pl.when(pl.col("stated") == _NO_STATE).then(pl.lit("The state given is none of the US states.")),
        pl.when("elsewhere").then(pl.lit(atlas.says_of_code()).gather(code)),
    ]
    says = pl.concat_str(sentences, separator=" ", ignore_nulls=True)
    return [
        pl.col("contact.zip"),
        zip_state.alias("zip_state"),
        named.alias("contact.state"),
        pl.lit(atlas.states_by_code()).gather(code).alias("area_code_states"),
        pl.when(says != "").then(says).alias("contact.postal_says"),
        key.alias("key"),
    ]


@lru_cache(maxsize=1 << 16)
def _hours(key: int) -> tuple[str | None, list[str] | None, str | None]:
    """The columns of HOURS. A state as stated counts where ZIP or city do not settle it, and before an area code of
    elsewhere."""
    parts: dict[str, int] = {}
    for name, size in reversed(_SIZES.items()):
        key, parts[name] = divmod(key, size)
    place, code = atlas.zones()[parts["place"]], atlas.code_zones()[parts["code_zones"]]
    of_state = atlas.state_zones().get(atlas.states()[parts["unsettled"]], ())
    stated = of_state[0] if of_state else None
    guesses = (place, stated if parts["elsewhere"] else None, code[0], stated)
    time_zone = next((zone for zone in guesses if zone), None)
    zones = sorted({*code[1], *of_state, *([place] if place else [])})
    return time_zone, zones or None, good_hours(time_zone, zones)
