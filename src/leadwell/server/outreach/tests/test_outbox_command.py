"""What is decided on the page is decided by command too; what is asked wrongly gets told what there is. (D23)"""

import pytest
from django.utils import timezone
from typer.testing import CliRunner, Result

from leadwell.server import starting
from leadwell.server.commands.outbox import app
from leadwell.server.conftest import Clinic
from leadwell.server.outreach.channels import Answer
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import ADDRESS, FakeWay, by, queued, tick
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is in a test: else logs would go where the command's output went, which is closed by then."""
    monkeypatch.setattr(starting, "resume", lambda: None)


def _ran(*typed: str) -> Result:
    return CliRunner().invoke(app, typed, env={"COLUMNS": "300", "TERM": "dumb"})


def _said(*typed: str) -> str:
    ran = _ran(*typed)
    return ran.output + (ran.stderr if ran.exit_code else "")


def test_a_list_of_a_state_that_there_is_not_names_those_that_there_are(lakeside: Clinic) -> None:
    queued(lakeside)
    assert _ran("list", "--state", "nonsense").exit_code == 2
    said = _said("list", "--state", "nonsense")
    assert all(state in said for state in State.values)
    assert _ran("list", "--state", "queued").output.count("First answer: e-mail") == 1
    assert _ran("list", "--state", "dead").output == ""


@pytest.mark.parametrize(
    ("most", "allowed"), [("0", "equal to 1"), ("-1", "equal to 1"), ("10001", "10000"), ("9" * 30, "10000")]
)
def test_a_list_has_so_many_at_most(lakeside: Clinic, most: str, allowed: str) -> None:
    assert _ran("list", "--most", most).exit_code == 2
    said = _said("list", "--most", most)
    assert "--most" in said
    assert allowed in said


def test_a_closed_address_is_reopened_for_a_reason_of_the_list(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, FakeWay([Answer("refused", "address-bad", "5.1.1"), Answer("accepted")]))
    number = str(queued(lakeside).pk)
    tick()
    assert _ran("retry", number).exit_code == 1
    assert "said-so, emptied, mistaken" in _said("reopen", number, "--why", "because")
    assert _ran("reopen", number, "--why", "said-so").exit_code == 0
    assert _ran("reopen", number, "--why", "said-so").exit_code == 1
    assert _ran("retry", number).output == "1 will be tried again.\n"
    actions = TrailEntry.objects.order_by("number").values_list("action", "actor")
    assert list(actions)[-2:] == [("address.reopened", "command"), ("message.retried", "command")]


def test_what_may_have_left_before_is_said_where_it_is_dropped(
    lakeside: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, FakeWay([Answer("unknown")]))
    numbers = [str(queued(lakeside).pk)]
    tick()
    numbers.append(str(queued(lakeside, "other@example.org", not_before=timezone.now()).pk))
    ran = _ran("drop", *numbers)
    assert ran.output == "2 will not be sent.\n1 of them may have left before: nobody knows.\n"
    assert _ran("drop", *numbers).exit_code == 1


def test_words_that_are_damaged_are_not_called_erased(lakeside: Clinic) -> None:
    message = queued(lakeside)
    assert ADDRESS in _ran("show", str(message.pk)).output
    Message.objects.update(sealed=b"damaged")
    assert "cannot be opened" in _ran("show", str(message.pk)).output
