"""From which advertisement somebody came stays with the lead, by field or by the page's address. (promise A1)"""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from leadwell.server.conftest import Clinic, often
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.sources.landing import OTHERS, landed
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of

PAGE = "https://lakeside.example.com/knee"


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        (
            {"page": f"{PAGE}?utm_source=google&utm_medium=cpc&utm_campaign=Knee%20Fall&gclid=C"},
            {
                "page": PAGE,
                "source": "google",
                "campaign": "Knee Fall",
                "extra.utm_medium": "cpc",
                "extra.gclid": "C",
            },
        ),
        (
            {"page": f"{PAGE}?utm_campaign=b", "campaign": "a"},
            {"page": PAGE, "campaign": "a", "extra.utm_campaign": "b"},
        ),
        ({"page": f"{PAGE}?utm_campaign=a", "campaign": "a"}, {"page": PAGE, "campaign": "a"}),
        ({"page": f"{PAGE}?utm_campaign={{campaign}}"}, {"page": PAGE, "extra.utm_campaign": "{campaign}"}),
        ({"page": f"{PAGE}?utm_source=", "message": "x"}, {"page": PAGE, "message": "x"}),
        ({"page": f"{PAGE}?email=a@example.com"}, {"page": PAGE, OTHERS: "email=a@example.com"}),
        ({"page": f"{PAGE}#/book?fbclid=IwAR"}, {"page": PAGE, "extra.fbclid": "IwAR"}),
        ({"page": "https://me:pw@lakeside.example.com/knee"}, {"page": PAGE}),
        ({"page": "Knee pain"}, {"page": "Knee pain"}),
        ({"extra.GCLID": "Cj0K"}, {"extra.gclid": "Cj0K"}),
        (
            {"extra.first url": f"{PAGE}?msclkid=7&x=1"},
            {"extra.first url": f"{PAGE}?msclkid=7&x=1", "extra.msclkid": "7"},
        ),
        ({"page": "https://[::1", "message": "x"}, {"page": "https://[::1", "message": "x"}),
    ],
)
def test_what_an_address_says(said: dict[str, str], becomes: dict[str, str]) -> None:
    assert landed(said) == becomes


@pytest.mark.parametrize(
    ("referer", "becomes"),
    [
        (f"{PAGE}?wbraid=1", {"page": PAGE, "extra.wbraid": "1"}),
        ("https://lakeside.example.com/", {}),
        ("https://lakeside.example.com/?gbraid=1", {"page": "https://lakeside.example.com/", "extra.gbraid": "1"}),
        ("about:blank", {}),
    ],
)
def test_the_page_from_which_a_browser_sends_says_it_too(referer: str, becomes: dict[str, str]) -> None:
    assert landed({}, referer=referer) == becomes
    assert landed({"page": "Knee"}, referer=referer)["page"] == "Knee"


@often(200)
@given(st.dictionaries(st.sampled_from(["page", "campaign", "extra.u", "extra.UTM_SOURCE"]), st.text()), st.text())
def test_any_address_has_an_answer_and_nothing_else_is_lost(said: dict[str, str], tail: str) -> None:
    said["extra.url"] = f"{PAGE}?{tail}"
    told = landed(said, referer=f"https://{tail}")
    assert all(told[name] == text for name, text in said.items() if name not in {"page", "extra.UTM_SOURCE"})


@pytest.mark.django_db(databases="__all__")
def test_a_form_and_a_webhook_keep_it(client: Client, lakeside: Clinic) -> None:
    form, webhook = (add_source(lakeside.organization, kind, kind) for kind in ("form", "webhook"))
    headers = {"Referer": f"{PAGE}?utm_campaign=Fall&fbclid=IwAR"}
    client.post(f"/in/{form.handle}", {"message": "my knee", "utm_source": "fb"}, headers=headers)
    told = {"message": "my back", "tracking": {"utm_campaign": "Spring", "utm_term": "back pain"}}
    client.post(f"/in/{webhook.handle}", told, content_type="application/json")
    drain()
    assert [columns_of(one) for one in Lead.objects.order_by("source")] == [
        {"message": "my knee", "source": "fb", "page": PAGE, "campaign": "Fall", "extra.fbclid": "IwAR"},
        {"message": "my back", "campaign": "Spring", "extra.utm_term": "back pain"},
    ]


@pytest.mark.django_db(databases="__all__")
def test_an_address_alone_is_no_lead(client: Client, lakeside: Clinic) -> None:
    form = add_source(lakeside.organization, "form", "Site")
    client.post(f"/in/{form.handle}", {"x": "y"}, headers={"Referer": f"{PAGE}?utm_campaign=Fall"})
    drain()
    assert Submission.objects.get().state == State.NEEDS_MENDING
