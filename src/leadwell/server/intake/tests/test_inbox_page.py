"""The inbox shows what came and what is wrong; it is mended and played again there. (promise A2)"""

from datetime import UTC, datetime

import orjson
import pytest
from django.urls import reverse

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept, refuse
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import verify

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = b'{"full_name": "Sample Person", "phone": "312-555-0147", "message": "knee replacement please"}'
BROKEN = KNEE[:-1]


def _kept(clinic: Clinic, body: bytes, problem: str = "") -> Submission:
    (receipt,) = accept(clinic.number, clinic.source, [Delivery(body, problem=problem)])
    return Submission.objects.get(pk=receipt.id)


def _actions() -> list[str]:
    return list(TrailEntry.objects.order_by("number").values_list("action", flat=True))


def test_it_says_at_its_top_how_many_wait_to_be_mended(lakeside: Clinic) -> None:
    client = browser(lakeside.organization, "intake-lead")
    assert "Nothing waits to be mended" in client.get("/inbox").content.decode()
    _kept(lakeside, BROKEN, "not JSON, at line 1, column 92")
    page = client.get("/inbox").content.decode()
    assert "<b>1</b> waits for somebody to mend it" in page
    assert "Not JSON, at line 1, column 92." in page


def test_the_list_shows_no_words_of_anybody(lakeside: Clinic) -> None:
    _kept(lakeside, KNEE)
    drain()
    page = browser(lakeside.organization, "coordinator").get("/inbox").content.decode()
    assert "Became a lead." in page
    assert reverse("lead", args=[Lead.objects.get().pk]) in page
    assert "Verify" in page
    assert "Sample Person" not in page
    assert _actions() == []


@pytest.mark.parametrize("state", State.values)
def test_it_is_filtered_by_state(lakeside: Clinic, state: str) -> None:
    _kept(lakeside, BROKEN, "not JSON")
    page = browser(lakeside.organization, "intake-lead").get("/inbox", {"state": state}).context["page"]
    assert len(page.items) == (1 if state == State.NEEDS_MENDING else 0)


@pytest.mark.parametrize("query", [{"state": "nonsense"}, {"state": "received' OR 1=1"}])
def test_a_state_that_is_none_is_not_there(lakeside: Clinic, query: dict[str, str]) -> None:
    assert browser(lakeside.organization, "intake-lead").get("/inbox", query).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "²", ""])
def test_a_page_that_is_no_number_is_harmless(lakeside: Clinic, number: str) -> None:
    assert browser(lakeside.organization, "intake-lead").get("/inbox", {"page": number}).status_code == 200


def test_older_ones_stand_on_the_next_page(lakeside: Clinic) -> None:
    accept(lakeside.number, lakeside.source, [Delivery(b'{"message": "%d"}' % n, key=str(n)) for n in range(51)])
    client = browser(lakeside.organization, "intake-lead")
    assert len(client.get("/inbox").context["page"].items) == 50
    assert len(client.get("/inbox?state=received&page=2").context["page"].items) == 1
    assert "1 to 50 of 51 submissions" in client.get("/inbox?state=received").content.decode()


def test_what_was_sent_is_shown_escaped_and_the_view_is_in_the_trail(lakeside: Clinic) -> None:
    kept = _kept(lakeside, orjson.dumps({"message": "<script>x</script> & knee"}))
    page = browser(lakeside.organization, "coordinator").get(reverse("submission", args=[kept.pk])).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt; &amp; knee" in page
    assert "<script>x" not in page
    entry = TrailEntry.objects.get()
    assert (entry.action, entry.subject) == ("submission.viewed", f"submission/{kept.pk}")
    assert entry.actor.startswith("user:")


def test_a_broken_one_is_mended_in_place_and_assessed(lakeside: Clinic) -> None:
    kept, client = _kept(lakeside, BROKEN, "not JSON"), browser(lakeside.organization, "intake-lead")
    url = reverse("submission", args=[kept.pk])
    assert "Save and play again" in client.get(url).content.decode()
    answer = client.post(reverse("mend", args=[kept.pk]), {"body": KNEE.decode()}, follow=True)
    assert "It is being judged now" in answer.content.decode()
    drain()
    kept.refresh_from_db()
    assert (kept.state, opened(kept, as_mended=False).body) == (State.ASSESSED, BROKEN)
    page = client.get(url).content.decode()
    assert "As it first came" in page
    assert reverse("lead", args=[kept.lead]) in page
    assert _actions() == ["submission.viewed", "submission.mended", "submission.viewed", "submission.viewed"]
    assert verify(lakeside.number).broken_at is None


def test_what_is_no_longer_to_be_mended_says_so(lakeside: Clinic) -> None:
    kept, client = _kept(lakeside, KNEE), browser(lakeside.organization, "intake-lead")
    drain()
    for name in ("mend", "replay"):
        page = client.post(reverse(name, args=[kept.pk]), {"body": "{}"}, follow=True).content.decode()
        assert "can be mended" in page or "no longer waits" in page
    assert "submission.mended" not in _actions()


def test_a_coordinator_sees_but_does_not_change(lakeside: Clinic) -> None:
    kept = _kept(lakeside, BROKEN, "not JSON")
    page = browser(lakeside.organization, "coordinator").get(reverse("submission", args=[kept.pk])).content.decode()
    assert "Intake leads and managers can mend it" in page
    assert "<textarea" not in page


def test_all_that_wait_are_played_again_at_once(lakeside: Clinic) -> None:
    for number in range(3):
        _kept(lakeside, b'{"message": "knee %d' % number, "not JSON")
    client = browser(lakeside.organization, "intake-lead")
    assert "Play all 3 again" in client.get("/inbox?state=needs-mending").content.decode()
    assert client.post("/inbox/replay", {"state": "needs-mending"}).status_code == 302
    assert Submission.objects.filter(state=State.RECEIVED).count() == 3
    assert TrailEntry.objects.get().codes == {"state": "needs-mending", "count": 3}


@pytest.mark.parametrize("state", ["", "assessed", "nonsense"])
def test_only_what_waits_for_somebody_is_played_again(lakeside: Clinic, state: str) -> None:
    assert browser(lakeside.organization, "intake-lead").post("/inbox/replay", {"state": state}).status_code == 404


def test_a_refused_one_is_taken_in_after_all(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "webhook", "Calls")
    refuse(lakeside.number, source.pk, Delivery(KNEE))
    kept, client = Submission.objects.get(), browser(lakeside.organization, "intake-lead")
    assert "Take it in after all" in client.get(reverse("submission", args=[kept.pk])).content.decode()
    client.post(reverse("replay", args=[kept.pk]))
    drain()
    kept.refresh_from_db()
    assert kept.state == State.ASSESSED
    assert "submission.accepted" in _actions()


def test_what_was_refused_several_times_is_taken_in_once(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "webhook", "Calls")
    for _ in range(3):
        refuse(lakeside.number, source.pk, Delivery(KNEE, key="delivery-1"))
    client = browser(lakeside.organization, "intake-lead")
    for kept in Submission.objects.all():
        client.post(reverse("replay", args=[kept.pk]))
    (again,) = accept(lakeside.number, source.pk, [Delivery(KNEE, key="delivery-1")])
    drain()
    assert again.repeat
    states = sorted(Submission.objects.values_list("state", flat=True))
    assert states == [State.ASSESSED, State.REPEAT, State.REPEAT, State.REPEAT]
    assert ledger_of(lakeside.organization).difference == 0


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"\x00", b"", b"x" * 50_000])
def test_whatever_was_sent_can_be_looked_at(lakeside: Clinic, body: bytes) -> None:
    kept = _kept(lakeside, body, "not JSON")
    url = reverse("submission", args=[kept.pk])
    assert browser(lakeside.organization, "intake-lead").get(url).status_code == 200


def test_a_repeat_points_to_the_first(lakeside: Clinic) -> None:
    first = _kept(lakeside, KNEE)
    accept(lakeside.number, lakeside.source, [Delivery(KNEE)])
    repeat = Submission.objects.get(state=State.REPEAT)
    page = browser(lakeside.organization, "coordinator").get(reverse("submission", args=[repeat.pk])).content.decode()
    assert reverse("submission", args=[first.pk]) in page
    assert "Of a repeat only the fact is kept" in page


def test_rows_of_a_list_that_could_not_be_read_are_named(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "file", "Lists")
    rows = b"Name,Phone,Comments\nSample Person,312-555-0147,knee replacement\na,b,c,d,e,f\n"
    accept(lakeside.number, source.pk, [Delivery(rows, media_type="text/csv")])
    drain()
    kept = Submission.objects.get()
    page = browser(lakeside.organization, "coordinator").get(reverse("submission", args=[kept.pk]))
    assert len(page.context["page"].rejected) == 1
    assert "could not be read" in page.content.decode()


def test_a_correction_that_is_still_wrong_is_said_at_once_and_kept_to_go_on(lakeside: Clinic) -> None:
    kept = _kept(lakeside, BROKEN, "not JSON, at line 1, column 92")
    client = browser(lakeside.organization, "intake-lead")
    answer = client.post(reverse("mend", args=[kept.pk]), {"body": BROKEN.decode() + " "})
    page = answer.content.decode()
    assert (answer.status_code, "Mended." in page) == (400, False)
    assert "Still not right: not JSON, at line 1" in page
    assert answer.context["page"].typed == BROKEN.decode() + " "
    kept.refresh_from_db()
    assert (kept.state, kept.mended, _actions()) == (State.NEEDS_MENDING, None, ["submission.viewed"])


def test_what_was_erased_is_called_erased_with_its_day_and_leads_nowhere(lakeside: Clinic) -> None:
    kept = _kept(lakeside, KNEE)
    drain()
    lead = Lead.objects.of(lakeside.number).get()
    erase(lakeside.number, lead.person_id, actor="user:1", at=datetime(2026, 11, 24, 20, tzinfo=UTC))
    client = browser(lakeside.organization, "intake-lead")
    page = client.get(reverse("submission", args=[kept.pk])).content.decode()
    assert "Erased on 24 November 2026: that it came is all that is kept." in page
    assert not any(said in page for said in ("cannot be opened", "damaged", "Open the lead", str(lead.pk)))
    assert "Erased: that it came is all that is kept." in client.get("/inbox").content.decode()


def test_of_a_list_that_went_with_one_of_its_people_the_others_are_still_opened(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "webhook", "Survey", {"each": "rows"})
    rows = [{"name": f"Sample {n}", "phone": f"312-555-014{n}", "message": "knee"} for n in range(2)]
    (receipt,) = accept(lakeside.number, source.pk, [Delivery(orjson.dumps({"rows": rows}))])
    drain()
    first, second = Lead.objects.of(lakeside.number).order_by("nth")
    erase(lakeside.number, first.person_id, actor="user:1")
    page = browser(lakeside.organization, "intake-lead").get(f"/inbox/{receipt.id}").content.decode()
    assert "the others are kept as leads" in page
    assert (str(second.pk) in page, str(first.pk) in page) == (True, False)
