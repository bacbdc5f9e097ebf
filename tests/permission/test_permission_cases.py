"""Does every row of the rules give what it must, on both sides of its boundary?"""

from __future__ import annotations

from typing import Any

import pytest
from listed import gave, listed, question

from leadwell.cli.cases import read
from leadwell.permission import may_contact

CASES = listed()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_gives_what_it_must(case: dict[str, Any]) -> None:
    asked = read(question(case))
    verdict = may_contact(asked.known, channel=asked.channel, purpose=asked.purpose, at=asked.at)
    first = verdict.not_before.strftime("%Y-%m-%dT%H:%M:%SZ") if verdict.not_before else None
    assert gave(verdict.answer, verdict.rule, first) == case["gives"], verdict.says
    assert verdict.says == case.get("says", verdict.says)
    assert verdict.says.startswith({"yes": "Yes", "never": "Never", "not_before": "Not before"}[verdict.answer])


def test_no_two_cases_have_one_name() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
