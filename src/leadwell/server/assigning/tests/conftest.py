"""People of the sample playbook's teams: its surgical navigators give by room, its referrals in turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from leadwell.server.access.actions import add_member
from leadwell.server.access.models import Membership
from leadwell.server.conftest import Clinic
from leadwell.server.teams.actions import take_on
from leadwell.server.worklist.tests.conftest import _the_worklist_says_who_has_what, clock

__all__ = ["Sets", "_the_worklist_says_who_has_what", "clock"]

NAVIGATORS = "surgical-navigators"
Sets = Callable[[str], datetime]


def works(clinic: Clinic, name: str, *teams: str, role: str = "coordinator", **said: Any) -> Membership:
    """A colleague of these teams."""
    email = f"{name.lower()}@{clinic.organization.slug}.example.com"
    made = add_member(clinic.organization.slug, email, role=role, name=f"Sample {name}", password="quiet harbour")
    take_on(made, {"teams": list(teams or (NAVIGATORS,)), **said}, by="command")
    return made


@pytest.fixture
def dana(lakeside: Clinic) -> Membership:
    return works(lakeside, "Dana")


@pytest.fixture
def omar(lakeside: Clinic) -> Membership:
    return works(lakeside, "Omar")
