"""What may a condition say? The grammar, limits, places and truth tables, each asked of the code that obeys it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

import polars as pl

from generating.markdown import code, codes, page, table
from leadwell.playbook.conditions import parse as grammar
from leadwell.playbook.conditions.english import english
from leadwell.playbook.conditions.making import compile_condition
from leadwell.playbook.conditions.tokens import DEEPEST, LONGEST, MOST_CONDITIONS, MOST_NODES
from leadwell.playbook.conditions.types import Place
from leadwell.playbook.document import LARGEST
from leadwell.playbook.kinds import Key, Named, Rows, Sql, Table
from leadwell.playbook.model import Condition
from leadwell.playbook.shape import IN_CONFLICTS, IN_CRITERIA, IN_SCORE, PLAYBOOK
from leadwell.playbook.vocabulary import BUILT_IN

OPENING: Final = """
# Conditions

A condition is a small part of SQL: it names [facts](facts.md) and compares them. It answers *true*, *false* or,
where something it needs is not known, *unknown*. In a criterion that is met, not met and unknown. Everywhere else
only true acts. Nothing turns unknown into no.
"""
READ_ALOUD: Final = (
    "age >= 16",
    "age BETWEEN 16 AND 64",
    "service IN ('spine-care', 'imaging-mri')",
    "miles_to_clinic <= 60 OR visit_mode = 'video'",
    "NOT has_referral",
    "HAS(services, 'imaging-mri')",
    "payer LIKE 'united%'",
    "deadline <= DATE '2027-01-31'",
    "deadline - birth_date > 6570",
    "zip_state NOT IN ('IL', 'WI')",
    "campaign IS NOT NULL AND plan_kind = 'hmo'",
)
REFUSED: Final = (
    ("agee >= 16", IN_CRITERIA),
    ("age >= '16'", IN_CRITERIA),
    ("plan_kind = 'hm0'", IN_CRITERIA),
    ("has_order IS TRUE", IN_CONFLICTS),
    ("age IS NULL", IN_CRITERIA),
    ("upper(state) = 'IL'", IN_CRITERIA),
    ("CASE WHEN age > 1 THEN 1 END = 1", IN_CRITERIA),
    ("age < 65", IN_SCORE),
    ("grade = 'A'", IN_CONFLICTS),
)
SHOWN: Final = {True: "true", False: "false", None: "*unknown*"}


def page_text() -> str:
    return page(OPENING, _grammar(), _aloud(), _truth(), _comparing(), _places(), _refused(), _limits())


def _grammar() -> str:
    rules = [line[4:] for line in (grammar.__doc__ or "").splitlines() if line.startswith("    ")]
    return (
        "## Grammar\n\n```text\n" + "\n".join(rules) + "\n```\n\n"
        "Words are read in capitals or not; facts in small letters. Text stands between single quotes (`''` for"
        " a quote inside it). `!=` is `<>`, `==` is `=`. In `LIKE`, `%` is any run of characters and `_` any one. A"
        " date moves by whole days, and two dates differ by days. These words are refused wherever they stand:"
        f" {codes(sorted(grammar.REFUSED))}."
    )


def _aloud() -> str:
    rows = [(code(text), english(_compiled(text).tree)) for text in READ_ALOUD]
    return "## As it is read aloud\n\n`leadwell playbook show` says a condition like this:\n\n" + table(
        ["condition", "aloud"], rows
    )


def _truth() -> str:
    pairs = list(product((True, False, None), repeat=2))
    frame = pl.DataFrame(pairs, schema={"has_order": pl.Boolean(), "has_referral": pl.Boolean()}, orient="row")
    texts = ("has_order AND has_referral", "has_order OR has_referral", "NOT has_order")
    answers = frame.select(_compiled(text).expr.alias(text) for text in texts)
    rows = [
        [SHOWN[value] for value in (*pair, *answer)] for pair, answer in zip(pairs, answers.iter_rows(), strict=True)
    ]
    return (
        "## What becomes of unknown\n\nMade by running the conditions. `OR` is true as soon as one side is, `AND` false"
        " as soon as one side is; only where the other side could still decide does it stay unknown.\n\n"
        + table([code(head) for head in ("has_order", "has_referral", *texts)], rows)
    )


def _comparing() -> str:
    tests = ("age >= 16", "age IN (16, 17)", "NOT (age >= 16)", "age BETWEEN 16 AND 64", "age IS NULL")
    ages = (15, 16, 17, 65, None)
    frame = pl.DataFrame({"age": ages}, schema={"age": pl.Float64()})
    answers = frame.select(_compiled(text).expr.alias(text) for text in tests)
    rows = [[_age(age), *(SHOWN[v] for v in answer)] for age, answer in zip(ages, answers.iter_rows(), strict=True)]
    return "Comparing with something unknown is unknown; only `IS NULL` asks about it.\n\n" + table(
        [code(head) for head in ("age", *tests)], rows
    )


def _age(age: int | None) -> str:
    return SHOWN[None] if age is None else str(age)


def _places() -> str:
    rows = [(", ".join(map(code, paths)), place.part, _terms(place)) for place, paths in places().items()]
    return (
        "## Where a condition may stand\n\nEach place may name what the ones before it may, and more"
        " (see [Facts](facts.md)).\n\n" + table(["key", "may name the facts of", "but"], rows)
    )


def places() -> dict[Place, list[str]]:
    """Every place of a condition -> the keys that are such a place."""
    found: dict[Place, list[str]] = {}
    for key in PLAYBOOK.keys:
        for path, place in _conditions(key.name, key.kind):
            found.setdefault(place, []).append(path)
    return found


def _conditions(path: str, kind: Any) -> Iterator[tuple[str, Place]]:
    match kind:
        case Sql(place):
            yield path, place
        case Named(inner):
            yield from _conditions(f"{path}.NAME", inner)
        case Rows(inner):
            yield from _conditions(f"{path}[]", inner)
        case Table(keys, rest):
            for key in (*keys, *([Key("NAME", rest.of, "")] if rest else [])):
                yield from _conditions(f"{path}.{key.name}", key.kind)


def _terms(place: Place) -> str:
    said = [f"not {code(name)}, for {why}" for name, why in place.banned]
    if not place.missing:
        said.append("no `IS NULL`: what is unknown becomes a question")
    if place.protected is not None:
        said.append("no protected fact" + (f" but {codes(place.protected)}" if place.protected else ""))
    return "; ".join(said)


def _refused() -> str:
    rows = [(code(text), place.called, _complaint(text, place)) for text, place in REFUSED]
    return "## What is refused, and how it is said\n\n" + table(["condition", "", "answer"], rows)


def _complaint(text: str, place: Place) -> str:
    made = compile_condition(text, BUILT_IN, place)
    if isinstance(made, Condition):
        raise TypeError(f"{text} is allowed {place.called}")
    return made[0].says


def _limits() -> str:
    rows = [
        ("characters in a condition", f"{LONGEST:,}"),
        ("facts, values and signs in it", f"{MOST_NODES:,}"),
        ("levels of parentheses, NOT and minus in one another", f"{DEEPEST:,}"),
        ("conditions in a playbook", f"{MOST_CONDITIONS:,}"),
        ("bytes of a playbook", f"{LARGEST:,}"),
    ]
    return "## Limits\n\nThey are checked before anything that could take long sees the text.\n\n" + table(
        ["", "at most"], rows
    )


def _compiled(text: str) -> Condition:
    made = compile_condition(text, BUILT_IN, IN_CONFLICTS)
    if not isinstance(made, Condition):
        raise TypeError(f"{text}: {made[0].says}")
    return made
