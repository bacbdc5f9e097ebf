"""Do a column's values look like what its header says? Only plain contradictions count: bad data is still data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

_ENOUGH: Final = 3
_SHARE: Final = 0.5
_YES_NO: Final = frozenset({"yes", "no", "y", "n", "true", "false", "si", "sí", "0", "1"})
_LEAD_STATES: Final = frozenset({"new", "open", "closed", "contacted", "qualified", "active", "working", "lost", "won"})
_TYPES: Final = frozenset({"patient", "referral", "business", "other", "provider", "paciente"})

_Fits = Callable[[str], bool]


def _has(pattern: str) -> _Fits:
    found = re.compile(pattern)
    return lambda value: bool(found.search(value))


def _phone(value: str) -> bool:
    return sum(c.isdigit() for c in value) >= 5 or not any(c.isalpha() for c in value)


def _words(value: str) -> bool:
    return value.lower() not in _YES_NO


def _state(value: str) -> bool:
    return value.lower() not in _LEAD_STATES and not any(c.isdigit() for c in value)


def _day(value: str) -> bool:
    return sum(c.isdigit() for c in value) >= 3 and len(value) <= 60


_FITS: Final[dict[str, tuple[_Fits, str]]] = {
    **dict.fromkeys(("email", "referrer_email"), (_has("@"), "its values are no e-mail addresses")),
    **dict.fromkeys(("phone", "phone_2", "referrer_phone"), (_phone, "its values are no phone numbers")),
    **dict.fromkeys(("birth_date", "patient_birth_date", "received_at"), (_day, "its values are no dates")),
    **dict.fromkeys(("npi", "referrer_npi"), (_has(r"\d{6}"), "its values are no NPI numbers")),
    "zip": (_has(r"\d{4}"), "its values are no ZIP codes"),
    "age": (_has(r"\d"), "its values are no ages"),
    "state": (_state, "its values are no US states"),
    "type": (lambda value: value.lower() in _TYPES, "its values are no types of lead"),
    **dict.fromkeys(
        ("first_name", "last_name", "full_name", "patient_first_name", "patient_last_name", "patient_full_name",
         "referrer_name", "service", "payer", "plan", "timeline", "preferred_location", "best_time", "source",
         "message", "preferred_channel", "referral_service", "organization", "visit_mode"),
        (_words, "its values are only yes or no"),
    ),
}  # fmt: skip


def contradicts(column: str, values: Sequence[str]) -> str | None:
    """What speaks against `values` being `column`, or None."""
    if column not in _FITS:
        return None
    fits, says = _FITS[column]
    filled = [v.strip() for v in values if v and v.strip()]
    if len(filled) < _ENOUGH or sum(map(fits, filled)) >= _SHARE * len(filled):
        return None
    return says
