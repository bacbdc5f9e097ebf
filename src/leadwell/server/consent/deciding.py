"""What does an organisation ask of itself beyond the law? What its policy in force says; nothing without one."""

from __future__ import annotations

from leadwell.playbook import Playbook
from leadwell.server.playbooks.queries import NoPlaybook, in_force


def own_rules(organization: int) -> Playbook | None:
    try:
        return in_force(organization)[1]
    except NoPlaybook:
        return None
