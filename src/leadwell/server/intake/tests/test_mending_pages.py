"""What could not be read is mended by saying what its fields are, or put aside as no lead. (promise A2)"""

from urllib.parse import urlencode

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.jobs import forget_unread
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.queries import settings_of
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

ODD = {"q17": "my knee hurts", "q18": "Sample Person", "q19": "blue"}


@pytest.fixture
def lead(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "intake-lead")


def _sent(clinic: Clinic, kind: str, fields: dict[str, object] = ODD) -> Submission:
    """What a source of this kind sent, and could not be read."""
    source = clinic.source if kind == "api" else add_source(clinic.organization, kind, "Sample calls").pk
    body, media_type = orjson.dumps(fields), "application/json"
    if kind == "form":
        body, media_type = urlencode(fields).encode(), URLENCODED
    (receipt,) = accept(clinic.number, source, [Delivery(body, media_type=media_type)])
    drain()
    kept = Submission.objects.get(pk=receipt.id)
    assert kept.state == State.NEEDS_MENDING
    return kept


def _actions() -> list[str]:
    return list(TrailEntry.objects.order_by("number").values_list("action", flat=True))


@pytest.mark.parametrize("kind", ["api", "webhook", "form"])
def test_each_field_is_said_and_it_is_judged(lead: Client, lakeside: Clinic, kind: str) -> None:
    kept = _sent(lakeside, kind)
    page = lead.get(reverse("submission", args=[kept.pk])).content.decode()
    assert all(f">{name}</th>" in page for name in ODD)
    assert "Or correct the text itself" in page
    said = {"header-0": "message", "header-1": "full_name"}
    assert "It is being judged now" in lead.post(reverse("mean", args=[kept.pk]), said, follow=True).content.decode()
    drain()
    columns = columns_of(Lead.objects.get())
    assert (columns["message"], columns["full_name"], columns["extra.q19"]) == (
        "my knee hurts",
        "Sample Person",
        "blue",
    )
    assert ("source.changed" in _actions()) == (kind != "api")


def test_what_was_said_of_a_webhook_holds_for_what_it_sends_next(lead: Client, lakeside: Clinic) -> None:
    kept = _sent(lakeside, "webhook")
    lead.post(reverse("mean", args=[kept.pk]), {"header-0": "message"})
    source = Source.objects.get(pk=kept.source)
    assert settings_of(source)["mapping"] == {"q17": "message"}
    accept(lakeside.number, source.pk, [Delivery(orjson.dumps({**ODD, "q17": "my hip hurts"}))])
    drain()
    assert Lead.objects.count() == 2


def test_a_nested_one_of_the_api_is_read_once_its_fields_are_said(lead: Client, lakeside: Clinic) -> None:
    kept = _sent(lakeside, "api", {"contact": {"tel": "312-555-0147"}, "q17": "my knee hurts"})
    lead.post(reverse("mean", args=[kept.pk]), {"header-1": "message"})
    drain()
    columns = columns_of(Lead.objects.get())
    assert (columns["phone"], columns["message"]) == ("312-555-0147", "my knee hurts")


@pytest.mark.parametrize("said", [{}, {"header-0": "nonsense"}, {"header-0": "message", "header-1": "message"}])
@pytest.mark.parametrize("kind", ["api", "webhook"])
def test_what_is_still_wrong_is_said_at_once_and_changes_nothing(
    lead: Client, lakeside: Clinic, kind: str, said: dict[str, str]
) -> None:
    kept = _sent(lakeside, kind)
    answer = lead.post(reverse("mean", args=[kept.pk]), said)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    kept.refresh_from_db()
    assert (kept.state, kept.mended) == (State.NEEDS_MENDING, None)
    assert "mapping" not in settings_of(Source.objects.get(pk=kept.source))
    assert "submission.mended" not in _actions()


def test_what_has_no_fields_shows_its_text_alone(lead: Client, lakeside: Clinic) -> None:
    kept = _sent(lakeside, "api", {})
    page = lead.get(reverse("submission", args=[kept.pk])).content.decode()
    assert ("What it says" in page, "The text itself" in page) == (False, True)


def test_what_is_no_lead_is_put_aside_with_a_reason_and_can_be_taken_back(lead: Client, lakeside: Clinic) -> None:
    kept = _sent(lakeside, "api", {})
    url = reverse("submission", args=[kept.pk])
    assert lead.post(reverse("no_lead", args=[kept.pk]), {"why": "because"}).status_code == 400
    page = lead.post(reverse("no_lead", args=[kept.pk]), {"why": "test"}, follow=True).content.decode()
    assert "Somebody said that it is no lead: test." in page
    assert "Take it back" in page
    assert "Take it back" not in browser(lakeside.organization, "coordinator").get(url).content.decode()
    told = ledger_of(lakeside.organization)
    assert (told.whole.not_leads, told.whole.needs_mending, told.difference) == (1, 0, 0)
    lead.post(reverse("take_back", args=[kept.pk]))
    kept.refresh_from_db()
    assert kept.state == State.NEEDS_MENDING
    changes = [one for one in _actions() if one.startswith("submission.") and one != "submission.viewed"]
    assert changes == ["submission.no-lead", "submission.taken-back"]
    assert TrailEntry.objects.get(action="submission.no-lead").codes == {"why": "test"}


def test_only_what_was_put_aside_here_and_is_kept_is_taken_back(lead: Client, lakeside: Clinic) -> None:
    kept = _sent(lakeside, "api", {})
    assert "cannot be taken back" in lead.post(reverse("take_back", args=[kept.pk]), follow=True).content.decode()
    lead.post(reverse("no_lead", args=[kept.pk]), {"why": "advertising"})
    Submission.objects.update(received_at="2020-01-01T00:00:00Z")
    assert forget_unread() == 1
    lead.post(reverse("take_back", args=[kept.pk]))
    assert Submission.objects.get().state == State.NOT_A_LEAD


def test_what_was_judged_meanwhile_is_neither_mended_nor_put_aside(lead: Client, lakeside: Clinic) -> None:
    kept = _sent(lakeside, "api")
    Submission.objects.update(state=State.ASSESSED)
    for name, said in (("mean", {"header-0": "message"}), ("no_lead", {"why": "test"})):
        page = lead.post(reverse(name, args=[kept.pk]), said, follow=True).content.decode()
        assert "It no longer waits for anybody" in page
    assert Submission.objects.get().state == State.ASSESSED
