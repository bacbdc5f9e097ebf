"""A lead form of Google Ads is believed by its key alone, and each of its leads comes once. (promise A1)"""

import json
from typing import Any

import pytest
from django.test import Client

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.mending import accept_refused
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources.google_ads.adapter import read
from leadwell.server.leads.models import Lead

pytestmark = pytest.mark.django_db(databases="__all__")

KEY = "otter-lantern-58"


@pytest.fixture
def source(lakeside: Clinic) -> Source:
    return add_source(lakeside.organization, "google-ads", "Knee ads", {"secrets": [KEY]})


def _told(*answers: tuple[str, str], **more: Any) -> dict[str, Any]:
    columns = [{"column_id": column, "string_value": text} for column, text in answers]
    return {"lead_id": "L1", "google_key": KEY, "campaign_id": 7, "user_column_data": columns} | more


def _leads(told: Any, **settings: Any) -> list[dict[str, str]]:
    reading = read(Sent(json.dumps(told).encode(), "application/json", {}), settings)
    return [dict(one) for one in reading.leads]


def _post(client: Client, source: Source, told: Any) -> int:
    return client.post(f"/in/{source.handle}", told, content_type="application/json").status_code


def test_its_usual_questions_are_our_columns_and_its_own_keep_their_words() -> None:
    told = _told(("FULL_NAME", "Ana"), ("PHONE_NUMBER", "1"), ("WORK_PHONE", "2"), ("which_knee?", "left"), gcl_id="g")
    assert _leads(told) == [
        {"source": "Google Ads", "full_name": "Ana", "phone": "1", "phone_2": "2", "extra.which knee?": "left",
         "extra.lead id": "L1", "campaign": "7", "extra.gclid": "g"}
    ]  # fmt: skip


def test_a_mapping_says_what_a_question_means() -> None:
    assert _leads(_told(("which_knee?", "left")), mapping={"which knee?": "message"})[0]["message"] == "left"


def test_two_answers_to_one_question_are_both_kept() -> None:
    lead = _leads(_told(("FULL_NAME", "Ana"), ("tried?", "pills"), ("tried?", "rest"), ("EMAIL", "a"), ("EMAIL", "b")))[
        0
    ]
    assert {"pills", "rest", "a", "b"} <= set(lead.values())


@pytest.mark.parametrize("told", [[], "x", {"user_column_data": [{"column_id": "EMAIL"}]}, {"user_column_data": {}}])
def test_what_says_nothing_is_to_be_mended(told: Any) -> None:
    assert read(Sent(json.dumps(told).encode(), "application/json", {}), {}).problem


@pytest.mark.parametrize("key", [None, "", 5, KEY + "x", "ñ", [KEY]])
def test_another_key_is_refused_and_can_be_taken_in_after_all(
    client: Client, source: Source, lakeside: Clinic, key: Any
) -> None:
    assert _post(client, source, _told(("EMAIL", "ana@example.com"), google_key=key)) == 401
    drain()
    assert (Submission.objects.get().state, Lead.objects.count()) == (State.REFUSED, 0)
    accept_refused(lakeside.number, [Submission.objects.get().pk])
    assert _post(client, source, _told(("EMAIL", "ana@example.com"))) == 200
    drain()
    assert Lead.objects.count() == 1


def test_a_test_is_no_lead_and_waits_for_nobody(client: Client, source: Source) -> None:
    assert _post(client, source, _told(("EMAIL", "test@example.com"), is_test=True)) == 200
    drain()
    assert (Submission.objects.get().state, Lead.objects.count()) == (State.NOT_A_LEAD, 0)
    assert "Send test data" in Submission.objects.get().problem


def test_its_page_says_how_it_is_set_up_and_that_nothing_is_believed_without_a_key(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "google-ads", "Knee ads")
    page = browser(lakeside.organization, "manager").get(f"/sources/{source.pk}").content.decode()
    assert all(words in page for words in ("Webhook integration", f"/in/{source.handle}", "is refused", "New key"))
