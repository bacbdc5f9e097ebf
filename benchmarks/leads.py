"""What does a realistic list of leads look like, at any length? 3 % of it repeats, 2 % is spam.

Messages vary and contacts are mostly distinct. Nobody in it exists. Phone numbers are valid in form (their checking is
what is measured) and drawn at random.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from leadwell import contact

DUPLICATES: Final = 0.03
SPAM: Final = 0.02
CHUNK: Final = 250_000

_GIVEN: Final = (
    "Ana Luis Maria Jose Carmen Jorge Rosa Pedro Elena Miguel James Mary Robert Patricia John Jennifer Michael Linda "
    "David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Lisa Matthew Nancy "
    "Anthony Betty Mark Sandra Donald Ashley Steven Kimberly Andrew Emily Paul Donna Joshua Michelle Kenneth Carol "
    "Priya Wei Fatima"
).split()
_SOUNDS: Final = "bar cal den far gil hart kel lom mar nor pel quin ros san tor val wes".split()
_ENDS: Final = [*"ton son ez ley man ford well ski berg ado ini wood field o er".split(), ""]
_FAMILY: Final = [a.capitalize() + b + c for a, b, c in product(_SOUNDS, ["", "a", "i", "e", "ing"], _ENDS)]
_MAIL: Final = "gmail.com yahoo.com outlook.com hotmail.com icloud.com aol.com comcast.net gmial.com".split()

_STYLES: Final = ("({}) {}-{}", "{}-{}-{}", "{}{}{}", "+1 {} {} {}")  # of a phone number
_OPEN: Final = ("Hi, ", "Hello. ", "", "", "Good morning, ", "hola, ", "To whom it may concern: ", "hey ")
_NEED: Final = (
    "I need a knee replacement consult, both my knees are bone on bone",
    "my doctor says I have a herniated disc and I want to see a spine surgeon",
    "looking for physical therapy after my rotator cuff surgery",
    "do you do MRI of the lower back? my doctor ordered one",
    "necesito una cita para terapia fisica, me duele mucho la espalda",
    "quiero saber si hacen reemplazo de rodilla para mi mamá",
    "how much does a visit cost and where are you located",
    "my son hurt his ankle playing soccer and needs an appointment",
    "calling about my husband's sciatica, he can hardly walk",
    "we would like to refer our patients to your spine program",
    "interested in the joint school class, is there a waiting list",
    "I do not want surgery but would like to hear about other options for my knee",
    "had an MRI last year, now the pain is back and worse at night",
    "can I reschedule my appointment with the therapist",
    "just browsing prices for now, maybe next year",
    "my hip has been hurting for about three months and the cortisone shot failed",
)
_WHEN: Final = (
    "",
    "",
    ". As soon as possible please",
    ". Sometime next month works",
    ". Before the end of December if you can",
    ". I am free on Tuesdays",
    ". within 2 weeks",
    ". La próxima semana por favor",
    ". surgery was scheduled for January 12",
)
_PAY: Final = (
    "",
    "",
    ". I have Aetna PPO",
    ". Blue Cross HMO through work",
    ". no insurance, I would pay cash",
    ". Tengo Medicare",
    ". I'm on Medicaid",
)
_TAIL: Final = (
    "",
    "",
    " Thanks!",
    " Please text me.",
    " Call after 5pm.",
    " No chest pain or fever.",
    " gracias",
    " I'm 54.",
)
_ADVERTS: Final = (
    "We can rank your clinic on the first page of Google. Reply for a free SEO audit",
    "Earn passive income with crypto trading today http://invest.example/now",
    "Buy followers and backlinks cheap, guest post on 500 sites",
)
_SERVICE: Final = ("", "", "Knee replacement", "Spine care", "Physical therapy", "MRI", "Not sure")
_PAYER: Final = ("", "", "Aetna", "BCBS", "Cigna", "Medicare", "United", "Kaiser", "self")


def write(path: Path, rows: int, *, seed: int = 7) -> None:
    """A CSV of `rows` leads, written in chunks so that millions fit in little memory."""
    places = contact.places().select("zip", "state").drop_nulls()
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK):
            frame = _chunk(min(CHUNK, rows - start), start, np.random.default_rng([seed, start]), places)
            frame.write_csv(out, include_header=start == 0)


def _chunk(rows: int, start: int, rng: np.random.Generator, places: pl.DataFrame) -> pl.DataFrame:
    def pick(values: tuple[str, ...] | list[str]) -> pl.Series:
        return pl.Series(np.asarray(values, dtype=object)[rng.integers(0, len(values), rows)], dtype=pl.String)

    where = places[rng.integers(0, len(places), rows)]
    born = pl.Series(rng.integers(-15_000, 18_000, rows)).cast(pl.Int32).cast(pl.Date)
    frame = pl.DataFrame(
        {
            "id": pl.int_range(start, start + rows, eager=True).cast(pl.String),
            "first_name": pick(_GIVEN), "last_name": pick(_FAMILY), "mail": pick(_MAIL),
            "phone": _phones(rows, rng), "zip": where["zip"], "state": where["state"],
            "birth_date": born.dt.strftime("%m/%d/%Y"), "service": pick(_SERVICE), "payer": pick(_PAYER),
            "open": pick(_OPEN), "need": pick(_NEED), "when": pick(_WHEN), "pay": pick(_PAY),
            "told": _told(rows, rng), "tail": pick(_TAIL),
            "minute": rng.integers(0, 500_000, rows), "number": rng.integers(1, 9999, rows),
        }
    )  # fmt: skip
    message = pl.concat_str("open", "need", "when", "pay", "told", "tail")
    advert = pl.Series(rng.random(rows) < SPAM)
    received = pl.datetime(2026, 1, 5) + pl.duration(minutes=pl.col("minute"))
    mailbox = [pl.col(name).str.to_lowercase() for name in ("first_name", "last_name")]
    frame = frame.select(
        "id",
        received.dt.strftime("%Y-%m-%dT%H:%M:%SZ").alias("received_at"),
        "first_name", "last_name",
        pl.format("{}.{}{}@{}", *mailbox, "number", "mail").alias("email"),
        "phone", "zip", "state", "birth_date", "service", "payer",
        pl.when(pl.lit(advert)).then(pl.lit(pick(_ADVERTS))).otherwise(message).alias("message"),
    )  # fmt: skip
    return _with_repeats(frame, rng)


def _told(rows: int, rng: np.random.Generator) -> pl.Series:
    """What makes messages differ: half of them name somebody."""
    given, family = (np.asarray(names, dtype=object)[rng.integers(0, len(names), rows)] for names in (_GIVEN, _FAMILY))
    names = pl.DataFrame({"given": pl.Series(given, dtype=pl.String), "family": pl.Series(family, dtype=pl.String)})
    some = pl.lit(pl.Series(rng.random(rows) < 0.5))
    told = pl.format(". A neighbor, {} {}, told me about you", "given", "family")
    return names.select(told=pl.when(some).then(told).otherwise(pl.lit("")))["told"]


def _phones(rows: int, rng: np.random.Generator) -> pl.Series:
    areas = np.array([312, 773, 847, 630, 212, 646, 415, 510, 614, 513, 937, 404, 305, 617, 206, 713])
    area = areas[rng.integers(0, len(areas), rows)]
    parts = pl.DataFrame({"a": area, "e": rng.integers(220, 989, rows), "l": rng.integers(0, 9999, rows)})
    style = pl.lit(pl.Series(rng.integers(0, len(_STYLES), rows)))
    four_digits = pl.col("l").cast(pl.String).str.zfill(4)
    written = [pl.when(style == i).then(pl.format(f, "a", "e", four_digits)) for i, f in enumerate(_STYLES)]
    return parts.select(phone=pl.coalesce(written))["phone"]


def _with_repeats(frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Some rows become somebody of before again: the same person, half of them word for word."""
    rows = frame.height
    again = np.flatnonzero(rng.random(rows) < DUPLICATES)
    source = np.arange(rows)
    source[again] = np.maximum(0, again - rng.integers(1, 5000, len(again)))
    same_words = np.arange(rows)
    half = again[::2]
    same_words[half] = source[half]
    whole = frame[source].select(
        "first_name", "last_name", "email", "phone", "zip", "state", "birth_date", "service", "payer"
    )
    return whole.with_columns(frame["id"], frame["received_at"], frame["message"][same_words]).select(frame.columns)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
