"""What an administrator asks and changes by command. What names people goes on record, and so does every change."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from leadwell.server.alerts.actions import Cause, tell
from leadwell.server.commands import alerts, inbox, keys, people, policies, privacy, rotation, sources
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Submission
from leadwell.server.people.tests.test_emergency import enquiry
from leadwell.server.privacy.held import erase
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


def run(app, *typed: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, typed)
    return done.exit_code, done.output


def test_alerts_are_listed_with_what_to_do(lakeside: Clinic) -> None:
    assert run(alerts.app, "list", "--look") == (0, "Nothing needs anybody now.\n")
    lead = enquiry(lakeside)
    tell(lakeside.number, "set-aside", Cause("set-aside/1", lead.received_at, codes={"count": 1, "name": "Calls"}))
    code, said = run(alerts.app, "list")
    assert (code, "lakeside: 1 submission was set aside" in said, "play it again" in said) == (1, True, True)


def test_a_receipt_says_how_much_and_who_and_not_what(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    run(inbox.app, "show", str(lead.submission))
    code, said = run(privacy.receipt, "person", str(lead.person_id))
    assert code == 0
    assert "1  who they are" in said
    assert "An administrator, by command: opened what was sent" in said
    assert not any(word in said for word in ("Quillfeather", "0147"))
    code, said = run(privacy.receipt, "person", str(lead.person_id), "--json")
    assert [one["did"] for one in orjson.loads(said)] == ["submission.viewed", "person.viewed", "person.viewed"]
    assert TrailEntry.objects.of(lakeside.number).count() == 3


def test_nobody_of_an_unknown_id_has_a_receipt(lakeside: Clinic, harbor: Clinic) -> None:
    theirs = enquiry(harbor)
    code, said = run(privacy.receipt, "person", str(theirs.person_id), "--organization", "lakeside")
    assert (code, "nobody of this id" in said) == (1, True)


def test_a_data_key_is_changed_and_counted(lakeside: Clinic) -> None:
    enquiry(lakeside)
    assert "Version 2 seals from now on" in run(rotation.app, "data")[1]
    count = run(rotation.app, "state")[1].removeprefix("version 1: ").strip()
    assert f"{count} values were sealed anew" in run(rotation.app, "reseal")[1]
    assert run(rotation.app, "state")[1] == f"version 2: {count}\n"


def test_what_a_command_changes_goes_on_record(lakeside: Clinic, tmp_path: Path) -> None:
    bodies = [Delivery(body, problem="not JSON") for body in (b"{", b"[", b"<")]
    bad, worse, _ = (one.id for one in accept(lakeside.number, lakeside.source, bodies))
    mended = tmp_path / "mended.json"
    mended.write_text('{"message": "knee replacement please"}')
    ours = ("--organization", "lakeside")
    typed = [
        (inbox.app, "mend", str(bad), "--file", str(mended)),
        (inbox.app, "replay", str(worse)),
        (inbox.app, "replay"),
        (keys.app, "new", *ours, "--scope", "leads:read"),
        (people.app, "new", "one@example.com", *ours, "--role", "analyst", "--password", "quiet harbour window"),
        (people.app, "password", "one@example.com"),
        (sources.app, "new", "webhook", "Calls", *ours),
    ]
    for command in typed:
        assert run(*command)[0] == 0, command
    publishing = typer.Typer()
    publishing.command()(policies.publish)
    assert run(publishing, "lakeside-orthopedics", *ours)[0] == 0
    entries = TrailEntry.objects.of(lakeside.number).order_by("number")
    assert {one.actor for one in entries} == {"command"}
    assert [one.action for one in entries] == [
        "submission.mended", "submission.replayed", "submissions.replayed", "key.made", "member.added",
        "member.password-changed", "source.added", "playbook.published",
    ]  # fmt: skip


def test_whoever_has_an_account_is_invited_by_the_command(lakeside: Clinic, harbor: Clinic) -> None:
    typed = ("--role", "analyst", "--password", "quiet harbour window")
    run(people.app, "new", "one@example.com", "--organization", "harbor", *typed)
    code, said = run(people.app, "new", "one@example.com", "--organization", "lakeside", *typed)
    assert (code, "they accept it themselves" in said) == (0, True)
    assert [one.action for one in TrailEntry.objects.of(lakeside.number)] == ["member.invited"]


def test_what_was_erased_is_called_erased_and_is_no_failure(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    erase(lakeside.number, lead.person_id, actor="command", at=datetime(2026, 11, 24, 20, tzinfo=UTC))
    code, said = run(inbox.app, "show", str(lead.submission))
    assert (code, said) == (0, "Erased on 24 November 2026: that it came is all that is kept.\n")


def test_what_cannot_be_opened_is_said_in_a_sentence(lakeside: Clinic) -> None:
    lead = enquiry(lakeside)
    Submission.objects.filter(pk=lead.submission).update(sealed=b"damaged")
    code, said = run(inbox.app, "show", str(lead.submission))
    assert (code, said.startswith("It cannot be opened: damaged")) == (1, True)
