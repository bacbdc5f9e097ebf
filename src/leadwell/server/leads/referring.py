"""Who refers whom, where a message says so in its words alone? (promises A3, B8)

Whoever writes is the referrer, whose mailbox and telephone are not the patient's; the patient is whom the words name.
Where they name nobody that can be read, nobody is known by them, so that the lead joins no other. A mail that does not
surely ask for its writer says so, and is never taken for what they asked before (`people.recognising.OF_WHOM`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from leadwell import reading
from leadwell.assessing.prepare import prepare
from leadwell.playbook import Playbook
from leadwell.reading.for_whom import of_own_kin, of_themselves, surely_for_themselves
from leadwell.reading.patient_named import SAID, Named, patient_named
from leadwell.reading.person_names import same_name
from leadwell.server.leads import names
from leadwell.server.leads.judging import Arrived
from leadwell.server.people.recognising import OF_WHOM

_REFERRER: Final = ("referrer_name", "referrer_email", "referrer_phone")
_PATIENT: Final = ("patient_full_name", "patient_first_name", "patient_last_name")
_OWN_NAMES: Final = ("full_name", "first_name", "last_name")
_KIN: Final = ("child", "spouse", "parent", "relative")
_SURELY: Final = ("patient",)  # the words that tell of a patient, whatever the writer says of themselves
_FURTHER: Final = re.compile(r"\b(?:one more|another|other|next|also|as well|otr[oa]|m[aá]s|tambi[eé]n)\b", re.I)
_NOT_TOLD: Final = "their mail does not say for sure whom they ask for"


def of_referrers(arrived: Sequence[Arrived], playbook: Playbook) -> list[Arrived]:
    """The same, where somebody refers with the writer as the referrer and whom they name as the patient."""
    named = {
        at: patient_named(one.columns, mailed=bool(one.senders)) for at, one in enumerate(arrived) if _is_open(one)
    }
    asked = [at for at, one in named.items() if one or arrived[at].senders]
    refers = _refer({at: arrived[at] for at in asked}, named, playbook) if asked else ()
    told = [_told(one, named[at]) if at in refers else one for at, one in enumerate(arrived)]
    return [_doubted(one, named.get(at)) for at, one in enumerate(told)]


def other_patient(columns: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Whether these words name a patient, and another than the one of a lead that is known."""
    patient, whose = names.whole(columns, "patient_"), names.whole(known, "patient_")
    named = None if patient else patient_named(columns, mailed=True)
    if not whose and known.get("referrer_name"):  # whom it names may be whom they had not named before
        return named is not None and _FURTHER.search(named.said) is not None
    if not whose and not patient and (of_themselves(columns) or of_own_kin(columns)):
        return False
    patient, whose = patient or (named.name if named else ""), whose or names.whole(known, "")
    return bool(patient and whose) and not same_name(patient, whose)


def but_the_referrers(known: Mapping[str, str], came: Mapping[str, str]) -> dict[str, str]:
    """What came later, without the name and addresses of which it is known that they are the referrer's."""
    ways = {"full_name": "name", "email": "email", "phone": "phone"}
    theirs = {name: known.get(f"referrer_{way}", "") for name, way in ways.items()}
    return {name: text for name, text in came.items() if not text or theirs.get(name, "") != text}


def _is_open(one: Arrived) -> bool:
    """Whether nothing says already who refers them."""
    return bool(one.senders) or not any(map(one.columns.get, (*_PATIENT, *_REFERRER)))


def _refer(arrived: Mapping[int, Arrived], named: Mapping[int, Named | None], playbook: Playbook) -> set[int]:
    """The places of those whose words are of somebody who refers; who asks for their own kin does not. A mail that
    calls somebody else its patient does, whatever else it says."""
    each = list(arrived.values())
    columns = dict.fromkeys(name for one in each for name in one.columns)
    texts = {name: [one.columns.get(name) for one in each] for name in columns}
    frame = pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String))
    read = reading.read(prepare(frame, playbook, as_of=each[0].received_at), playbook, reading.NEED)
    kind = pl.coalesce(pl.col("type").str.to_lowercase(), "read.type")
    said = zip(arrived, read.select(kind.alias("kind"), "read.asks_for").rows(), strict=True)
    return {
        at
        for at, (kind_, whom) in said
        if (whom not in _KIN and kind_ == "referral" and not _of_the_writer_alone(arrived[at], named[at]))
        or _of_a_patient(arrived[at], named[at], kin=whom in _KIN)
    }


def _of_the_writer_alone(one: Arrived, named: Named | None) -> bool:
    """Whether a mail tells of its writer's own body, and names nobody else: "Dr. Smith has referred me for my knee"."""
    return bool(one.senders) and named is None and of_themselves(one.columns) and surely_for_themselves(one.columns)


def _of_a_patient(one: Arrived, named: Named | None, *, kin: bool) -> bool:
    """Whether a mail is about another than its writer and theirs. Of whose daughter it speaks, "her daughter" says."""
    patient = named.name if named else one.columns.get(SAID, "") and names.whole(one.columns, "patient_")
    if not (one.senders and patient) or (kin and (of_own_kin(one.columns) or named is None)):
        return False
    family = names.whole(one.columns, "").rpartition(" ")[2]
    if patient.rpartition(" ")[2].lower() == family.lower():
        return False
    return named is None or named.group in _SURELY or not of_themselves(one.columns)


def _doubted(one: Arrived, named: Named | None) -> Arrived:
    """Said of a mail that may be about another than its writer, who stands there as whoever asks."""
    if not one.senders or not ({names.whole(one.columns, ""), one.columns.get("email", "")} - {""}).intersection(
        one.senders
    ):
        return one
    if names.whole(one.columns, "patient_") or (
        surely_for_themselves(one.columns) and (named is None or same_name(named.name, names.whole(one.columns, "")))
    ):
        return one
    return replace(one, columns={**one.columns, OF_WHOM: _NOT_TOLD})


def _told(one: Arrived, named: Named | None) -> Arrived:
    patient = names.whole(one.columns, "patient_")
    if same_name(patient or (named.name if named else ""), names.whole(one.columns, "")):
        return one  # they write of themselves
    told = dict(one.columns)
    if named is not None and not patient:
        told |= {"patient_full_name": named.name, SAID: named.said}
        if named.born:
            told.setdefault("patient_birth_date", named.born)
    told |= _of_the_writer(one)
    return replace(one, columns={name: text for name, text in told.items() if text})


def _of_the_writer(one: Arrived) -> dict[str, str]:
    """Their name and addresses in the columns of the referrer, and out of those of the patient."""
    return _of_the_sender(one) if one.senders else _of_the_form(one)


def _of_the_sender(one: Arrived) -> dict[str, str]:
    """Whoever mailed it; what its lines say of the patient stays where it is."""
    own, told = one.columns, dict[str, str]()
    name = names.whole(own, "")
    if name in one.senders:
        told |= dict.fromkeys(_OWN_NAMES, "")
    if own.get("email", "") in one.senders:
        told["email"] = ""
    outer = {way: next((s for s in one.senders if ("@" in s) is (way == "email")), "") for way in ("name", "email")}
    told["referrer_name"] = own.get("referrer_name") or (name if name in one.senders else outer["name"])
    told["referrer_email"] = own.get("referrer_email") or (own["email"] if "email" in told else outer["email"])
    return told


def _of_the_form(one: Arrived) -> dict[str, str]:
    """Whoever filled it in. Of a call or text nothing is moved: by its number it is known whose it is."""
    own = one.columns
    if one.spoken or not names.whole(own, ""):
        return {}
    moved = {"referrer_name": names.whole(own, "")}
    moved |= {f"referrer_{way}": own[way] for way in ("email", "phone") if own.get(way)}
    return dict.fromkeys((*_OWN_NAMES, "email", "phone"), "") | moved
