"""What does an organisation ask of itself beyond the law? What its policy in force says; nothing without one."""

from __future__ import annotations

from datetime import timedelta

from leadwell.permission import law, longest_cap
from leadwell.playbook import Playbook
from leadwell.server.playbooks.queries import NoPlaybook, in_force


def own_rules(organization: int) -> Playbook | None:
    try:
        return in_force(organization)[1]
    except NoPlaybook:
        return None


def remembered(organization: int) -> timedelta:
    """For how long attempts are looked at: as long as the longest cap that is in force counts them."""
    return longest_cap(own_rules(organization), law())
