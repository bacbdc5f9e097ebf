"""What should be asked next? Of all that is unknown, what moves the decision most for each second of asking.

`moves` is the chance that the answer changes the disposition: that it closes the door (a prior, `priors.toml`), or that
it was the last thing missing and opens it. One order for engine, form and call. Whoever is in danger is asked nothing
about money or insurance.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Final

import polars as pl

from leadwell.assessing.disposition import still_open
from leadwell.assessing.eligibility import column
from leadwell.assessing.facts import fact_types
from leadwell.assessing.findings import MET, NOT_MET, UNKNOWN
from leadwell.assessing.longtable import collect
from leadwell.assessing.widening import Columns, with_series
from leadwell.playbook.model import Criterion, Playbook
from leadwell.playbook.vocabulary import BUILT_IN

QUESTION: Final = pl.Struct(
    {"criterion": pl.String, "fact": pl.String, "ask": pl.String, "seconds": pl.Int32, "moves": pl.Float64}
)
_ASKED_WHILE: Final = ("schedule", "verify", "review", "nurture")
_SECONDS: Final = 10
_MONEY: Final = frozenset({"payer", "payer_accepted", "plan_kind", "payment"})


@dataclass(frozen=True, slots=True)
class _Question:
    """`fact` is an expression: of several facts, the first that is missing. `closes`: chance of an answer that closes
    the door; `gates`: whether it stands between the lead and `schedule`, and `opens`: chance of an answer that settles
    it."""

    criterion: str | None
    fact: pl.Expr
    ask: str
    seconds: int
    when: pl.Expr
    closes: float
    gates: bool
    opens: float


@cache
def _priors() -> Mapping[str, float]:
    text = resources.files("leadwell.assessing").joinpath("priors.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def questions(frame: pl.DataFrame, playbook: Playbook) -> pl.Series:
    """For each lead of a judged frame, its open questions, best first: list of QUESTION.

    Never NULL; empty where nothing is left to ask or to gain. A question that no criterion asks has a NULL `criterion`.
    """
    asked = with_series(frame, _gates(playbook).of_frame(frame))
    masks = _masks(playbook).of_frame(asked)
    parts = [
        asked[row.reads].filter(mask).select(row.expressions)
        for row, mask in zip(_rows(playbook), masks, strict=True)
        if mask.any()
    ]
    if not parts:
        return collect(frame, [], pl.all(), QUESTION)
    once = (
        pl.concat(parts)
        .group_by("row", "fact", maintain_order=True)
        .agg(pl.col("criterion", "ask", "seconds", "order").first(), pl.col("moves").max())
    )
    worth = (pl.col("moves") / pl.col("seconds")).round(6)
    by = {"row": False, "worth": True, "order": False}  # True: the greatest first
    best = once.with_columns(worth=worth).sort(list(by), descending=list(by.values()), maintain_order=True)
    ranked = best.with_columns(order=pl.int_range(pl.len(), dtype=pl.Int32))
    return collect(frame, [ranked], pl.struct("criterion", "fact", "ask", "seconds", "moves"), QUESTION)


@lru_cache(maxsize=64)
def _gates(playbook: Playbook) -> Columns:
    """How many unsettled things stand between the lead and `schedule`, and whether anything is asked of it."""
    unsettled = [*still_open(playbook), pl.col("fit").is_null(), pl.col("reachability").ne_missing(MET)]
    gates = pl.sum_horizontal(u.cast(pl.Int32) for u in unsettled)
    return Columns.of([gates.alias("_gates"), pl.col("disposition").is_in(_ASKED_WHILE).alias("_open")])


@lru_cache(maxsize=64)
def _rows(playbook: Playbook) -> tuple[Columns, ...]:
    """Of each candidate, what is told of those who are asked."""
    return tuple(_row(question, order=i) for i, question in enumerate(_candidates(playbook)))


def _row(question: _Question, *, order: int) -> Columns:
    last_gate = (pl.col("_gates") == 1) & (pl.col("disposition") == "verify")
    opens = pl.when(last_gate).then(question.opens).otherwise(0.0)
    moves = question.closes + (opens if question.gates else 0.0)
    settled = pl.col("safety").is_not_null()  # no answer changes what happens first
    told = {
        "row": pl.col("row"),
        "criterion": pl.lit(question.criterion, dtype=pl.String),
        "fact": question.fact,
        "ask": pl.lit(question.ask),
        "seconds": pl.lit(question.seconds, dtype=pl.Int32),
        "moves": pl.when(settled).then(0.0).otherwise(moves).round(4),
        "order": pl.lit(order, dtype=pl.Int32),
    }
    return Columns.of(expression.alias(name) for name, expression in told.items())


@lru_cache(maxsize=64)
def _masks(playbook: Playbook) -> Columns:
    """Of which leads each candidate is asked."""
    open_ = pl.col("_open")
    return Columns.of((q.when & open_).fill_null(False).alias(str(i)) for i, q in enumerate(_candidates(playbook)))


@lru_cache(maxsize=64)
def _candidates(playbook: Playbook) -> tuple[_Question, ...]:
    of_criteria = (question for c in playbook.criteria.values() for question in _about(playbook, c))
    return (*_basic(playbook), *of_criteria)


def _basic(playbook: Playbook) -> Iterator[_Question]:
    business = pl.col("type") == "business"
    offers = [offer.name for offer in playbook.offers.values()]
    fit, reach = _priors()["fit"], _priors()["reach"]
    need = _ask_for(playbook, "service") or "What would you like help with, and for how long has it been so?"
    unfit = pl.col("fit").is_null()
    yield _Question(None, pl.lit("service"), need, _SECONDS, unfit & ~business, fit, True, 1.0 - fit)
    if offers:
        which = f"What would you like from us: {' or '.join(offers[:4])}?"
        yield _Question(None, pl.lit("offer"), which, _SECONDS, unfit & business, fit, True, 1.0 - fit)
    how = "What is the best phone number or e-mail address to reach you?"
    unreached = pl.col("reachability").ne_missing(MET)
    yield _Question(None, pl.lit("phone"), how, _SECONDS, unreached, reach, True, 1.0 - reach)


def _about(playbook: Playbook, criterion: Criterion) -> Iterator[_Question]:
    """Whatever holds the lead up has a question, also where the playbook has no words for it."""
    unknown = column(criterion).eq_missing(UNKNOWN)
    own = [*_whether_it_applies(playbook, criterion, unknown), *_of_criterion(playbook, criterion, unknown)]
    if criterion.decisive and not _has_words(playbook, criterion):
        applies = criterion.applies.expr.fill_null(pl.col("fit").is_not_null()) if criterion.applies else pl.lit(True)
        unasked = unknown & applies  # without a known need, that is asked for
        unasked = unasked & ~pl.any_horizontal(q.when.fill_null(False) for q in own) if own else unasked
        own.append(_plainly(playbook, criterion, "Does that hold here?", unasked, _closes(criterion)))
    if criterion.obtainable:
        to_get = column(criterion).eq_missing(NOT_MET)
        own.append(_plainly(playbook, criterion, "Who can provide it, and by when?", to_get, 0.0))
    money = _names_money(criterion)
    for question in own:
        yield replace(question, when=question.when & ~_IN_DANGER) if money else question


def _has_words(playbook: Playbook, criterion: Criterion) -> bool:
    """Whether each fact that may leave it unknown has its question."""
    asks = criterion.asks or _asked_of_facts(playbook, criterion)
    named = criterion.when.names if "" not in asks else frozenset[str]()
    applies = criterion.applies.names - {"service"} if criterion.applies else frozenset[str]()
    return named <= asks.keys() and all(_ask_for(playbook, fact) for fact in applies)


_IN_DANGER: Final = pl.col("safety").is_not_null()


def _names_money(criterion: Criterion) -> bool:
    applies = criterion.applies.names if criterion.applies else frozenset()
    return not _MONEY.isdisjoint((*criterion.asks, *criterion.when.names, *applies))


def _plainly(playbook: Playbook, criterion: Criterion, ask: str, when: pl.Expr, closes: float) -> _Question:
    """The criterion's sentence as a question; what is still to be got may not exist yet."""
    fact = _first_missing([n for n in criterion.when.in_order if n in fact_types(playbook)] or criterion.when.in_order)
    opens = 1.0 - (_priors()["obtainable"] if criterion.obtainable else closes)
    asked = f"{criterion.says.rstrip('.')}. {ask}"
    return _Question(criterion.key, fact, asked, criterion.seconds, when, closes, True, opens)


def _closes(criterion: Criterion) -> float:
    if criterion.obtainable:
        return 0.0
    return _priors()["criterion" if criterion.decisive else "non_decisive"]


def _of_criterion(playbook: Playbook, criterion: Criterion, unknown: pl.Expr) -> Iterator[_Question]:
    # Only once it is known to apply: before that, what `applies` lacks is asked.
    applies = criterion.applies.expr.fill_null(False) if criterion.applies else pl.lit(True)
    closes = _closes(criterion)
    for fact, ask in (criterion.asks or _asked_of_facts(playbook, criterion)).items():
        names = [fact] if fact else list(criterion.when.in_order)
        missing = [n for n in names if n in fact_types(playbook)]
        when = pl.any_horizontal(pl.col(n).is_null() for n in missing) if missing else pl.lit(True)
        first = _first_missing(missing or names)
        yield _Question(
            criterion.key, first, ask, criterion.seconds, unknown & applies & when, closes, criterion.decisive,
            1.0 - closes,
        )  # fmt: skip


def _asked_of_facts(playbook: Playbook, criterion: Criterion) -> dict[str, str]:
    """A criterion without words of its own is asked in those of the facts that it names."""
    named = [playbook.facts[name] for name in criterion.when.in_order if name in playbook.facts]
    return {fact.key: fact.ask for fact in named if fact.ask}


def _whether_it_applies(playbook: Playbook, criterion: Criterion, unknown: pl.Expr) -> Iterator[_Question]:
    if criterion.applies is None:
        return
    unsure = criterion.applies.expr.is_null() & unknown
    for fact in criterion.applies.in_order:
        ask = _ask_for(playbook, fact)
        if ask and fact in fact_types(playbook):
            seconds = playbook.facts[fact].seconds if fact in playbook.facts else _SECONDS
            closes = _priors()["applies"]
            yield _Question(
                criterion.key, pl.lit(_asked_as(fact)), ask, seconds, unsure & pl.col(fact).is_null(),
                closes, criterion.decisive, 1.0 - closes,
            )  # fmt: skip


def _ask_for(playbook: Playbook, fact: str) -> str | None:
    """The playbook's own question for a fact: under [facts.*], or of a criterion that asks for it."""
    if fact in playbook.facts and playbook.facts[fact].ask:
        return playbook.facts[fact].ask
    for criterion in playbook.criteria.values():
        if fact in criterion.asks:
            return criterion.asks[fact]
        if "" in criterion.asks and criterion.when.names == {fact}:
            return criterion.asks[""]
    return None


def _asked_as(fact: str) -> str:
    name = BUILT_IN.get(fact)
    return name.asked_as or fact if name else fact


def _first_missing(names: Sequence[str]) -> pl.Expr:
    first = pl.lit(_asked_as(names[0]))
    for name in reversed(names):
        first = pl.when(pl.col(name).is_null()).then(pl.lit(_asked_as(name))).otherwise(first)
    return first
