"""What did somebody answer in a lead form of Google Ads? One delivery is one lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from leadwell import contract
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.api.adapter import not_json
from leadwell.server.intake.sources.fields import in_words
from leadwell.server.intake.sources.questions import Answer, reading

TEST: Final = "a test: somebody pressed “Send test data” in Google Ads"

_USUAL: Final = {
    "FULL_NAME": ("full_name",),
    "FIRST_NAME": ("first_name",),
    "LAST_NAME": ("last_name",),
    "EMAIL": ("email",),
    "WORK_EMAIL": ("email",),
    "PHONE_NUMBER": ("phone", "phone_2"),
    "WORK_PHONE": ("phone", "phone_2"),
    "STREET_ADDRESS": ("address",),
    "CITY": ("city",),
    "REGION": ("state",),
    "POSTAL_CODE": ("zip",),
    "COMPANY_NAME": ("organization",),
}
_OF_THE_AD: Final = {
    "campaign_id": "campaign",
    "form_id": "form",
    "gcl_id": "extra.gclid",
    "lead_submit_time": "received_at",
}
_READ: Final = ("user_column_data", "google_key", "is_test", "api_version")
_NONE: Final = ("", "0")  # an id that is none


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings["mapping"]`: question or column id -> column."""
    try:
        told = orjson.loads(sent.body)
    except orjson.JSONDecodeError as error:
        return Reading(problem=not_json(error))
    if not isinstance(told, dict):
        return Reading(problem="not a JSON object, as Google sends one")
    if is_true(told.get("is_test")):
        return Reading(not_a_lead=TEST)
    given = told.get("user_column_data")
    if not isinstance(given, list):
        return Reading(problem="it holds no answers (user_column_data)")
    answers = [_answer(one) for one in given if isinstance(one, dict)]
    more = {name: value for name, value in told.items() if name not in _READ}
    return reading(answers, _USUAL, settings, more, _of_the_ad, "user_column_data")


def is_true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _answer(one: Mapping[str, Any]) -> Answer:
    column, name, text = (one.get(key) for key in ("column_id", "column_name", "string_value"))
    column = str(column or "")
    return Answer(column.upper(), str(name or "") or column.replace("_", " "), in_words(text))


def _of_the_ad(more: Mapping[str, str]) -> dict[str, str]:
    told = {name: text for name, text in more.items() if text not in _NONE}
    called = {_OF_THE_AD.get(name, contract.EXTRA_PREFIX + name.replace("_", " ")): text for name, text in told.items()}
    return {"source": "Google Ads", **called}
