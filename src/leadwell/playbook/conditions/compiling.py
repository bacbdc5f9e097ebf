"""How does a condition run? Tree -> Polars expression with exactly SQL's three values; NULL is unknown.

Polars departs from SQL where this module does not go: IS TRUE, CASE, functions, IN with a NULL among the options.
"""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Final

import polars as pl

from leadwell.playbook.conditions.tree import (
    Among,
    Between,
    Compare,
    Every,
    Fact,
    Has,
    Like,
    Minus,
    Missing,
    Node,
    Not,
    Some,
    Sum,
    Value,
)

_META: Final = frozenset("\\.+*?()|[]{}^$#&-~")


def compile_tree(node: Node, dates: frozenset[str] = frozenset()) -> pl.Expr:
    """The Boolean expression over fact columns, of a tree that has passed its check. `dates`: facts that are dates."""
    match node:
        case Fact(name):
            return pl.col(name)
        case Value(value):
            return pl.lit(value)
        case Not(value):
            return ~compile_tree(value, dates)
        case Every(parts):
            return reduce(lambda a, b: a & b, (compile_tree(part, dates) for part in parts))
        case Some(parts):
            return reduce(lambda a, b: a | b, (compile_tree(part, dates) for part in parts))
        case Minus(value):
            return -compile_tree(value, dates)
        case Sum():
            return _sum(node, dates)
    return _predicate(node, dates)


def _predicate(node: Compare | Among | Between | Like | Has | Missing, dates: frozenset[str]) -> pl.Expr:
    match node:
        case Compare(left, sign, right):
            return _compare(compile_tree(left, dates), sign, compile_tree(right, dates))
        case Among(value, options):
            return _among(compile_tree(value, dates), [_literal(option) for option in options])
        case Between(value, low, high):
            middle = compile_tree(value, dates)
            return (middle >= compile_tree(low, dates)) & (middle <= compile_tree(high, dates))
        case Like(value, pattern):
            return compile_tree(value, dates).str.contains(like(pattern))
        case Has(name, value):
            return pl.col(name.name).list.contains(pl.lit(value.value))
        case Missing(value):
            return compile_tree(value, dates).is_null()


def _compare(left: pl.Expr, sign: str, right: pl.Expr) -> pl.Expr:
    match sign:
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
    return left >= right


def _among(value: pl.Expr, options: list[str | float | date | bool]) -> pl.Expr:
    if isinstance(options[0], float):  # Polars refuses whole numbers against a list of floats
        value = value.cast(pl.Float64)
    return value.is_in(options)


def _literal(node: Node) -> str | float | date | bool:
    if isinstance(node, Minus) and isinstance(node.value, Value) and isinstance(node.value.value, float):
        return -node.value.value
    if isinstance(node, Value):
        return node.value
    raise TypeError(node)


def _sum(node: Sum, dates: frozenset[str]) -> pl.Expr:
    left, right = compile_tree(node.left, dates), compile_tree(node.right, dates)
    one, other = _is_date(node.left, dates), _is_date(node.right, dates)
    if one and other:
        return (left - right).dt.total_days().cast(pl.Float64)
    if one:
        right = pl.duration(days=_days(node.right))
    elif other:
        left, right = right, pl.duration(days=_days(node.left))
    return left + right if node.sign == "+" else left - right


def _days(node: Node) -> int:
    value = _literal(node)
    assert isinstance(value, float)
    return int(value)


def _is_date(node: Node, dates: frozenset[str]) -> bool:
    match node:
        case Fact(name):
            return name in dates
        case Value(value):
            return isinstance(value, date)
        case Sum(left, _, right):
            return _is_date(left, dates) != _is_date(right, dates)
    return False


def like(pattern: str) -> str:
    """The regular expression that matches as SQL's LIKE does: % any run, _ any one character, case as written."""
    parts = (".*" if c == "%" else "." if c == "_" else f"\\{c}" if c in _META else c for c in pattern)
    return rf"\A(?s:{''.join(parts)})\z"
