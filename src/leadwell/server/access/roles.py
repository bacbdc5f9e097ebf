"""What may each role do? One table; a view or an operation names the permission it needs, never a role.

Each role sees the minimum: marketing and analysts see no identities; only the privacy officer reads the trail.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models


class Role(models.TextChoices):
    COORDINATOR = "coordinator", "Coordinator"
    INTAKE_LEAD = "intake-lead", "Intake lead"
    MANAGER = "manager", "Manager"
    MARKETING = "marketing", "Marketing"
    ANALYST = "analyst", "Analyst"
    PRIVACY_OFFICER = "privacy-officer", "Privacy officer"
    ADMINISTRATOR = "administrator", "Administrator"


class May(StrEnum):
    """`SEE_*` shows; the others change."""

    SEE_LEADS = "see leads"  # that there are some, and their codes: no identity, no words
    SEE_IDENTITIES = "see identities"  # who somebody is and what they said
    WORK_LEADS = "work leads"  # take them, answer them, give them back
    PLAN_TEAM = "plan who works and what they take on"
    STATE_OPENINGS = "say when clinics have openings"
    LEAD_INTAKE = "lead intake"  # is told of what is late
    SEE_INBOX = "see the inbox"
    CALL = "call people and record attempts"
    VERIFY = "confirm and correct facts"
    RECORD_OUTCOME = "record what became of a lead"
    RECORD_CONSENT = "record consent and stops"
    LINK_PEOPLE = "say who are one person"
    IMPORT_STOPS = "import lists of stops"
    MEND = "mend submissions"
    UPLOAD = "upload lists"
    SEE_OUTBOX = "see the outbox"
    RETRY = "try messages again or let them go"
    SEE_LEDGER = "see the ledger"
    SEE_SOURCES = "see sources"
    CHANGE_SOURCES = "change sources"
    SEE_PLAYBOOK = "see the playbook"
    PUBLISH_PLAYBOOK = "publish a playbook"
    SEE_TRAIL = "see the trail"
    EXPORT_PERSON = "export a person"
    ERASE_PERSON = "erase a person"
    MANAGE_PEOPLE = "manage people who work here"
    MANAGE_KEYS = "manage keys"


_CARE: Final = frozenset(
    {
        May.SEE_LEADS, May.SEE_IDENTITIES, May.SEE_INBOX, May.SEE_OUTBOX, May.SEE_PLAYBOOK, May.RECORD_CONSENT,
        May.LINK_PEOPLE,
    }
)  # fmt: skip
_WORKING: Final = _CARE | {May.CALL, May.VERIFY, May.RECORD_OUTCOME}
_LEADING: Final = _WORKING | {
    May.MEND, May.UPLOAD, May.RETRY, May.SEE_LEDGER, May.SEE_SOURCES, May.IMPORT_STOPS,
    May.WORK_LEADS, May.LEAD_INTAKE, May.PLAN_TEAM, May.STATE_OPENINGS,
}  # fmt: skip
ALLOWED: Final[dict[str, frozenset[May]]] = {
    Role.COORDINATOR: _WORKING | {May.WORK_LEADS},
    Role.INTAKE_LEAD: _LEADING,
    Role.MANAGER: _LEADING | {May.CHANGE_SOURCES, May.PUBLISH_PLAYBOOK},
    Role.MARKETING: frozenset({May.SEE_LEADS, May.SEE_LEDGER, May.SEE_SOURCES, May.SEE_PLAYBOOK}),
    Role.ANALYST: frozenset({May.SEE_LEADS, May.SEE_LEDGER, May.SEE_PLAYBOOK}),
    Role.PRIVACY_OFFICER: _CARE
    | {May.SEE_LEDGER, May.SEE_TRAIL, May.EXPORT_PERSON, May.ERASE_PERSON, May.IMPORT_STOPS},
    Role.ADMINISTRATOR: frozenset(
        {May.SEE_LEADS, May.SEE_LEDGER, May.SEE_SOURCES, May.CHANGE_SOURCES, May.SEE_PLAYBOOK, May.MANAGE_PEOPLE,
         May.MANAGE_KEYS, May.PLAN_TEAM}
    ),
}  # fmt: skip
