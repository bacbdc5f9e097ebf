"""Which stages may a lead come to, how may it end, and which has it come to? Derived, so that none counts twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import polars as pl

from leadwell import contract
from leadwell.playbook import Playbook
from leadwell.playbook.model import Condition
from leadwell.playbook.vocabulary import BUILT_IN, TYPES
from leadwell.server.leads import telling
from leadwell.server.leads.became import Last
from leadwell.server.leads.dealings import passed
from leadwell.server.leads.models import Assessment, Lead
from leadwell.server.leads.reaching import first_reached
from leadwell.server.outcomes.models import BOOKED, Outcome
from leadwell.server.outcomes.queries import standing_of
from leadwell.server.privacy.sealing import if_opens, unseal_json

ENDS: Final[Mapping[str, str]] = {"declined": "Declined", "no-response": "No response"}
_SAID: Final = {
    "completed": "Completed intake", "decision-maker": "Decision maker known", "meeting": "Meeting agreed",
    "held": "Meeting held",
}  # fmt: skip
_BY_ITSELF: Final = ("received",)
_BUSINESS: Final = "business"
_DECIDER: Final = "decision-maker"
_KEPT: Final = (_DECIDER, "meeting", "held")  # of a business lead: what follows from what is kept of it
_CONTACTED: Final = "contacted"  # they were spoken with
_CALLED_FOR: Final = (BOOKED, "held")  # what whoever calls them wants to come to


@dataclass(frozen=True)
class Stage:
    """`at`: when it was first reached; None where it was not."""

    key: str
    word: str
    at: datetime | None


def word(became: str) -> str:
    return ENDS.get(became) or _SAID.get(became) or became.replace("-", " ").capitalize()


def because(reason: str) -> str:
    """A reason of the playbook, as it is chosen and named everywhere."""
    return reason.replace("-", " ").capitalize()


def order_of(playbook: Playbook, kind: str) -> tuple[str, ...]:
    """The funnel of a type of lead."""
    return playbook.stages.business if kind == _BUSINESS else playbook.stages.order


def to_record(playbook: Playbook, kind: str) -> tuple[str, ...]:
    """The stages that somebody notes of a type of lead; what a condition of the playbook tells, or follows from what is
    kept, and that it came, nobody does."""
    told = {*_BY_ITSELF, *playbook.stages.conditions, *(_KEPT if kind == _BUSINESS else ())}
    return tuple(one for one in order_of(playbook, kind) if one not in told)


def usual_reason(became: str, playbook: Playbook) -> str:
    """The reason that an end has where nobody says another: that of its own name, where the playbook lists it."""
    return became if became in playbook.reasons else ""


def stages(lead: Lead, playbook: Playbook) -> tuple[Stage, ...]:
    """In the playbook's order, each with the first time that it was reached."""
    at: dict[str, datetime] = {"received": lead.received_at}
    for one in standing_of(lead.organization_id, lead.pk):
        if not one.ends:
            at[one.became] = min(one.at, at.get(one.became, one.at))
    spoke = first_reached(lead.organization_id, [lead.pk]).get(lead.pk)
    if spoke is not None:
        at[_CONTACTED] = min(spoke, at.get(_CONTACTED, spoke))
    order = order_of(playbook, lead.type)
    if lead.type == _BUSINESS:
        at |= {name: min(when, at.get(name, when)) for name, when in passed(lead.organization_id, lead.pk).items()}
        if _DECIDER in order and (since := _since(lead, _decides)) is not None:
            at[_DECIDER] = min(since, at.get(_DECIDER, since))
    for name, condition in playbook.stages.conditions.items():
        holds = partial(_holds, condition, playbook=playbook)
        if name in order and name not in at and (since := _since(lead, holds)) is not None:
            at[name] = since
    return tuple(Stage(one, word(one), at.get(one)) for one in order)


def last(lead: Lead, playbook: Playbook) -> Last | None:
    """None where it came to a stage before that for which they are called, or to one that the policy knows no more."""
    one, order = next(iter(standing_of(lead.organization_id, lead.pk)), None), order_of(playbook, lead.type)
    if one is None or one.ends:
        return Last(says(one), one.ends, one.at) if one else None
    aim = next((order.index(stage) for stage in _CALLED_FOR if stage in order), 0)
    if one.became not in order[aim:]:
        return None
    later = order[order.index(one.became) + 1 :]
    return Last(says(one), one.ends, one.at, word(later[0]).lower() if later else "")


def says(one: Outcome) -> str:
    """“Booked”, “Declined: not now”."""
    why = one.reason if one.reason != one.became else ""
    return f"{word(one.became)}{f': {telling.reason(why)}' if why else ''}"


def _decides(said: Mapping[str, Any]) -> bool:
    """Whether whoever writes decides there."""
    return bool(_value("decision_maker", said) == "met")


def _since(lead: Lead, holds: Callable[[Mapping[str, Any]], bool]) -> datetime | None:
    """When it was first judged so that this holds."""
    judged = Assessment.objects.of(lead.organization_id).filter(lead=lead.pk).exclude(sealed=b"").order_by("at", "pk")
    for one in judged:
        place = f"leads.assessment/{one.pk}"
        said = if_opens(unseal_json, one.organization_id, one.sealed, place=place)
        if said and holds(said):
            return one.at
    return None


def _holds(condition: Condition, said: Mapping[str, Any], playbook: Playbook) -> bool:
    columns = [pl.Series(name, [_value(name, said)], dtype=_type(name, playbook)) for name in condition.in_order]
    return pl.DataFrame(columns).select(condition.expr).to_series().item() is True


def _type(name: str, playbook: Playbook) -> pl.DataType:
    known = BUILT_IN.get(name)
    own = playbook.own_facts.get(name)
    return TYPES[known.type if known else (own.type if own else None) or "text"]


def _value(name: str, said: Mapping[str, Any]) -> Any:
    if name in contract.DIMENSIONS:
        finding = ((said.get("dimensions") or {}).get(name) or {}).get("finding")
        return None if finding == "unknown" else finding
    if name in said:
        return said[name]
    value = ((said.get("facts") or {}).get(name) or {}).get("value")
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
