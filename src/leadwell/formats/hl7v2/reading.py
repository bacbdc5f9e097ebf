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
from leadwell.formats.hl7v2.message import Message, NotHl7, Segment, message_of
from leadwell.formats.referral import Who, together

Change = Literal["", "new", "modify", "cancel", "status"]
Code = Literal["AA", "AE", "AR"]
_CHANGES: Final[dict[str, Change]] = {"I12": "new", "I13": "modify", "I14": "cancel", "I15": "status"}
_KNOWN_BY: Final = re.compile(r"[A-Z0-9]{3}")
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
    referrer, meant_for = people.providers(message.all("PRD"))
    return referral.said(
        {
            "type": "referral",
            "has_referral": "yes",
            **_who(patient, message),
            **_patient(patient),
            **referrer,
            **_asked(message),
            **_payer(message),
            "extra.meant for": meant_for,
            "extra.attachments": together(_attached(message)),
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
        "extra.other names": more,
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
        "patient_birth_date": _day(pid.text(7)),
        "sex": {"F": "female", "M": "male"}.get(sex, ""),
        "extra.sex": "" if sex in ("F", "M", "U", "") else sex,
        **people.address_columns(pid.repetitions(11)),
        "language": _language(pid),
        "extra.patient identifiers": together(one.text(1) for one in (*pid.repetitions(3), *pid.repetitions(2))),
        "extra.deceased": "yes" if pid.text(30) == "Y" else "",
    }


def _language(pid: Segment) -> str:
    said = pid.first(15)
    return said.text(2) or said.text(5) or said.text(1).lower()


def _asked(message: Message) -> dict[str, str]:
    rf1 = message.first("RF1")
    procedures = [pr1.first(3).coded() or pr1.text(4) for pr1 in message.all("PR1")]
    ordered = [obr.first(4).coded() for obr in message.all("OBR") if not _is_result(obr)]
    kinds = [one.coded() for one in rf1.repetitions(3)]
    authorized = (" ".join(filter(None, (a.text(1), a.text(6)))) for a in message.all("AUT"))
    return {
        "referral_service": together((*procedures, *ordered)) or together(kinds),
        "referral_reason": together(_reasons(message), "\n"),
        "timeline": referral.urgency(rf1.text(2)),
        "extra.referral type": together(kinds),
        "extra.priority": rf1.first(2).coded(),
        "extra.category": rf1.first(5).coded(),
        "extra.referral number": together((rf1.text(6), rf1.text(11))),
        "extra.effective": _day(rf1.text(7)),
        "extra.expires": _day(rf1.text(8)),
        "extra.authorization": together(authorized),
        "extra.allergies": together(one.first(3).coded() for one in message.all("AL1")),
    }


def _is_result(obr: Segment) -> bool:
    """What was observed, and not what is asked for: it says when."""
    return bool(obr.text(7) or obr.text(22) or obr.text(25))


def _reasons(message: Message) -> Iterator[str]:
    yield from (one.coded() for one in message.first("RF1").repetitions(10))
    for diagnosis in message.all("DG1"):
        yield together((diagnosis.text(3, 2), diagnosis.text(4)), ": ") or diagnosis.text(3)
    yield message.first("PV2").first(3).coded()
    for segment in message.segments:
        if segment.name == "NTE":
            yield segment.words(3)
        elif segment.name == "OBR" and not _is_result(segment):
            yield from (one.coded() for one in segment.repetitions(31))
        elif segment.name == "OBX" and segment.text(2) not in ("ED", "RP"):
            yield ": ".join(filter(None, (segment.first(3).coded(), _value(segment))))


def _value(obx: Segment) -> str:
    coded = obx.text(2) in ("CE", "CWE", "CNE")
    said = together(one.coded() for one in obx.repetitions(5)) if coded else obx.words(5)
    return " ".join(filter(None, (said, obx.first(6).coded())))


def _attached(message: Message) -> Iterator[str]:
    """What is within the message is kept with it; here it is named."""
    for obx in message.all("OBX"):
        if obx.text(2) in ("ED", "RP"):
            value = obx.first(5)
            kinds = filter(None, (value.text(2), value.text(3))) if obx.text(2) == "ED" else (value.text(1),)
            yield " ".join(filter(None, (obx.first(3).coded(), *kinds)))


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
    }


def _agreed(message: Message) -> dict[str, str]:
    """Z segments, of which only the two sites know what they mean."""
    found: dict[str, str] = {}
    for one in message.segments:
        if one.name.startswith("Z"):
            said = "; ".join(f"{n}: {raw}" for n, raw in enumerate(one.fields) if n and raw.strip())[:_WITHIN]
            name = f"extra.{one.name}"
            found[name] = together((found.get(name, ""), said), "\n")
    return found


def _day(said: str) -> str:
    """A time of HL7 as `2009-03-14`, or as much of it as is said."""
    digits = said[:8]
    if not digits.isdigit() or len(digits) not in (4, 6, 8):
        return said
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:8]) if part)
