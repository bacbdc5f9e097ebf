"""The way out: a page with one button, and one click for mail programs. No sign-in, no cookie. (rules 2.1, 2.3)

Whoever only looks, as scanners of mail do, changes nothing (RFC 8058, 3.1). A link that we did not make is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from leadwell.server.base.pages import show
from leadwell.server.outreach.leaving import read
from leadwell.server.outreach.unsubscribing import unsubscribe as take_off
from leadwell.server.outreach.unsubscribing import unsubscribed

Step = Literal["ask", "done", "all"]


@dataclass(frozen=True)
class Words:
    title: str
    says: str
    button: str = ""


@dataclass(frozen=True)
class Leave:
    """`send`: the name of the button's field; '' where there is nothing more to press."""

    language: str
    organization: str
    words: Words
    send: str
    done: bool


_WORDS: Final[dict[str, dict[Step, Words]]] = {
    "en": {
        "ask": Words("Stop these e-mails?", "Press the button, and we send you no more news or offers.", "Unsubscribe"),
        "done": Words(
            "You are unsubscribed",
            "We send you no more news or offers. We may still write about a request or a visit of yours. You can end "
            "that too; then we call you, or send a letter, if you need to know something.",
            "Stop every e-mail",
        ),
        "all": Words("No more e-mail will come", "We write you no e-mail at all any more. You may close this page."),
    },
    "es": {
        "ask": Words(
            "¿Dejar de recibir estos correos?",
            "Pulse el botón y no le enviaremos más noticias ni ofertas.",
            "Darme de baja",
        ),
        "done": Words(
            "Se ha dado de baja",
            "No le enviaremos más noticias ni ofertas. Aún podemos escribirle sobre una solicitud o una visita suya. "
            "También puede terminar eso; entonces le llamaremos o le mandaremos una carta si hay algo que deba saber.",
            "No recibir ningún correo",
        ),
        "all": Words("No le llegarán más correos", "Ya no le escribimos ningún correo. Puede cerrar esta página."),
    },
}
_NEXT: Final[dict[Step, str]] = {"ask": "unsubscribe", "done": "all", "all": ""}


@csrf_exempt  # a mail program has no page of ours, and whoever holds the link may use it (RFC 8058, 3.2)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    leaving = read(token)
    if leaving is None:
        raise Http404
    step: Step = "ask"
    if request.method == "POST":
        step = _asked(request)
        take_off(leaving, all_mail=step == "all")
    step = unsubscribed(leaving) or step
    language = next((one for one in _languages(request) if one in _WORDS), "en")
    page = Leave(language, leaving.organization.name, _WORDS[language][step], _NEXT[step], step != "ask")
    answer = show(request, "outreach/unsubscribe.html", page)
    answer["Cache-Control"], answer["Vary"] = "no-store", "Accept-Language"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _asked(request: HttpRequest) -> Literal["done", "all"]:
    """What is to be ended. Some programs send no form, or a broken one: who posts to this link wants to leave."""
    try:
        return "all" if request.POST.get("all") else "done"
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        return "done"


def _languages(request: HttpRequest) -> Iterator[str]:
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        yield code[:2]
