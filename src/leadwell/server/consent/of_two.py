"""Somebody says what two are, as they saw them: of two who do at once one wins, the other is told. (promise A8)"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from leadwell.server.base.alone import alone
from leadwell.server.consent import actions
from leadwell.server.consent.settling import settle
from leadwell.server.people.linking import links_among
from leadwell.server.people.models import Doubt
from leadwell.server.people.reviewing import answered, doubt_between, say

Two = tuple[UUID, UUID]
_LINKED = "linked"


def as_they_stand(organization: int, two: Two) -> str:
    """What was said of them, and whether a link makes them one: a page has it, and gives it back with what is said."""
    found = doubt_between(organization, *two)
    said = [found.said] if found is not None and found.said else []
    return " ".join([*said, *([_LINKED] if links_among(organization, two) else [])])


def say_of_two(organization: int, two: Two, said: str, *, seen: str, actor: str) -> int | None:
    """How many messages will not be sent because of it; None where they stand otherwise than whoever says it has seen
    them (`as_they_stand`). Raises CannotLink."""
    cancelled = 0
    with transaction.atomic():
        alone(organization)
        if as_they_stand(organization, two) != seen:
            return None
        if said == Doubt.Said.SAME:
            cancelled = actions.join(organization, *two, actor=actor)
            answered(organization, *two, said=said, actor=actor)
        else:
            say(organization, *two, said, actor=actor)
            actions.part_these(organization, *two, actor=actor)
    settle(organization, two)
    return cancelled


def said_last(organization: int, two: Two) -> tuple[str, str]:
    """By whom ('' where nothing is said any more), and what."""
    links, found = links_among(organization, two), doubt_between(organization, *two)
    if links:
        return links[0].linked_by, Doubt.Said.SAME.label
    return (found.said_by, Doubt.Said(found.said).label) if found is not None and found.said else ("", "")
