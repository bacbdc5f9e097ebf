"""A newcomer looks at every role of the demo, and the demo's way of getting a code opens nothing else. (promise F32)"""

import pytest
from django.test import Client

from leadwell.server import demo
from leadwell.server.access.actions import add_member
from leadwell.server.access.models import User
from leadwell.server.signin.factors import give_app

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def said(db: None) -> list[str]:
    lines: list[str] = []
    demo.make(lines.append)
    return lines


def test_each_of_the_demo_signs_in_as_it_says(said: list[str]) -> None:
    lines = [line.split() for line in said if "@example.com" in line and "user code" in line]
    assert len(lines) == 6
    for email, *_, first in lines:
        client = Client()
        answer = client.post("/account/login/", {"login": email, "password": demo.PASSWORD})
        assert answer["Location"] == "/account/2fa/authenticate/"
        digits, seconds = demo.code(first)
        assert 0 < seconds <= 30
        assert client.post("/account/2fa/authenticate/", {"code": digits})["Location"] == "/"
        assert client.get("/me").status_code == 200


def test_the_coordinator_needs_no_code(said: list[str], client: Client) -> None:
    client.post("/account/login/", {"login": "dana@example.com", "password": demo.PASSWORD})
    assert client.get("/me").status_code == 200


def test_who_set_up_an_app_of_their_own_keeps_it(said: list[str]) -> None:
    helen = User.objects.get(email="helen@example.com")
    app = helen.authenticator_set.get(type="totp")
    app.data.pop("demo")
    app.save()
    demo.make(lambda line: None)
    with pytest.raises(demo.NotOfTheDemo):
        demo.code("helen")


@pytest.mark.parametrize("name", ["nobody", "dana", "real@clinic.example", "elsewhere@example.com", ""])
def test_nobody_elses_code_is_printed(said: list[str], name: str) -> None:
    add_member("lakeside", "real@clinic.example", role="manager", password="quiet harbour window")
    give_app(add_member("harbor", "elsewhere@example.com", role="manager", password="quiet harbour window").user)
    with pytest.raises(demo.NotOfTheDemo):
        demo.code(name)


def test_without_a_demo_there_is_no_code(db: None) -> None:
    with pytest.raises(demo.NotOfTheDemo):
        demo.code("helen")


def test_who_needs_no_code_is_told_so(said: list[str]) -> None:
    with pytest.raises(demo.NotOfTheDemo, match="Dana needs no code"):
        demo.code("dana")
