"""Is what a playbook looks for compiled once, and anew only for other words?"""

from __future__ import annotations

from leadwell import playbook
from leadwell.reading import wanted

LAKESIDE = playbook.find("lakeside-orthopedics").decode()


def test_policies_that_look_for_the_same_words_share_one_search() -> None:
    before, after = LAKESIDE, LAKESIDE.replace('when = "age >= 16"', 'when = "age >= 18"')
    assert before != after
    assert wanted.search(playbook.load(after)) is wanted.search(playbook.load(before))


def test_a_word_more_makes_a_search_of_its_own() -> None:
    other = playbook.load(LAKESIDE.replace('"joint class"', '"joint class", "joint lecture"'))
    assert "joint lecture" in wanted.search(other).table["wording"]
    assert "joint lecture" not in wanted.search(playbook.load(LAKESIDE)).table["wording"]
