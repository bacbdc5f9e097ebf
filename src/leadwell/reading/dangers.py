"""Which signs together are a danger? The table of `dangers.toml`, compiled, and how signs are held against it. (promise 18)"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from importlib import resources
from typing import Any, Final

import numpy as np
import polars as pl

_NEIGHBOURS: Final = 10  # signs that are looked at after each
_WORD: Final = 62  # signs a mask holds


@dataclass(frozen=True, slots=True)
class Danger:
    key: str
    says: str | None
    near: tuple[tuple[tuple[str, ...], tuple[str, ...], int], ...]  # one of these before one of those, words between
    sentence: tuple[tuple[str, ...], ...]
    together: tuple[tuple[str, ...], ...]
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _near(rules: Iterable[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], int]]:
    for rule in rules:
        left, order, right, reach = re.fullmatch(r"(.+?) ([>~]) (.+?) (\d+)", rule).groups()  # type: ignore[union-attr]
        one, other = tuple(left.split("|")), tuple(right.split("|"))
        yield one, other, int(reach)
        if order == "~":
            yield other, one, int(reach)


def _danger(table: dict[str, Any]) -> Danger:
    return Danger(
        key=table["key"],
        says=table.get("says"),
        near=tuple(_near(table.get("near", []))),
        sentence=tuple(tuple(rule.split(" + ")) for rule in table.get("sentence", [])),
        together=tuple(tuple(rule.split(" + ")) for rule in table.get("together", [])),
        examples=_listed(table.get("example", [])),
        counterexamples=_listed(table.get("not", [])),
    )


def _load() -> tuple[frozenset[str], tuple[Danger, ...]]:
    text = resources.files("leadwell.reading").joinpath("dangers.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    return frozenset(content["bare"]), tuple(map(_danger, content["danger"]))


BARE, DANGERS = _load()


def _concepts() -> dict[str, int]:
    """Every sign that a rule names, numbered from 1; the dangers that others build upon among them."""
    named: dict[str, None] = {}
    for danger in DANGERS:
        for one, other, _ in danger.near:
            named |= dict.fromkeys((*one, *other))
        for rule in (*danger.sentence, *danger.together):
            named |= dict.fromkeys(rule)
    return {key: number for number, key in enumerate(named, 1)}


CONCEPTS: Final = _concepts()
NEAREST: Final = sorted(BARE)


def _tables() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """For each two concepts in this order: the danger (-1 none) and the most words between them."""
    size = len(CONCEPTS) + 1
    danger = np.full((size, size), -1, dtype=np.int16)
    reach = np.zeros((size, size), dtype=np.int16)
    for number, rule in enumerate(DANGERS):
        for one, other, most in rule.near:
            for a in one:
                for b in other:
                    at = CONCEPTS[a], CONCEPTS[b]
                    if danger[at] == -1 or DANGERS[danger[at]].says is None:
                        danger[at], reach[at] = number, most
    return danger.ravel(), reach.ravel()


_DANGER, _REACH = (pl.Series(table) for table in _tables())


def pairs(signs: pl.DataFrame) -> pl.DataFrame:
    """Signs (sorted by place, with `concept`) -> each two that are a danger: `danger`, its number, and the span of both."""
    size = len(CONCEPTS) + 1
    found = []
    signs = signs.filter(pl.col("concept") > 0)
    for step in range(1, _NEIGHBOURS + 1):
        after = {c: signs[c].shift(-step) for c in ("concept", "sentence", "first", "last", "end", "unclear")}
        code = signs["concept"].cast(pl.Int32) * size + after["concept"].fill_null(0).cast(pl.Int32)
        gap = after["first"].cast(pl.Int64) - signs["last"].cast(pl.Int64) - 1
        near = (after["sentence"] == signs["sentence"]) & (gap >= 0) & (gap <= _REACH.gather(code))
        hit = (near & (_DANGER.gather(code) >= 0)).fill_null(False).arg_true()
        here = signs[hit]
        found.append(
            here.with_columns(
                danger=_DANGER.gather(code.gather(hit)),
                last=pl.max_horizontal("last", after["last"].gather(hit)),
                end=pl.max_horizontal("end", after["end"].gather(hit)),
                unclear=pl.col("unclear") | after["unclear"].gather(hit),
            )
        )
    return pl.concat(found)


def _masks(keys: Iterable[str]) -> list[int]:
    masks = [0] * (len(CONCEPTS) // _WORD + 1)
    for key in keys:
        masks[CONCEPTS[key] // _WORD] |= 1 << CONCEPTS[key] % _WORD
    return masks


def _bits() -> list[pl.Expr]:
    number = pl.col("concept").cast(pl.UInt64)
    one = pl.lit(2, dtype=pl.UInt64).pow(number % _WORD)
    return [
        pl.when(number // _WORD == i).then(one).otherwise(0).cast(pl.UInt64).alias(f"mask_{i}")
        for i in range(len(CONCEPTS) // _WORD + 1)
    ]


def _holds(rule: tuple[str, ...]) -> pl.Expr:
    tests = [(pl.col(f"mask_{i}") & mask) == mask for i, mask in enumerate(_masks(rule)) if mask]
    return pl.all_horizontal(tests)


def _verdict(which: str) -> pl.Expr:
    """The gravest thing that the rules of one scope say of a mask."""
    order = ("emergency", "crisis", "doubt")
    says = [
        pl.when(pl.any_horizontal([_holds(rule) for d in DANGERS if d.says == s for rule in getattr(d, which)])).then(
            pl.lit(s)
        )
        for s in order
        if any(getattr(d, which) for d in DANGERS if d.says == s)
    ]
    return pl.coalesce(says) if says else pl.lit(None, dtype=pl.String)


def combinations(signs: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Signs and what two of them gave -> what several say together, with the span of their sentence's signs."""
    given = near.with_columns(
        concept=pl.col("danger").replace_strict(
            {n: CONCEPTS.get(d.key, 0) for n, d in enumerate(DANGERS)}, return_dtype=pl.UInt8
        )
    )
    columns = ["row", "text", "field", "sentence", "first", "last", "start", "end", "concept"]
    clear = pl.concat(
        [signs.filter(~pl.col("unclear")).select(columns), given.filter(~pl.col("unclear")).select(columns)]
    )
    clear = clear.filter(pl.col("concept") > 0).with_columns(_bits())
    names = [c for c in clear.columns if c.startswith("mask_")]
    sentences = clear.group_by("sentence", maintain_order=True).agg(
        pl.col("row", "text", "field").first(),
        pl.col("first", "start").min(),
        pl.col("last", "end").max(),
        pl.col(names).bitwise_or(),
    )
    leads = sentences.group_by("row", maintain_order=True).agg(pl.exclude(names).first(), pl.col(names).bitwise_or())
    within = sentences.with_columns(says=_verdict("sentence")).drop_nulls("says")
    across = leads.with_columns(says=_verdict("together")).drop_nulls("says")
    return pl.concat([within, across.select(within.columns)])
