"""How well is a wish told from a question? (promise 11)

`python -m benchmarks.right intent [--misses] [--unseen]`. Readiness is summed up as `assessing/intent.py` does
it, with any medical word for a need; seeking an appointment is measured on dialogues and consumer questions that nobody
here wrote, halved by a hash: rules may look at the misses of one half only.
"""

from __future__ import annotations

from zlib import crc32

import polars as pl

from benchmarks.right._measures import DATA, equal, f1, intents, line, misses, read_texts
from leadwell.reading.scope import medical


def readiness(told: pl.DataFrame, need: pl.Series) -> pl.Expr:
    def true(name: str) -> pl.Expr:
        return pl.col(f"read.{name}").fill_null(False)

    dated = pl.col("read.timeline_start").is_not_null() | pl.col("read.deadline").is_not_null()
    return (
        pl.when(true("not_yet")).then(pl.lit("considering"))
        .when(true("wish") | true("urgent")).then(pl.lit("ready"))
        .when(true("considering")).then(pl.lit("considering"))
        .when(true("has_referral")).then(pl.lit("ready"))
        .when(true("information")).then(pl.lit("information"))
        .when(dated).then(pl.lit("ready"))
        .when(pl.lit(need)).then(pl.lit("considering"))
        .otherwise(pl.lit("other"))
    )  # fmt: skip


def written() -> None:
    name, truth, told = intents()
    said = told.select(said=readiness(told, medical(truth["text"])))["said"]
    table = truth.select("text", "subject", right="readiness").with_columns(said=said)
    patients = table.filter(pl.col("right").is_not_null() & (pl.col("subject") == "patient"))
    equal(name, "readiness of patients", patients, aim="aim 0.9")
    others = table.filter(pl.col("right").is_not_null() & (pl.col("subject") != "patient"))
    equal(name, "readiness of referrals and businesses", others, aim="no aim: their type tells it")
    reached = pl.col("read.preferred_channel").replace({"call": "phone"})
    real = pl.col("spam") != "yes"
    channel = truth.select("text", "spam", right="preferred_channel").with_columns(said=told.select(s=reached)["s"])
    given = pl.any_horizontal(pl.col("right", "said").is_not_null())
    equal(name, "preferred channel", channel.filter(real & given), aim="aim 0.9")
    tongue = truth.select("text", "spam", right="language", said=told["read.language"])
    equal(name, "language", tongue.filter(real & (pl.col("right") != "mix")), aim="aim 0.98")


def seeking() -> None:
    """Turns that inform of an intent against turns without one and consumer questions."""
    turns = pl.read_csv(DATA / "sgd_appointment_turns.csv", infer_schema=False)
    seek = turns.filter(pl.col("acts").str.contains("INFORM_INTENT"))["text"]
    none = turns.filter(pl.col("intent") == "NONE")["text"]
    questions = pl.read_csv(DATA / "meqsum_questions.csv", infer_schema=False)["question"]
    texts = pl.concat([seek, none, questions.alias("text")])
    right = pl.select(pl.int_range(len(texts)) < len(seek)).to_series()
    said = read_texts(texts)["read.wish"].fill_null(False)
    tune = pl.Series([crc32(t.encode()) % 2 == 1 for t in texts])
    file = "sgd_appointment_turns.csv + meqsum_questions.csv"
    line(file, "seeking, macro-F1", f1(right, said), aim="aim 0.9", of=len(texts))
    apart = f1(right.filter(~tune), said.filter(~tune))
    line(file, "seeking, macro-F1 of the half whose misses are never shown", apart, aim="aim 0.9")
    line(file, "always yes, macro-F1", f1(right, pl.repeat(True, len(texts), eager=True)), aim="baseline")
    wrong = pl.DataFrame({"text": texts, "right": right, "said": said}).filter(tune & (right != said))
    misses(wrong.iter_rows(named=True))


def main() -> None:
    written()
    if DATA.exists():
        seeking()
    else:
        print("seeking an appointment: skipped, ../shared/data is absent")


if __name__ == "__main__":
    main()
