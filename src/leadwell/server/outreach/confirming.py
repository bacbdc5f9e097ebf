"""How is somebody told that they are stopped? By one message, soon, which promotes nothing. (rule 1.13)"""

from __future__ import annotations

from typing import Final, Literal

from leadwell.server.access.models import Organization
from leadwell.server.base.logs import log
from leadwell.server.consent.models import Confirmation
from leadwell.server.consent.queries import confirmations_owed
from leadwell.server.outreach.actions import Draft, Recipient, queue
from leadwell.server.outreach.channels import Unfit
from leadwell.server.outreach.letters import Letter
from leadwell.server.privacy.sealing import Unopenable, unseal_json

_LOG: Final = log("leadwell.outreach")
_SAYS: Final[dict[Literal["en", "es"], tuple[str, str]]] = {
    "en": (
        "You will get no more e-mail from us",
        "You asked us to stop, and we have. No more e-mail will come to you from us.\n\n"
        "If that was not meant, write or call us. You need do nothing else.",
    ),
    "es": (
        "No recibirá más correos nuestros",
        "Nos pidió que no le escribamos más, y así lo hemos hecho. No le llegarán más correos nuestros.\n\n"
        "Si no era su intención, escríbanos o llámenos. No tiene que hacer nada más.",
    ),
}


def queue_owed() -> int:
    """Queues the confirmations that are owed by mail and not yet late; returns how many. One is queued once."""
    owed = (one for organization in Organization.objects.all() for one in confirmations_owed(organization.pk))
    return sum(_queued(one) for one in owed if one.channel == "email")


def _queued(owed: Confirmation) -> bool:
    language: Literal["en", "es"] = "es" if owed.language.startswith("es") else "en"
    subject, text = _SAYS[language]
    letter = Letter(subject, text, "stop-confirmation", language)
    try:
        address = unseal_json(owed.organization_id, owed.sealed, place=f"consent.confirmation/{owed.pk}")
        to = Recipient(address, owed.person)
        draft = Draft(to, letter, "care-request", until=owed.due_by, confirms=owed.pk)
        queue(owed.organization_id, draft, key=f"confirmation/{owed.pk}")
    except (Unfit, Unopenable) as error:
        _LOG.error("a stop cannot be confirmed", confirmation=str(owed.pk), error=type(error).__name__)
        return False
    return True
