"""What may a condition name? Every built-in fact with its type, its closed values and where it may stand."""

from __future__ import annotations

from typing import Final

from generating.markdown import code, codes, page, table
from leadwell.playbook.conditions.types import UNFAIR
from leadwell.playbook.vocabulary import BUILT_IN, PLACES, PROTECTED, Name

OPENING: Final = f"""
# Facts

What a [condition](conditions.md) of a playbook may name. A fact that is not known makes the condition unknown, and
what is unknown becomes a question. Besides these a condition may name every fact of the playbook's own
(`[facts.NAME]`).

*Protected* facts say who somebody is. They never stand in the score or in a team, for {{unfair}}. A team may still
match a lead's language to a speaker. A playbook's own fact is protected too where its name, its question, its words
or its answers name one of these: {codes(PROTECTED)}; and none can read a column that states one.

"Answered by" is the column of a list that settles the fact, where it is not the column of the same name.
"""
TITLES: Final = {
    PLACES[0]: "Known before judging",
    PLACES[1]: "Findings",
    PLACES[2]: "What follows from them",
    PLACES[3]: "What changes while a lead waits",
}
WHERE: Final = {
    PLACES[0]: "They may stand in every condition.",
    PLACES[1]: "They may stand in the score, stages, offers, teams, service levels and nurture.",
    PLACES[2]: "They may stand in teams, service levels and nurture.",
    PLACES[3]: (
        "They may stand in service levels and nurture alone: the same lead judged tomorrow must get the same judgement."
    ),
}


def page_text() -> str:
    return page(OPENING.format(unfair=UNFAIR), *map(_part, PLACES))


def _part(since: str) -> str:
    names = [name for name in BUILT_IN.values() if name.since == since]
    rows = [(code(name.name), _type(name), _means(name)) for name in names]
    return f"## {TITLES[since]}\n\n{WHERE[since]}\n\n" + table(["fact", "type", "means"], rows)


def _type(name: Name) -> str:
    return f"{name.type}: {codes(name.options)}" if name.options else name.type


def _means(name: Name) -> str:
    protected = "*protected*" if name.protected else ""
    asked = f"answered by {code(name.asked_as)}" if name.asked_as else ""
    return "; ".join(filter(None, (name.means, asked, protected)))
