"""Are the lines of a table answered at once, each as by itself?"""

from __future__ import annotations

import pytest
from tests.together import Together

asked_at_once: list[list[str]] = []


@Together
def shouted(words: list[str], how: str) -> list[str]:
    asked_at_once.append(words)
    if "" in words:
        raise ValueError("nothing to shout")
    return [word.upper() + how for word in words]


def _lines(request: pytest.FixtureRequest) -> list[str]:
    """The words of this table's tests that were selected."""
    table = request.node.nodeid.partition("[")[0]
    return [one.callspec.params["word"] for one in request.session.items if one.nodeid.startswith(f"{table}[")]


@pytest.mark.parametrize("word", ["a", "b", "c"])
def test_a_table_is_asked_at_once(word: str, request: pytest.FixtureRequest) -> None:
    assert shouted(word, "!") == f"{word.upper()}!"
    assert _lines(request) in asked_at_once


@pytest.mark.parametrize("word", ["d", "", "e"])
def test_one_that_cannot_be_answered_fails_alone(word: str, request: pytest.FixtureRequest) -> None:
    if word:
        assert shouted(word, "?") == f"{word.upper()}?"
    else:
        with pytest.raises(ValueError, match="nothing"):
            shouted(word, "?")
    assert [word] in asked_at_once


def test_what_is_asked_beside_a_table_is_asked_by_itself() -> None:
    assert shouted("f", "") == "F"
    assert ["f"] in asked_at_once
