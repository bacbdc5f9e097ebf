"""What may be said of a mailbox that we read?"""

import pytest

from leadwell.server.intake.forms import Settings

KNOWN = {"host": "imap.example.com", "user": "intake", "password": "horse"}


def errors(**said: object) -> set[str]:
    return set(Settings.of("email", KNOWN, {"host": "imap.example.com", "user": "intake", **said}).errors)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_without_tls_only_this_machine_is_asked(host: str) -> None:
    assert errors(host=host, plain="on", password="new") == set()
    assert errors(plain="on") == {"plain"}


def test_a_password_goes_to_no_other_server_than_it_was_typed_for() -> None:
    assert errors() == set()
    assert errors(host="imap.example.org") == errors(user="other") == {"password"}
    assert errors(host="imap.example.org", password="new") == set()
