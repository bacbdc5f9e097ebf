"""Which columns of a lead does a referral fill? The same for every format in which health systems refer.

The patient stands in `patient_*`; who speaks for them, where a parent or guardian does, in the columns of who asks. How
to reach them is what reaches the patient first, then who speaks for them; of a child the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

OF_AGE: Final = 18  # years
# Relations by HL7's codes (v3 RoleCode, v2 tables 0063 and 0131) and words -> how we say it.
_PARENTS: Final = {
    "MTH": "mother", "NMTH": "mother", "FTH": "father", "NFTH": "father", "PRN": "parent", "NPRN": "parent",
    "PAR": "parent", "STPMTH": "stepmother", "STPFTH": "stepfather", "STPPRN": "stepparent", "FCPRN": "foster parent",
    "ADOPTP": "adoptive parent", "MOTHER": "mother", "FATHER": "father", "PARENT": "parent", "MADRE": "mother",
    "PADRE": "father", "STEPMOTHER": "stepmother", "STEPFATHER": "stepfather",
}  # fmt: skip
_GUARDIANS: Final = {
    "GRD": "guardian", "GUARD": "guardian", "GUARDIAN": "guardian", "LEGAL GUARDIAN": "guardian", "TUTOR": "guardian",
    "TUTORA": "guardian", "GRPRN": "grandparent", "GRMTH": "grandmother", "GRFTH": "grandfather", "GRP": "grandparent",
    "GRANDPARENT": "grandparent", "GRANDMOTHER": "grandmother", "GRANDFATHER": "grandfather",
    "FOSTER PARENT": "foster parent",
}  # fmt: skip
# Types of identifiers (table 0203) that are not of the patient: of an account, a visit, or all who share an insurance.
_NOT_THEIRS: Final = ("AN", "ANC", "AND", "ANT", "VN", "MB")
KNOWN_BY: Final = "extra.patient identifiers"
_DECEASED: Final = "extra.deceased"
# How soon, by FHIR's request priorities and HL7's table 0280 -> words that are read as such.
_URGENCIES: Final = {
    "stat": "stat: immediately", "s": "stat: immediately", "asap": "as soon as possible", "a": "as soon as possible",
    "urgent": "urgent", "u": "urgent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    """A human being as a message names them. `name`: the whole of it where its parts are not told apart."""

    given: str = ""
    family: str = ""
    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    relation: str = ""

    @property
    def named(self) -> str:
        return self.name or " ".join(filter(None, (self.given, self.family)))


def relation_of(said: Iterable[str]) -> tuple[str, str]:
    """Codes and words of a relation -> our word for it, and whom they ask for; '' where it is no parent's."""
    for one in said:
        word = " ".join(one.upper().replace("-", " ").split())
        if word in _PARENTS:
            return _PARENTS[word], "child"
        if word in _GUARDIANS:
            return _GUARDIANS[word], "child" if _GUARDIANS[word] == "foster parent" else "relative"
    return "", ""


def is_minor(birth_date: str, on: str) -> bool | None:
    """By two dates as `2009-03-14` or shorter; None where it cannot be told."""
    born, day = (one.replace("-", "")[:8] for one in (birth_date, on))
    if not (born[:4].isdigit() and day[:4].isdigit() and len(born) >= 4 <= len(day)):
        return None
    turned = f"{int(born[:4]) + OF_AGE:04d}{born[4:]}"
    length = min(len(turned), len(day))
    return day[:length] < turned[:length]


def urgency(code: str) -> str:
    """Words for how soon; '' for routine and what is not known."""
    return _URGENCIES.get(code.strip().lower(), "")


def who_columns(patient: Who, asker: Who | None, asks_for: str) -> dict[str, str]:
    """Names and ways to reach them; more numbers and addresses than two are kept as `extra.`."""
    speaking = asker or Who()
    first, second = (speaking, patient) if asks_for == "child" else (patient, speaking)
    phones = _distinct((*first.phones, *second.phones))
    emails = list(dict.fromkeys(one.strip() for one in (*first.emails, *second.emails) if one.strip()))
    split = bool(patient.given or patient.family)
    return {
        "patient_first_name": patient.given,
        "patient_last_name": patient.family,
        "patient_full_name": "" if split else patient.name,
        "first_name": speaking.given,
        "last_name": speaking.family,
        "full_name": "" if speaking.given or speaking.family else speaking.name,
        "relationship": speaking.relation,
        "asks_for": asks_for if asker else "patient",
        "phone": _at(phones, 0),
        "phone_2": _at(phones, 1),
        "extra.other phones": "; ".join(phones[2:]),
        "email": _at(emails, 0),
        "extra.other emails": "; ".join(emails[1:]),
    }


def deceased(day: str, *, died: bool) -> dict[str, str]:
    """In words, for these are heard as a person's own are: nobody writes to the dead before somebody has looked."""
    return {_DECEASED: "The patient is deceased, says the sender." if died or day else "", "extra.deceased since": day}


def says_died(columns: Mapping[str, str]) -> str:
    """The words that say so; '' where none does."""
    return columns.get(_DECEASED, "")


def _distinct(phones: Iterable[str]) -> list[str]:
    """One of each number, however it is written."""
    found: dict[str, str] = {}
    for one in phones:
        if digits := "".join(filter(str.isdigit, one)):
            found.setdefault(digits[1:] if len(digits) == 11 and digits[0] == "1" else digits, one.strip())
    return list(found.values())


def _at(values: list[str], place: int) -> str:
    return values[place] if len(values) > place else ""


def said(columns: Mapping[str, str]) -> dict[str, str]:
    """Those columns that say something, in characters that can be kept."""
    whole = {name: text.encode("utf-8", errors="replace").decode().strip() for name, text in columns.items()}
    return {name.encode("utf-8", errors="replace").decode(): text for name, text in whole.items() if text}


def together(parts: Iterable[str], sign: str = "; ") -> str:
    """What says something, once each."""
    return sign.join(dict.fromkeys(part.strip() for part in parts if part.strip()))


@dataclass(frozen=True, slots=True)
class Identifier:
    """`system`: who gave it, '' where nobody says; `type`: of what it is, by table 0203."""

    value: str
    system: str = ""
    type: str = ""


def identifier_columns(identifiers: Iterable[Identifier]) -> dict[str, str]:
    """Those by which the patient is known again, as `system|value`, and the others."""
    every = [one for one in identifiers if one.value]
    theirs = [one for one in every if one.type.upper() not in _NOT_THEIRS]
    return {
        KNOWN_BY: together(f"{one.system}|{one.value}" if one.system else one.value for one in theirs),
        "extra.other patient identifiers": together(one.value for one in every if one not in theirs),
    }


def identified(columns: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """By which identifiers the patient of these columns is known: the system, '' where none is said, and the value."""
    told = (one.rpartition("|") for one in columns.get(KNOWN_BY, "").split("; ") if one.strip())
    return frozenset((system.strip().casefold(), value.strip().casefold()) for system, _, value in told)
