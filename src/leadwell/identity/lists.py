"""How does a table of texts become a list of people? Names split, dates and numbers read, patient told from asker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from leadwell.identity import rules
from leadwell.identity.headers import HEADERS, SEVERAL
from leadwell.identity.rules import Columns, Texts

# Someone asks for another: without a patient's name, the name given is not the patient's.
_OTHERS: Final = (
    "child",
    "parent",
    "spouse",
    "relative",
    "patient",
    "son",
    "daughter",
    "mother",
    "father",
    "hijo",
    "hija",
)
OLDEST: Final = 120  # years; beyond it an age is a typing error
_SUFFIX: Final = r"(?i)(,?\s+(?:jr|sr|ii|iii|iv)\.?)\s*$"
_EXTENSION: Final = r"(?i)\s*(?:x|ext\.?|extension)\s*\d+\s*$"
_NATIONAL: Final = 10  # digits of a North American number
_LEAST_DIGITS: Final = 7
_NUMERIC: Final = r"^\D*(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})(?:[T ].*)?$"


def people(table: pl.DataFrame, mapping: Mapping[str, str]) -> pl.DataFrame:
    """People for `identity.link` from a table of texts; `row` counts its rows from 1.

    `mapping` is header -> field (see `headers.columns`). A row that names a patient is about the patient: given, family
    and birth_date are the patient's, given_2 and family_2 those of the one who asks.
    """
    texts = _texts(table, mapping)
    texts = _with_names_split(texts, "full_name", "given", "family")
    texts = _with_names_split(texts, "patient_full_name", "patient_given", "patient_family")
    texts = texts.with_columns(
        _whole_name("given", "middle").alias("given"),
        _whole_name("family", "suffix").alias("family"),
        *(pl.Series(name, _dates(texts[name]), dtype=pl.Int32) for name in ("birth_date", "patient_birth_date")),
    )
    named = pl.col("patient_given").is_not_null() | pl.col("patient_family").is_not_null()
    other = named | pl.col("asks_for").str.to_lowercase().is_in(_OTHERS).fill_null(False)

    def of_patient(field: str) -> pl.Expr:
        return pl.when(other).then(f"patient_{field}").otherwise(field).alias(field)

    return texts.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("row"),
        of_patient("given"),
        pl.when(named).then(pl.coalesce("patient_family", "family")).when(~other).then("family").alias("family"),
        pl.coalesce("patient_birth_date", pl.when(~other).then("birth_date")).alias("birth_date"),
        _born_year().alias("born_year"),
        pl.when(other).then("given").alias("given_2"),
        pl.when(other).then("family").alias("family_2"),
        pl.coalesce("house", pl.col("address").str.extract(r"^\s*(\d+[A-Za-z]?)\b")).alias("house"),
        *(pl.col(name) for name in ("sex", "address", "place", "city", "zip", "state")),
        _contacts(mapping, "phone", telephone).alias("phones"),
        _contacts(mapping, "email", _email).alias("emails"),
    ).with_columns(street=pl.col("address"))  # fmt: skip


def _born_year() -> pl.Expr:
    """The year of birth, or the age at the year in which it was told; an age of no known day says nothing."""
    told = pl.col("born_year").str.extract(r"^\s*(\d{4})\b").cast(pl.Int32)
    age = pl.col("age").str.extract(r"^\s*(\d{1,3})\b").cast(pl.Int32)
    received = pl.col("received").str.extract(r"\b((?:19|20)\d\d)\b").cast(pl.Int32)
    return pl.coalesce(told, received - pl.when(age <= OLDEST).then(age))


def _texts(table: pl.DataFrame, mapping: Mapping[str, str]) -> pl.DataFrame:
    """One column a field, NULL where the list has none; contacts keep their headers behind a mark."""
    wanted = []
    for header, field in mapping.items():
        text = pl.col(header).cast(pl.String).str.strip_chars()
        wanted.append(pl.when(text != "").then(text).alias(f"{field}\0{header}" if field in SEVERAL else field))
    missing = [pl.lit(None, dtype=pl.String).alias(field) for field in HEADERS if field not in mapping.values()]
    return table.select(
        pl.lit(0).alias("\0"), *wanted, *(one for one in missing if one.meta.output_name() not in SEVERAL)
    )


def _with_names_split(texts: pl.DataFrame, full: str, given: str, family: str) -> pl.DataFrame:
    """The parts of the full name where they are not given themselves."""
    split_given, split_family = split_name(pl.col(full))
    unsaid = pl.col(given).is_null() & pl.col(family).is_null()
    return texts.with_columns(
        pl.when(unsaid).then(split_given).otherwise(given).alias(given),
        pl.when(unsaid).then(split_family).otherwise(family).alias(family),
    )


def split_name(full: Columns) -> tuple[Columns, Columns]:
    """Given and family name of 'Ana María López', 'López, Ana'. The last word is the family name."""
    suffix = full.str.extract(_SUFFIX).fill_null("")
    name = full.str.replace(_SUFFIX, "").str.strip_chars()
    comma = name.str.contains(",", literal=True)
    last = rules.when(comma, name.str.extract(r"^([^,]+),"), name.str.extract(r"\s(\S+)$"))
    given = rules.when(comma, name.str.extract(r",\s*(.+)$"), name.str.replace(r"\s+\S+$", ""))
    return given, last + suffix


def _whole_name(name: str, more: str) -> pl.Expr:
    return pl.concat_str(pl.col(name), pl.concat_str(pl.lit(" "), more).fill_null(""))


def _dates(texts: pl.Series) -> pl.Series:
    """YYYYMMDD as a whole number, also mistyped ones; 03/04/1990 is March 4 unless the list has the day first."""
    digits = texts.str.extract(r"^(\d{8})(?:\.0)?$").cast(pl.Int32, strict=False)
    parts = texts.to_frame("t").select(
        *(pl.col("t").str.extract(_NUMERIC, at).cast(pl.Int32, strict=False).alias(str(at)) for at in (1, 2, 3))
    )
    one, two, three = parts["1"], parts["2"], parts["3"]
    year_last = one < 100
    day_first = bool(((one > 12) & year_last).any()) and not bool(((two > 12) & year_last).any())
    day, month = (one, two) if day_first else (two, one)
    from_last = _whole_year(three) * 10_000 + month * 100 + day
    numeric = from_last.zip_with(year_last.fill_null(False), one * 10_000 + two * 100 + three)
    return digits.zip_with(digits.is_not_null(), numeric)


def _whole_year(year: pl.Series) -> pl.Series:
    return year.to_frame("y").select(pl.when(pl.col("y") < 100).then(pl.col("y") + 1900).otherwise("y")).to_series()


def telephone(text: pl.Expr) -> pl.Expr:
    """The number's digits: ten of a North American one, all of another; NULL where there are too few to mean anyone."""
    return text.map_batches(_telephones_of_column, return_dtype=pl.String)


def _telephones_of_column(texts: pl.Series) -> pl.Series:
    found = telephones(texts)
    assert isinstance(found, pl.Series)
    return found


def telephones(texts: Texts) -> Texts:
    """One step after the other, each once: as one expression every `when` would begin anew, at four times the price."""
    texts = rules.only(rules.applied(_may_be_extended, texts), texts, _without_extension)
    digits = rules.applied(_digits, texts)
    digits = rules.only(rules.applied(_long, digits), digits, _national)
    return rules.applied(_of_anyone, digits)


def _may_be_extended(text: Columns) -> Columns:
    return text.str.contains_any(["x", "X"])


def _without_extension(text: Columns) -> Columns:
    return text.str.replace(_EXTENSION, "")


def _digits(text: Columns) -> Columns:
    return text.str.strip_suffix(".0").str.replace_all(r"\D", "")


def _long(digits: Columns) -> Columns:
    return digits.str.len_chars() > _NATIONAL


def _national(digits: Columns) -> Columns:
    return digits.str.replace(rf"^(?:00)?1?(\d{{{_NATIONAL}}})$", "$1")


def _of_anyone(digits: Columns) -> Columns:
    return rules.when(digits.str.len_chars() >= _LEAST_DIGITS, digits)


def _email(text: pl.Expr) -> pl.Expr:
    address = text.str.to_lowercase().str.replace_all(r"\s|^mailto:", "")
    return pl.when(address.str.contains(r"^[^@]+@[^@]+$")).then(address)


def _contacts(mapping: Mapping[str, str], field: str, read: object) -> pl.Expr:
    headers = [header for header, meant in mapping.items() if meant == field]
    if not headers:
        return pl.lit(None, dtype=pl.List(pl.String))
    assert callable(read)
    return pl.concat_list(read(pl.col(f"{field}\0{header}")) for header in headers).list.drop_nulls()
