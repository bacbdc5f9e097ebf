"""What do we know of each person, in a form that compares fast?

Every field becomes a small number per record (0: missing), its texts are kept once, and rows that say exactly the same
become one record. The numbers follow the alphabet, so the order of the rows changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.identity import names, places

Codes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]
Fold = Callable[[pl.Expr], pl.Expr]

# What `link` takes; every column but `row` may be absent or null. `house`, `street` and `place` (a second address line)
# are used instead of `address` where the list has them apart. `birth_date` may also be a whole number YYYYMMDD, which
# keeps a mistyped date (month 13) comparable.
PEOPLE: Final[dict[str, pl.DataType]] = {
    "row": pl.UInt32(), "given": pl.String(), "family": pl.String(), "birth_date": pl.Date(),
    "sex": pl.String(), "phones": pl.List(pl.String()), "emails": pl.List(pl.String()), "address": pl.String(),
    "house": pl.String(), "street": pl.String(), "place": pl.String(), "city": pl.String(), "zip": pl.String(),
    "state": pl.String(), "given_2": pl.String(), "family_2": pl.String(),
}  # fmt: skip
SINGLE: Final = (
    "given", "family", "suffix", "middle", "birth", "sex", "house", "street", "place", "city", "zip", "state",
    "person", "asker",
)  # fmt: skip
MOST_CONTACTS: Final = 4


@dataclass(frozen=True)
class Records:
    """`codes[field]` has a number per record, `texts[field]` the text of each number (the first is NULL).

    `phones` and `emails` are tables (records x contacts) of numbers. `record_of[i]` is the record of the i-th row of
    the list, `rows` that row's number; `seen[r]` counts the rows that say exactly the same.
    """

    codes: Mapping[str, Codes]
    texts: Mapping[str, pl.Series]
    phones: Codes
    emails: Codes
    rows: Numbers
    record_of: Numbers
    seen: Numbers

    def __len__(self) -> int:
        return len(self.seen)


def _coded(texts: pl.Series) -> tuple[Codes, pl.Series]:
    distinct = texts.drop_nulls().unique().sort()
    number = pl.DataFrame({"text": distinct}).with_row_index("code", offset=1)
    found = pl.DataFrame({"text": texts}).join(number, on="text", how="left", maintain_order="left")
    known = pl.concat([pl.Series([None], dtype=distinct.dtype), distinct])
    return found["code"].fill_null(0).to_numpy().astype(np.int32), known


def _refined(codes: Codes, texts: pl.Series, fold: Fold) -> tuple[Codes, pl.Series]:
    """The numbers after folding the distinct texts."""
    again, known = _coded(texts.to_frame("text").select(fold(pl.col("text")))["text"])
    return again[codes], known


def _birth(people: pl.DataFrame) -> pl.Series:
    if people.schema["birth_date"] != pl.Date:
        return people["birth_date"].cast(pl.Int32, strict=False)
    date = pl.col("birth_date").dt
    return people.select(
        date.year().cast(pl.Int32) * 10_000 + date.month().cast(pl.Int32) * 100 + date.day().cast(pl.Int32)
    ).to_series()


def _contacts(lists: pl.Series) -> tuple[Codes, pl.Series]:
    width = max(1, min(MOST_CONTACTS, int(lists.list.len().max() or 0)))  # type: ignore[call-overload]
    ordered = lists if width == 1 else lists.list.unique().list.sort()
    columns = [ordered.list.get(at, null_on_oob=True) for at in range(width)]
    codes, known = _coded(pl.concat(columns))
    return codes.reshape(width, len(lists)).T, known


_FOLDS: Final[dict[str, tuple[tuple[str, ...], Fold]]] = {
    "sex": (("sex",), lambda text: text.str.slice(0, 1).str.to_lowercase()),
    "house": (("house", "address"), places.house),
    "street": (("street", "address"), places.street),
    "place": (("place",), places.street),
    "city": (("city",), names.folded),
    "zip": (("zip",), lambda text: names.folded(text.str.extract(r"^\s*(\d{5})(?:-?\d{4})?\s*$").fill_null(text))),
    "state": (("state",), names.folded),
}


def _joined(people: pl.DataFrame, given: str, family: str) -> pl.Series:
    return people.select(
        names.without_suffix(
            names.folded_name(pl.concat_str(pl.col(given, family), separator=" ", ignore_nulls=True).replace("", None))
        )
    ).to_series()


def _fields(people: pl.DataFrame) -> tuple[dict[str, Codes], dict[str, pl.Series]]:
    codes: dict[str, Codes] = {}
    texts: dict[str, pl.Series] = {}

    def keep(field: str, found: tuple[Codes, pl.Series]) -> None:
        codes[field], texts[field] = found

    given = _refined(*_coded(people["given"]), names.folded_name)
    family = _refined(*_coded(people["family"]), names.folded_name)
    keep("given", _refined(*given, names.without_suffix))
    keep("family", _refined(*family, names.without_suffix))
    keep("middle", _refined(*given, lambda name: names.without_suffix(name).str.extract(r"^\S+ (.+)$")))
    of_family, of_given = _refined(*family, names.suffix), _refined(*given, names.suffix)
    both = of_family[1].gather(of_family[0].tolist()).fill_null(of_given[1].gather(of_given[0].tolist()))
    keep("suffix", _coded(both))
    keep("birth", _coded(_birth(people)))
    for field, (sources, fold) in _FOLDS.items():
        source = next(name for name in sources if people[name].null_count() < len(people) or name == sources[-1])
        keep(field, _refined(*_coded(people[source]), fold))
    _keep_asker(people, keep)
    return codes, texts


def _keep_asker(people: pl.DataFrame, keep: Callable[[str, tuple[Codes, pl.Series]], None]) -> None:
    """Who asks, where that is not the patient, and the patient's full name in the same numbers."""
    none = pl.Series([None], dtype=pl.String)
    if people["given_2"].null_count() + people["family_2"].null_count() == 2 * len(people):
        for field in ("person", "asker"):
            keep(field, (np.zeros(len(people), dtype=np.int32), none))
        return
    person, asker = _joined(people, "given", "family"), _joined(people, "given_2", "family_2")
    other = pl.DataFrame({"p": person, "a": asker}).select(
        pl.when(pl.col("a").ne_missing(pl.col("p"))).then(pl.col("a"))
    ).to_series()  # fmt: skip
    codes, texts = _coded(pl.concat([person, other]))
    keep("person", (codes[: len(people)], texts))
    keep("asker", (codes[len(people) :], texts))


def _with_all_columns(people: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in PEOPLE.items() if name not in people.columns]
    return people.with_columns(missing)


def records(people: pl.DataFrame) -> Records:
    """The distinct records of a list of people (columns of PEOPLE; contacts normalised by the caller)."""
    people = _with_all_columns(people)
    codes, texts = _fields(people)
    phones, texts["phone"] = _contacts(people["phones"])
    emails, texts["email"] = _contacts(people["emails"])
    table = np.column_stack([*(codes[field] for field in SINGLE), phones, emails])
    order, record_of, first = _distinct(table)
    kept = order[first]
    return Records(
        codes={field: codes[field][kept] for field in SINGLE},
        texts=texts,
        phones=phones[kept],
        emails=emails[kept],
        rows=people["row"].to_numpy().astype(np.int64),
        record_of=record_of,
        seen=np.bincount(record_of, minlength=len(kept)),
    )


def _distinct(table: Codes) -> tuple[Numbers, Numbers, Numbers]:
    """An order of the rows by content, the record of each row, and where in the order each record begins."""
    hashes = pl.DataFrame(table).hash_rows().to_numpy()
    order = np.argsort(hashes, kind="stable")
    ordered = table[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    record_of = np.empty(len(order), dtype=np.int64)
    record_of[order] = np.cumsum(new) - 1
    return order, record_of, np.flatnonzero(new)
