"""Are the messages what their table says, and nobody's in the real world?"""

import binascii
import html
import re
from collections import Counter
from email import message_from_bytes
from email.message import Message
from ipaddress import ip_address, ip_network

import pytest
from tests.standins.bounces import CLASSES, FOLDER, Case, cases

NAMED = [pytest.param(case, id=case.file.removesuffix(".eml")) for case in cases()]
SET_ASIDE = [ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8")]


def words(part: Message) -> str:
    """All text of a message, headers included, decoded as far as anybody can."""
    own = "\n".join(f"{name}: {value}" for name, value in part.items())
    inner = part.get_payload()
    if isinstance(inner, list):
        return "\n".join([own, *map(words, inner)])
    payload = part.get_payload(decode=True) or b""
    assert isinstance(payload, bytes)
    return f"{own}\n{html.unescape(_text(payload))}"


def in_base64(raw: bytes) -> str:
    """Also the base64 that a message/* part should not have, and that the parser therefore leaves as it is."""
    found = re.findall(rb"(?m)(?:^[A-Za-z0-9+/]{76}\r?\n)+^[A-Za-z0-9+/]{4,75}={0,2}\r?$", raw)
    return "\n".join(_text(binascii.a2b_base64(one)) for one in found if len(re.sub(rb"\s", b"", one)) % 4 == 0)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def read(case: Case) -> str:
    whole = _text(case.raw).replace("=\r\n", "")
    return "\n".join([whole, words(message_from_bytes(case.raw)), in_base64(case.raw)])


def test_every_file_has_one_line_and_every_line_its_file() -> None:
    assert sorted(case.file for case in cases()) == sorted(path.name for path in FOLDER.glob("*.eml"))


def test_there_are_enough_of_each_class_and_half_are_unseen() -> None:
    assert len(cases(unseen=True)) == len(cases(unseen=False)) >= 20
    for half in (True, False):
        assert min(Counter(case.kind for case in cases(unseen=half))[kind] for kind in CLASSES) >= 2
    assert {case.kind for case in cases()} == set(CLASSES)


def test_no_two_have_the_same_message_id_of_their_own() -> None:
    own = Counter(message_from_bytes(case.raw)["Message-ID"] for case in cases())
    del own[None]  # qmail gives its reports none
    assert set(own.values()) == {1}


@pytest.mark.parametrize("case", NAMED)
def test_what_the_table_says_is_in_the_message(case: Case) -> None:
    text = read(case)
    assert case.recipient is None or case.recipient in text
    if case.message_id:
        assert case.message_id in text
    else:
        named = re.findall(r"(?im)^(?:message-id|in-reply-to|references|original-message-id):", _text(case.raw))
        assert len(named) <= 1, "its own, and no other"


@pytest.mark.parametrize("case", NAMED)
def test_nobody_real_is_named(case: Case) -> None:
    text = read(case)
    domains = re.findall(r"@([A-Za-z0-9.-]+\.[A-Za-z]{2,})", text)
    assert domains
    assert [one for one in domains if not re.search(r"(?i)(?:^|\.)example(?:\.com|\.net|\.org)?$", one)] == []
    hosts = re.findall(r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])", text)
    outside = [one for one in hosts if not any(ip_address(one) in network for network in SET_ASIDE)]
    assert [one for one in outside if one != "4.16.55.1"] == []
