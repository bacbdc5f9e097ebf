"""The policy in force, for pages that are nothing without one."""

from __future__ import annotations

from django.http import Http404

from leadwell.playbook import Playbook
from leadwell.server.access.requests import MemberRequest
from leadwell.server.playbooks.queries import policy_now


def policy_needed(request: MemberRequest) -> Playbook:
    """Raises Http404 where there is none."""
    policy = policy_now(request.member.organization_id)
    if policy is None:
        raise Http404
    return policy
