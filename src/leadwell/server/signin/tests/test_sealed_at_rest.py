"""The database holds no secret of an authenticator app, no recovery code and no session in plain text. (promise F33)"""

from base64 import b32decode, b64encode
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connections
from django.test import Client
from django.utils import timezone
from typer import Typer
from typer.testing import CliRunner

from leadwell.server.access.actions import add_member
from leadwell.server.commands import COMMANDS, GROUPS
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.jobs import forget_sessions
from leadwell.server.privacy import sealing as privacy
from leadwell.server.privacy.keyring import LostKey, forget_keyrings
from leadwell.server.privacy.models import DataKey
from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.signin.models import SignInKey
from leadwell.server.signin.sealing import forget_keys, new_key, rewrap, seal, unseal

pytestmark = pytest.mark.django_db(databases="__all__")

PASSWORD = "quiet harbour window"


def _everything_kept() -> Iterator[bytes]:
    """Every value of every column of every table."""
    for model in apps.get_models():
        for name in settings.DATABASES:
            if model._meta.db_table in connections[name].introspection.table_names():
                for row in model._base_manager.using(name).values_list():
                    yield from (bytes(one) if isinstance(one, memoryview) else str(one).encode() for one in row)


def _held(*secrets: str) -> bool:
    """Whether any of them stands anywhere, as it is, as bytes, or in base64."""
    kept = b"\n".join(_everything_kept())
    forms = [form for one in secrets for form in (one.encode(), b64encode(one.encode()))]
    forms += [b32decode(one) for one in secrets if len(one) == 32]
    return any(form in kept for form in forms)


def test_secrets_and_codes_stand_nowhere_in_plain_text(lakeside: Clinic) -> None:
    user, secret = member(lakeside.organization, "coordinator").user, generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user)
    seed = codes.instance.wrap().generate_codes()
    assert not _held(secret, *seed)
    assert secret not in str(Authenticator.objects.get(user=user, type="totp").data)
    assert Authenticator.objects.get(user=user, type="recovery_codes").wrap().generate_codes() == seed


def test_a_secret_that_waits_in_a_session_is_sealed_too(client: Client, lakeside: Clinic) -> None:
    add_member("lakeside", "one@example.com", role="manager", password=PASSWORD)
    client.post("/account/login/", {"login": "one@example.com", "password": PASSWORD})
    again = client.get("/account/2fa/totp/activate/")["Location"]
    client.post(again, {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    assert client.session["mfa.totp.secret"] == secret
    assert not _held(secret)


def test_a_session_that_was_sealed_otherwise_is_nobodys(client: Client, lakeside: Clinic) -> None:
    client.force_login(
        member(lakeside.organization, "coordinator").user,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert client.get("/me").status_code == 200
    Session.objects.update(session_data=signing.dumps({"_auth_user_id": "1"}))
    assert client.get("/me")["Location"].startswith("/account/login/")


def test_sessions_that_ended_are_forgotten(client: Client, lakeside: Clinic) -> None:
    for _ in range(2):
        browser(lakeside.organization, "coordinator")
    Session.objects.filter(pk=Session.objects.values("pk")[:1]).update(expire_date=timezone.now())
    forget_sessions()
    assert Session.objects.count() == 1


def test_a_new_key_seals_and_the_old_one_still_opens(lakeside: Clinic) -> None:
    old = seal("words", place="here")
    new_key(2)
    assert (unseal(old, place="here"), unseal(seal("words", place="here"), place="here")) == ("words", "words")


@pytest.mark.parametrize("broken", ["", "plain", "AAAA", "AAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="])
def test_what_was_not_sealed_here_does_not_open(lakeside: Clinic, broken: str) -> None:
    with pytest.raises(Unopenable):
        unseal(broken, place="here")


def test_what_is_sealed_opens_only_in_its_place(lakeside: Clinic) -> None:
    with pytest.raises(Unopenable):
        unseal(seal("words", place="here"), place="there")


def test_a_new_master_key_wraps_the_keys_anew(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"1" * 32).decode())
    _forget()
    SignInKey.objects.all().delete()
    user, secret = member(lakeside.organization, "coordinator").user, generate_totp_secret()
    TOTP.activate(user, secret)
    monkeypatch.setenv("LEADWELL_MASTER_KEY_OLD", b64encode(b"1" * 32).decode())
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"2" * 32).decode())
    _forget()
    assert rewrap() == 1
    monkeypatch.delenv("LEADWELL_MASTER_KEY_OLD")
    _forget()
    kept = Authenticator.objects.get(user=user).data["secret"]
    assert unseal(kept, place="second factor") == secret
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"3" * 32).decode())
    _forget()
    with pytest.raises(LostKey, match="LEADWELL_MASTER_KEY"):
        unseal(kept, place="second factor")


def test_the_command_wraps_every_key_anew(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"1" * 32).decode())
    _forget()
    SignInKey.objects.all().delete()
    DataKey.objects.all().delete()
    ours, theirs = seal("words", place="here"), privacy.seal(lakeside.number, b"words", place="here")
    monkeypatch.setenv("LEADWELL_MASTER_KEY", b64encode(b"2" * 32).decode())
    _forget()
    run = CliRunner().invoke
    assert run(GROUPS["rotate"], ["master"]).exit_code == 1
    monkeypatch.setenv("LEADWELL_MASTER_KEY_OLD", b64encode(b"1" * 32).decode())
    _forget()
    assert "3 keys were wrapped anew" in run(GROUPS["rotate"], ["master"]).output
    monkeypatch.delenv("LEADWELL_MASTER_KEY_OLD")
    _forget()
    assert unseal(ours, place="here") == "words"
    assert privacy.unseal(lakeside.number, theirs, place="here") == b"words"


def _commands() -> Typer:
    app = Typer()
    app.command("doctor")(COMMANDS["doctor"])
    return app


def _forget() -> None:
    forget_keyrings()
    forget_keys()
