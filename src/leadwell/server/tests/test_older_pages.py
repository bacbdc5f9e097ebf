"""A page that was opened before the words came clears no danger, and overrules no colleague without a word. (promises
C18, E27)"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from leadwell.server.calls.models import Attempt
from leadwell.server.conftest import Clinic, browser, member
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import asked_again, words_since
from leadwell.server.outcomes.models import Outcome
from leadwell.server.reviewing.queries import danger
from leadwell.server.worklist.actions import take
from leadwell.server.worklist.models import Lane, Waiting

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.anew, pytest.mark.usefixtures("from_noon_on")]

KNEE = {"full_name": "Sample Person", "phone": "312-555-0147", "email": "sample@example.com", "zip": "60601",
        "message": "I need a knee replacement in Evanston within two weeks"}  # fmt: skip
CHEST, WORSE = "I have chest pain since an hour, and my knee", "Now I want to kill myself because of the knee"


@pytest.fixture
def dana(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "coordinator")


def _wrote(clinic: Clinic, message: str = KNEE["message"]) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(KNEE | {"message": message}))])
    drain()
    return Lead.objects.of(clinic.number).get()


def _form(client: Client, page: str, action: str) -> tuple[str, dict[str, str]]:
    """Where the form of a page that ends so goes to, and what it carries without a word of whoever looks at it."""
    soup = BeautifulSoup(client.get(page).content, "html.parser")
    form = next(one for one in soup.find_all("form") if str(one["action"]).endswith(action))
    hidden = {str(one["name"]): str(one.get("value", "")) for one in form.find_all("input", type="hidden")}
    return str(form["action"]), hidden


def _stands(lead: Lead) -> bool:
    """Whether its danger waits still: on Review, and on the worklist."""
    unseen = danger(lead.organization_id, seen=False).filter(pk=lead.pk).exists()
    return unseen and Waiting.objects.get(lead=lead.pk).lane == Lane.SAFETY


def _opened(client: Client, lead: Lead, what: str) -> Callable[[], Any]:
    """Opens the page on which this is said, and says it there once it is called."""
    page, action, more = {
        "outcome": (f"/leads/{lead.pk}", "/outcome", {"became": "no-response"}),
        "booked": (f"/leads/{lead.pk}", "/outcome", {"became": "booked"}),
        "answered": (f"/leads/{lead.pk}", "/answered", {}),
        "call": (f"/leads/{lead.pk}/call", "/call/end", {"result": "reached"}),
    }[what]
    where, hidden = _form(client, page, action)
    return lambda: client.post(where, hidden | more, follow=True)


@pytest.mark.parametrize("what", ["outcome", "booked", "answered", "call"])
def test_an_older_page_does_not_clear_danger_that_came_since(lakeside: Clinic, dana: Client, what: str) -> None:
    lead = _wrote(lakeside)
    take(member(lakeside.organization, "coordinator"), lead.pk)
    older = _opened(dana, lead, what)
    _wrote(lakeside, CHEST)
    answer = older().content.decode()
    lead.refresh_from_db()
    assert (_stands(lead), lead.answered_at) == (True, None)
    assert "While you were here they wrote:" in answer
    assert CHEST in answer
    assert "waits still. Look at it." in answer
    assert Outcome.objects.count() + Attempt.objects.count() + Event.objects.filter(name="lead.answered").count() == 1
    again = _opened(dana, lead, what)()  # its page shows the words now
    assert not _stands(lead)
    assert "While you were here" not in again.content.decode()


def test_a_call_that_was_begun_before_the_words_does_not_answer_them(lakeside: Clinic, dana: Client) -> None:
    lead = _wrote(lakeside)
    dana.post(f"/leads/{lead.pk}/call/begin")
    older = _opened(dana, lead, "call")
    _wrote(lakeside, CHEST)
    assert CHEST in older().content.decode()
    assert (Attempt.objects.get().result, _stands(lead)) == ("reached", True)


def test_words_that_two_older_pages_did_not_show_are_told_still(lakeside: Clinic, dana: Client) -> None:
    lead = _wrote(lakeside)
    older = (_opened(dana, lead, "call"), _opened(browser(lakeside.organization, "manager"), lead, "outcome"))
    _wrote(lakeside, CHEST)
    for say in older:
        say()
        assert _stands(lead)
        assert words_since(lakeside.number, asked_again(lakeside.number, [lead.pk])) == {lead.pk: CHEST}


def test_i_have_seen_it_says_nothing_of_worse_words_that_the_row_did_not_show(lakeside: Clinic, dana: Client) -> None:
    lead = _wrote(lakeside, CHEST)
    where, hidden = _form(dana, "/review", "/acknowledge")
    _wrote(lakeside, WORSE)
    assert WORSE in dana.post(where, hidden, follow=True).content.decode()
    assert _stands(lead)
    where, hidden = _form(dana, "/review", "/acknowledge")
    assert "Acknowledged." in dana.post(where, hidden, follow=True).content.decode()
    assert not danger(lakeside.number, seen=False).exists()


def test_what_a_colleague_has_seen_and_answered_is_not_opened_again_by_an_older_page(
    lakeside: Clinic, dana: Client
) -> None:
    lead = _wrote(lakeside)
    older = _opened(dana, lead, "call")
    _wrote(lakeside, CHEST)
    _opened(browser(lakeside.organization, "manager"), lead, "call")()
    assert not _stands(lead)
    older()
    assert not _stands(lead)


def test_an_open_page_is_told_what_came_since_and_only_once(lakeside: Clinic, dana: Client) -> None:
    lead = _wrote(lakeside)
    look = f"/leads/{lead.pk}?said=0&done=0"
    assert dana.get(look, headers={"X-Live": "1"}).status_code == 204
    _wrote(lakeside, CHEST)
    told = dana.get(look, headers={"X-Live": "1"})
    assert CHEST in told.content.decode()
    mark = told.context["page"].mark
    assert dana.get(f"{look}&told={mark.said}&noted={mark.done}", headers={"X-Live": "1"}).status_code == 204
    hidden = browser(lakeside.organization, "analyst").get(look, headers={"X-Live": "1"}).content.decode()
    assert "they wrote again" in hidden
    assert CHEST not in hidden


# --- what a colleague has noted


def test_an_outcome_of_an_older_page_is_asked_about_with_what_a_colleague_noted(lakeside: Clinic, dana: Client) -> None:
    lead = _wrote(lakeside)
    manager = browser(lakeside.organization, "manager")
    where, hidden = _form(manager, f"/leads/{lead.pk}", "/outcome")
    _opened(dana, lead, "booked")()
    asked = manager.post(where, hidden | {"became": "declined", "reason": "not-now", "word": "in spring"})
    text = asked.content.decode()
    assert asked.status_code == 409
    assert "Sample coordinator has noted something else." in text
    assert "Note mine: Declined" in text
    assert "Leave theirs: Booked" in text
    assert [one.became for one in Outcome.objects.all()] == ["booked"]
    mine = BeautifulSoup(text, "html.parser").select_one("[aria-labelledby=otherwise] form")
    assert mine is not None
    kept = {
        str(one["name"]): str(one["value"]) for one in mine.find_all("input") if one["name"] != "csrfmiddlewaretoken"
    }
    manager.post(where, kept | {"became": "declined"})
    last = Outcome.objects.latest("noted_at")
    assert (Outcome.objects.count(), last.became, last.reason, bool(last.sealed)) == (2, "declined", "not-now", True)


def test_two_reasons_from_one_older_page_are_asked_about_and_a_second_click_is_not(
    lakeside: Clinic, dana: Client
) -> None:
    lead = _wrote(lakeside)
    where, hidden = _form(dana, f"/leads/{lead.pk}", "/outcome")
    said = hidden | {"became": "declined", "reason": "not-now"}
    assert [dana.post(where, said).status_code for _ in range(2)] == [302, 302]
    assert dana.post(where, said | {"reason": "chose-elsewhere"}).status_code == 409
    assert Outcome.objects.count() == 1


def test_a_program_that_says_which_outcome_it_knows_is_told_of_another(
    lakeside: Clinic, dana: Client, client: Client
) -> None:
    lead = _wrote(lakeside)
    _opened(dana, lead, "booked")()
    one = Outcome.objects.get()

    def post(**said: object) -> Any:
        body = {"became": "declined", "reason": "not-now"} | said
        head = {"Authorization": f"Bearer {lakeside.key}"}
        path = f"/api/v1/leads/{lead.pk}/outcomes"
        return client.post(path, body, content_type="application/json", headers=head)

    refused = post(seen="")
    assert refused.status_code == 409
    assert refused.json()["last"] == {
        "id": str(one.pk), "became": "booked", "reason": "", "at": one.at.isoformat().replace("+00:00", "Z")
    }  # fmt: skip
    assert Outcome.objects.count() == 1
    assert post(seen=str(one.pk)).status_code == 200
