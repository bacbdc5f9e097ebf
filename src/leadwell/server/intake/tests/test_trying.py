"""What a payload would become is shown before anything is connected, by the command as on the page. (promise A1)"""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner, Result

from leadwell.server.commands.sources import app
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.models import Submission

KNEE = {"contact": {"firstName": "Ana", "phone": "312-555-0147"}, "message": "knee replacement in Evanston", "q17": "x"}
REFERRAL = {"patient_full_name": "Ana Ruiz", "referrer_name": "Dr. Lee", "referral_service": "knee replacement"}


def _try(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["try", *words], input=given)


def test_a_payload_becomes_a_lead_in_words() -> None:
    """Without a database: this test may use none."""
    result = _try("webhook", "-", given=json.dumps(KNEE))
    assert result.exit_code == 0
    for words in (
        "It would become 1 lead.",
        "Ana",
        "Knee replacement, Evanston",
        "312-555-0147",
        "q17",
        "is told: 202",
    ):
        assert words in result.stdout


def test_the_person_and_who_refers_them_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "sent.json").write_text(json.dumps(REFERRAL))
    said = _try("webhook", str(tmp_path / "sent.json"), "--playbook", "lakeside-orthopedics").stdout.splitlines()
    told = {line[2:26].strip(): line[28:] for line in said if line.startswith("  ")}
    assert (told["Patient"], told["Referrer"], told["Wants"]) == ("Ana Ruiz", "Dr. Lee", "Knee replacement")


def test_settings_count_and_what_is_wrong_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"mapping": {"q17": "message"}}))
    assert "Message" in _try("webhook", "-", "--settings", str(tmp_path / "settings.json"), given='{"q17": "x"}').stdout
    wrong = _try("webhook", "-", given="{")
    assert (wrong.exit_code, "It would need mending: not JSON" in wrong.stdout) == (1, True)
    assert _try("nonsense", "-", given="{}").exit_code == 2
    assert _try("webhook", "-", "--settings", str(tmp_path / "none.json"), given="{}").exit_code == 1
    assert _try("webhook", str(tmp_path / "none.json")).exit_code == 1


def test_what_would_steer_a_terminal_is_left_out() -> None:
    assert "\x1b" not in _try("webhook", "-", given=json.dumps({"message": "knee \x1b[2J pain", "\x1b]0;": "x"})).stdout


CANCELLED = {
    "event": "invitee.canceled", "created_at": "2026-11-28T02:00:00Z",
    "payload": {"name": "Ana Ruiz", "email": "ana@example.com", "uri": "https://api.calendly.com/x/invitees/1",
                "cancellation": {"reason": "never contact me again"}},
}  # fmt: skip
IN_DANGER = CANCELLED | {"payload": CANCELLED["payload"] | {"cancellation": {"reason": "chest pain right now"}}}  # type: ignore[operator]
TEXT = "From=%2B13125550147&To=%2B13125550100&MessageSid=SM1&Body="
REVOKED = {"resourceType": "ServiceRequest", "status": "revoked", "intent": "order", "identifier": [{"value": "A-17"}],
           "subject": {"reference": "#p"},
           "contained": [{"resourceType": "Patient", "id": "p", "name": [{"text": "Ana Ruiz"}]}]}  # fmt: skip
DEAD = REVOKED | {
    "status": "active",
    "contained": [{"resourceType": "Patient", "id": "p", "name": [{"text": "Ana Ruiz"}], "deceasedBoolean": True}],
}
HL7 = (Path(__file__).parent / "captured" / "hl7v2.hl7").read_text()
NEVER = HL7.replace("Afternoons only, please.", "never contact me again")
PLAN = "Patient is suicidal, wants to kill herself tonight"
BACK = ["takes back a referral that has not come", "Of a referral that is here"]
NO_LEAD = {
    "a withdrawal by HL7 v2": ("hl7v2", HL7.replace("REF^I12", "REF^I14"), BACK),
    "a withdrawal by FHIR": ("fhir", REVOKED, BACK),
    "a withdrawal with a stop": ("hl7v2", NEVER.replace("REF^I12", "REF^I14"), [
        *BACK, "it would be obeyed at once for the patient of that referral, where it is here"]),
    "a cancelled booking": ("calendly", CANCELLED, [
        "no lead: of a booking that is not known", "Of a booking that is here",
        "It asks to stop (“never contact me”): it would be obeyed at once for ana@example.com"]),
    "a stop by text": ("twilio", TEXT + "STOP", [
        "no lead: a keyword: stop", "It asks to stop (“STOP”): it would be obeyed at once for +13125550147"]),
}  # fmt: skip
HEARD = {
    "a death": ("fhir", DEAD, "It says that the patient has died: nobody would be called or written to"),
    "a stop in words": ("webhook", KNEE | {"message": "leave me alone, my knee is fine"}, "It asks to stop (“leave me"),
    "a stop that is in doubt": ("webhook", KNEE | {"message": "do not text my mother"}, "until somebody has looked"),
    "danger, where it would be no lead without": ("calendly", IN_DANGER, "Danger: the words suggest an"),
    "danger in a draft": (
        "fhir",
        REVOKED | {"status": "draft", "note": [{"text": PLAN}]},
        "Danger: the words suggest a",
    ),
    "danger in a withdrawal": ("fhir", REVOKED | {"note": [{"text": PLAN}]}, "Danger: the words suggest a crisis"),
    "danger": ("webhook", KNEE | {"q17": "chest pain right now, I cannot breathe"}, "Danger: the words suggest an"),
}


@pytest.mark.parametrize(("kind", "sent", "words"), NO_LEAD.values(), ids=NO_LEAD)
def test_what_is_no_lead_by_itself_says_what_it_would_do(kind: str, sent: object, words: list[str]) -> None:
    said = _try(kind, "-", given=sent if isinstance(sent, str) else json.dumps(sent)).stdout
    assert "would become" not in said
    assert [one for one in words if one not in said] == []


@pytest.mark.parametrize(("kind", "sent", "words"), HEARD.values(), ids=HEARD)
def test_what_would_be_heard_in_it_is_said(kind: str, sent: object, words: str) -> None:
    said = _try(kind, "-", given=json.dumps(sent)).stdout
    assert "It would become 1 lead." in said
    assert words in said


@pytest.mark.django_db(databases="__all__")
def test_the_page_says_so_too(lakeside: Clinic) -> None:
    manager = browser(lakeside.organization, "manager")
    calendly = add_source(lakeside.organization, "calendly", "Visits")
    shown = _tried(manager, calendly.pk, json.dumps(CANCELLED))
    for words in ("It would be no lead:", "Of a booking that is here", "obeyed at once for ana@example.com"):
        assert words in shown
    site = add_source(lakeside.organization, "webhook", "Site")
    assert "It asks to stop" in _tried(manager, site.pk, json.dumps(KNEE | {"message": "leave me alone, please"}))


@pytest.mark.django_db(databases="__all__")
def test_the_page_shows_the_same_by_the_policy_in_force(lakeside: Clinic) -> None:
    source, manager = add_source(lakeside.organization, "webhook", "Site"), browser(lakeside.organization, "manager")
    shown = _tried(manager, source.pk, json.dumps(KNEE))
    for words in ("It would become 1 lead.", "Knee replacement, Evanston", "Whoever sent it is told"):
        assert words in shown
    assert not Submission.objects.exists()


@pytest.mark.django_db(databases="__all__")
def test_a_mail_is_tried_too(lakeside: Clinic) -> None:
    source, manager = add_source(lakeside.organization, "email", "Mail"), browser(lakeside.organization, "manager")
    mail = "From: Ana Ruiz <ana@example.com>\nSubject: knee\n\nI need a knee replacement in Evanston.\n"
    shown = _tried(manager, source.pk, mail)
    assert ("Ana Ruiz" in shown, "Knee replacement, Evanston" in shown, "Whoever sent it is told" in shown) == (
        True,
        True,
        False,
    )


def _tried(manager: Client, source: int, sample: str) -> str:
    return manager.post(reverse("try_source", args=[source]), {"sample": sample}).content.decode()
