"""What is different between two conditions? "the minimum age rises from 16 to 18"; else how each reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from leadwell.playbook.conditions.english import Titles, called, english
from leadwell.playbook.conditions.tree import Among, Compare, Every, Fact, Node, Not, Some, Value
from leadwell.playbook.model import Condition

BOUNDS = {">=": "minimum", ">": "minimum", "<=": "maximum", "<": "maximum", "=": "value", "<>": "value"}


def same(old: Condition | None, new: Condition | None) -> bool:
    """Whether two conditions mean the same, as far as their trees tell (spaces and case of keywords do not matter)."""
    return (old and old.tree) == (new and new.tree)


def changes(old: Condition, new: Condition, titles: Titles) -> list[str] | None:
    """Each small difference as words; None where the two differ in more than values."""
    try:
        return list(_changes(old.tree, new.tree, titles))
    except _Different:
        return None


class _Different(Exception):  # noqa: N818  no error: the trees have different shapes
    pass


def _changes(old: Node, new: Node, titles: Titles) -> Iterator[str]:
    if old == new:
        return
    match old, new:
        case (Compare(Fact() as fact, sign, Value(before)), Compare(Fact() as other, same_sign, Value(after))):
            if fact != other or sign != same_sign or type(before) is not type(after):
                raise _Different
            yield _bound(fact.name, sign, before, after, titles)
        case (Among(Fact() as fact, before), Among(Fact() as other, after)) if fact == other:
            yield from _options(fact, before, after, titles)
        case (Every(before), Every(after)) | (Some(before), Some(after)) if len(before) == len(after):
            for part, counterpart in zip(before, after, strict=True):
                yield from _changes(part, counterpart, titles)
        case (Not(before), Not(after)):
            yield from _changes(before, after, titles)
        case _:
            raise _Different


def _bound(fact: str, sign: str, before: object, after: object, titles: Titles) -> str:
    name = called(fact)
    if isinstance(before, float) and isinstance(after, float):
        verb = "rises" if after > before else "falls"
        return f"{BOUNDS[sign]} {name} {verb} from {before:g} to {after:g}"
    if isinstance(before, date) and isinstance(after, date):
        return f"{name} moves from {before} to {after}"
    said = titles.get(fact, {})
    return f"{name} changes from {said.get(str(before), before)} to {said.get(str(after), after)}"


def _options(fact: Fact, before: tuple[Node, ...], after: tuple[Node, ...], titles: Titles) -> Iterator[str]:
    """The same options in another order mean the same."""
    for verb, options in (
        ("also", [o for o in after if o not in before]),
        ("no longer", [o for o in before if o not in after]),
    ):
        if options:
            said = english(Among(fact, tuple(options)), titles).removeprefix(f"{called(fact.name)} is ")
            yield (
                f"{called(fact.name)} {verb} {said}"
                if verb == "no longer"
                else f"{called(fact.name)} may also be {said}"
            )
