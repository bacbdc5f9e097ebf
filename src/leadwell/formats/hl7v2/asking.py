"""What is asked for, why, how soon, and what was written and measured beside it? RF1, PR1, OBR, DG1, NTE, OBX."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from leadwell.formats import referral
from leadwell.formats.hl7v2 import people
from leadwell.formats.hl7v2.dates import day
from leadwell.formats.hl7v2.message import Field, Message, Segment
from leadwell.formats.referral import together

_DOCUMENTS: Final = ("ED", "RP")
_CODED: Final = ("CE", "CWE", "CNE", "CF")
_PLAIN: Final = ("", "ST", "TX", "FT", "NM", "DT", "TM", "TS", "DTM", "IS", "ID", "SI")
_STRUCK: Final = ("D", "W")  # deleted, wrong (table 0085)
_DELETED: Final = "D"  # of a diagnosis (table 0206)


def asked_columns(message: Message) -> dict[str, str]:
    rf1 = message.first("RF1")
    kinds = [one.coded() for one in rf1.repetitions(3)]
    authorized = (" ".join(filter(None, (a.text(1), a.text(6)))) for a in message.all("AUT"))
    return {
        "referral_service": together(_services(message)) or together(kinds),
        "referral_reason": together(_reasons(message), "\n"),
        "timeline": _urgency(message),
        "extra.referral type": together(kinds),
        "extra.priority": rf1.first(2).coded(),
        "extra.category": rf1.first(5).coded(),
        "extra.codes": together(_codes(message)),
        "extra.referral number": together((rf1.text(6), rf1.text(11))),
        "extra.effective": day(rf1.text(7)),
        "extra.expires": day(rf1.text(8)),
        "extra.authorization": together(authorized),
        "extra.allergies": together(", ".join(filter(None, _allergy(one))) for one in message.all("AL1")),
        "extra.ordered by": together(_ordered_by(message)),
        "extra.attachments": together(_attached(message)),
    }


def _services(message: Message) -> Iterator[str]:
    for pr1 in message.all("PR1"):
        yield together((pr1.first(3).coded(), pr1.text(4)), ": ") if pr1.text(3, 2) else pr1.text(4) or pr1.text(3)
    yield from (obr.first(4).coded() for obr in _orders(message))


def _orders(message: Message) -> Iterator[Segment]:
    """Without what was observed: that says when."""
    return (obr for obr in message.all("OBR") if not (obr.text(7) or obr.text(22) or obr.text(25)))


def _urgency(message: Message) -> str:
    """Of the referral; where it says none, of what is ordered."""
    said = message.first("RF1").first(2)
    ordered = (code for obr in _orders(message) for code in (obr.text(5), obr.text(27, 6)))
    timed = (tq1.text(9) for tq1 in message.all("TQ1"))
    codes = (said.text(1), said.text(2)) if said.coded() else (*ordered, *timed)
    return next(filter(None, map(referral.urgency, codes)), "")


def _reasons(message: Message) -> Iterator[str]:
    yield from (one.coded() for one in message.first("RF1").repetitions(10))
    for diagnosis in _diagnoses(message):
        yield together((diagnosis.text(3, 2), diagnosis.text(4)), ": ") or diagnosis.first(3).coded()
    yield message.first("PV2").first(3).coded()
    yield message.first("PV2").words(12)
    ordered = {id(obr) for obr in _orders(message)}
    for segment in message.segments:
        if segment.name == "NTE":
            yield segment.words(3)
        elif segment.name == "OBR":
            yield together(map(_said, segment.repetitions(13)), "\n")
            yield from (one.coded() for one in segment.repetitions(31) if id(segment) in ordered)
        elif segment.name == "OBX" and segment.text(11) not in _STRUCK:
            yield _letter(segment) or _observed(segment)


def _diagnoses(message: Message) -> Iterator[Segment]:
    return (one for one in message.all("DG1") if one.text(21) != _DELETED)


def _said(field: Field) -> str:
    """Text up to 2.6, a coded element with its text from 2.7 on."""
    return field.coded() if field.text(2) or field.text(9) else field.whole


def _observed(obx: Segment) -> str:
    if obx.text(2) in _DOCUMENTS:
        return ""
    return ": ".join(filter(None, (obx.first(3).coded(), _value(obx))))


def _value(obx: Segment) -> str:
    type_, values = obx.text(2), obx.repetitions(5)
    if type_ in _PLAIN:
        said = obx.words(5)
    elif type_ in _CODED:
        said = together(one.coded() for one in values)
    else:
        said = together(" ".join(filter(None, (one.text(n + 1) for n in range(len(one.components))))) for one in values)
    return " ".join(filter(None, (said, obx.first(6).coded())))


def _attached(message: Message) -> Iterator[str]:
    """What is within the message is kept with it; here it is named."""
    for obx in message.all("OBX"):
        if obx.text(2) in _DOCUMENTS:
            value = obx.first(5)
            kinds = filter(None, (value.text(2), value.text(3))) if obx.text(2) == "ED" else (value.text(1),)
            yield " ".join(filter(None, (obx.first(3).coded(), *kinds)))


def _letter(obx: Segment) -> str:
    """A document within the message that is plain text."""
    value = obx.first(5)
    if obx.text(2) != "ED" or value.text(2).lower() != "text" or value.text(3).lower() not in ("", "plain"):
        return ""
    if value.text(4).lower() != "base64":
        return value.text(5)
    try:
        return base64.b64decode(value.text(5)).decode(obx.codec, errors="replace").strip()
    except (binascii.Error, ValueError):
        return ""


def _codes(message: Message) -> Iterator[str]:
    """As `I10 M17.11`, beside the words."""
    coded = [(one, said.text(4)) for said in _diagnoses(message) for one in said.repetitions(3)]
    coded += [(pr1.first(3), pr1.text(4)) for pr1 in message.all("PR1")]
    coded += [(obr.first(4), "") for obr in _orders(message)]
    coded += [(one, "") for one in message.first("RF1").repetitions(10)]
    for one, described in coded:
        for code, words, system in ((1, 2, 3), (4, 5, 6)):
            if one.text(code) and (one.text(words) or described):
                yield " ".join(filter(None, (one.text(system), one.text(code))))


def _allergy(al1: Segment) -> tuple[str, str]:
    return al1.first(3).coded(), together(one.text(1) for one in al1.repetitions(5))


def _ordered_by(message: Message) -> Iterator[str]:
    """Who stands on the order, with the number under which they are called back."""
    for name, at, phone_at in (("ORC", 12, 14), ("OBR", 16, 17)):
        for segment in message.all(name):
            phones, emails, _ = people.contacts(segment.repetitions(phone_at))
            who = together(map(people.numbered, segment.repetitions(at)))
            yield " ".join(filter(None, (who, *phones, *emails)))
