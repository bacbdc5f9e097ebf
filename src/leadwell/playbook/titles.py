"""What are this playbook's services, clinics and other names called on screen?"""

from __future__ import annotations

from typing import Final

from leadwell.playbook.conditions.english import Titles, english
from leadwell.playbook.model import Condition, Playbook

LANGUAGES: Final = {
    "en": "English", "es": "Spanish", "fr": "French", "zh": "Chinese", "vi": "Vietnamese", "pl": "Polish",
    "ar": "Arabic", "ru": "Russian", "ko": "Korean", "pt": "Portuguese", "ht": "Haitian Creole", "tl": "Tagalog",
}  # fmt: skip


def titles(playbook: Playbook) -> Titles:
    """For each fact whose values are keys of the playbook: key -> its name for people."""
    services = {key: service.name for key, service in playbook.services.items()}
    locations = {key: location.name for key, location in playbook.locations.items()}
    return {
        "service": services,
        "services": services,
        "referral_service": services,
        "location": locations,
        "preferred_location": locations,
        "language": LANGUAGES,
        "payment": {"self": "by the patient themselves", "plan": "by a plan"},
        "visit_mode": {"video": "by video"},
    }


def said(condition: Condition, playbook: Playbook) -> str:
    """The condition in plain English."""
    return english(condition.tree, titles(playbook))
