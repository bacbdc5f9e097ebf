"""What does somebody see whose browser has just sent a plain form? Thanks, whose it is, and whom to call in danger.

In the form's language: what its field says, else what their browser asks for, else the organisation's first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

from leadwell.playbook.starting import SAY
from leadwell.server.base.pages import show
from leadwell.server.intake.models import Source
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources.form.adapter import fields_of
from leadwell.server.playbooks.queries import NoPlaybook, in_force

_WORDS: Final = {
    "en": ("Thank you. We have it.", "You may close this page."),
    "es": ("Gracias. Lo hemos recibido.", "Puede cerrar esta página."),
}
_FIELDS: Final = ("language", "lang", "idioma")
_CALLED: Final = {"spanish": "es", "español": "es", "espanol": "es", "english": "en", "inglés": "en", "ingles": "en"}


@dataclass(frozen=True)
class Thanks:
    """`says`: the playbook's sentences for an emergency and a crisis, with the numbers to call."""

    language: str
    organization: str
    title: str
    says: tuple[str, ...]
    closing: str


def wants_page(request: HttpRequest) -> bool:
    """Whether a browser asks, and no program."""
    return "text/html" in request.headers.get("Accept", "")


def thank(request: HttpRequest, source: Source, sent: Sent) -> HttpResponse:
    says = _in_danger(source.organization_id)
    known = [one for one in _WORDS if one in says]
    language = next((one for one in _asked_for(request, sent) if one in known), known[0])
    title, closing = _WORDS[language]
    page = Thanks(language, source.organization.name, title, says[language], closing)
    answer = show(request, "intake/thanks.html", page, status=202)
    answer["Vary"] = "Accept, Accept-Language"
    return answer


def _in_danger(organization: int) -> Mapping[str, tuple[str, ...]]:
    """Language -> what is said, in the organisation's order; of one without a playbook, in the usual words."""
    try:
        _, playbook = in_force(organization)
    except NoPlaybook:
        return SAY
    emergency, crisis = playbook.safety.say_emergency, playbook.safety.say_crisis
    told = {one: (emergency[one], crisis[one]) for one in playbook.organization.languages if one in _WORDS}
    return told or SAY


def _asked_for(request: HttpRequest, sent: Sent) -> Iterator[str]:
    try:
        fields = {name.lower(): text.strip().lower() for name, text in fields_of(sent).items()}
    except ValueError:
        fields = {}
    for name in _FIELDS:
        if said := fields.get(name):
            yield _CALLED.get(said, said[:2])
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        yield code[:2]
