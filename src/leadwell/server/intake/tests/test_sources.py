"""Webhooks, forms of other sites and lists become leads; what is not signed does not. (promise A1)"""

import hashlib
import hmac

import orjson
import pytest
from django.test import Client

from leadwell.server.access.actions import add_organization
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source, change_settings, close
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.mending import CannotMend, accept_refused, mend, replay
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.opening import Sent, opened
from leadwell.server.intake.sources.api.adapter import lead as of_the_api
from leadwell.server.intake.sources.form.adapter import fields_of
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.sealing import unseal_json

pytestmark = pytest.mark.django_db(databases="__all__")

LEAD = {"contact": {"firstName": "Ana", "phoneNumber": "312-555-0147"}, "data": {"message": "knee replacement please"}}
SIGNED = {"secrets": ["old", "new"], "header": "X-Signature", "digest": "sha256", "prefix": "sha256="}


def _columns(lead: Lead) -> dict[str, str]:
    return unseal_json(lead.organization_id, lead.sealed, place=f"leads.lead/{lead.pk}")


def _signature(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_a_webhook_is_understood_by_the_names_of_its_fields(client: Client, lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "webhook", "Website")
    answer = client.post(f"/in/{source.handle}", LEAD, content_type="application/json")
    assert (answer.status_code, answer.json()["repeat"]) == (202, False)
    drain()
    columns = _columns(Lead.objects.get())
    assert columns == {"first_name": "Ana", "phone": "312-555-0147", "message": "knee replacement please"}


def test_a_mapping_says_what_a_field_means(client: Client, lakeside: Clinic) -> None:
    settings = {"mapping": {"q.17": "message"}, "each": "rows"}
    source = add_source(lakeside.organization, "webhook", "Survey", settings)
    body = {"rows": [{"q": {"17": "my knee", "18": "x"}}, {"q": {"17": "my back"}}]}
    client.post(f"/in/{source.handle}", body, content_type="application/json")
    drain()
    assert sorted(_columns(lead)["message"] for lead in Lead.objects.all()) == ["my back", "my knee"]
    told = ledger_of(lakeside.organization).whole
    assert (told.made_leads, told.split, told.leads, told.difference) == (1, 1, 2, 0)


@pytest.mark.parametrize("secret", ["old", "new"])
def test_either_secret_verifies_while_one_is_being_changed(client: Client, lakeside: Clinic, secret: str) -> None:
    source, body = add_source(lakeside.organization, "webhook", "Signed", SIGNED), orjson.dumps(LEAD)
    headers = {"X-Signature": _signature(body, secret)}
    assert (
        client.post(f"/in/{source.handle}", body, content_type="application/json", headers=headers).status_code == 202
    )


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "sha256=00", _signature(b"{}", "new"), _signature(orjson.dumps(LEAD), "new")[7:]]
)
def test_a_wrong_signature_is_refused_and_kept_apart(client: Client, lakeside: Clinic, signature: str) -> None:
    source, body = add_source(lakeside.organization, "webhook", "Signed", SIGNED), orjson.dumps(LEAD)
    headers = {"X-Signature": signature} if signature else {}
    answer = client.post(f"/in/{source.handle}", body, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    drain()
    kept = Submission.objects.get()
    assert (kept.state, opened(kept).body, Lead.objects.count()) == (State.REFUSED, body, 0)
    assert ledger_of(lakeside.organization).as_json()["refused"] == 1
    assert accept_refused(lakeside.number, [kept.pk]) == 1
    drain()
    assert Lead.objects.count() == 1


def test_an_empty_secret_never_verifies(client: Client, lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "webhook", "Signed", {**SIGNED, "secrets": [""]})
    headers = {"X-Signature": _signature(b"{}", "")}
    assert (
        client.post(f"/in/{source.handle}", b"{}", content_type="application/json", headers=headers).status_code == 401
    )


@pytest.mark.parametrize("handle", ["nothing", "api-1"])
def test_an_unknown_address_keeps_nothing(client: Client, lakeside: Clinic, handle: str) -> None:
    assert client.post(f"/in/{handle}", b"{}", content_type="application/json").status_code == 404
    assert not Submission.objects.exists()


def test_a_closed_source_takes_nothing(client: Client, lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "form", "Old site")
    close(source)
    assert client.post(f"/in/{source.handle}", {"message": "knee"}).status_code == 404


def test_a_form_of_any_site_becomes_a_lead_and_sends_the_browser_on(client: Client, lakeside: Clinic) -> None:
    source = add_source(
        lakeside.organization, "form", "Site", {"thanks": "https://lakeside-ortho.example/thanks", "trap": "site"}
    )
    answer = client.post(
        f"/in/{source.handle}",
        {"your-name": "Ana", "your-email": "ana@example.com", "your-message": "knee replacement", "site": ""},
    )
    assert (answer.status_code, answer["Location"]) == (303, "https://lakeside-ortho.example/thanks")
    drain()
    columns = _columns(Lead.objects.get())
    assert (columns["full_name"], columns["email"], columns["message"]) == (
        "Ana",
        "ana@example.com",
        "knee replacement",
    )
    assert "extra.trap" not in columns


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


THANKED = {"en": ("Thank you. We have it.", "call or text 988"), "es": ("Gracias. Lo hemos recibido.", "llame al 911")}


@pytest.mark.parametrize(
    ("sent", "browser", "language"),
    [
        ({}, "en-US,en;q=0.9", "en"),
        ({}, "es-MX,es;q=0.9,en;q=0.8", "es"),
        ({"language": "Español"}, "en-US", "es"),
        ({"lang": "en"}, "es", "en"),
        ({}, "de-DE", "en"),
    ],
)
def test_a_browser_is_thanked_in_the_language_of_the_form(
    client: Client, lakeside: Clinic, sent: dict[str, str], browser: str, language: str
) -> None:
    source = add_source(lakeside.organization, "form", "Site")
    posted = {"your-name": "Ana", "your-message": "knee replacement"} | sent
    answer = client.post(f"/in/{source.handle}", posted, headers=BROWSER | {"Accept-Language": browser})
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (202, "text/html; charset=utf-8")
    assert f'<html lang="{language}">' in page
    assert all(said in page for said in (*THANKED[language], "911", "988", lakeside.organization.name))
    assert not any(said in page for said in ("Ana", "knee", "account/login"))


def test_a_program_that_posts_a_form_gets_its_id(client: Client, lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "form", "Site")
    answer = client.post(f"/in/{source.handle}", {"your-message": "knee"}, headers={"Accept": "*/*"})
    assert (answer.status_code, sorted(answer.json())) == (202, ["id", "repeat"])


def test_a_browser_is_told_whom_to_call_before_there_is_a_playbook(client: Client) -> None:
    source = add_source(add_organization("new-clinic"), "form", "Site")
    page = client.post(f"/in/{source.handle}", {"your-message": "knee"}, headers=BROWSER).content.decode()
    assert "911" in page
    assert "988" in page


def test_urlencoded_and_multipart_say_the_same() -> None:
    plain = Sent(b"name=Ana+L%C3%B3pez&ask=a&ask=b", "application/x-www-form-urlencoded", {})
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'
        for n, v in (("name", "Ana López"), ("ask", "a"), ("ask", "b"))
    )
    parts = Sent((body + "--x--\r\n").encode(), "multipart/form-data; boundary=x", {})
    assert fields_of(plain) == fields_of(parts) == {"name": "Ana López", "ask": "a; b"}


def _multipart(boundary: str) -> bytes:
    fields = (("your-name", "Ana"), ("your-email", "ana@example.com"), ("your-message", "knee replacement"))
    parts = (f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields)
    return ("".join(parts) + f"--{boundary}--\r\n").encode()


def test_a_double_click_on_a_form_is_one_lead(client: Client, lakeside: Clinic) -> None:
    """Browsers draw a new boundary for each click, and a long one."""
    source = add_source(lakeside.organization, "form", "Site")
    for boundary in ("----WebKitFormBoundary7MA4YWxkTrZu0gW", "----WebKitFormBoundaryQq1AbcDeFgHiJkLm"):
        kind = f"multipart/form-data; boundary={boundary}"
        assert client.post(f"/in/{source.handle}", _multipart(boundary), content_type=kind).status_code == 202
    drain()
    assert _columns(Lead.objects.get())["message"] == "knee replacement"
    assert Submission.objects.filter(state=State.REPEAT).count() == 1


@pytest.mark.parametrize("handle", ["%00", "a b", "é", "x" * 500])
def test_what_is_no_address_at_all_is_nothing(client: Client, lakeside: Clinic, handle: str) -> None:
    answer = client.post(f"/in/{handle}", b"{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_wrong_method_is_said_in_the_one_shape_of_errors(client: Client, lakeside: Clinic) -> None:
    answer = client.get("/in/nothing")
    assert (answer.status_code, answer["Allow"], answer.json()["status"]) == (405, "POST", 405)


def test_a_list_is_one_submission_with_many_leads(lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "file", "Lists")
    rows = b"Name,Phone,Comments\nAna,312-555-0147,knee replacement\nBo,312-555-0148,mri of my back\n"
    accept(lakeside.number, source.pk, [Delivery(rows, media_type="text/csv")])
    drain()
    told = ledger_of(lakeside.organization).whole
    assert (told.received, told.made_leads, told.split, told.leads, told.difference) == (1, 1, 1, 2, 0)
    assert Lead.objects.get(service="imaging-mri").nth == 1


def test_a_corrected_mapping_mends_what_came_before(client: Client, lakeside: Clinic) -> None:
    source = add_source(lakeside.organization, "webhook", "Odd")
    client.post(f"/in/{source.handle}", {"zzz": "knee replacement"}, content_type="application/json")
    drain()
    waiting = Submission.objects.get()
    assert (waiting.state, Lead.objects.count()) == (State.NEEDS_MENDING, 0)
    change_settings(source, {"mapping": {"zzz": "message"}})
    assert replay(lakeside.number, [waiting.pk]) == 1
    drain()
    assert _columns(Lead.objects.get()) == {"message": "knee replacement"}


def test_a_mended_body_is_read_and_the_first_one_stays(client: Client, lakeside: Clinic, harbor: Clinic) -> None:
    (receipt,) = accept(lakeside.number, lakeside.source, [Delivery(b'{"message": "knee', problem="not JSON")])
    sealed = bytes(Submission.objects.get().sealed)
    with pytest.raises(CannotMend):
        mend(harbor.number, receipt.id, b"{}")
    mend(lakeside.number, receipt.id, b'{"message": "knee replacement"}')
    drain()
    assert Submission.objects.get().state == State.ASSESSED
    assert bytes(Submission.objects.get().sealed) == sealed
    with pytest.raises(CannotMend):
        mend(lakeside.number, receipt.id, b"{}")


def test_the_api_understands_the_headers_of_a_list() -> None:
    sent = {"name": "Lou Bass", "Tel": "312-555-0147", "Insurer": "Aetna", "shoe": 43, "extra.note": "as it is"}
    assert of_the_api(sent).leads == (
        {
            "extra.note": "as it is",
            "full_name": "Lou Bass",
            "phone": "312-555-0147",
            "payer": "Aetna",
            "extra.shoe": "43",
        },
    )


def test_a_column_of_ours_is_never_taken_by_another_name() -> None:
    sent = {"Name": "Lou Bass", "full_name": "Louise Bass", "patient_first_name": "Ana", "message": "my knee"}
    assert of_the_api(sent).leads == (
        {"full_name": "Louise Bass", "patient_first_name": "Ana", "message": "my knee", "extra.Name": "Lou Bass"},
    )
    assert of_the_api({"patient_full_name": "Ana Ruiz", "shoe": "43"}).leads == (
        {"patient_full_name": "Ana Ruiz", "extra.shoe": "43"},
    )
