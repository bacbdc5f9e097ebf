"""What does a coordinator work through, one line a lead? Who, how to reach them, what to do, why, what to ask, what
to say."""

from __future__ import annotations

from typing import Final

import polars as pl

from leadwell import contract
from leadwell.formats.flat import harmless, joined

# The order of a working day: what a person must see first, then what can be booked, then what is left.
ORDER: Final = ("review", "schedule", "verify", "nurture", "redirect", "decline", "discard")
WIDTHS: Final = {
    "Do next": 10, "Grade": 7, "Name": 22, "Phone": 17, "E-mail": 28, "Message": 60, "Why": 48, "Ask first": 40,
    "Say or send to": 40, "Id": 12, "Row": 8,
}  # fmt: skip
_LONGEST_WHY: Final = 240
_SAID: Final = pl.Struct({"says": pl.String, "evidence": contract.EVIDENCE})
_NAMES: Final = (("first_name", "last_name"), ("full_name",), ("patient_first_name", "patient_last_name"),
                 ("patient_full_name",), ("organization",))  # fmt: skip


def to_do(assessments: pl.DataFrame, leads: pl.DataFrame | None) -> pl.DataFrame:
    """`place` (by `ORDER`, then emergencies and crises, then grade), then the columns of `WIDTHS`. Text is harmless."""
    theirs = pl.DataFrame() if leads is None else harmless(leads.select(_words(leads)))
    both = assessments.hstack(theirs.rename(lambda name: f"their.{name}"))
    table = both.select(_place().alias("place"), *_columns(set(both.columns)))
    return harmless(table, plain=("Phone",))


def _words(leads: pl.DataFrame) -> list[pl.Expr]:
    wanted = {"phone", "phone_2", "email", *contract.WORDS, *(c for names in _NAMES for c in names)}
    return [pl.col(c).cast(pl.String) for c in leads.columns if c in wanted]


def _place() -> pl.Expr:
    at = pl.col("disposition").replace_strict(list(ORDER), list("0123456"), default="9", return_dtype=pl.String)
    pressing = pl.when(pl.col("safety").is_null()).then(pl.lit("1")).otherwise(pl.lit("0"))
    return pl.concat_str(at, pressing, pl.col("grade").fill_null("~"))


def _columns(there: set[str]) -> list[pl.Expr]:
    return [
        pl.col("disposition").alias("Do next"),
        pl.col("grade").alias("Grade"),
        _name(there).alias("Name"),
        _reach("phone", there).alias("Phone"),
        _reach("email", there).alias("E-mail"),
        _their(["message", "referral_reason", "subject"], there).alias("Message"),
        _why().alias("Why"),
        pl.col("questions").list.first().struct.field("ask").alias("Ask first"),
        _say().alias("Say or send to"),
        pl.col("id").alias("Id"),
        pl.col("row").alias("Row"),
    ]


def _their(columns: list[str], there: set[str]) -> pl.Expr:
    """The first of these columns of the list that says something."""
    found = [pl.col(f"their.{c}") for c in columns if f"their.{c}" in there]
    return pl.coalesce(found) if found else pl.lit(None, dtype=pl.String)


def _name(there: set[str]) -> pl.Expr:
    ways = []
    for names in _NAMES:
        parts = [pl.col(f"their.{n}") for n in names if f"their.{n}" in there]
        if parts:
            ways.append(_none(pl.concat_str(parts, separator=" ", ignore_nulls=True)))
    return pl.coalesce(ways) if ways else pl.lit(None, dtype=pl.String)


def _none(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _reach(which: str, there: set[str]) -> pl.Expr:
    """As checked, else as received, with what is wrong with it."""
    contact = pl.col("contact").struct
    value = pl.coalesce(contact.field(which), _their([which, f"{which}_2"], there))
    doubt: pl.Expr = pl.when(contact.field(f"{which}_ok").not_()).then(pl.lit(" (cannot be right)"))
    if which == "email":
        meant = pl.concat_str(pl.lit(" (did they mean "), contact.field("email_suggestion"), pl.lit("?)"))
        doubt = pl.coalesce(meant, doubt)
    return pl.concat_str(value, doubt.fill_null(""))


def _why() -> pl.Expr:
    """One line: what is pressing, what speaks against it, then what they want."""
    told = joined(pl.col("safety_because").list.head(1), _SAID)
    safety = pl.coalesce(
        pl.concat_str(pl.col("safety"), pl.lit(": "), told), pl.col("safety"),
        pl.concat_str(pl.lit("a person should look: "), _none(told)),
    )  # fmt: skip
    parts = [
        safety,
        _none(pl.col("reasons").list.join(", ")),
        _none(pl.col("conflicts").list.join("; ")),
        pl.concat_str(pl.lit("repeats lead "), pl.col("duplicate_of")),
        pl.concat_str(pl.lit("perhaps repeats lead "), pl.col("possible_duplicate_of")),
        *(_against(name) for name in ("eligibility", "integrity", "reachability", "decision_maker")),
        _first("fit"),
        _first("intent"),
    ]
    line = pl.concat_str(parts, separator="; ", ignore_nulls=True).str.replace_all(r"\s+", " ")
    short = pl.concat_str(line.str.slice(0, _LONGEST_WHY - 1), pl.lit("…"))
    return pl.when(line.str.len_chars() > _LONGEST_WHY).then(short).otherwise(_none(line))


def _against(name: str) -> pl.Expr:
    """What is not met, where the question is answered so."""
    entries = _because(name)
    if name == "eligibility":
        entries = entries.list.eval(pl.element().filter(pl.element().struct["says"].str.starts_with("not met")))
    told = _none(joined(entries.list.head(1), _SAID))
    return pl.when(pl.col("dimensions").struct.field(name).struct.field("finding") == "not met").then(told)


def _first(name: str) -> pl.Expr:
    return _none(joined(_because(name).list.head(1), _SAID))


def _because(name: str) -> pl.Expr:
    return pl.col("dimensions").struct.field(name).struct.field("because")


def _say() -> pl.Expr:
    redirect = pl.col("redirect").struct
    parts = [pl.col("safety_says"), pl.concat_str(pl.lit("Send to "), redirect.field("to")), redirect.field("say")]
    return _none(pl.concat_str(parts, separator="; ", ignore_nulls=True))
