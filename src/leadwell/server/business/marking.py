"""By what is an organisation found again? Its name without its legal form, and the domain at which it takes mail.

A domain at which anybody takes mail, and a name of nothing but common words, mark nothing. Where they gave a name, its
domain marks only as far as it says that name: many small organisations take their mail at a provider that no list has.
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
    name = folded(columns.get("organization", ""))
    if name:
        found.add(blind.token("firm", name))
    domain = domain_of(columns.get("email", ""))
    if domain and (not name or says(domain, name)):
        found.add(blind.token("domain", domain))
    return found


def folded(name: str) -> str:
    """“The Acme Boxes, Inc.” and “ACME Boxes” alike; '' where it says too little."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("&", " and ")
    words = re.sub(r"[^a-z0-9 ]+", " ", re.sub(r"[.']", "", plain)).split()
    told = [word for word in words if word not in _FORMS]
    says = any(word not in _COMMON for word in told) and sum(map(len, told)) >= _FEWEST
    return " ".join(told) if says else ""


def says(domain: str, name: str) -> bool:
    """“brightpallets.com”, “bright-pallets.org”, “pallets.net”, “bp-inc.com” say Bright Pallets; “post.com” not."""
    label, words = domain.split(".", maxsplit=1)[0].replace("-", ""), name.split()
    whole, first = "".join(words), "".join(word[0] for word in words)
    by_word = any(len(word) > _FEWEST and word in label for word in words)
    by_letters = len(first) >= 2 and label in (first, f"{first}inc", f"{first}llc")
    return by_word or by_letters or (len(label) > _FEWEST and label in whole)


def domain_of(email: str) -> str:
    """'' where it is one of a mail provider's, or none."""
    judged = email_text.judge(email, accept=True) if email else None
    if judged is None or not judged.email or judged.kind in ("personal", "disposable", None):
        return ""
    return judged.email.rpartition("@")[2]
