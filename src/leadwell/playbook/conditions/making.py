"""Is a condition right, and ready to run? Text -> Condition, or every complaint about it."""

from __future__ import annotations

from collections.abc import Mapping

from leadwell.playbook.conditions.compiling import compile_tree
from leadwell.playbook.conditions.parse import parse
from leadwell.playbook.conditions.tokens import ConditionError
from leadwell.playbook.conditions.tree import facts
from leadwell.playbook.conditions.types import Checker, Complaint, Place
from leadwell.playbook.model import Condition
from leadwell.playbook.vocabulary import Name


def compile_condition(text: str, names: Mapping[str, Name], place: Place) -> Condition | list[Complaint]:
    """The condition ready to run, or everything that is wrong with it."""
    try:
        tree = parse(text)
    except ConditionError as error:
        return [Complaint(error.says, error.at, suggest=False)]
    checker = Checker(names, place)
    checker.truth(tree)
    if checker.complaints:
        return checker.complaints
    dates = frozenset(name for name, word in names.items() if word.type == "date")
    return Condition(text, frozenset(fact.name for fact in facts(tree)), compile_tree(tree, dates), tree)
