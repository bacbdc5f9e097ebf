"""How quickly are messages asked whether they are stops? `python -m benchmarks.stops [MESSAGES]`

Seconds a million, and one; and how many ordinary texts are not plainly "not".

The messages are those of the tests, each with a name and a number of its own, so that none is the same as another. Aims
are printed, never enforced. The ordinary texts are public ones beside the checkout (`../shared/data`); what is held
against them are texts in which nobody asks to be left alone, but for a few of the SMS.
"""

from __future__ import annotations

import random
import sys
import time
import tomllib
from pathlib import Path

import polars as pl

from leadwell.permission.stops import are_stops, is_stop

MILLION = 1_000_000
AIM_MILLION = 60.0
HERE = Path(__file__).parents[1]
DATA = HERE.parent / "shared" / "data"
BATCH = 50_000
ORDINARY = {
    "SMS that are not spam": ("sms_spam.csv", "text"),
    "how callers say symptoms": ("medical_intent_utterances.csv", "phrase"),
    "consumer health questions": ("meqsum_questions.csv", "question"),
    "reasons for referral": ("mtsamples_descriptions.csv", "description"),
    "turns about appointments": ("sgd_appointment_turns.csv", "text"),
    "first turns, other trades": ("sgd_other_first_turns.csv", "text"),
    "clinical sentences": ("context_sentences.csv", "sentence"),
}


def examples() -> list[tuple[str, str | None]]:
    groups = (
        group
        for path in sorted((HERE / "tests" / "permission").glob("stops_*.toml"))
        for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]
    )
    return [(text, group.get("after")) for group in groups for text in group["texts"]]


def distinct(count: int) -> tuple[pl.Series, pl.Series]:
    """So many messages, no two the same, and what each answers."""
    some, chance = examples(), random.Random(5)
    drawn = [chance.choice(some) for _ in range(count)]
    texts = [f"{text}\n-- \nClient {number}" for number, (text, _) in enumerate(drawn)]
    return pl.Series(texts), pl.Series([after for _, after in drawn], dtype=pl.String)


def speed(count: int) -> None:
    is_stop("")  # compiles the words
    texts, after = distinct(count)
    before = time.process_time()
    told = sum(are_stops(texts[at : at + BATCH], after=after[at : at + BATCH]).height for at in range(0, count, BATCH))
    took = (time.process_time() - before) * MILLION / told
    print(f"a million messages, no two the same   {took:6.1f} s of CPU (aim {AIM_MILLION:.0f})")
    few = texts[:300].to_list()
    before = time.process_time()
    for text in few:
        is_stop(text)
    print(f"one message                           {(time.process_time() - before) / len(few) * 1000:6.2f} ms")


def ordinary() -> None:
    for says, (file, column) in ORDINARY.items():
        if not (DATA / file).is_file():
            print(f"{says}: {file} is not here")
            continue
        frame = pl.read_csv(DATA / file)
        if "label" in frame.columns:
            frame = frame.filter(pl.col("label") == "ham")
        told = are_stops(frame[column])["verdict"].cast(pl.String)
        stop, ask = (int((told == verdict).sum()) for verdict in ("stop", "ask-a-person"))
        print(f"{says:28} {frame.height:6,} texts: {stop:3} stop, {ask:3} ask-a-person")


if __name__ == "__main__":
    speed(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 200_000)
    ordinary()
