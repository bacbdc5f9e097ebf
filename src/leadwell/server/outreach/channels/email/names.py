"""Does the world's DNS vouch for our mail? SPF, DKIM and DMARC, as the large providers ask for them. (rule 2.4)"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.resolver
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from leadwell.server.outreach.channels.email.settings import Settings, Signature

_PATIENCE: Final = 5.0  # seconds
Look = Callable[[str], list[str]]


class NotAsked(Exception):  # noqa: N818  its message is for an administrator
    """The question got no answer, so nothing is known."""


@dataclass(frozen=True)
class Name:
    """`well`: None where DNS did not answer."""

    what: str
    well: bool | None
    says: str
    mend: str = ""


def looked_up(name: str) -> list[str]:
    """The TXT records of a name; none where there is no such name. Raises NotAsked."""
    try:
        found = dns.resolver.resolve(name, "TXT", lifetime=_PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise NotAsked("DNS does not answer") from error
    return [b"".join(one.strings).decode("utf-8", errors="replace") for one in found]


def examined(settings: Settings, look: Look = looked_up) -> list[Name]:
    return [_asked("SPF", lambda: _spf(settings, look)), _asked("DKIM", lambda: _dkim(settings, look)),
            _asked("DMARC", lambda: _dmarc(settings, look))]  # fmt: skip


def _asked(what: str, check: Callable[[], Name]) -> Name:
    try:
        return check()
    except NotAsked as error:
        return Name(what, None, str(error), "Look again when this machine reaches its name server.")


def _spf(settings: Settings, look: Look) -> Name:
    said = [one for one in look(settings.domain) if one.lower().startswith("v=spf1")]
    if len(said) != 1:
        says = f"{settings.domain} has {'none' if not said else 'several, which counts as none'}"
        return Name("SPF", False, says, "Publish one TXT record v=spf1 … that names your mail server (RFC 7208).")
    if re.search(r"(?i)(?:^|\s)\+?all\b", said[0]):
        return Name("SPF", False, "it lets anybody send as you", "End it with ~all or -all.")
    return Name("SPF", True, f"{settings.domain} names who may send")


def _dkim(settings: Settings, look: Look) -> Name:
    ours = settings.signature
    if ours is None:
        mend = "Set LEADWELL_DKIM_KEY and LEADWELL_DKIM_SELECTOR, or have your mail server sign."
        return Name("DKIM", None, "we do not sign; your mail server may", mend)
    where = f"{ours.selector}._domainkey.{ours.domain}"
    said = re.sub(r"\s", "", ";".join(look(where)))
    found = re.search(r"(?:^|;)p=([A-Za-z0-9+/=]+)", said)
    if not found:
        return Name("DKIM", False, f"there is no key at {where}", "Publish the public half of LEADWELL_DKIM_KEY there.")
    if not _same(found[1], ours):
        return Name(
            "DKIM", False, f"the key at {where} is another", "Publish the public half of LEADWELL_DKIM_KEY there."
        )
    return Name("DKIM", True, f"{where} has our key")


def _same(published: str, ours: Signature) -> bool:
    try:
        public = load_pem_private_key(ours.key.encode(), None).public_key()
        own = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64decode(published) == own
    except (ValueError, TypeError, binascii.Error):
        return False


def _dmarc(settings: Settings, look: Look) -> Name:
    labels = settings.domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        domain = ".".join(labels[start:])
        if any(one.lower().startswith("v=dmarc1") for one in look(f"_dmarc.{domain}")):
            return Name("DMARC", True, f"_dmarc.{domain} says what to do with forged mail")
    mend = f"Publish a TXT record at _dmarc.{settings.domain}, as v=DMARC1; p=none; rua=mailto:… to begin with."
    return Name("DMARC", False, "there is none; large providers then refuse mail in bulk", mend)
