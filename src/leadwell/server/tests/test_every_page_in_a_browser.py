"""Every page in a real browser, in the states that matter: axe finds nothing, nothing scrolls sideways, there is one
heading, the console is silent, and nobody else is asked for anything. On a desk and a phone, light and dark.

Addresses come from the urlconf and numbers from what the clinic holds, so that a new page is looked at by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from leadwell.server.access.actions import add_member
from leadwell.server.access.models import Organization, User
from leadwell.server.access.roles import ALLOWED, May
from leadwell.server.base.tests.test_every_page import PAGES, roles
from leadwell.server.conftest import Clinic, browser
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.tests.chromium import MARKS, browser_page, opens
from leadwell.server.tests.eyes import DESK, Eyes
from leadwell.server.tests.filled import filled, numbers, token

pytestmark = MARKS

NOBODY, NEW = "nobody", "new"  # signed out; somebody who has yet to set up a second factor
NO_PAGE: Final = {"home", "playbook_file", "meeting_file"}  # leads to another page; files
BROKEN: Final = ("400", "403", "404", "429", "500", "503")


@dataclass(frozen=True)
class Look:
    """An address, as whom it is looked at, and in which organisation. `tabs`: whether at the tabs of its list, too."""

    who: str
    path: str
    slug: str = "lakeside"
    tabs: bool = False


def test_every_page_is_well_in_every_state(live_server, harbor: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    monkeypatch.setattr("leadwell.server.base.pages.PER_PAGE", 12)  # axe takes long over many rows that look the same
    ours = filled()
    with browser_page(viewport=DESK, color_scheme="light") as page:
        eyes = Eyes(page, live_server.url)
        names, forms = _walk(eyes, _looks(ours))
        _send_empty(eyes, forms)
        _find(eyes, ours)
        _broken(eyes)
    assert eyes.wrong == []
    assert {name for name, one in PAGES.items() if not one.posts} - NO_PAGE <= names


def _looks(ours: Organization) -> list[Look]:
    """Each page as the first role that may see it and as the first that sees no names, of one thing of each look;
    others as whoever. And each list of an organisation that holds nothing yet."""
    held, looks = numbers(ours), []
    for name in _names(get_resolver()):
        if name in PAGES and not PAGES[name].posts:
            page, may = PAGES[name], roles(name, allowed=True)
            paths = [reverse(name, args=[one]) for one in held[page.of]] if page.of else [reverse(name)]
            looks += [Look(may[0], path, tabs=True) for path in paths]
            nameless = [role for role in may if May.SEE_IDENTITIES not in ALLOWED[role]][:1]
            looks += [Look(who, path) for who in nameless for path in paths]
            looks += [Look(may[0], path, "harbor") for path in paths if not page.of]
        elif name == "unsubscribe":
            looks += [Look(NOBODY, reverse(name, args=[one])) for one in (token(ours), "nothing")]
        elif name not in PAGES:
            with suppress(NoReverseMatch):  # what names a thing of allauth's: there is none of it
                looks += [Look(who, reverse(name)) for who in (NOBODY, NEW, "manager")]
    return sorted(dict.fromkeys(looks), key=lambda look: (look.slug, look.who))


def _names(resolver: URLResolver) -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver) and not one.namespace:  # but the API, which has no pages
            yield from _names(one)
        elif isinstance(one, URLPattern) and one.name:
            yield one.name


def _walk(eyes: Eyes, looks: Iterable[Look]) -> tuple[set[str], dict[str, tuple[Look, int]]]:
    """Looks at each once. The names of what was seen, and for each kind of form where one was."""
    was, client, seen, names, forms = None, Client(), set(), set(), {}
    queue = list(looks)
    while queue:
        look = queue.pop(0)
        if was != (look.who, look.slug):
            was, client = (look.who, look.slug), _client(look)
            eyes.become(client)
        shown = _leads_to(client, look.path)
        if shown is None or (was, shown) in seen:
            continue
        seen.add((was, shown))
        names.add(resolve(shown.split("?")[0]).url_name)
        eyes.open(shown)
        for to, nth in eyes.forms().items():
            forms.setdefault(resolve(to).url_name, (replace(look, path=shown), nth))
        if look.tabs:
            queue[:0] = [replace(look, path=look.path + query, tabs=False) for query in eyes.tabs()]
        eyes.judge(f"{look.who} {shown}")
    return names, forms


def _leads_to(client: Client, path: str) -> str | None:
    """The address of the page that is shown in the end; None where none of ours is: a file, nothing, changes only."""
    answer = client.get(path, follow=True)
    html = answer.headers.get("Content-Type", "").startswith("text/html") and answer.content
    if not html or answer.status_code in (404, 405):
        return None
    return answer.redirect_chain[-1][0].split("?")[0] if answer.redirect_chain else path


def _client(look: Look) -> Client:
    if look.who == NOBODY:
        return Client()
    ours = Organization.objects.get(slug=look.slug)
    if look.who == NEW:
        client = Client()
        client.force_login(_new(ours), backend=settings.AUTHENTICATION_BACKENDS[-1])
    else:
        client = browser(ours, look.who)
    session = client.session  # so that what asks for the password once more is shown at once
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def _new(ours: Organization) -> User:
    email = "new@example.com"
    known = User.objects.filter(email=email).first()
    return (
        known or add_member(ours.slug, email, role="manager", name="Sample New", password="quiet harbour window").user
    )


def _send_empty(eyes: Eyes, forms: dict[str, tuple[Look, int]]) -> None:
    """Each form once: what is wrong with it is said on a page that is well, too."""
    for name, (look, nth) in sorted(forms.items()):
        eyes.become(_client(look))
        eyes.open(look.path)
        eyes.send_empty(nth)
        eyes.judge(f"{look.who} {look.path} after an empty {name}")


def _find(eyes: Eyes, ours: Organization) -> None:
    """Somebody, nobody, and what nobody can be found by."""
    lead = Lead.objects.of(ours).filter(person__isnull=False).earliest("received_at")
    eyes.become(_client(Look("coordinator", "")))
    for how, sought in (("somebody", columns_of(lead)["last_name"]), ("nobody", "Quagmire"), ("nothing", "??")):
        eyes.open(reverse("leads"))
        eyes.page.get_by_role("searchbox").fill(sought)
        with opens(eyes.page):
            eyes.page.keyboard.press("Enter")
        eyes.judge(f"coordinator finds {how}")


def _broken(eyes: Eyes) -> None:
    """The pages that say that something is not possible, or went wrong."""
    for name in BROKEN:
        eyes.page.route(f"**/broken/{name}", partial(_answer, name))
        eyes.open(f"/broken/{name}")
        eyes.judge(name)


def _answer(name: str, route: Any) -> None:
    route.fulfill(body=render_to_string(f"{name}.html"), content_type="text/html")
