"""What is a sender told? RRI where a referral came whole, else ACK; in the sender's delimiters, each time the same.

AA: it is kept. AE: kept, and somebody has to mend it first. AR: no HL7, or nothing that we take. (table 0008)
A sender that fills MSH-15 or MSH-16 (enhanced mode, table 0155) is told of the keeping first: CA, or CR of what we do
not take.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from leadwell.formats.hl7v2.message import Message, Segment, Signs, escaped
from leadwell.formats.hl7v2.reading import Read

PENDING: Final = "P"
_VERSIONED: Final = ("2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2")
_ERRORS: Final = {"AE": "100^Segment sequence error^HL70357", "AR": "207^Application internal error^HL70357"}
_UNSUPPORTED: Final = "200^Unsupported message type^HL70357"
_REQUIRED: Final = "101^Required field missing^HL70357"
_CONDITIONS: Final = ("AL", "NE", "ER", "SU")
_COMMITS: Final = {"AA": "CA", "AE": "CA", "AR": "CR"}


def answer(told: Read, *, number: str, at: datetime, status: str = PENDING, says: str = "") -> bytes:
    """`number`: ours for the answer, MSH-10; `status`: of the referral, table 0283; `says`: of it, in words. b"" where
    the sender wants to be told nothing."""
    wanted, message = _wanted(told), told.message
    if not wanted:
        return b""
    signs = message.signs if message else Signs()
    commits = wanted == "accept"
    whole = message is not None and told.change and message.has("PRD") and message.has("PID") and not commits
    code = _COMMITS[told.code] if commits else told.code
    segments = [_header(told, signs, number, at, response=bool(whole)), _acknowledged(told, code, signs, says)]
    if code not in ("AA", "CA"):
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


def _wanted(told: Read) -> Literal["", "accept", "application"]:
    """Which of the two acknowledgements goes back on this connection. Where both are wanted it is that of the keeping,
    but of a question its answer."""
    header = told.message.header if told.message else None
    said = [header.text(place).upper() for place in (15, 16)] if header else ["", ""]
    accept, application = (one if one in _CONDITIONS else "" for one in said)
    if not accept and not application:
        return "application"  # original mode
    kept, done = _holds(accept, well=told.code != "AR"), _holds(application, well=told.code == "AA")
    if done and (told.change == "status" or not kept):
        return "application"
    return "accept" if kept else ""


def _holds(condition: str, *, well: bool) -> bool:
    return condition in ("AL", "SU" if well else "ER")


def _acknowledged(told: Read, code: str, signs: Signs, says: str) -> str:
    given = told.message.header.raw(10) if told.message else ""
    words = says or ("" if code == "CA" else told.problem)
    return signs.field.join(("MSA", code, given, escaped(words, signs))).rstrip(signs.field)


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
