"""What did somebody answer in a lead form of Facebook or Instagram? A notice names it; Meta is asked for the rest.

What is read is the answer, `{"lead": …, "form": …}` as the Graph API gives each. A notice alone awaits it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from leadwell import contract
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.api.adapter import not_json
from leadwell.server.intake.sources.fields import in_words
from leadwell.server.intake.sources.questions import Answer, reading

AWAITS: Final = "the answers, for which Meta is asked"
TEST: Final = "a test of Meta's: dummy data in each answer"
TEST_NOTICE: Final = "a test of Meta's: a notice of no lead"
SEVERAL: Final = "a notice of several leads, as it was signed: each of them is kept by itself"

_DUMMY: Final = re.compile(r"<test lead: dummy data for [^>]*>")
_NOBODYS: Final = ("test@meta.com", "test@fb.com")
LEAD: Final = "leadgen"
_ID: Final = re.compile(r"\d{1,30}", re.ASCII)
_NOTHING: Final = re.compile(r"4{9,}")  # the ids of “Test” in an app's dashboard
_CHOICE: Final = re.compile(r"\S*_\S*")  # an answer of a list, as it is called inside: "both_knees"

_PHONE: Final = ("phone", "phone_2")
_USUAL: Final = {
    "FULL_NAME": ("full_name",), "FIRST_NAME": ("first_name",), "LAST_NAME": ("last_name",),
    "EMAIL": ("email",), "WORK_EMAIL": ("email",),
    "PHONE": _PHONE, "PHONE_NUMBER": _PHONE, "WORK_PHONE_NUMBER": _PHONE,
    "STREET_ADDRESS": ("address",), "CITY": ("city",), "STATE": ("state",), "PROVINCE": ("state",),
    "ZIP": ("zip",), "ZIP_CODE": ("zip",), "POST_CODE": ("zip",),
    "DOB": ("birth_date",), "DATE_OF_BIRTH": ("birth_date",), "GENDER": ("sex",),
    "COMPANY_NAME": ("organization",),
}  # fmt: skip
_PLATFORMS: Final = {"fb": "Facebook", "ig": "Instagram"}
_READ: Final = ("field_data", "created_time", "platform", "campaign_name", "form_id")


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings["mapping"]`: question or its key -> column."""
    try:
        told = orjson.loads(sent.body)
    except orjson.JSONDecodeError as error:
        return Reading(problem=not_json(error))
    if not isinstance(told, dict):
        return Reading(problem="not a JSON object, as Meta sends one")
    if "entry" in told:
        return _notice(told)
    lead, form = told.get("lead", told), told.get("form")
    if not isinstance(lead, dict) or not lead.get("id"):
        return Reading(problem="neither a notice of Meta's nor a lead with its answers (field_data)")
    if not isinstance(lead.get("field_data"), list):
        return Reading(awaits=AWAITS)
    return _lead(lead, form if isinstance(form, dict) else {}, settings)


def changes(told: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """Of a notice: entry, change, and the id of the lead that it tells of, '' where it tells of something else."""
    for entry in _dicts(told.get("entry") if isinstance(told, dict) else None):
        for change in _dicts(entry.get("changes")):
            value = change.get("value")
            number = value.get("leadgen_id") if isinstance(value, dict) and change.get("field") == LEAD else None
            said = str(number) if isinstance(number, str | int) else ""
            yield entry, change, said if _ID.fullmatch(said) else ""


def named_in(told: Any) -> list[str]:
    """The ids of the leads that a notice tells of, once each; '' for one that it does not name."""
    return list(dict.fromkeys(number for _, change, number in changes(told) if change.get("field") == LEAD))


def lead_of(sent: Sent) -> str:
    """The id of the lead of which Meta is to be asked; '' where it names none."""
    try:
        told = orjson.loads(sent.body)
    except orjson.JSONDecodeError:
        return ""
    lead = told.get("lead") if isinstance(told, dict) else None
    if isinstance(lead, dict):
        return str(lead.get("id") or "")
    return next((number for _, _, number in changes(told) if number), "")


def _notice(told: dict[str, Any]) -> Reading:
    numbers = named_in(told)
    if not numbers:
        return Reading(not_a_lead="a notice of something else than a lead")
    if len(numbers) > 1:
        return Reading(not_a_lead=SEVERAL)
    if not numbers[0]:
        return Reading(problem="a notice of a lead that does not name it (leadgen_id)")
    return Reading(not_a_lead=TEST_NOTICE) if _NOTHING.fullmatch(numbers[0]) else Reading(awaits=AWAITS)


def _lead(lead: Mapping[str, Any], form: Mapping[str, Any], settings: Mapping[str, Any]) -> Reading:
    questions = {str(one.get("key")): one for one in _dicts(form.get("questions"))}
    answers = [_answer(one, questions.get(str(one.get("name")), {})) for one in _dicts(lead["field_data"])]
    if any(_DUMMY.search(one.text) or one.text in _NOBODYS for one in answers):
        return Reading(not_a_lead=TEST)
    more = {name: value for name, value in lead.items() if name not in _READ}
    return reading(
        answers, _USUAL, settings, more, lambda more: {**_of_the_ad(lead, form), **_more(more)}, "field_data"
    )


def _answer(one: Mapping[str, Any], question: Mapping[str, Any]) -> Answer:
    name, values = str(one.get("name") or ""), one.get("values")
    kind = str(question.get("type") or "")
    known = next((code for code in (kind.upper(), name.upper()) if code in _USUAL), "")
    given = [text for value in (values if isinstance(values, list) else [values]) if (text := in_words(value))]
    options = {str(each.get("key")): str(each.get("value")) for each in _dicts(question.get("options"))}
    texts = given if known else [options.get(text) or _plain(text) for text in given]
    label = str(question.get("label") or "") or name.replace("_", " ")
    return Answer(known or name, label, "; ".join(text for text in texts if text))


def _plain(text: str) -> str:
    return text.replace("_", " ") if _CHOICE.fullmatch(text) and "@" not in text and "://" not in text else text


def _of_the_ad(lead: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, str | None]:
    platform = str(lead.get("platform") or "")
    return {
        "received_at": _moment(lead.get("created_time")),
        "source": _PLATFORMS.get(platform, platform),
        "campaign": str(lead.get("campaign_name") or ""),
        "form": str(form.get("name") or lead.get("form_id") or ""),
    }


def _more(more: Mapping[str, str]) -> dict[str, str]:
    called = {"id": "lead id"}
    return {contract.EXTRA_PREFIX + called.get(name, name.replace("_", " ")): text for name, text in more.items()}


def _moment(text: Any) -> str:
    """Meta writes its hours without a colon: 2026-11-23T15:04:00+0000; in a notice, seconds since 1970."""
    try:
        if isinstance(text, int):
            return datetime.fromtimestamp(text, UTC).isoformat()
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S%z").isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
