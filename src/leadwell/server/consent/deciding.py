"""What does an organisation ask of itself beyond the law? What its policy in force says; nothing without one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from leadwell.permission import law, longest_cap
from leadwell.playbook import Playbook
from leadwell.server.playbooks.queries import NoPlaybook, in_force

# Of an organisation, the version that was last seen in force, and for how long attempts count under it.
_LATELY: Final[dict[int, tuple[int, timedelta]]] = {}


def own_rules(organization: int) -> Playbook | None:
    try:
        return in_force(organization)[1]
    except NoPlaybook:
        return None


def remembered(organization: int) -> timedelta:
    """For how long attempts are looked at: as long as the longest cap that is in force counts them."""
    try:
        version, policy = in_force(organization)
    except NoPlaybook:
        return longest_cap(None, law())
    span = longest_cap(policy, law())
    _LATELY[organization] = version, span
    return span


def lately_remembered(organization: int) -> tuple[int | None, timedelta]:
    """The same without a question, with the version under which it holds: whether that is still in force, whoever uses
    it finds out. None where there was none."""
    return _LATELY.get(organization, (None, longest_cap(None, law())))


def forget_lately() -> None:
    _LATELY.clear()
