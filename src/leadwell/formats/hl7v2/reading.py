"""What does a message of a hospital ask, and what becomes of it? REF^I12 to I15 of 2.3 to 2.8, in any bytes.

It never raises: what cannot be read says what is wrong with it. `code` is what is to be answered (table 0008).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from leadwell.formats import referral
from leadwell.formats.hl7v2 import people
from leadwell.formats.hl7v2.asking import asked_columns
from leadwell.formats.hl7v2.dates import day
from leadwell.formats.hl7v2.message import NULL, Message, NotHl7, Segment, message_of
from leadwell.formats.referral import Identifier, Who, together

Change = Literal["", "new", "modify", "cancel", "status"]
Code = Literal["AA", "AE", "AR"]
_CHANGES: Final[dict[str, Change]] = {"I12": "new", "I13": "modify", "I14": "cancel", "I15": "status"}
_SELVES: Final = ("SEL", "SLF", "S", "18", "01")  # tables 0063 and X12's 1069
_KNOWN_BY: Final = re.compile(r"[A-Z0-9]{3}")
_KNOWN: Final = (  # read, or of the carriage and not of the patient; IN2 holds the social security number
    "MSH", "SFT", "UAC", "EVN", "RF1", "PRD", "CTD", "PID", "NK1", "GT1", "IN1", "IN2", "DG1", "PR1", "OBR", "NTE",
    "OBX", "AUT", "AL1", "PV2", "TQ1",
)  # fmt: skip
_WITHIN: Final = 1_000  # characters of a segment that two sites agreed on


@dataclass(frozen=True)
class Read:
    """`control_id`: MSH-10; `sender`: MSH-3 and MSH-4; `referral`: RF1-6, the sender's name for it, '' where there is
    none. `problem`: what is wrong, in codes and places. `message`: None where it is no HL7."""

    code: Code
    problem: str = ""
    change: Change = ""
    control_id: str = ""
    sender: str = ""
    referral: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    message: Message | None = None

    @property
    def is_trial(self) -> bool:
        """Whether its sender only tries or trains (MSH-11, table 0103): nobody is referred by it."""
        return self.message is not None and self.message.header.text(11) in ("T", "D")

    @property
    def name(self) -> str:
        """By which this referral is known again; '' where nothing says it."""
        return f"{self.sender}/{self.referral}" if self.referral else ""


def read(body: bytes) -> Read:
    try:
        message = message_of(body)
    except NotHl7 as error:
        return Read("AR", problem=str(error))
    header = message.header
    known = Read(
        "AA",
        control_id=header.text(10),
        sender="/".join((header.text(3), header.text(4))),
        referral="^".join(filter(None, (message.first("RF1").text(6, part) for part in (1, 2)))),
        message=message,
    )
    kind, event = header.text(9).upper(), header.text(9, 2).upper()
    if kind != "REF" or event not in _CHANGES:
        named = "^".join(part for part in (kind, event) if _KNOWN_BY.fullmatch(part))
        return replace(
            known, code="AR", problem=f"not supported: {named or 'a message without a kind'}, REF^I12 to I15 are"
        )
    if header.text(12)[:1] not in ("", "2"):
        return replace(known, code="AR", problem="not supported: another version than 2")
    known = replace(known, change=_CHANGES[event])
    wrong = _missing(known, message)
    return replace(known, code="AE" if wrong else "AA", problem=wrong, columns=columns_of(message))


def _missing(known: Read, message: Message) -> str:
    """What a referral cannot be worked without. One that takes back or asks needs but its own name."""
    if known.change in ("cancel", "status") and known.referral:
        return ""
    missing = [name for name in ("PRD", "PID") if not message.has(name)]
    if missing:
        return f"segment {' and '.join(missing)} missing"
    if not any(message.first("PID").text(5, part) for part in (1, 2)):
        return "PID-5 says no name"
    return ""


def columns_of(message: Message) -> dict[str, str]:
    """The columns of the lead; what none holds is kept as `extra.`."""
    patient = message.first("PID")
    referrer, meant_for = people.providers(message)
    return referral.said(
        {
            "type": "referral",
            "has_referral": "yes",
            **_who(patient, message),
            **_patient(patient),
            **referrer,
            **asked_columns(message),
            **_payer(message),
            "extra.meant for": meant_for,
            **_agreed(message),
        }
    )


def _who(pid: Segment, message: Message) -> dict[str, str]:
    numbers, emails, _ = people.contacts(one for place in (13, 14, 40) for one in pid.repetitions(place))
    given, family, more = people.name_of(pid.repetitions(5))
    patient = Who(given=given, family=family, phones=numbers, emails=emails)
    contacts = list(_contacts(message))
    minor = referral.is_minor(pid.text(7), message.header.text(7))
    parent = next(
        (one for one, asks_for in contacts if asks_for and not (asks_for == "child" and minor is False)), None
    )
    others = (
        " ".join(filter(None, (c.named, *c.phones, *c.emails, c.relation))) for c, _ in contacts if c is not parent
    )
    asks_for = next((asks_for for one, asks_for in contacts if one is parent), "")
    return {
        **referral.who_columns(patient, parent, asks_for),
        "extra.other names": together((more, *map(people.spoken, pid.repetitions(9)))),
        "extra.reached": together(one.text(9) for place in (13, 14, 40) for one in pid.repetitions(place)),
        "extra.contacts": together(others),
    }


def _contacts(message: Message) -> Iterator[tuple[Who, str]]:
    """Next of kin and whoever pays, with whom they would ask for."""
    for name, who_at, phones, relation_at, house_at in (("NK1", 2, (5, 6, 40), 3, 13), ("GT1", 3, (6, 7), 11, 0)):
        for segment in message.all(name):
            relation = segment.first(relation_at)
            word, asks_for = referral.relation_of((relation.text(1), relation.text(2)))
            who = people.who(segment, who_at, phones, word or relation.coded())
            house = segment.text(house_at) if house_at else segment.text(21)
            if house and not who.named:
                who, asks_for = replace(who, name=house), ""
            if who.named or who.phones or who.emails:
                yield who, asks_for if who.named else ""


def _patient(pid: Segment) -> dict[str, str]:
    sex = pid.text(8).upper()
    return {
        "patient_birth_date": day(pid.text(7)),
        "sex": {"F": "female", "M": "male"}.get(sex, ""),
        "extra.sex": "" if sex in ("F", "M", "U", "") else sex,
        **people.address_columns(pid.repetitions(11)),
        "language": _language(pid),
        **referral.identifier_columns(_identifiers(pid)),
        **referral.deceased(day(pid.text(29)), died=pid.text(30) == "Y"),
    }


def _identifiers(pid: Segment) -> Iterator[Identifier]:
    """PID-3 says who gave each, and of what it is; PID-2 and PID-4 are from before there was room for several."""
    for place in (3, 2, 4):
        for one in pid.repetitions(place):
            system = " ".join(filter(None, (one.text(4), one.text(5).upper())))
            yield Identifier(one.text(1), system or ("" if place == 3 else f"PID-{place}"), one.text(5))


def _language(pid: Segment) -> str:
    said = pid.first(15)
    return said.text(2) or said.text(5) or said.text(1).lower()


def _payer(message: Message) -> dict[str, str]:
    told = [_insurance(one) for one in message.all("IN1")]
    first = told[0] if told else {}
    return first | {"extra.other coverage": together(", ".join(filter(None, one.values())) for one in told[1:])}


def _insurance(in1: Segment) -> dict[str, str]:
    kind = in1.first(15).coded()
    return {
        "payer": in1.text(4) or in1.text(2, 2) or in1.text(3),
        "plan": (in1.text(2, 2) if in1.text(4) else "") or kind,
        "extra.plan kind": kind,
        "extra.member id": in1.text(36) or in1.text(49),
        "extra.group": together((in1.text(8), in1.text(9))),
        "extra.insured": _insured(in1),
    }


def _insured(in1: Segment) -> str:
    """Whose insurance it is, where it is another's."""
    relation = in1.first(17)
    if relation.text(1).upper() in _SELVES:
        return ""
    given, family, _ = people.name_of(in1.repetitions(16))
    return " ".join(filter(None, (given, family, relation.coded())))


def _agreed(message: Message) -> dict[str, str]:
    """Z segments, of which only the two sites know what they mean; and segments that a referral seldom has."""
    found: dict[str, str] = {}
    for one in message.segments:
        says = [f"{n}: {raw}" for n, raw in enumerate(one.fields) if n and raw.strip() and raw != NULL]
        if one.name.startswith("Z") or (one.name not in _KNOWN and any(raw.strip() for raw in one.fields[2:])):
            said = "; ".join(says)[:_WITHIN]
            name = f"extra.{one.name}"
            found[name] = together((found.get(name, ""), said), "\n")
    return found
