"""What is a sender told? RRI where a referral came whole, else ACK; in the sender's delimiters, each time the same.

AA: it is kept. AE: kept, and somebody has to mend it first. AR: no HL7, or nothing that we take. (table 0008)
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from leadwell.formats.hl7v2.message import Message, Segment, Signs, escaped
from leadwell.formats.hl7v2.reading import Read

PENDING: Final = "P"
_VERSIONED: Final = ("2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2")
_ERRORS: Final = {"AE": "100^Segment sequence error^HL70357", "AR": "207^Application internal error^HL70357"}
_UNSUPPORTED: Final = "200^Unsupported message type^HL70357"
_REQUIRED: Final = "101^Required field missing^HL70357"


def answer(told: Read, *, number: str, at: datetime, status: str = PENDING, says: str = "") -> bytes:
    """`number`: ours for the answer, MSH-10; `status`: of the referral, table 0283; `says`: of it, in words."""
    message = told.message
    signs = message.signs if message else Signs()
    whole = message is not None and told.change and message.has("PRD") and message.has("PID")
    segments = [_header(told, signs, number, at, response=bool(whole)), _acknowledged(told, signs, says)]
    if told.code != "AA":
        segments.append(_error(told, signs))
    if message is not None and whole:
        segments += [_status(message, status), *_raw(message, "PRD"), *_raw(message, "PID")[:1]]
    codec = message.header.codec if message else "utf-8"
    return ("\r".join(filter(None, segments)) + "\r").encode(codec, errors="replace")


def _header(told: Read, signs: Signs, number: str, at: datetime, *, response: bool) -> str:
    given = told.message.header if told.message else Segment("MSH", ("MSH",), signs, "utf-8")
    event = given.text(9, 2)
    parts = ["RRI", event, "RRI_I12"] if response else ["ACK", event, "ACK"] if told.change else ["ACK"]
    version = given.raw(12) or "2.5.1"
    fields = [
        "MSH", signs.encoding, given.raw(5) or "LEADWELL", given.raw(6), given.raw(3), given.raw(4),
        at.strftime("%Y%m%d%H%M%S%z"), "", signs.component.join(parts), number, given.raw(11) or "P", version,
        "", "", "", "", "", given.raw(18),
    ]  # fmt: skip
    return signs.field.join(fields).rstrip(signs.field)


def _acknowledged(told: Read, signs: Signs, says: str) -> str:
    given = told.message.header.raw(10) if told.message else ""
    return signs.field.join(("MSA", told.code, given, escaped(says or told.problem, signs))).rstrip(signs.field)


def _error(told: Read, signs: Signs) -> str:
    """ERR as it is from 2.5 on; before, MSA-3 says it."""
    version = told.message.header.text(12) if told.message else "2.5.1"
    if version not in _VERSIONED:
        return ""
    code = (
        _UNSUPPORTED
        if told.message and told.code == "AR"
        else _REQUIRED
        if "PID-5" in told.problem
        else _ERRORS[told.code]
    )
    coded = code.replace("^", signs.component)
    return signs.field.join(("ERR", "", "", coded, "E", "", "", "", escaped(told.problem, signs)))


def _status(message: Message, status: str) -> str:
    """RF1 as it came, with how the referral stands."""
    if not message.has("RF1"):
        return ""
    fields = list(message.first("RF1").fields)
    fields += [""] * (2 - len(fields))
    fields[1] = status
    return message.signs.field.join(fields)


def _raw(message: Message, name: str) -> list[str]:
    return [message.signs.field.join(one.fields).replace("\n", " ") for one in message.all(name)]
