"""One person's data is given out whole and erased whole; a restore does not bring it back. (promise F33)"""

import shutil
from datetime import timedelta

import orjson
import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from leadwell import playbook
from leadwell.server import environment
from leadwell.server.conftest import Clinic
from leadwell.server.intake import claiming
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import MailRef, State, Struck, Submission
from leadwell.server.leads import actions as leads
from leadwell.server.leads.joining import Policy, join
from leadwell.server.leads.models import Event, Lead
from leadwell.server.leads.queries import current_assessment
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.leads.retention import retire
from leadwell.server.people.models import Person, PersonToken
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy.held import erase, erase_again, export, holders
from leadwell.server.privacy.trail import record, verify

pytestmark = pytest.mark.django_db(databases="__all__")

ANA = {
    "first_name": "Anabel",
    "last_name": "Quillfeather",
    "message": "I need a knee replacement",
    "phone": "312-555-0147",
}


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    environment.kept_secret("LEADWELL_MASTER_KEY", "master.key")
    shutil.copytree(environment.home() / "keys", tmp_path / "keys")
    monkeypatch.setattr(environment, "home", lambda: tmp_path)


def _lead(clinic: Clinic, **columns: str) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(columns))])
    drain()
    return Lead.objects.of(clinic.number).order_by("-received_at")[0]


def test_every_sealed_column_is_declared_by_its_app() -> None:
    declared = {(one.model, one.column) for held in holders() for one in held.sealed}
    # Blind tokens, keys, and a policy's text.
    of_nobody = {"key", "refused_key", "content", "digest", "token", "domain", "wrapped", "source"}
    columns = {
        (model, f.name) for model in apps.get_models() for f in model._meta.get_fields()
        if isinstance(f, models.BinaryField) and f.name not in of_nobody
    }  # fmt: skip
    assert columns == declared


def test_an_export_holds_what_was_sent_what_was_said_of_it_and_who_saw_it(lakeside: Clinic) -> None:
    lead = _lead(lakeside, **ANA)
    record(lakeside.number, "user:7", "lead.viewed", f"lead/{lead.pk}")
    given = export(lakeside.number, lead.person_id, actor="user:1")
    assert given["person"]["last_name"] == "Quillfeather"
    assert given["leads"][0]["assessments"][0]["services"] == ["knee-replacement"]
    assert "Quillfeather" in given["submissions"][0]["body"]
    assert [(r["by"], r["did"]) for r in given["receipt"]] == [("user:7", "lead.viewed"), ("user:1", "person.exported")]


def test_after_an_erasure_nothing_names_the_person_and_the_ledger_still_closes(lakeside: Clinic) -> None:
    lead, other = _lead(lakeside, **ANA), _lead(lakeside, message="mri please", phone="312-555-0148")
    erase(lakeside.number, lead.person_id, actor="user:1")
    assert not Person.objects.filter(pk=lead.person_id).exists()
    assert not PersonToken.objects.filter(person=lead.person_id).exists()
    assert not Lead.objects.get(pk=lead.pk).sealed
    assert not Submission.objects.get(pk=lead.submission).sealed
    assert current_assessment(lakeside.number, lead.pk) is None
    assert current_assessment(lakeside.number, other.pk) is not None
    assert ledger_of(lakeside.organization).difference == 0
    assert verify(lakeside.number).broken_at is None
    assert rejudge(lakeside.number) == 0


def test_what_was_erased_is_erased_again_after_a_restore(lakeside: Clinic) -> None:
    lead = _lead(lakeside, **ANA)
    before = {"sealed": Lead.objects.get(pk=lead.pk).sealed, "person": lead.person}
    erase(lakeside.number, lead.person_id, actor="user:1")
    before["person"].save(force_insert=True)
    Lead.objects.filter(pk=lead.pk).update(**before)
    assert erase_again() == 1
    assert not Lead.objects.get(pk=lead.pk).sealed
    assert not Person.objects.filter(pk=lead.person_id).exists()


def test_half_a_line_of_a_crash_keeps_nobody_from_being_erased_again(lakeside: Clinic) -> None:
    first, second = _lead(lakeside, **ANA), _lead(lakeside, message="mri please", phone="312-555-0148")
    erased = environment.home() / "erased.jsonl"
    erase(lakeside.number, first.person_id, actor="user:1")
    erased.write_bytes(erased.read_bytes() + erased.read_bytes()[:60])
    erase(lakeside.number, second.person_id, actor="user:1")
    assert erase_again() == 2


def test_who_was_erased_in_an_organisation_that_is_not_here_is_passed_over(lakeside: Clinic) -> None:
    lead = _lead(lakeside, **ANA)
    erase(lakeside.number, lead.person_id, actor="user:1")
    erased = environment.home() / "erased.jsonl"
    here = f'"organization":{lakeside.number},'.encode()
    erased.write_bytes(erased.read_bytes().replace(here, b'"organization":987654,') + erased.read_bytes())
    assert erase_again() == 1


@pytest.mark.parametrize(("days", "kept"), [(364, True), (366, False)])
def test_a_declined_lead_is_kept_for_a_year(lakeside: Clinic, days: int, kept: bool) -> None:
    lead = _lead(lakeside, **ANA)
    Lead.objects.update(disposition="decline", received_at=timezone.now() - timedelta(days=days))
    policy = playbook.load(playbook.find("lakeside-orthopedics"))
    assert retire(lakeside.number, policy, now=timezone.now()) == int(not kept)
    assert bool(Lead.objects.get(pk=lead.pk).sealed) is kept


def test_a_person_with_a_younger_lead_is_kept_whole(lakeside: Clinic) -> None:
    old, young = _lead(lakeside, **ANA), _lead(lakeside, message="mri please", phone="312-555-0148")
    Lead.objects.filter(pk=old.pk).update(disposition="decline", received_at=timezone.now() - timedelta(days=400))
    Lead.objects.filter(pk=young.pk).update(person=old.person)
    policy = playbook.load(playbook.find("lakeside-orthopedics"))
    assert retire(lakeside.number, policy, now=timezone.now()) == 0


def test_what_joined_a_lead_later_is_given_out_and_erased_with_it(lakeside: Clinic) -> None:
    lead = _lead(lakeside, **ANA)
    accept(lakeside.number, lakeside.source, [Delivery(b'{"message": "the Quillfeather knee is worse"}')])
    answer = Submission.objects.order_by("-received_at")[0]
    join(
        lakeside.number,
        lead.pk,
        answer.pk,
        {"message": "the Quillfeather knee is worse"},
        policy=Policy(*in_force(lakeside.number)),
    )
    Submission.objects.filter(pk=answer.pk).update(state=State.JOINED, lead=lead.pk, leads=0)
    MailRef.objects.create(organization=lakeside.organization, token=b"1" * 16, lead=lead.pk)
    given = export(lakeside.number, lead.person_id, actor="user:1")
    assert [one["id"] for one in given["submissions"]] == [str(lead.submission), str(answer.pk)]
    assert given["leads"][0]["events"][-1]["said"] == {"message": "the Quillfeather knee is worse"}
    erase(lakeside.number, lead.person_id, actor="user:1")
    answer.refresh_from_db()
    assert not answer.sealed
    assert not MailRef.objects.exists()
    assert not Event.objects.filter(name="lead.replied").exclude(sealed=None).exists()


LIST = b"first_name,last_name,message\n" + b"".join(
    f"{name},Quillfeather,I need a knee replacement\n".encode() for name in ("Anabel", "Ben", "Cora", "Dan", "Eve")
)


def _list(clinic: Clinic) -> None:
    source = add_source(clinic.organization, "file", "Lists").pk
    accept(clinic.number, source, [Delivery(LIST, media_type="text/csv")])


def _due() -> None:
    claiming._held.clear()
    Submission.objects.filter(state=State.RECEIVED).update(due_at=timezone.now())


def test_one_erased_from_a_list_that_is_half_taken_in_costs_no_other(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    _list(lakeside)
    write, calls = leads._write, []

    def killed(*args: object) -> None:
        calls.append(write(*args))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(leads, "IN_ONE_TRANSACTION", 2)
        patched.setattr(leads, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            drain()
    first = Lead.objects.of(lakeside.number).get(nth=0)
    erase(lakeside.number, first.person_id, actor="command")
    _due()
    drain()
    _nobody_else_is_lost(lakeside, count=5, named=4)


def test_one_erased_from_a_list_is_left_out_when_an_older_backup_takes_it_in(lakeside: Clinic) -> None:
    _list(lakeside)
    drain()
    first = Lead.objects.of(lakeside.number).get(nth=0)
    sealed = bytes(Submission.objects.get().sealed)
    erase(lakeside.number, first.person_id, actor="command")
    Lead.objects.all().delete()
    Person.objects.all().delete()
    Struck.objects.all().delete()
    Submission.objects.update(state=State.RECEIVED, lead=None, leads=0, sealed=sealed)
    erase_again()
    _due()
    drain()
    _nobody_else_is_lost(lakeside, count=4, named=4)


def _nobody_else_is_lost(clinic: Clinic, *, count: int, named: int) -> None:
    ours = Lead.objects.of(clinic.number)
    assert (ours.count(), ours.exclude(sealed=b"").count()) == (count, named)
    assert not ours.exclude(sealed=b"").filter(nth=0).exists()
    submission = Submission.objects.get()
    assert (submission.state, submission.leads, bytes(submission.sealed)) == (State.ASSESSED, count, b"")
    assert ledger_of(clinic.organization).difference == 0


def test_one_erased_who_is_all_that_was_sent_is_not_taken_in_again(lakeside: Clinic) -> None:
    lead = _lead(lakeside, **ANA)
    sealed = bytes(Submission.objects.get().sealed)
    erase(lakeside.number, lead.person_id, actor="command")
    Lead.objects.all().delete()
    Struck.objects.all().delete()
    Submission.objects.update(state=State.RECEIVED, lead=None, leads=0, sealed=sealed)
    erase_again()
    _due()
    drain()
    assert not Lead.objects.exists()
    submission = Submission.objects.get()
    assert (submission.state, bytes(submission.sealed)) == (State.NOT_A_LEAD, b"")
    assert ledger_of(lakeside.organization).difference == 0
