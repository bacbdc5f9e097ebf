"""What was stopped of an address alone is told to whoever is reached there: that it is, and nothing of anybody else."""

import orjson
import pytest
from django.test import Client

from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.actions import decide, import_suppressions, scopes, stop
from leadwell.server.consent.models import ConsentEvent, Way
from leadwell.server.consent.queries import history_of, words_of
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import person
from leadwell.server.privacy.held import export, kept, subject_of
from leadwell.server.privacy.tokens import Blind

pytestmark = pytest.mark.django_db(databases="__all__")

PHONE, WORDS = "312-555-0147", "wrong number, says Bartholomew"


def by_program(clinic: Clinic) -> None:
    stop(clinic.number, None, Saying(Way.API, "key:1", WORDS, PHONE), closes=scopes(["call", "text"]))


def by_text(clinic: Clinic) -> None:
    stop(clinic.number, None, Saying(Way.TEXT, "worker", WORDS, PHONE), closes=scopes(["call", "text"]))


def by_list(clinic: Clinic) -> None:
    import_suppressions(clinic.number, f"phone\n{PHONE}\n".encode(), actor="user:1")


def by_link(clinic: Clinic) -> None:
    token = Blind(clinic.number).token("email", "anabel@example.com")
    stop(clinic.number, None, Saying(Way.LINK, "link", token=("email", token)), closes=scopes(["email"]))


WAYS = [by_program, by_text, by_list, by_link]


def told(clinic: Clinic, who: object) -> list[tuple[str, object, str | None]]:
    return [(one.name, one.codes.get("of"), words_of(one)) for one in history_of(clinic.number, who)]


@pytest.mark.parametrize("said", WAYS)
@pytest.mark.parametrize("known_before", [True, False])
def test_it_stands_in_their_history_export_and_receipt(lakeside: Clinic, said, known_before: bool) -> None:
    who = person(lakeside) if known_before else None
    said(lakeside)
    who = who or person(lakeside)
    assert told(lakeside, who) == [("stop.given", "address", "")]
    given = export(lakeside.number, who, actor="user:1")
    channels = {one["channel"] for one in given["stops"]}
    assert channels == ({"email"} if said is by_link else {"call", "text"})
    assert {one["of"] for one in given["stops"]} == {"their address"}
    assert [one["did"] for one in given["consent_history"]] == ["stop.given"]
    counts = {one.kind: one.count for one in kept(subject_of(lakeside.number, who))}
    assert counts["Stops"] == len(channels)
    assert ("address.stopped" in {one["did"] for one in given["receipt"]}) == known_before
    assert "Bartholomew" not in orjson.dumps(given).decode()


def test_by_a_program_and_on_the_page_it_is_told_without_the_words(client: Client, lakeside: Clinic) -> None:
    who = person(lakeside)
    by_program(lakeside)
    key = {"Authorization": f"Bearer {lakeside.key}"}
    (event,) = client.get(f"/api/v1/people/{who}/consent-history", headers=key).json()["events"]
    assert (event["name"], event["by"], event["said"]) == ("stop.given", "key:1", "")
    assert event["codes"] == {"way": "api", "closes": [["call", ""], ["text", ""]], "of": "address"}
    page = browser(lakeside.organization, "manager").get(f"/persons/{who}/consent").content.decode()
    assert "One of their addresses was stopped for calls and texts, by a program" in page
    assert "Bartholomew" not in page


def test_of_what_another_said_only_what_closes_the_shared_address_is_told(lakeside: Clinic) -> None:
    """Two in one house share a telephone; one of them wants no mail to an address that is theirs alone."""
    first = person(lakeside)
    second = person(lakeside, full_name="Sample Person", email="other@example.com")
    stop(lakeside.number, first, Saying(Way.STAFF, "user:1", WORDS), closes=scopes(["email"]))
    assert told(lakeside, second) == []
    stop(lakeside.number, first, Saying(Way.STAFF, "user:1", WORDS), closes=scopes(["text"]))
    assert told(lakeside, second) == [("stop.given", "address", "")]
    (event,) = history_of(lakeside.number, second)
    assert (event.codes["closes"], event.person) == ([["text", ""]], None)
    given = export(lakeside.number, second, actor="user:1")
    assert "Bartholomew" not in orjson.dumps(given).decode()
    assert str(first) not in orjson.dumps([given["stops"], given["consent_history"], given["receipt"]]).decode()
    assert told(lakeside, first) == [("stop.given", None, WORDS), ("stop.given", None, WORDS)]


def test_what_was_none_in_the_end_is_not_told(lakeside: Clinic) -> None:
    who = person(lakeside)
    done = stop(lakeside.number, None, Saying(Way.TEXT, "worker", "who is this", PHONE), doubt=True)
    assert told(lakeside, who) == [("stop.doubted", "address", "")]
    decide(lakeside.number, done.event.pk, meant=False, actor="user:1")
    assert told(lakeside, who) == []


def test_after_a_restore_their_own_stop_is_told_though_its_event_is_gone(lakeside: Clinic) -> None:
    who = person(lakeside)
    stop(lakeside.number, who, Saying(Way.STAFF, "user:1", WORDS), closes=scopes(["text"]))
    ConsentEvent.objects.of(lakeside.number).filter(person=who).delete()
    (event,) = history_of(lakeside.number, who)
    assert (event.name, event.codes) == ("stop.given", {"way": "staff", "closes": [["text", ""]]})
