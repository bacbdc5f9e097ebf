"""What a hospital says of a patient who has died, and what it sends to try its line, calls nobody. (promise A7)"""

from __future__ import annotations

import pytest

from leadwell.formats.fhir.people import patient_columns
from leadwell.server.conftest import Clinic
from leadwell.server.consent.tests.test_known import answers
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.tests.test_numbered import TOMAS, Sender, hospital, leads

__all__ = ["hospital"]

pytestmark = pytest.mark.django_db(databases="__all__")


def died(body: bytes, day: bytes) -> bytes:
    lines = body.replace(b"\n", b"\r").split(b"\r")
    place = next(n for n, line in enumerate(lines) if line.startswith(b"PID"))
    fields = lines[place].split(b"|")
    lines[place] = b"|".join([*fields, *[b""] * (29 - len(fields)), day, b"Y"])
    return b"\r".join(lines)


@pytest.mark.parametrize("day", [b"20260102", b""])
def test_nobody_is_called_who_has_died_until_somebody_has_looked(
    lakeside: Clinic, hospital: Sender, day: bytes, at_noon: None
) -> None:
    hospital.sends(died(TOMAS, day))
    (lead,) = leads()
    assert lead.person_id is not None
    assert {channel: answers(lakeside, lead.person_id)[channel] for channel in ("call", "text")} == {
        "call": "never",
        "text": "never",
    }


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"deceasedBoolean": True}, True),
        ({"deceasedDateTime": "2026-01-02"}, True),
        ({"deceasedBoolean": False}, False),
        ({}, False),
    ],
)
def test_a_fhir_patient_who_has_died_is_told_in_the_same_words(told: dict[str, object], said: bool) -> None:
    columns = patient_columns({"resourceType": "Patient", **told}, "2026-11-20")
    assert columns["extra.deceased"] == ("The patient is deceased, says the sender." if said else "")
    assert columns["extra.deceased since"] == told.get("deceasedDateTime", "")


@pytest.mark.parametrize("kind", [b"T", b"D"])
def test_a_message_to_train_with_refers_nobody(hospital: Sender, kind: bytes) -> None:
    told = hospital.sends(TOMAS.replace(b"|P|2.5.1", b"|%b|2.5.1" % kind))
    assert (b"|AA|" in told, leads()) == (True, [])
    kept = Submission.objects.get()
    assert (kept.state, kept.problem) == (State.NOT_A_LEAD, "a message to try or to train with (MSH-11)")
