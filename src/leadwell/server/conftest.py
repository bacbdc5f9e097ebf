"""The cast: the same few organisations and people in all tests of the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings

from leadwell import playbook
from leadwell.server.access.actions import add_organization
from leadwell.server.access.keys import SCOPES, new_key
from leadwell.server.access.models import Membership, Organization, User
from leadwell.server.access.needs import ONE_FACTOR_IS_ENOUGH
from leadwell.server.base.shortly import forget_all
from leadwell.server.consent.deciding import forget_lately
from leadwell.server.intake.queries import source_of_kind
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.queries import loaded
from leadwell.server.privacy.keyring import forget_keyrings
from leadwell.server.signin.sealing import forget_keys
from leadwell.server.tests.chromium import browser_page
from leadwell.server.tests.eyes import DESK, Eyes
from leadwell.server.tests.standing import STAGE, stands

settings.register_profile("long", deadline=None)


def long() -> bool:
    """Whether this is the long run: `--hypothesis-profile=long`."""
    return settings.get_current_profile_name() == "long"


def often(examples: int) -> settings:
    """So many examples, the same in each run; in the long run fifty times as many, and others each time."""
    return settings(
        max_examples=examples * (50 if long() else 1),
        derandomize=not long(),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@dataclass(frozen=True)
class Clinic:
    """An organisation with a published playbook, its API source, and a key that may do everything."""

    organization: Organization
    source: int
    key: str

    @property
    def number(self) -> int:
        return self.organization.pk


def clinic(slug: str, policy: str) -> Clinic:
    organization = add_organization(slug)
    publish(upload(organization, playbook.find(policy)))
    key = new_key(organization, list(SCOPES))
    source = source_of_kind(organization.pk, "api")
    assert source is not None
    return Clinic(organization, source, key)


def member(organization: Organization, role: str) -> Membership:
    """Somebody of this role, with the second factor that it demands."""
    email = f"{role}@{organization.slug}.example.com"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=f"Sample {role}")
    made, new = Membership.objects.get_or_create(organization=organization, user=user, defaults={"role": role})
    if new and role not in ONE_FACTOR_IS_ENOUGH:
        TOTP.activate(user, generate_totp_secret())
    return made


def browser(organization: Organization, role: str) -> Client:
    """A browser in which somebody of this role is signed in."""
    client = Client()
    client.force_login(member(organization, role).user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True, scope="session")
def _alone_at_the_end(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL drops no database in which anybody is: a thread of a test may have left its session there."""
    STAGE.opens(django_db_blocker)
    yield
    with django_db_blocker.unblock():
        STAGE.keep(None)
        if connection.vendor == "postgresql":
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            with connection.cursor() as cursor:
                cursor.execute(f"{others} AND pid <> pg_backend_pid()")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What it begins with is made before anything of the test could be seen in it."""
    STAGE.begin(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """Nothing stands before a test that does not begin with it."""
    yield
    if nextitem is not None:
        STAGE.keep(nextitem)


@pytest.fixture(autouse=True)
def _nothing_of_another_test() -> Iterator[None]:
    """No keys, no answers kept for a second, no policy of the same number, and none of the tries that limits count."""
    cache.clear()
    _forget()
    yield
    _forget()


def _forget() -> None:
    forget_keyrings()
    forget_keys()
    forget_all()
    loaded.cache_clear()
    forget_lately()


NOON: Final = datetime(2026, 11, 25, 18, tzinfo=UTC)  # a Wednesday, in Chicago


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """When everybody may be called."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)


STAGE.clocks["at_noon"] = NOON


@pytest.fixture
def from_noon_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is about noon where the clinic is, and goes on from there."""
    here = datetime.now(ZoneInfo("America/Chicago"))
    ahead = here.replace(hour=12, minute=0) - here
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + ahead)


@pytest.fixture
def eyes(live_server: Any, lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> Iterator[Eyes]:
    """A coordinator's page on a desk, in a real browser; what was wrong with any that it saw fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright runs a loop in this thread
    with browser_page(viewport=DESK, color_scheme="light") as page:
        one = Eyes(page, live_server.url)
        one.become(browser(lakeside.organization, "coordinator"))
        yield one
    assert one.wrong == []


@stands
def lakeside() -> Clinic:
    return clinic("lakeside", "lakeside-orthopedics")


@stands
def harbor() -> Clinic:
    """Another organisation, which must never see Lakeside's."""
    return clinic("harbor", "behavioral-health")
