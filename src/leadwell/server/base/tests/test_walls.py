"""Can anything of one organisation be seen or changed from another? By every address and operation there is, for every
role and for the keys of programs. (promise F32)

Addresses come from the URL resolver, operations from the OpenAPI document; only how to fill a parameter stands here.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

import orjson
import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from leadwell import playbook
from leadwell.server.access.models import Membership, Organization, User
from leadwell.server.access.roles import ALLOWED, Role
from leadwell.server.base.tests.test_every_page import MISSING, PAGES, Things, ours, things
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Source
from leadwell.server.playbooks.models import PlaybookVersion
from leadwell.server.tests.standing import stands

__all__ = ["ours"]

pytestmark = pytest.mark.django_db(databases="__all__")

MARK = "Quagmire"  # in all that the other organisation calls or says
# What stands before a parameter -> the thing that its number or handle names.
NAMED = {
    "leads/": "lead",
    "calls/new/": "typed",
    "review/": "lead",
    "review/pairs/": "pair",
    "worklist/": "lead",
    "inbox/": "submission",
    "outbox/": "message",
    "sources/": "source",
    "sources/upload/": "list",
    "playbook/": "version",
    "people/": "member",
    "team/": "colleague",
    "people/invitations/": "invitation",
    "keys/": "key",
    "persons/": "person",
    "stops/": "stops",
    "api/v1/people/": "person",
    "api/v1/leads/": "lead",
    "alerts/": "alert",
    "in/": "handle",
    "api/v1/submissions/": "submission",
    "account/2fa/webauthn/keys/": "passkey",
}
# By a secret address of its own; who knows it belongs to the organisation (tested in intake), or was written to by it
# (tested in outreach).
BY_HANDLE = {
    "in/<slug:handle>", "fhir/<slug:handle>", "fhir/<slug:handle>/", "fhir/<slug:handle>/<path:rest>",
    "unsubscribe/<str:token>",
}  # fmt: skip
# What any form here asks for; each takes what it knows.
FORM: dict[str, Any] = {
    "state": "needs-mending", "role": "administrator", "body": "{}", "name": "Sample", "kind": "webhook",
    "email": "sample.new@example.com", "scopes": ["leads:read"], "sample": "{}", "mapping": "q = message",
    "sought": "312-555-0147", "reason": "lost",
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    text: str
    name: str

    @property
    def thing(self) -> str:
        """What its parameter names; '' where it has none."""
        before, sign, _ = self.text.partition("<")
        if not sign:
            return ""
        assert before in NAMED, f"how is the parameter of {self.text} filled? Say it in NAMED"
        return NAMED[before]

    def filled(self, numbers: Mapping[str, object]) -> str:
        return "/" + re.sub("<[^>]*>", str(numbers[self.thing]) if self.thing else "", self.text)


def _routes(resolver: URLResolver, before: str = "") -> Iterator[Route]:
    for one in resolver.url_patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one, text)
        elif isinstance(one, URLPattern) and "^" not in text:  # by expression: allauth's, and those that are closed
            yield Route(text, one.name or "")


ROUTES = [route for route in _routes(get_resolver()) if route.text not in BY_HANDLE]
OURS = [route for route in ROUTES if not route.text.startswith("account/")]


@stands
def marked(harbor: Clinic) -> Things:
    """One of each of their things, and everything that they call by a name bears the mark."""
    found = things(harbor, mark=MARK)
    accept(harbor.number, harbor.source, [Delivery(b"{", problem="not JSON")])
    them = member(harbor.organization, "administrator")
    User.objects.filter(pk=them.user_id).update(name=f"{MARK} Administrator")
    Organization.objects.filter(pk=harbor.number).update(name=f"{MARK} Harbor")
    made = Authenticator.objects.create(user=them.user, type="webauthn", data={"name": MARK, "credential": {}})
    return found | {"passkey": made.pk, "handle": Source.objects.of(harbor.number).first()}


def _nothing() -> dict[str, object]:
    return MISSING | {"passkey": 999, "submission": uuid4(), "handle": "nothing"}


def _held(organization: Organization) -> dict[str, tuple[int, str]]:
    """Of each kind of record of an organisation how many there are, and a hash of them all."""
    models = [m for m in apps.get_models() if any(f.attname == "organization_id" for f in m._meta.concrete_fields)]
    people = User.objects.filter(pk__in=Membership.objects.of(organization).values("user"))
    held = {m._meta.label: m._base_manager.filter(organization_id=organization.pk) for m in models}
    held |= {"person who works there": people, "organisation": Organization.objects.filter(pk=organization.pk)}
    held |= {"second factor": Authenticator.objects.filter(user__in=people)}
    return {name: (rows.count(), _hash(rows)) for name, rows in held.items()}


def _hash(rows: Any) -> str:
    return sha256(repr(sorted(map(_values, rows))).encode()).hexdigest()


def _values(row: Model) -> str:
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return repr({name: bytes(v) if isinstance(v, memoryview) else v for name, v in values.items()})


def _body(theirs: Clinic) -> dict[str, Any]:
    file = SimpleUploadedFile("playbook.toml", playbook.find("lakeside-orthopedics"))
    return FORM | {"organization": str(theirs.number), "file": file}


def _text(answer: HttpResponse) -> str:
    """Without what differs from one answer to the next."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode("utf-8", errors="replace"))


def _signs(harbor: Clinic, theirs: Mapping[str, object]) -> list[str]:
    """What would show that something of theirs was told."""
    ids = [str(theirs[name]) for name in ("submission", "lead", "list", "key", "message")]
    handles = Source.objects.of(harbor.number).values_list("handle", flat=True)
    return [MARK.lower(), "harbor.example.com", *ids, *handles, f"/playbook/{theirs['version']}",
            f'"/sources/{theirs["source"]}"', f"/people/{theirs['member']}/"]  # fmt: skip


def test_every_parameter_of_an_address_is_filled(marked: Things) -> None:
    assert all("<" not in route.filled(marked) for route in ROUTES)
    assert {route.name for route in OURS} >= PAGES.keys()


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize("role", Role)
def test_no_page_tells_or_changes_anything_of_another_organisation(
    lakeside: Clinic, harbor: Clinic, marked: Things, role: str
) -> None:
    theirs, nothing = marked, _nothing()
    before, signs = _held(harbor.organization), _signs(harbor, theirs)
    client = browser(lakeside.organization, role)
    for route in OURS:
        for method in ("GET", "POST"):
            given = _body(harbor) if method == "POST" else {}
            answer = getattr(client, method.lower())(route.filled(theirs), given)
            assert not [sign for sign in signs if sign in _text(answer).lower()], (method, route)
            if route.thing and not route.text.startswith("api/"):
                _as_if_missing(client, method, route, nothing, answer)
                _refused(method, route, role, answer.status_code)
    assert _held(harbor.organization) == before


def _as_if_missing(
    client: Client, method: str, route: Route, nothing: Mapping[str, object], answer: HttpResponse
) -> None:
    """Their thing and none at all are answered with the same words."""
    none = getattr(client, method.lower())(route.filled(nothing), FORM if method == "POST" else {})
    assert (none.status_code, _text(none)) == (answer.status_code, _text(answer)), (method, route)


def _refused(method: str, route: Route, role: str, status: int) -> None:
    may = PAGES[route.name].may
    if status != 405:
        assert status == (404 if may is None or may in ALLOWED[role] else 403), (method, route)


@pytest.mark.usefixtures("ours")
def test_who_works_for_both_sees_one_at_a_time(lakeside: Clinic, harbor: Clinic, marked: Things) -> None:
    client = browser(lakeside.organization, "manager")
    user = member(lakeside.organization, "manager").user
    Membership.objects.create(organization=harbor.organization, user=user, role="manager")
    before, signs = _held(harbor.organization), _signs(harbor, marked)
    client.post("/organization", {"organization": str(lakeside.number)})
    for route in OURS:
        if route.name == "organization":
            continue
        for method in ("GET", "POST"):
            answer = getattr(client, method.lower())(route.filled(marked), FORM if method == "POST" else {})
            assert not [sign for sign in signs if sign in _text(answer).lower()], (method, route)
            assert not route.thing or answer.status_code in (401, 403, 404, 405), (method, route)
    assert _held(harbor.organization) == before


@pytest.mark.parametrize("role", Role)
def test_nobody_reaches_the_passkey_of_another(lakeside: Clinic, harbor: Clinic, marked: Things, role: str) -> None:
    before, client = _held(harbor.organization), _just_confirmed(lakeside.organization, role)
    walked = [route for route in ROUTES if route.thing == "passkey"]
    for route in walked:
        assert client.get(route.filled(marked)).status_code == 404
        assert client.post(route.filled(marked), {"name": "mine"}).status_code == 404
    assert walked
    assert _held(harbor.organization) == before


def _just_confirmed(organization: Organization, role: str) -> Client:
    """A browser whose owner has just typed their password again, as changing a passkey demands."""
    user = member(organization, role).user
    user.set_password("of no matter here")
    user.save()
    client = browser(organization, role)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def _operations(client: Client) -> list[tuple[str, str, bytes]]:
    """Method, path, and what its document gives as an example of a body; a form where it gives none."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    return [
        (method.upper(), path, orjson.dumps(next(iter(_examples(said)), {"value": FORM})["value"]))
        for path, methods in paths.items()
        for method, said in methods.items()
    ]


def _examples(operation: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return body.get("examples", {}).values()


def test_no_operation_tells_or_changes_anything_of_another_organisation(
    client: Client, lakeside: Clinic, harbor: Clinic, marked: Things
) -> None:
    theirs, nothing, signs = marked, _nothing(), _signs(harbor, marked)
    headers = {"Authorization": f"Bearer {lakeside.key}", "Idempotency-Key": "k"}
    accept(harbor.number, harbor.source, [Delivery(orjson.dumps(FORM), key="k")])
    before = _held(harbor.organization)
    operations = _operations(client)
    for method, path, body in operations:
        route = Route(path.lstrip("/").replace("{", "<").replace("}", ">"), "")
        answers = [
            client.generic(method, route.filled(of), body, content_type="application/json", headers=headers)
            for of in (theirs, nothing)
        ]
        assert not [sign for sign in signs if sign in _text(answers[0]).lower()]
        if route.thing:
            assert [one.status_code for one in answers] == [404, 404]
            assert _text(answers[0]) == _text(answers[1])
    assert len(operations) >= 2
    assert _held(harbor.organization) == before


@pytest.mark.usefixtures("marked")
def test_their_playbooks_are_of_another_name(harbor: Clinic) -> None:
    """Else the walk would not notice one of theirs among ours."""
    assert PlaybookVersion.objects.of(harbor.number).get().number == 77
