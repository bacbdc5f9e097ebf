"""A lead's page says what to do now and why; names are seen only by those who may. (promises C, F32, F33)"""

from datetime import UTC, datetime

import orjson
import pytest
from django.urls import reverse
from django.utils import timezone

from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Submission
from leadwell.server.leads.models import Assessment, Lead
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.leads.telling import dialled, hours, reaches, somewhere
from leadwell.server.leads.words import Marked
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.models import TrailEntry
from leadwell.server.privacy.trail import about, of_subjects

pytestmark = pytest.mark.django_db(databases="__all__")

KNEE = {
    "full_name": "Sample Person",
    "phone": "312-555-0147",
    "message": "I need a knee replacement <b>soon</b>, in Evanston",
    "form": "Knee",
}
DANGER = {"full_name": "Sample Person", "phone": "312-555-0147", "message": "chest pain and I cannot breathe"}
SEES = [role for role in Role if May.SEE_IDENTITIES in ALLOWED[role]]
HIDDEN = [role for role in Role if May.SEE_IDENTITIES not in ALLOWED[role]]


def _lead(clinic: Clinic, said: dict[str, str]) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(said))])
    drain()
    return Lead.objects.of(clinic.number).latest("received_at")


def _page(clinic: Clinic, lead: Lead, role: str = "coordinator") -> str:
    return browser(clinic.organization, role).get(reverse("lead", args=[lead.pk])).content.decode()


def test_it_says_first_what_to_ask_and_what_that_settles(lakeside: Clinic) -> None:
    lead = _lead(lakeside, KNEE)
    assert lead.disposition == "verify"
    page = _page(lakeside, lead)
    assert "A short call must settle something first. Ask first" in page
    assert "It settles: " in page
    assert page.index("Ask first") < page.index("How good, and why")


def test_the_words_that_a_finding_rests_on_are_marked_and_numbered(lakeside: Clinic) -> None:
    page = _page(lakeside, _lead(lakeside, KNEE))
    assert '<mark id="w2">knee replacement</mark>' in page
    assert 'href="#w2"' in page
    assert "&lt;b&gt;soon&lt;/b&gt;" in page


def test_what_is_not_known_stands_first_because_it_is_the_work(lakeside: Clinic) -> None:
    page = browser(lakeside.organization, "coordinator").get(reverse("lead", args=[_lead(lakeside, KNEE).pk]))
    provenances = [fact.provenance for fact in page.context["page"].known.facts]
    assert provenances[0] == "unknown"
    assert provenances == sorted(provenances, key=lambda one: one != "unknown")


def test_danger_is_said_above_everything(lakeside: Clinic) -> None:
    page = _page(lakeside, _lead(lakeside, DANGER))
    assert page.index("Danger.") < page.index("Say at once") < page.index("How good, and why")


@pytest.mark.parametrize("role", ["coordinator", "analyst"])
def test_nobody_in_danger_is_asked_for_anything_else(lakeside: Clinic, role: str) -> None:
    page = _page(lakeside, _lead(lakeside, DANGER), role)
    assert not any(said in page for said in ("Still to ask", "Then ask", "Not known. Ask.", "insurance", "no change"))


@pytest.mark.parametrize("role", HIDDEN)
def test_a_role_without_identities_sees_what_it_is_and_nobodys_name(lakeside: Clinic, role: str) -> None:
    lead = _lead(lakeside, KNEE)
    listed = browser(lakeside.organization, role).get("/leads").content.decode()
    for page in (_page(lakeside, lead, role), listed):
        assert "hidden for your role" in page
        assert "Knee replacement" in page
        for word in ("Sample Person", "0147", "soon"):
            assert word not in page


@pytest.mark.parametrize("role", SEES)
def test_every_view_of_a_name_is_in_the_trail(lakeside: Clinic, role: str) -> None:
    lead = _lead(lakeside, KNEE)
    assert "Sample Person" in _page(lakeside, lead, role)
    assert "Sample Person" in browser(lakeside.organization, role).get("/leads").content.decode()
    seen = f"lead/{lead.pk}"
    entries = of_subjects(lakeside.number, [seen]).order_by("number")
    assert [(one.action, about(one, [seen])) for one in entries] == [("lead.viewed", [seen]), ("lead.listed", [seen])]


def test_one_look_at_a_list_is_one_entry_with_all_that_it_showed(lakeside: Clinic) -> None:
    leads = {f"lead/{_lead(lakeside, {**KNEE, 'message': f'{part} replacement'}).pk}" for part in ("knee", "hip")}
    browser(lakeside.organization, "coordinator").get("/leads?tab=verify")
    (entry,) = TrailEntry.objects.filter(action="lead.listed")
    assert (set(entry.codes["shown"]), entry.codes["tab"]) == (leads, "verify")


def test_no_name_stands_in_a_title_or_an_address(lakeside: Clinic) -> None:
    page = _page(lakeside, _lead(lakeside, KNEE))
    assert "<title>Lead · Leadwell</title>" in page


def test_the_list_is_filtered_by_what_should_happen_next_and_by_queue(lakeside: Clinic) -> None:
    _lead(lakeside, KNEE)
    client = browser(lakeside.organization, "coordinator")
    assert len(client.get("/leads?tab=verify").context["page"].rows) == 1
    assert len(client.get("/leads?tab=decline").context["page"].rows) == 0
    assert len(client.get("/leads?queue=surgical-navigators").context["page"].rows) == 1


@pytest.mark.parametrize("query", [{"tab": "nonsense"}, {"queue": "nowhere"}])
def test_a_filter_that_is_none_is_not_there(lakeside: Clinic, query: dict[str, str]) -> None:
    assert browser(lakeside.organization, "coordinator").get("/leads", query).status_code == 404


def test_an_empty_list_says_what_comes_next(lakeside: Clinic) -> None:
    assert (
        "As soon as a source sends one" in browser(lakeside.organization, "coordinator").get("/leads").content.decode()
    )


def test_overlapping_evidence_is_one_passage() -> None:
    because = [
        {"says": "x", "evidence": {"field": "message", "text": "", "start": s, "end": e}}
        for s, e in ((0, 4), (2, 6), (8, 9))
    ]
    marked = Marked({"message": "abcdefghij"}, {"dimensions": {"fit": {"because": because}}})
    assert [(p.text, p.number) for p in marked.said[0].pieces] == [("abcdef", 1), ("gh", 0), ("i", 2), ("j", 0)]
    assert [marked.number_of(one["evidence"]) for one in because] == [1, 1, 2]


@pytest.mark.parametrize(
    ("told", "said"), [("+13125550147", "312-555-0147"), ("+442079460000", "+442079460000"), ("", "")]
)
def test_a_number_is_shown_as_it_is_dialled(told: str, said: str) -> None:
    assert dialled(told) == said


@pytest.mark.parametrize(
    ("told", "said"), [("09:00-20:00", "9 am to 8 pm"), ("08:30-12:00", "8:30 am to 12 pm"), ("any", "any")]
)
def test_hours_are_said_as_people_say_them(told: str, said: str) -> None:
    assert hours(told) == said


@pytest.mark.parametrize(
    "told",
    ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "0001-01-01", "9" * 400, "yesterday", "1850-01-01"],
)
def test_a_time_that_cannot_be_is_taken_as_now_and_said(lakeside: Clinic, told: str) -> None:
    lead = _lead(lakeside, KNEE | {"received_at": told})
    (submission,) = Submission.objects.of(lakeside.number)
    assert (submission.state, submission.tries) == ("assessed", 0)
    assert Assessment.objects.get().as_of == lead.received_at.replace(microsecond=0)
    assert "it is taken as received when it came" in _page(lakeside, lead)
    assert rejudge(lakeside.number) == 0


@pytest.mark.parametrize(("told", "year"), [("2026-01-05T10:00:00Z", 2026), ("", None), ("n/a", None)])
def test_a_time_that_can_be_counts_and_none_is_no_problem(lakeside: Clinic, told: str, year: int | None) -> None:
    lead = _lead(lakeside, KNEE | {"received_at": told})
    assert Assessment.objects.get().as_of.month == (1 if year else lead.received_at.month)
    assert "it is taken as received when it came" not in _page(lakeside, lead)


def test_one_that_was_erased_says_so(lakeside: Clinic) -> None:
    lead = _lead(lakeside, KNEE)
    erase(lakeside.number, lead.person_id, actor="worker")
    client = browser(lakeside.organization, "manager")
    answer = client.get(f"/leads/{lead.pk}")
    assert (answer.status_code, "This lead was erased" in answer.content.decode()) == (404, True)
    assert f'href="/leads/{lead.pk}"' not in client.get("/leads").content.decode()
    assert "Erased on " in client.get(f"/inbox/{lead.submission}").content.decode()


def test_one_that_was_erased_or_is_damaged_never_holds_up_the_list(lakeside: Clinic) -> None:
    erased, damaged, whole = (_lead(lakeside, KNEE | {"phone": f"312-555-014{n}"}) for n in range(3))
    erase(lakeside.number, erased.person_id, actor="user:1")
    Lead.objects.filter(pk=damaged.pk).update(sealed=b"damaged")
    coordinator = browser(lakeside.organization, "coordinator")
    page = coordinator.get("/leads").content.decode()
    assert page.count("Sample Person") == 1
    assert reverse("lead", args=[whole.pk]) in page
    assert coordinator.get("/leads?tab=erased").content.decode().count(": that it came is all that is kept") == 1
    for address in ("/leads", "/leads?tab=erased"):
        assert reverse("lead", args=[erased.pk]) not in coordinator.get(address).content.decode()
    assert coordinator.get(f"/leads/{erased.pk}").status_code == 404


def test_who_was_erased_leaves_every_list_queue_and_count_and_is_called_erased_with_its_day(lakeside: Clinic) -> None:
    lead = _lead(lakeside, KNEE)
    coordinator = browser(lakeside.organization, "coordinator")
    assert "tab=erased" not in coordinator.get("/leads").content.decode()
    erase(lakeside.number, lead.person_id, actor="user:1", at=datetime(2026, 11, 24, 20, tzinfo=UTC))
    page = coordinator.get("/leads").context["page"]
    assert (page.rows, page.queues, page.pager.total) == ((), (), 0)
    assert {tab.word: tab.count for tab in page.tabs if tab.count} == {"Erased": 1}
    (row,) = coordinator.get("/leads?tab=erased").context["page"].rows
    assert row.says == "Erased on 24 November 2026: that it came is all that is kept."
    assert (row.wants, row.disposition, row.grade, row.score, row.queue) == ("", "", "", None, "")


def test_danger_stands_first_and_is_counted(lakeside: Clinic) -> None:
    danger, calm = _lead(lakeside, DANGER), _lead(lakeside, KNEE | {"full_name": "Bruno Okafor"})
    coordinator = browser(lakeside.organization, "coordinator")
    page = coordinator.get("/leads").context["page"]
    assert [row.id for row in page.rows] == [danger.pk, calm.pk]
    assert {tab.word: tab.count for tab in page.tabs if tab.count} == {"All": 2, "Danger": 1, "Verify": 1, "Review": 1}
    assert [row.id for row in coordinator.get("/leads?tab=danger").context["page"].rows] == [danger.pk]


def test_within_a_tab_the_best_grade_stands_first_and_then_who_waits_longest(lakeside: Clinic) -> None:
    made = [_lead(lakeside, KNEE | {"phone": f"312-555-014{n}"}) for n in range(4)]
    for lead, grade in zip(made, ("", "B", "A", "B"), strict=True):
        Lead.objects.filter(pk=lead.pk).update(grade=grade)
    page = browser(lakeside.organization, "coordinator").get("/leads?tab=verify").context["page"]
    assert [made.index(Lead.objects.get(pk=row.id)) for row in page.rows] == [2, 1, 3, 0]


def test_the_way_back_leads_to_the_list_one_came_from(lakeside: Clinic) -> None:
    lead = _lead(lakeside, KNEE)
    coordinator = browser(lakeside.organization, "coordinator")
    listed = coordinator.get("/leads?tab=verify&queue=surgical-navigators").content.decode()
    opened = f"{reverse('lead', args=[lead.pk])}?tab=verify&amp;queue=surgical-navigators"
    assert f'href="{opened}"' in listed
    page = coordinator.get(opened.replace("&amp;", "&")).content.decode()
    assert 'class="back" href="/leads?tab=verify&amp;queue=surgical-navigators"' in page
    assert (
        'class="back" href="/leads"' in coordinator.get(f"/leads/{lead.pk}?next=//elsewhere.example").content.decode()
    )


REFERRAL = {
    "type": "referral", "referrer_name": "Dr. Sample", "referrer_phone": "(312) 555-0131", "phone": "847-555-0126",
    "email": "patient@example.com", "patient_first_name": "Sample", "patient_last_name": "Patient",
    "referral_reason": "knee replacement", "payer": "bcbs",
}  # fmt: skip


@pytest.mark.usefixtures("at_noon")
def test_a_number_is_dialled_and_an_address_written_to_by_a_link(lakeside: Clinic) -> None:
    page = _page(lakeside, _lead(lakeside, KNEE | {"email": "sample@example.com"}))
    assert '<a href="tel:+13125550147">312-555-0147</a>' in page
    assert '<a href="mailto:sample@example.com">sample@example.com</a>' in page


def test_where_the_gate_does_not_say_yes_there_is_no_number_to_dial(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)  # 11 pm in Chicago
    monkeypatch.setattr(timezone, "now", lambda: late)
    page = _page(lakeside, _lead(lakeside, KNEE))
    assert "tel:" not in page
    assert "312-555-0147" in page
    assert "Not before 9:00" in page


@pytest.mark.usefixtures("at_noon")
def test_of_a_referral_it_says_whose_number_is_whose_and_no_codes(lakeside: Clinic) -> None:
    page = _page(lakeside, _lead(lakeside, REFERRAL))
    patient, referrer = page.index("Patient: Sample Patient"), page.index("Referrer: Dr. Sample")
    assert patient < page.index("tel:+18475550126") < referrer < page.index("tel:3125550131")
    assert "Referral reason" in page
    assert ("referral_reason" in page, "BCBS" in page) == (False, True)


@pytest.mark.parametrize("value", ["", "555", "javascript:alert(1)", "a@b?bcc=c@example.com", "+1 312"])
@pytest.mark.parametrize("column", ["referrer_phone", "referrer_email"])
def test_what_is_no_number_or_address_is_no_link(value: str, column: str) -> None:
    told = reaches({}, {"referrer_name": "Dr. Sample", column: value})
    assert [one.link for reach in told for one in reach.contacts if one.link] == []


@pytest.mark.parametrize(("to", "said"), [("front-desk", "our front desk"), ("Lakeside Children's",) * 2, ("", "")])
def test_somewhere_is_called_as_people_call_it(to: str, said: str) -> None:
    assert somewhere(to) == said


def test_the_list_says_why_in_their_words_and_only_to_who_may_see_them(lakeside: Clinic) -> None:
    _lead(lakeside, {**KNEE, "message": "bone on bone, I want a knee replacement", "payer": "Medicare"})
    shown, hidden = (browser(lakeside.organization, one).get("/leads") for one in ("coordinator", "marketing"))
    (row,) = shown.context["page"].rows
    assert row.says.startswith("“Bone on bone”, wants to be seen, Medicare. To ask: age")
    assert "one on bone" not in hidden.content.decode()


def test_a_lead_whose_judgement_cannot_be_opened_does_not_hold_up_the_list(lakeside: Clinic) -> None:
    _lead(lakeside, KNEE)
    Assessment.objects.update(sealed=b"damaged")
    (row,) = browser(lakeside.organization, "coordinator").get("/leads").context["page"].rows
    assert row.says == "A short call must settle something first."
