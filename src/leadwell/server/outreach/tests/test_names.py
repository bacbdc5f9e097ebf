"""Whether the world believes that our mail is ours: SPF, DKIM and DMARC, as doctor asks for them. (rule 2.4)"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from leadwell.server.outreach.channels.email.names import NotAsked, examined
from leadwell.server.outreach.channels.email.settings import Settings, Signature
from leadwell.server.outreach.tests.test_writing import PRIVATE, PUBLIC

OURS = Settings(
    "mail.clinic.example", 587, "starttls", "", "", "", 30, "hello@news.clinic.example", "",
    Signature("clinic.example", "lw", PRIVATE),
)  # fmt: skip
WELL = {
    "news.clinic.example": ["v=spf1 include:mail.example ~all", "other=1"],
    "lw._domainkey.clinic.example": [f"v=DKIM1; k=rsa; p={PUBLIC[:200]} {PUBLIC[200:]}"],
    "_dmarc.clinic.example": ["v=DMARC1; p=none"],
}


def _look(names: dict[str, list[str]]) -> Callable[[str], list[str]]:
    return lambda name: names.get(name, [])


def _said(names: dict[str, list[str]], ours: Settings = OURS) -> list[bool | None]:
    return [one.well for one in examined(ours, _look(names))]


def test_all_is_well_where_all_three_stand_there() -> None:
    assert _said(WELL) == [True, True, True]


@pytest.mark.parametrize(
    ("name", "records", "found"),
    [
        ("news.clinic.example", [], [False, True, True]),
        ("news.clinic.example", ["v=spf1 -all", "v=spf1 ~all"], [False, True, True]),
        ("news.clinic.example", ["v=spf1 +all"], [False, True, True]),
        ("lw._domainkey.clinic.example", [], [True, False, True]),
        ("lw._domainkey.clinic.example", ["v=DKIM1; p="], [True, False, True]),
        ("lw._domainkey.clinic.example", ["v=DKIM1; p=QUJD"], [True, False, True]),
        ("_dmarc.clinic.example", [], [True, True, False]),
        ("_dmarc.clinic.example", ["hello"], [True, True, False]),
    ],
)
def test_what_is_missing_or_wrong_is_said(name: str, records: list[str], found: list[bool]) -> None:
    assert _said(WELL | {name: records}) == found


def test_where_another_signs_nothing_is_claimed() -> None:
    assert _said(WELL, replace(OURS, signature=None)) == [True, None, True]


def test_a_name_server_that_is_away_is_no_fault() -> None:
    def away(name: str) -> list[str]:
        raise NotAsked("DNS does not answer")

    assert [one.well for one in examined(OURS, away)] == [None, None, None]
