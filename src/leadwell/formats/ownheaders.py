"""Which headers state the facts that this playbook asks for? Its own facts by key, field or question, in any
spelling."""

from __future__ import annotations

from leadwell import contract
from leadwell.formats.meaning import fold
from leadwell.playbook.model import Playbook
from leadwell.playbook.vocabulary import BUILT_IN


def own_headers(playbook: Playbook) -> dict[str, str]:
    """Folded header -> column. A question of the playbook, used as a header, means the column its answer settles."""
    headers: dict[str, str] = {}
    for fact in playbook.facts.values():
        column = contract.ANSWER_PREFIX + fact.key if fact.type else _settles(fact.key)
        named = (fact.key, fact.field) if fact.type else (fact.field,)
        if column:
            headers |= {fold(text): column for text in (*named, fact.ask) if text}
    for criterion in playbook.criteria.values():
        for name, question in criterion.asks.items():
            column = _settles(name) if name else None
            if column:
                headers.setdefault(fold(question), column)
    return headers


def _settles(fact: str) -> str | None:
    """The incoming column that answers a question for a built-in fact."""
    if fact in contract.INCOMING:
        return fact
    asked_as = BUILT_IN[fact].asked_as if fact in BUILT_IN else None
    return asked_as if asked_as in contract.INCOMING else None
