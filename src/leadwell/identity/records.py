"""What do we know of each person, in a form that compares fast?

Every field becomes a small number per record (0: missing), its texts are kept once, and rows that say exactly the same
become one record. The numbers depend on what the list says, never on the order of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from leadwell.identity import names, places, rules
from leadwell.identity.few import Few
from leadwell.identity.rows import PEOPLE, FewRows, Rows
from leadwell.identity.rules import Columns, Fold, Texts, applied, when

Codes = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Coded = tuple[Codes, Texts]  # each row's number, and the texts by number


class PlainFold(Protocol):
    def __call__(self, text: Columns, /, *, plain: bool = False) -> Columns: ...


SINGLE: Final = (
    "given", "family", "suffix", "middle", "birth", "born", "sex", "house", "street", "place", "city", "zip", "state",
    "person", "asker", "adult", "identifiers",
)  # fmt: skip
LIKENED: Final = ("given", "family", "street", "place", "city", "zip", "phone", "email")
MOST_CONTACTS: Final = 4
_TOLD: Final = (
    "given", "family", "given_2", "family_2", "born_year", "sex", "adult", "address", "house", "street", "place",
    "city", "zip", "state", "identifiers",
)  # fmt: skip
_FEW: Final = 1_000  # rows; of so many or fewer a frame costs more than what it does
_PIECE: Final = 1 << 15  # rows mixed at once


@dataclass(frozen=True)
class Records:
    """`codes[field]` has a number per record, `texts[field]` the text of each number (the first is NULL).

    `phones` and `emails` are tables (records x contacts) of numbers. `record_of[i]` is the record of the i-th row of
    the list, `rows` that row's number; `seen[r]` counts the rows that say exactly the same.
    """

    codes: Mapping[str, Codes]
    texts: Mapping[str, Texts]
    phones: Codes
    emails: Codes
    rows: Numbers
    record_of: Numbers
    seen: Numbers

    def __len__(self) -> int:
        return len(self.seen)

    @cached_property
    def mailboxes(self) -> Hashes:
        """Of each e-mail address the part before the '@', as a number; 0 where it is shorter than five letters."""
        return applied(_mailbox, self.texts["email"]).to_numpy().astype(np.uint64)

    @cached_property
    def given_hints(self) -> names.GivenHints:
        return names.given_hints(self.texts["given"])

    @cached_property
    def letters(self) -> Mapping[str, Hashes]:
        """Of each text which letters it has (see `names.letters`)."""
        texts = {field: self.texts[field] for field in LIKENED}
        if not all(isinstance(one, Few) for one in texts.values()):
            return {field: names.letters(one) for field, one in texts.items()}
        ends = np.cumsum([len(one) for one in texts.values()])
        every = names.letters(rules.stacked(*texts.values()))  # of a few, asking eight times costs more than telling
        return dict(zip(texts, np.split(every, ends[:-1]), strict=True))


def _mailbox(address: Columns) -> Columns:
    name = address.str.slice(0, address.str.find("@", literal=True))
    return when(name.str.len_bytes() >= 5, name.hash()).fill_null(0)


def _coded(texts: Texts) -> Coded:
    """Each text's number and the texts by number; the numbers depend on which texts there are, not on their order."""
    if isinstance(texts, Few):
        few_codes, few_texts = _numbered(texts.values)
        return few_codes, Few(few_texts)
    if texts.null_count() == len(texts):
        return np.zeros(len(texts), dtype=np.int32), pl.Series([None], dtype=texts.dtype)
    if len(texts) <= _FEW:
        return _coded_few(texts)
    if _mostly_distinct(texts.head(len(texts) // 10), len(texts)):  # and no need to see the rest
        return _coded_by_hash(texts)
    distinct = texts.drop_nulls().unique()
    if _mostly_distinct(distinct, len(texts)):
        return _coded_by_hash(texts)
    distinct = distinct.sort()
    number = pl.DataFrame({"text": distinct}).with_row_index("code", offset=1)
    found = pl.DataFrame({"text": texts}).join(number, on="text", how="left", maintain_order="left")
    known = pl.concat([pl.Series([None], dtype=distinct.dtype), distinct])
    return found["code"].fill_null(0).to_numpy().astype(np.int32), known


def _coded_few(texts: pl.Series) -> Coded:
    codes, known = _numbered(texts.to_list())
    return codes, pl.Series(known, dtype=texts.dtype)


def _numbered(texts: Sequence[Any]) -> tuple[Codes, list[Any]]:
    distinct = sorted({text for text in texts if text is not None})
    number = {text: code for code, text in enumerate(distinct, start=1)}
    return np.array([number.get(text, 0) for text in texts], dtype=np.int32), [None, *distinct]


def _mostly_distinct(texts: pl.Series, rows: int) -> bool:
    """Whether these alone are a text for each twenty rows of a long list."""
    return rows > 10_000 and texts.drop_nulls().n_unique() * 20 > rows


def _coded_by_hash(texts: pl.Series) -> Coded:
    """For mostly distinct texts three times faster than a join; two of a million meet once in 30 million lists."""
    present = np.flatnonzero(texts.is_not_null().to_numpy())
    hashes = texts.hash().to_numpy()[present]
    order = np.argsort(hashes)
    ordered = hashes[order]
    new = np.r_[True, ordered[1:] != ordered[:-1]]
    codes = np.zeros(len(texts), dtype=np.int32)
    codes[present[order]] = np.cumsum(new)
    known = texts.gather(pl.Series(present[order[new]]))
    return codes, pl.concat([pl.Series([None], dtype=known.dtype), known])


def _folded(codes: Codes, texts: Texts, fold: PlainFold) -> Coded:
    """Like `_refined`, faster where all texts are ASCII."""
    plain = rules.is_ascii(texts)
    return _refined(codes, texts, lambda text: fold(text, plain=plain))


def _refined(codes: Codes, texts: Texts, fold: Fold) -> Coded:
    """The numbers after changing the distinct texts."""
    if len(texts) == 1:  # nobody tells any
        return codes, texts
    again, known = _coded(applied(fold, texts))
    return again[codes], known


def _birth(people: Rows) -> Texts:
    """As a number YYYYMMDD; one that is no day stays as it was told."""
    told = people["birth_date"]
    if isinstance(told, Few):
        numbers = all(one is None or isinstance(one, int) for one in told.values)
        return told if numbers else applied(_figures_of_day, told)
    if told.dtype != pl.Date:
        return rules.few_or_many(told.cast(pl.Int32, strict=False))
    if told.null_count() == len(told):
        return rules.few_or_many(pl.Series([None], dtype=pl.Int32).new_from_index(0, len(told)))
    return applied(_figures_of_day, rules.few_or_many(told))


def _figures_of_day(day: Columns) -> Columns:
    year, month, of_month = (rules.whole(part) for part in (day.dt.year(), day.dt.month(), day.dt.day()))
    return year * 10_000 + month * 100 + of_month


def _years(told: Texts, born: Texts) -> Coded:
    """Of who tells a birth date, the year of that. Where nobody tells an age there is nothing to compare."""
    if told.null_count() == len(told):
        return np.zeros(len(told), dtype=np.int32), _NOTHING
    return _coded(rules.worked_out(_year, told=told, born=born)["year"])


def _year(told: Columns, born: Columns) -> dict[str, Columns]:
    return {"year": when(born.is_not_null(), born // 10_000, told)}


def _of_age(adult: Columns) -> Columns:
    return adult.replace_strict({False: 1, True: 2}, default=0, return_dtype=pl.Int32)


def _longest(counts: Texts) -> int:
    longest = counts.max()
    return longest if isinstance(longest, int) else 0


def _contacts(lists: Texts) -> Coded:
    counts = lists.list.len()
    width = max(1, min(MOST_CONTACTS, _longest(counts)))
    if width == 1 and counts.min() == 1:
        columns = [lists.list.explode()]
    else:
        ordered = lists if width == 1 else lists.list.unique().list.sort()
        columns = [ordered.list.get(at, null_on_oob=True) for at in range(width)]
    codes, known = _coded(rules.few_or_many(rules.stacked(*columns), rows=len(lists)))
    return codes.reshape(width, len(lists)).T, known


_PLUS_FOUR: Final = r"^(\d{5}) ?\d{4}$"
_NOTHING: Final = Few([None])


def zip_code(text: Columns) -> Columns:
    """Folded, a ZIP without its last four."""
    return _without_plus_four(names.folded(text))


def _without_plus_four(text: Columns) -> Columns:
    return text.str.replace(_PLUS_FOUR, "$1")


def _whole(text: Columns) -> Columns:
    return text


def _initial(text: Columns) -> Columns:
    return text.str.slice(0, 1)


# How a field is folded, and what is kept of it then.
_FOLDS: Final[dict[str, tuple[PlainFold, Fold]]] = {
    "sex": (names.folded, _initial),
    "house": (places.folded_address, places.house),
    "street": (places.folded_address, places.street),
    "place": (places.folded_address, places.street),
    "city": (names.folded, _whole),
    "zip": (names.folded, _without_plus_four),
    "state": (names.folded, _whole),
}
_SUFFIX_CODES: Final = {name: at for at, name in enumerate(names.SUFFIXES, start=1)}


def _suffix_code(name: Columns) -> Columns:
    return names.suffix(name).replace_strict(_SUFFIX_CODES, default=0)


def _suffixes(codes: Codes, texts: Texts) -> Codes:
    return applied(_suffix_code, texts).to_numpy().astype(np.int32)[codes]


def _first_told(one: Codes, other: Codes) -> Codes:
    return np.where(one > 0, one, other)


def _middle(name: Columns) -> Columns:
    return names.without_suffix(name).str.extract(r"^\S+ (.+)$")


def _fields(people: Rows) -> tuple[dict[str, Codes], dict[str, Texts]]:
    told = {name: rules.few_or_many(people[name]) for name in _TOLD}
    codes: dict[str, Codes] = {}
    texts: dict[str, Texts] = {}

    def keep(field: str, found: Coded) -> None:
        codes[field], texts[field] = found

    given = _folded(*_coded(told["given"]), names.folded_name)
    family = _folded(*_coded(told["family"]), names.folded_name)
    keep("given", _refined(*given, names.without_suffix))
    keep("family", _refined(*family, names.without_suffix))
    keep("middle", _refined(*given, _middle))
    keep("suffix", (_first_told(_suffixes(*family), _suffixes(*given)), Few([None, *names.SUFFIXES])))
    born = _birth(people)
    keep("birth", _coded(born))
    keep("born", _years(told["born_year"], born))
    keep("adult", (applied(_of_age, told["adult"]).to_numpy().astype(np.int32), Few([None, "no", "yes"])))
    keep("identifiers", _coded(told["identifiers"]))
    address = _folded(*_coded(told["address"]), places.folded_address)
    for field, (fold, part) in _FOLDS.items():
        if field in ("house", "street") and told[field].null_count() == len(people):
            keep(field, _refined(*address, part))
        else:
            keep(field, _refined(*_folded(*_coded(told[field]), fold), part))
    _keep_asker(told, keep)
    return codes, texts


def _keep_asker(told: Mapping[str, Texts], keep: Callable[[str, Coded], None]) -> None:
    """Who asks, where that is not the patient, and the patient's full name in the same numbers."""
    rows = len(told["given"])
    if told["given_2"].null_count() + told["family_2"].null_count() == 2 * rows:
        for field in ("person", "asker"):
            keep(field, (np.zeros(rows, dtype=np.int32), _NOTHING))
        return
    named = rules.worked_out(_named, **{name: told[name] for name in ("given", "family", "given_2", "family_2")})
    other = rules.worked_out(_another, **named)["asker"]
    codes, texts = _coded(rules.stacked(named["person"], other))
    keep("person", (codes[:rows], texts))
    keep("asker", (codes[rows:], texts))


def _named(given: Columns, family: Columns, given_2: Columns, family_2: Columns) -> dict[str, Columns]:
    whole = {"person": rules.words_of(given, family), "asker": rules.words_of(given_2, family_2)}
    return {who: names.without_suffix(names.folded_name(name)) for who, name in whole.items()}


def _another(person: Columns, asker: Columns) -> dict[str, Columns]:
    return {"asker": when(asker.ne_missing(person), asker)}


def _with_all_columns(people: Rows) -> Rows:
    if isinstance(people, FewRows):
        return people
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in PEOPLE.items() if name not in people.columns]
    return people.with_columns(missing) if missing else people


def records(people: Rows) -> Records:
    """The distinct records of a list of people (columns of PEOPLE; contacts normalised by the caller)."""
    people = _with_all_columns(people)
    codes, texts = _fields(people)
    phones, texts["phone"] = _contacts(people["phones"])
    emails, texts["email"] = _contacts(people["emails"])
    order, record_of, first = _distinct([*(codes[field] for field in SINGLE), *phones.T, *emails.T])
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


def mixed(parts: Iterable[Codes | Hashes]) -> Hashes:
    """One number for several; piece by piece, since what stays in the processor's cache is mixed three times faster."""
    several = list(parts)
    found = np.full(len(several[0]), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for start in range(0, len(found), _PIECE):
        piece = found[start : start + _PIECE]
        for part in several:
            piece ^= part[start : start + _PIECE].astype(np.uint64)
            piece *= np.uint64(0xFF51AFD7ED558CCD)
            piece ^= piece >> np.uint64(32)
    return found


def _distinct(columns: list[Codes]) -> tuple[Numbers, Numbers, Numbers]:
    """An order of the rows by content, the record of each row, and where in the order each record begins."""
    hashes = mixed(columns)
    order = np.argsort(hashes, kind="stable")
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = hashes[order[1:]] != hashes[order[:-1]]
    again = np.flatnonzero(~new)
    new[again] = np.any([column[order[again]] != column[order[again - 1]] for column in columns], axis=0)
    record_of = np.empty(len(order), dtype=np.int64)
    record_of[order] = np.cumsum(new) - 1
    return order, record_of, np.flatnonzero(new)
