"""Messages that come together, and senders that want to be told otherwise: none is lost, each is answered. (A1, A2)"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.sources.hl7v2.listener import taken
from leadwell.server.leads.models import Lead

pytestmark = pytest.mark.django_db(databases="__all__")

MESSAGE = (Path(__file__).parent / "captured" / "hl7v2.hl7").read_bytes().strip() + b"\r"
BHS = b"BHS|^~\\&|EHR|NORTH|LEADWELL|CLINIC|20261120090000||Nightly|for Ana\\T\\others|B-7\r"
FHS = BHS.replace(b"BHS", b"FHS").replace(b"B-7", b"F-7")


@pytest.fixture
def source(lakeside: Clinic) -> Source:
    return add_source(lakeside.organization, "hl7v2", "North")


def message(number: int, **more: bytes) -> bytes:
    """Each of another patient. `kind`: MSH-9; `modes`: MSH-15 and 16."""
    made = MESSAGE.replace(b"M-17", b"M-%d" % number).replace(b"R-17", b"R-%d" % number)
    family, born = (b"Abel", b"Quill", b"Zorn")[number - 1], (b"19580314", b"19710702", b"19890911")[number - 1]
    made = made.replace(b"Sample^Tom\xc3\xa1s^Luis", family + b"^Kim^").replace(b"Muster^Tom", family + b"^K")
    made = (
        made.replace(b"20110402", born).replace(b"555-0147", b"555-01%02d" % number).replace(b"555-0149", b"555-0199")
    )
    lines = made.split(b"\r")
    fields = lines[0].split(b"|") + [b""] * 20
    fields[8] = more.get("kind", fields[8])
    fields[14], fields[15] = more.get("modes", b"|").split(b"|")
    lines[0] = b"|".join(fields).rstrip(b"|")
    return b"\r".join(lines)


def posted(source: Source, body: bytes) -> tuple[int, list[list[str]]]:
    answer = Client().post(f"/in/{source.handle}", body, content_type="application/hl7-v2")
    return answer.status_code, [line.split("|") for line in answer.content.decode().split("\r") if line]


def told(lines: list[list[str]], segment: str = "MSA") -> list[list[str]]:
    return [line[1:3] for line in lines if line[0] == segment]


def test_several_messages_in_one_body_are_each_kept_as_they_came_and_answered(source: Source) -> None:
    bodies = [message(1), message(2, kind=b"ADT^A01"), message(3)]
    status, lines = posted(source, b"".join(bodies))
    assert (status, told(lines)) == (200, [["AA", "M-1"], ["AR", "M-2"], ["AA", "M-3"]])
    assert [opened(one).body for one in Submission.objects.order_by("pk")] == [bodies[0], bodies[1], bodies[2].strip()]
    drain()
    assert (Lead.objects.count(), ledger_of(source.organization_id).difference) == (2, 0)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
@pytest.mark.parametrize("by", ["http", "mllp"])
def test_a_batch_is_answered_by_a_batch_with_the_answer_to_each(source: Source, end: bytes, by: str) -> None:
    body = FHS + BHS + message(1) + message(2).replace(b"\rPRD", b"\rZZZ") + b"BTS|2\rFTS|1\r"
    body = body.replace(b"\r", end)
    if by == "http":
        _, lines = posted(source, body)
    else:
        lines = [line.split("|") for line in (taken(source, body) or b"").decode().split("\r") if line]
    assert [line[0] for line in lines if line[0] in ("FHS", "BHS", "MSA", "BTS", "FTS")] == [
        "FHS", "BHS", "MSA", "MSA", "BTS", "FTS",
    ]  # fmt: skip
    assert told(lines) == [["AA", "M-1"], ["AE", "M-2"]]
    header = next(line for line in lines if line[0] == "BHS")
    assert (header[2:6], header[8], header[11]) == (["LEADWELL", "CLINIC", "EHR", "NORTH"], "Nightly", "B-7")
    assert (told(lines, "BTS"), told(lines, "FTS")) == ([["2"]], [["1"]])
    drain()
    states = list(Submission.objects.order_by("pk").values_list("state", flat=True))  # as they stood in it
    assert (states, Lead.objects.count()) == ([State.ASSESSED, State.NEEDS_MENDING], 1)
    assert opened(Submission.objects.order_by("pk")[0]).headers["batch"].splitlines()[1] == BHS.strip().decode()


def test_the_same_batch_again_is_told_the_same_and_makes_no_second_lead(source: Source) -> None:
    body = BHS + message(1) + message(2) + message(1) + b"BTS|3\r"
    first, again = posted(source, body), posted(source, body)
    assert first == again
    drain()
    states = sorted(Submission.objects.values_list("state", flat=True))
    assert (Lead.objects.count(), states.count(State.REPEAT)) == (2, 4)


def test_a_referral_and_its_withdrawal_in_one_batch_keep_their_order(source: Source) -> None:
    posted(source, BHS + message(1) + message(1, kind=b"REF^I14") + b"BTS|2\r")
    while drain().submissions:
        pass
    assert [one.state for one in Submission.objects.order_by("pk")] == [State.ASSESSED, State.JOINED]


def test_half_a_batch_says_how_much_of_it_came(source: Source) -> None:
    _, lines = posted(source, BHS + message(1) + b"BTS|5\r")
    assert [line for line in lines if line[0] == "BTS"] == [["BTS", "1", "1 of 5 messages came"]]


def test_a_batch_of_none_is_kept_and_no_lead(source: Source) -> None:
    _, lines = posted(source, FHS + BHS + b"BTS|0\rFTS|1\r")
    assert [line[0] for line in lines] == ["FHS", "BHS", "BTS", "FTS"]
    drain()
    assert Submission.objects.get().state == State.NOT_A_LEAD


def test_a_line_of_a_note_that_looks_like_the_end_of_a_batch_is_a_note(source: Source) -> None:
    posted(source, message(1).replace(b"NTE|1||", b"NTE|1||first\rBTS|second ") + b"\rFTS|1\r")
    assert Submission.objects.count() == 1


MODES = [  # MSH-15 and 16, MSA-1 of a good one, of one that lacks what it needs, and of one that we do not take
    (b"|", "AA", "AE", "AR"),
    (b"AL|NE", "CA", "CA", "CR"),
    (b"AL|AL", "CA", "CA", "CR"),
    (b"NE|AL", "AA", "AE", "AR"),
    (b"|AL", "AA", "AE", "AR"),
    (b"AL|", "CA", "CA", "CR"),
    (b"SU|NE", "CA", "CA", ""),
    (b"ER|NE", "", "", "CR"),
    (b"ER|ER", "", "AE", "CR"),
    (b"NE|SU", "AA", "", ""),
    (b"NE|NE", "", "", ""),
    (b"Y|N", "AA", "AE", "AR"),
]


@pytest.mark.parametrize(("modes", "good", "lacking", "strange"), MODES)
def test_a_sender_is_acknowledged_as_it_asks(
    source: Source, modes: bytes, good: str, lacking: str, strange: str
) -> None:
    bodies = [
        message(1, modes=modes), message(2, modes=modes).replace(b"\rPRD", b"\rZZZ"),
        message(3, modes=modes, kind=b"ADT^A01"),
    ]  # fmt: skip
    for body, expected in zip(bodies, (good, lacking, strange), strict=True):
        status, lines = posted(source, body)
        assert (status, [one[0] for one in told(lines)]) == ((200, [expected]) if expected else (202, []))
        if expected.startswith("C"):
            assert lines[0][8] == ("ACK^I12^ACK" if expected == "CA" else "ACK")
        assert taken(source, body) is not None
    assert Submission.objects.exclude(state=State.REPEAT).count() == 3  # kept, whatever its sender wants to hear


def test_a_question_is_answered_though_the_keeping_was_asked_for_too(source: Source) -> None:
    posted(source, message(1, modes=b"AL|AL"))
    drain()
    _, lines = posted(source, message(1, modes=b"AL|AL", kind=b"REF^I15"))
    assert (lines[0][8], told(lines)) == ("RRI^I15^RRI_I12", [["AA", "M-1"]])


def test_what_is_told_in_a_batch_is_told_to_each_as_it_asks(source: Source) -> None:
    _, lines = posted(source, BHS + message(1, modes=b"NE|NE") + message(2, modes=b"AL|NE") + b"BTS|2\r")
    assert (told(lines), told(lines, "BTS")) == ([["CA", "M-2"]], [["1"]])
