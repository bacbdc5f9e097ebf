"""What does a hospital's HL7 v2 message become? A referral, or what comes later to one that it sent before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadwell.formats import hl7v2
from leadwell.server.consent.models import Way
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.leads.joining import Later

MEDIA_TYPE: Final = "application/hl7-v2"
_AGAIN: Final = Later(event="referral.changed", way=Way.MESSAGE, part=True, restates=True)
_WITHDRAWN: Final = Later(event="referral.withdrawn", way=Way.MESSAGE, part=True, restates=True)
_QUESTION: Final = "asks how a referral stands"


def _beside_it(stands: Mapping[str, str], came: Mapping[str, str]) -> Mapping[str, str]:
    """Of a question: what is said beside it."""
    said = came.get("referral_reason", "")
    return {"message": said} if said and said != stands.get("referral_reason") else {}


_QUESTIONED: Final = Later(event="referral.questioned", way=Way.MESSAGE, part=True, restates=True, taken=_beside_it)


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    if not hl7v2.batch_of(sent.body).messages:
        return Reading(not_a_lead="a batch without messages")
    told = hl7v2.read(sent.body)
    if told.code == "AR":
        return Reading(not_a_lead=told.problem) if told.message else Reading(problem=told.problem)
    if told.problem:
        return Reading(problem=told.problem)
    if told.is_trial:
        return Reading(not_a_lead="a message to try or to train with (MSH-11)")
    asks, cancels = told.change == "status", told.change == "cancel"
    if asks and not told.columns:
        return Reading(not_a_lead=_QUESTION)
    names = tuple(filter(None, (name_of(told, settings),)))
    return Reading(
        leads=(told.columns,),
        names=names,
        answers=names,
        proven=True,
        numbered=True,
        later=_WITHDRAWN if cancels else _QUESTIONED if asks else _AGAIN,
        alone=_QUESTION if asks else "",
        only_danger=asks,
        orphan="it takes back a referral that has not come" if cancels else "",
    )


def name_of(told: hl7v2.Read, settings: Mapping[str, Any]) -> str:
    """Of the referral, within its source: another hospital's of the same number is another."""
    return f"hl7v2 {settings.get('source', '')} {told.name}" if told.name else ""
