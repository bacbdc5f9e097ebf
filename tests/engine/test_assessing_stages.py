"""Does each stage of judging need and add just what it says? On the leads of every playbook that is shipped."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import ModuleType

import polars as pl
import pytest
from polars.exceptions import ColumnNotFoundError
from polars.testing import assert_frame_equal

from leads import sample
from leadwell import playbook
from leadwell.assessing import consistency, eligibility, score
from leadwell.assessing.pipeline import DIMENSIONS, STAGES, add, known
from leadwell.playbook.model import Condition, Playbook

SHIPPED = playbook.shipped()
NAMES = [stage.__name__.rpartition(".")[2] for stage in STAGES]


@cache
def policy(name: str) -> Playbook:
    return playbook.load(playbook.find(name))


@cache
def frames(name: str) -> list[pl.DataFrame]:
    """The sample leads before the first stage, and after each."""
    found = [known(sample(name), policy(name))]
    for stage in STAGES:
        found.append(add(found[-1], (stage,), policy(name)))
    return found


def around(stage: ModuleType, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    place = STAGES.index(stage)
    return frames(name)[place], frames(name)[place + 1]


def conditions(stage: ModuleType, by: Playbook) -> Iterator[Condition]:
    if stage is eligibility:
        yield from (c.when for c in by.criteria.values())
        yield from (c.applies for c in by.criteria.values() if c.applies)
    if stage is consistency:
        yield from (c.when for c in by.conflicts)
    if stage is score:
        yield from (line.when for line in by.score.points)


def needed(stage: ModuleType, before: pl.DataFrame, by: Playbook) -> list[str]:
    named = {name for condition in conditions(stage, by) for name in condition.names}
    return [c for c in before.columns if c in named or any(is_of(c, need) for need in stage.NEEDS)]


def is_of(column: str, need: str) -> bool:
    return column.startswith(need) if need.endswith(":") else column == need


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_stage_finds_the_same_on_nothing_but_what_it_needs(stage: ModuleType, name: str) -> None:
    before, after = around(stage, name)
    added = [c for c in after.columns if c not in before.columns]
    narrow = before.select(needed(stage, before, policy(name)))
    assert_frame_equal(add(narrow, (stage,), policy(name)).select(added), after.select(added))


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_stage_names_no_need_that_it_has_not(stage: ModuleType) -> None:
    idle = [need for need in stage.NEEDS if not any(fails_without(stage, need, name) for name in SHIPPED)]
    assert idle == []


def fails_without(stage: ModuleType, need: str, name: str) -> bool:
    before, _ = around(stage, name)
    columns = [c for c in needed(stage, before, policy(name)) if not is_of(c, need)]
    try:
        add(before.head(1).select(columns), (stage,), policy(name))
    except ColumnNotFoundError:
        return True
    return False


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_stage_adds_what_it_says_and_changes_nothing(stage: ModuleType, name: str) -> None:
    before, after = around(stage, name)
    prefix = getattr(stage, "PREFIX", None)
    added = [c for c in after.columns if c not in before.columns and not (prefix and c.startswith(prefix))]
    assert sorted(added) == sorted(stage.ADDS)
    assert after.select(before.columns).equals(before)


@pytest.mark.parametrize("stage", DIMENSIONS, ids=[stage.__name__.rpartition(".")[2] for stage in DIMENSIONS])
def test_a_stage_says_why_by_what_it_needs_adds_and_names(stage: ModuleType) -> None:
    more = {column for name in SHIPPED for column in said_by(stage, name)}
    assert sorted(more) == sorted(getattr(stage, "SAYS", ()))


def said_by(stage: ModuleType, name: str) -> Iterator[str]:
    """Columns that decide what a stage says, besides those that it judges by and those whose words it quotes."""
    before, after = around(stage, name)
    judged = {"row", *needed(stage, before, policy(name)), *(c for c in after.columns if c not in before.columns)}
    for reason in stage.because(policy(name)):
        # A sentence that is always the same names no column; one of a mention none of the frame.
        says = [] if reason.mentions or isinstance(reason.says, str) else reason.says.meta.root_names()
        quoted = {reason.fact, reason.words, reason.mentions}
        yield from {*reason.when.meta.root_names(), *says} - judged - quoted
