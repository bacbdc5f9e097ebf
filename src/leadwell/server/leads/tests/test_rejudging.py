"""A new policy judges what came before, and the old judgement stays. (promise F34, policy time machine)"""

from uuid import UUID

import orjson
import pytest

from leadwell import playbook
from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Submission
from leadwell.server.leads import rejudging
from leadwell.server.leads.joining import Policy, join
from leadwell.server.leads.judging import judged
from leadwell.server.leads.models import Assessment, Event, Lead
from leadwell.server.leads.rejudging import rejudge
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.queries import in_force
from leadwell.server.privacy import held
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")


def _received(clinic: Clinic, **columns: str) -> Lead:
    accept(clinic.number, clinic.source, [Delivery(orjson.dumps(columns))])
    drain()
    return Lead.objects.of(clinic.number).get()


def test_another_policy_appends_another_judgement(lakeside: Clinic, harbor: Clinic) -> None:
    lead = _received(
        lakeside, message="I need physical therapy for my knee", age="17", zip="60601", phone="312-555-0147"
    )
    stricter = playbook.find("lakeside-orthopedics").replace(b"age >= 16", b"age >= 18")
    publish(upload(lakeside.organization, stricter))
    assert rejudge(lakeside.number) == 1
    first, second = Assessment.objects.order_by("at")
    assert (first.disposition, second.disposition) != (second.disposition, first.disposition)
    assert Lead.objects.get(pk=lead.pk).current_id == second.pk
    event = Event.objects.get(name="lead.rejudged")
    assert event.codes["disposition"] == [first.disposition, second.disposition]


def test_judging_again_by_the_same_policy_changes_nothing(lakeside: Clinic) -> None:
    _received(lakeside, message="I need physical therapy for my knee", phone="312-555-0147")
    assert rejudge(lakeside.number) == 0
    assert Assessment.objects.count() == 1


def test_another_organisations_leads_are_left_alone(lakeside: Clinic, harbor: Clinic) -> None:
    _received(lakeside, message="I need physical therapy for my knee", phone="312-555-0147")
    assert rejudge(harbor.number) == 0


def test_nothing_is_written_of_somebody_who_is_erased_while_they_are_judged(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr("leadwell.server.privacy.held.ERASED_FILE", str(tmp_path / "erased.jsonl"))
    lead, judge = _received(lakeside, message="I need physical therapy for my knee", phone="312-555-0147"), judged

    def slow(*given, **named):
        out = judge(*given, **named)
        erase(lakeside.number, lead.person_id, actor="user:1")
        return out

    monkeypatch.setattr(rejudging, "judged", slow)
    publish(upload(lakeside.organization, playbook.find("lakeside-orthopedics") + b"\n# another\n"))
    assert rejudge(lakeside.number) == 0
    assert [bytes(one.sealed) for one in Assessment.objects.of(lakeside.number)] == [b""]


def test_an_answer_joins_no_lead_that_was_erased(lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("leadwell.server.privacy.held.ERASED_FILE", str(tmp_path / "erased.jsonl"))
    lead = _received(lakeside, message="I need physical therapy for my knee", phone="312-555-0147")
    erase(lakeside.number, lead.person_id, actor="user:1")
    assert not join(
        lakeside.number, lead.pk, lead.submission, {"message": "and my hip"}, policy=Policy(*in_force(lakeside.number))
    )
    assert not Event.objects.filter(name="lead.replied").exists()


def test_an_answer_that_joins_while_its_person_is_erased_goes_with_them(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setattr("leadwell.server.privacy.held.ERASED_FILE", str(tmp_path / "erased.jsonl"))
    lead = _received(lakeside, message="I need physical therapy for my knee", phone="312-555-0147")
    (answer,) = accept(lakeside.number, lakeside.source, [Delivery(b'{"message": "and my hip"}')])
    found = held.subject_of

    def slow(organization: int, person: UUID) -> held.Subject:
        subject = found(organization, person)
        join(organization, lead.pk, answer.id, {"message": "and my hip"}, policy=Policy(*in_force(organization)))
        return subject

    monkeypatch.setattr(held, "subject_of", slow)
    erase(lakeside.number, lead.person_id, actor="user:1")
    assert not Event.objects.get(name="lead.replied").sealed
    assert bytes(Submission.objects.get(pk=answer.id).sealed) == b""
