"""By what is an organisation found again? Its name without its legal form, and the domain at which it takes mail.

A domain at which anybody takes mail, and a name of nothing but common words, mark nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from leadwell.contact import email_text
from leadwell.server.privacy.tokens import Blind

_FORMS: Final = frozenset(
    ("inc", "incorporated", "llc", "llp", "pllc", "ltd", "limited", "corp", "corporation", "co", "company", "pc", "pa",
     "plc", "lp", "the")
)  # fmt: skip
_COMMON: Final = frozenset(
    ("clinic", "medical", "center", "health", "healthcare", "group", "services", "practice", "office", "hospital",
     "and", "of", "none", "na", "self")
)  # fmt: skip
_FEWEST: Final = 3  # letters


def tokens_of(organization: int, columns: Mapping[str, str]) -> set[bytes]:
    blind, found = Blind(organization), set()
    if name := folded(columns.get("organization", "")):
        found.add(blind.token("firm", name))
    if domain := domain_of(columns.get("email", "")):
        found.add(blind.token("domain", domain))
    return found


def folded(name: str) -> str:
    """“The Acme Boxes, Inc.” and “ACME Boxes” alike; '' where it says too little."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("&", " and ")
    words = re.sub(r"[^a-z0-9 ]+", " ", re.sub(r"[.']", "", plain)).split()
    told = [word for word in words if word not in _FORMS]
    says = any(word not in _COMMON for word in told) and sum(map(len, told)) >= _FEWEST
    return " ".join(told) if says else ""


def domain_of(email: str) -> str:
    """'' where it is one of a mail provider's, or none."""
    judged = email_text.judge(email, accept=True) if email else None
    if judged is None or not judged.email or judged.kind in ("personal", "disposable", None):
        return ""
    return judged.email.rpartition("@")[2]
