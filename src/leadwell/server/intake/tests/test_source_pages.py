"""Sources are added, tried, changed and closed on their pages; one that has gone quiet is said first. (promise A1)"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.queries import settings_of
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")

SAMPLE = '{"contact": {"firstName": "Sample", "phoneNumber": "312-555-0147"}, "q17": "my knee"}'


@pytest.fixture
def manager(lakeside: Clinic) -> Client:
    return browser(lakeside.organization, "manager")


@pytest.fixture
def webhook(lakeside: Clinic) -> Source:
    return add_source(lakeside.organization, "webhook", "Calls")


def _settings(source: Source) -> dict[str, object]:
    return settings_of(Source.objects.get(pk=source.pk))


def test_a_source_is_added_and_says_where_to_post(manager: Client, lakeside: Clinic) -> None:
    answer = manager.post("/sources/new", {"name": "Website form", "kind": "form"}, follow=True)
    made = Source.objects.get(name="Website form")
    assert f"/in/{made.handle}" in answer.content.decode()
    assert TrailEntry.objects.get().action == "source.added"


@pytest.mark.parametrize(
    "data", [{}, {"name": "x", "kind": "nonsense"}, {"name": "", "kind": "form"}, {"name": "x" * 101}]
)
def test_a_source_without_what_it_needs_is_not_added(manager: Client, data: dict[str, str]) -> None:
    answer = manager.post("/sources/new", data)
    assert (answer.status_code, Source.objects.filter(kind="form").count()) == (400, 0)
    assert "not right" in answer.content.decode()


def test_a_sample_shows_what_each_field_is_taken_for_and_is_not_kept(manager: Client, webhook: Source) -> None:
    answer = manager.post(reverse("try_source", args=[webhook.pk]), {"sample": SAMPLE})
    told = answer.context["page"].tried
    assert {one.name: one.column for one in told.fields} == {
        "contact.firstName": "first_name",
        "contact.phoneNumber": "phone",
        "q17": "",
    }
    assert "It would become 1 lead." in answer.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("sample", ["nonsense", "[]", "[1, 2]", "null", '{"a": ' * 50, "{}"])
def test_a_sample_that_is_none_says_what_is_wrong(manager: Client, webhook: Source, sample: str) -> None:
    answer = manager.post(reverse("try_source", args=[webhook.pk]), {"sample": sample})
    assert "It would need mending:" in answer.content.decode()


def test_a_sample_of_a_form_is_read_as_a_browser_sends_it(manager: Client, lakeside: Clinic) -> None:
    form = add_source(lakeside.organization, "form", "Site")
    answer = manager.post(reverse("try_source", args=[form.pk]), {"sample": "your-name=Ana&your-message=knee"})
    assert [one.column for one in answer.context["page"].tried.fields] == ["full_name", "message"]


def test_settings_are_kept_and_a_new_secret_holds_beside_the_last(manager: Client, webhook: Source) -> None:
    url = reverse("change_source", args=[webhook.pk])
    typed = {
        "mapping": "q17 = message\n\nq = 18 = phone",
        "header": "X-Signature",
        "before": "sha256=",
        "secret": "one",
    }
    assert manager.post(url, typed).status_code == 302
    manager.post(url, {**typed, "secret": "two"})
    manager.post(url, {**typed, "secret": ""})
    known = _settings(webhook)
    assert known["mapping"] == {"q17": "message", "q = 18": "phone"}
    assert (known["secrets"], known["prefix"]) == (["two", "one"], "sha256=")
    page = manager.get(reverse("source", args=[webhook.pk])).content.decode()
    assert "2 secrets hold" in page
    assert 'value="two"' not in page
    manager.post(url, {**typed, "secret": "", "unsigned": "on"})
    assert "secrets" not in _settings(webhook)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"mapping": "q17 message"}, "Line 1 is not of the form"),
        ({"mapping": "a = phone\nq17 = nonsense"}, "Line 2: there is no column of that name"),
        ({"secret": "x"}, "in which header"),
    ],
)
def test_settings_that_do_not_fit_say_where_and_keep_what_was_typed(
    manager: Client, webhook: Source, typed: dict[str, str], says: str
) -> None:
    answer = manager.post(reverse("change_source", args=[webhook.pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert says in page
    assert typed.get("mapping", "") in page
    assert _settings(webhook) == {}


def test_the_page_after_a_form_must_be_an_address(manager: Client, lakeside: Clinic) -> None:
    form = add_source(lakeside.organization, "form", "Site")
    answer = manager.post(reverse("change_source", args=[form.pk]), {"thanks": "javascript:alert(1)"})
    assert answer.status_code == 400
    manager.post(reverse("change_source", args=[form.pk]), {"thanks": "https://lakeside-ortho.example/thanks"})
    assert _settings(form) == {"thanks": "https://lakeside-ortho.example/thanks"}


def test_a_source_is_closed_and_takes_nothing_more(manager: Client, client: Client, webhook: Source) -> None:
    manager.post(reverse("close_source", args=[webhook.pk]))
    assert client.post(f"/in/{webhook.handle}", "{}", content_type="application/json").status_code == 404
    page = manager.get(reverse("source", args=[webhook.pk])).content.decode()
    assert "Closed" in page
    assert "Save settings" not in page
    assert TrailEntry.objects.get().action == "source.closed"


def test_a_source_that_has_gone_quiet_is_said_first(manager: Client, lakeside: Clinic, webhook: Source) -> None:
    Source.objects.filter(pk=webhook.pk).update(created_at=timezone.now() - timedelta(weeks=5))
    accept(lakeside.number, webhook.pk, [Delivery(b"{}", key=str(n)) for n in range(24 * 28)])
    for number, one in enumerate(Submission.objects.order_by("pk")):
        at = timezone.now() - timedelta(days=3) - timedelta(hours=number)
        Submission.objects.filter(pk=one.pk).update(received_at=at)
    page = manager.get("/sources").content.decode()
    assert "<b>1</b> has gone quiet." in page
    assert page.index("nothing since") < page.index("<table")


def test_a_new_source_has_no_habit_to_break(manager: Client, lakeside: Clinic, webhook: Source) -> None:
    accept(lakeside.number, webhook.pk, [Delivery(b"{}", key=str(n)) for n in range(200)])
    assert "None has gone quiet" in manager.get("/sources").content.decode()


def test_a_mailbox_is_set_up_and_its_password_never_shown_again(manager: Client, lakeside: Clinic) -> None:
    manager.post("/sources/new", {"name": "Intake mail", "kind": "email"})
    made = Source.objects.get(name="Intake mail")
    said = {"host": "imap.example.com", "user": "intake", "password": "right-horse", "folder": "Leads"}
    manager.post(reverse("change_source", args=[made.pk]), said)
    assert {name: _settings(made)[name] for name in said} == said
    page = manager.get(reverse("source", args=[made.pk])).content.decode()
    assert f"{made.handle}@" in page
    assert "right-horse" not in page
    manager.post(reverse("change_source", args=[made.pk]), said | {"password": "", "port": "9930"})
    assert (_settings(made)["password"], _settings(made)["port"]) == ("right-horse", 9930)
    assert manager.get("/sources").status_code == 200


def test_the_signature_is_folded_until_it_is_used(manager: Client, webhook: Source, lakeside: Clinic) -> None:
    signed = add_source(lakeside.organization, "webhook", "Signed", {"secrets": ["a"], "header": "X-Signature"})
    pages = [manager.get(reverse("source", args=[one.pk])).content.decode() for one in (webhook, signed)]
    assert ['<details class="more" open>' in page for page in pages] == [False, True]
