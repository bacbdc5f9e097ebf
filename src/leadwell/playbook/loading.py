"""How is a playbook read? Bytes or text -> a frozen Playbook, or one PlaybookError with everything that is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from leadwell.playbook.building import Builder
from leadwell.playbook.checks import check
from leadwell.playbook.conditions.making import compile_condition
from leadwell.playbook.conditions.tokens import MOST_CONDITIONS
from leadwell.playbook.document import text_of, values_of
from leadwell.playbook.kinds import Written
from leadwell.playbook.model import Condition, Playbook
from leadwell.playbook.ownfacts import names
from leadwell.playbook.problems import Path, PlaybookError, Problem, Report, nearest
from leadwell.playbook.shape import IN_STAGES, PLAYBOOK, QUALIFIED
from leadwell.playbook.vocabulary import BUILT_IN, Name


def load(source: bytes | str) -> Playbook:
    """The playbook that stands in this text (TOML). PlaybookError holds all problems, each with line and column."""
    text = text_of(source)
    if isinstance(text, Problem):
        raise PlaybookError([text])
    values = values_of(text)
    if isinstance(values, list):
        raise PlaybookError(values)
    report = Report()
    playbook = _build(values, report, source if isinstance(source, bytes) else source.encode())
    if report.troubles or playbook is None:
        raise PlaybookError(_placed(report, text))
    return playbook


def shipped() -> tuple[str, ...]:
    """Names of the playbooks that come with Leadwell."""
    folder = files("leadwell") / "playbooks"
    return tuple(sorted(entry.name for entry in folder.iterdir() if (entry / "playbook.toml").is_file()))


def find(name: str) -> bytes:
    """The file of a shipped playbook. LookupError, with the names there are, where there is none of this name."""
    known = shipped()
    if name not in known:
        close = nearest(name, known)
        hint = f' Did you mean "{close}"?' if close else ""
        raise LookupError(f'There is no playbook called "{name}" here.{hint} There are: {", ".join(known)}.')
    return (files("leadwell") / "playbooks" / name / "playbook.toml").read_bytes()


def _build(values: dict[str, Any], report: Report, source: bytes) -> Playbook | None:
    read = PLAYBOOK.read(values, (), report)
    if read is None:
        return None
    check(read, report)
    known = names(read, report)
    conditions = _compiled(list(_written(read)), known, report)
    _questions(read, known, report)
    if report.troubles:
        return None
    version = f"{read['playbook']}@{hashlib.sha256(source).hexdigest()[:6]}"
    return Builder(read, conditions, _qualified()).playbook(version)


def _written(value: object) -> Iterator[Written]:
    """Every condition of the playbook, in its order."""
    if isinstance(value, Written):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _written(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _written(part)


def _compiled(written: list[Written], known: dict[str, Name], report: Report) -> dict[Path, Condition]:
    if len(written) > MOST_CONDITIONS:
        report.add((), f"has {len(written):,} conditions; at most {MOST_CONDITIONS:,} are allowed")
        return {}
    compiled: dict[Path, Condition] = {}
    for one in written:
        result = compile_condition(one.text, known, one.place)
        if isinstance(result, Condition):
            compiled[one.path] = result
            continue
        for wrong in result:
            report.add(
                one.path, wrong.says, found=wrong.found, allowed=wrong.allowed, offset=wrong.at, suggest=wrong.suggest
            )
    return compiled


def _questions(values: dict[str, Any], known: dict[str, Name], report: Report) -> None:
    """A question stands under the name of a fact that exists."""
    columns = {name.asked_as for name in BUILT_IN.values() if name.asked_as}
    for key, criterion in (values.get("criteria") or {}).items():
        for fact in (criterion or {}).get("ask") or {}:
            if fact and fact not in known and fact not in columns:
                says = f'asks for "{fact}", which is no fact'
                report.add(("criteria", key, "ask", fact), says, found=fact, allowed=tuple(known), on_key=True)


def _qualified() -> Condition:
    condition = compile_condition(QUALIFIED, BUILT_IN, IN_STAGES)
    assert isinstance(condition, Condition)
    return condition


def _placed(report: Report, text: str) -> list[Problem]:
    from leadwell.playbook.places import places  # noqa: PLC0415  tree-sitter only where something is wrong

    found = places(text)
    problems = dict.fromkeys(map(found.problem, report.troubles))
    told = sorted(problems, key=lambda problem: (problem.line, problem.column))
    more = [Problem(told[-1].line, 1, f"and {report.more:,} more problems")] if report.more else []
    return told + more
