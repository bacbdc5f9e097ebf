"""What waits is cancelled with what forbids it: a doubt that was meant, a consent that was taken back; and no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leadwell.server.conftest import Clinic
from leadwell.server.consent.actions import (
    Given,
    Proof,
    decide,
    give,
    import_suppressions,
    join,
    scopes,
    stop,
    withdraw,
)
from leadwell.server.consent.models import Consent, Way
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.tests.test_known import person
from leadwell.server.outreach.models import Message, State
from leadwell.server.outreach.tests.sent import ADDRESS, lead_of, queued, stopped
from leadwell.server.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db(databases="__all__")


def agreed(clinic: Clinic, message: Message, purpose: str, *, channel: str = "email", kind: str = "written") -> Consent:
    proof = Proof("I agree to that", "form")
    return give(clinic.number, message.person, Given(channel, purpose, kind), proof, actor="user:1")


def offer(clinic: Clinic) -> Message:
    """Something that only a consent to marketing allows, and nothing else that they permit."""
    message = queued(clinic)
    Message.objects.filter(pk=message.pk).update(purpose="marketing")
    return message


def state(message: Message) -> State:
    message.refresh_from_db()
    return State(message.state)


@pytest.mark.parametrize(("meant", "after"), [(True, State.CANCELLED), (False, State.QUEUED)])
def test_a_doubt_cancels_what_waits_once_somebody_says_that_they_meant_it(
    lakeside: Clinic, meant: bool, after: State
) -> None:
    message = queued(lakeside)
    doubted = stopped(lakeside, message.person, words="how did you get my number?", doubt=True)
    assert state(message) == State.QUEUED
    done = decide(lakeside.number, doubted.event.pk, meant=meant, actor="user:1")
    assert (state(message), done.cancelled) == (after, int(meant))
    if meant:
        assert (message.rule, message.proof) == ("1.12", f"event/{doubted.event.pk}")
        assert TrailEntry.objects.get(action="stop.meant").codes["cancelled"] == 1


def test_a_doubt_about_one_channel_cancels_nothing_of_another(lakeside: Clinic) -> None:
    message = queued(lakeside)
    doubted = stopped(lakeside, message.person, closes=(("text", ""),), doubt=True)
    assert decide(lakeside.number, doubted.event.pk, meant=True, actor="user:1").cancelled == 0
    assert state(message) == State.QUEUED


def test_a_consent_that_is_taken_back_cancels_what_it_alone_allowed(lakeside: Clinic) -> None:
    message = offer(lakeside)
    made = agreed(lakeside, message, "marketing")
    assert withdraw(lakeside.number, made.pk, actor="user:1")
    assert (state(message), message.problem, message.answer) == (State.CANCELLED, "never", "never")
    assert message.says.startswith("Never: ")


@pytest.mark.parametrize("purpose", ["care-request", "appointment"])
def test_what_their_own_request_allows_still_leaves(lakeside: Clinic, purpose: str) -> None:
    message = queued(lakeside)
    Message.objects.filter(pk=message.pk).update(purpose=purpose)
    made = agreed(lakeside, message, purpose)
    assert withdraw(lakeside.number, made.pk, actor="user:1")
    assert state(message) == State.QUEUED


def test_of_two_consents_the_last_that_is_taken_back_cancels(lakeside: Clinic) -> None:
    message = offer(lakeside)
    first, second = agreed(lakeside, message, "marketing"), agreed(lakeside, message, "marketing", kind="express")
    withdraw(lakeside.number, first.pk, actor="user:1")
    assert state(message) == State.QUEUED
    withdraw(lakeside.number, second.pk, actor="user:1")
    assert state(message) == State.CANCELLED


def test_what_is_said_of_one_channel_or_person_leaves_the_others(lakeside: Clinic) -> None:
    message = offer(lakeside)
    texts = agreed(lakeside, message, "marketing", channel="text")
    agreed(lakeside, message, "marketing")
    other = Consent.objects.get(pk=texts.pk)
    theirs = lead_of(lakeside, "somebody.else@example.org").person_id
    Consent.objects.filter(pk=other.pk).update(person=theirs)
    withdraw(lakeside.number, texts.pk, actor="user:1")
    assert state(message) == State.QUEUED


def test_what_is_held_back_by_a_doubt_waits_for_it(lakeside: Clinic) -> None:
    message = queued(lakeside)
    made = agreed(lakeside, message, "care-request")
    stopped(lakeside, message.person, doubt=True)
    withdraw(lakeside.number, made.pk, actor="user:1")
    assert state(message) == State.QUEUED


def agreed_since(clinic: Clinic) -> Message:
    """Something to whoever agreed to it now; what they say below was said days before."""
    message = queued(clinic)
    agreed(clinic, message, "care-request")
    return message


EARLIER = timedelta(days=3)


def test_a_stop_of_an_earlier_day_leaves_what_they_agreed_to_since(lakeside: Clinic) -> None:
    message = agreed_since(lakeside)
    done = stopped(lakeside, message.person, at=timezone.now() - EARLIER)
    assert (done.new, done.cancelled, state(message)) == (True, 0, State.QUEUED)
    assert stopped(lakeside, message.person).cancelled == 1
    assert (state(message), message.rule) == (State.CANCELLED, "1.12")


def test_a_stop_of_an_earlier_day_cancels_what_nothing_since_allows(lakeside: Clinic) -> None:
    """They asked again after it, and whoever asks again is answered by no machine."""
    message = queued(lakeside)
    assert stopped(lakeside, message.person, at=timezone.now() - EARLIER).cancelled == 1
    assert (state(message), message.answer) == (State.CANCELLED, "never")


def test_a_listed_stop_of_an_earlier_day_leaves_what_they_agreed_to_since(lakeside: Clinic) -> None:
    message = agreed_since(lakeside)
    before = timezone.now() - EARLIER
    import_suppressions(lakeside.number, f"email,date\n{ADDRESS},{before:%Y-%m-%d}\n".encode(), actor="user:1")
    assert state(message) == State.QUEUED
    import_suppressions(lakeside.number, f"email\n{ADDRESS}\n".encode(), actor="user:1")
    assert (state(message), message.rule) == (State.CANCELLED, "1.12")


def test_of_a_list_each_row_closes_what_it_says_and_no_other_row_does(lakeside: Clinic) -> None:
    message = queued(lakeside)
    listed = f"email,purpose\n{ADDRESS},marketing\nsomebody.else@example.org,\n"
    import_suppressions(lakeside.number, listed.encode(), actor="user:1")
    assert state(message) == State.QUEUED


def test_an_old_doubt_that_was_meant_leaves_what_they_agreed_to_since(lakeside: Clinic) -> None:
    message = queued(lakeside)
    doubted = stopped(lakeside, message.person, at=timezone.now() - EARLIER, doubt=True)
    agreed(lakeside, message, "care-request")
    assert decide(lakeside.number, doubted.event.pk, meant=True, actor="user:1").cancelled == 0
    assert state(message) == State.QUEUED


# --- whatever the gate forbids now, by whichever address or person it is reached

PHONE = "312-555-0147"


def with_phone(clinic: Clinic, email: str = ADDRESS) -> Message:
    """A mail to somebody who gave a telephone too."""
    who = person(clinic, email=email, phone=PHONE)
    message = queued(clinic, email)
    Message.objects.filter(pk=message.pk).update(person=who)
    message.refresh_from_db()
    return message


def test_a_stop_of_their_telephone_that_ends_everything_cancels_the_mail(lakeside: Clinic) -> None:
    message = with_phone(lakeside)
    done = stop(lakeside.number, None, Saying(Way.API, "key:1", address=PHONE), closes=scopes(["all"]))
    assert (done.cancelled, state(message)) == (1, State.CANCELLED)
    assert (message.problem, message.answer, message.proof.partition("/")[0]) == ("never", "never", "stop")


def test_a_stop_of_their_telephone_that_ends_texts_leaves_the_mail(lakeside: Clinic) -> None:
    message = with_phone(lakeside)
    done = stop(lakeside.number, None, Saying(Way.API, "key:1", address=PHONE), closes=scopes(["call", "text"]))
    assert (done.cancelled, state(message)) == (0, State.QUEUED)


def test_whoever_shares_the_telephone_gets_no_mail_either(lakeside: Clinic) -> None:
    message = with_phone(lakeside)
    other = person(lakeside, full_name="Sample Person", email="somebody.else@example.org", phone=PHONE)
    done = stopped(lakeside, other, way=Way.MESSAGE)
    assert (done.cancelled, state(message)) == (1, State.CANCELLED)


def test_nor_does_whoever_is_one_person_with_them(lakeside: Clinic) -> None:
    message = queued(lakeside)
    other = person(lakeside, full_name="Sample Person", email="somebody.else@example.org", phone=PHONE)
    join(lakeside.number, message.person, other, actor="user:1")
    done = stop(lakeside.number, None, Saying(Way.API, "key:1", address=PHONE), closes=scopes(["all"]))
    assert (done.cancelled, state(message)) == (1, State.CANCELLED)


def test_a_listed_telephone_that_ends_everything_cancels_the_mail(lakeside: Clinic) -> None:
    message = with_phone(lakeside)
    import_suppressions(lakeside.number, f"phone,channel\n{PHONE},all\n".encode(), actor="user:1")
    assert state(message) == State.CANCELLED


def test_a_doubt_about_their_telephone_that_was_meant_cancels_the_mail(lakeside: Clinic) -> None:
    message = with_phone(lakeside)
    saying = Saying(Way.API, "key:1", address=PHONE)
    doubted = stop(lakeside.number, None, saying, closes=scopes(["all"]), doubt=True)
    assert state(message) == State.QUEUED
    assert decide(lakeside.number, doubted.event.pk, meant=True, actor="user:1").cancelled == 1
    assert state(message) == State.CANCELLED


def test_a_stop_of_what_their_request_is_about_cancels_the_visit_that_comes_of_it(lakeside: Clinic) -> None:
    message = queued(lakeside)
    Message.objects.filter(pk=message.pk).update(purpose="appointment")
    done = stopped(lakeside, message.person, closes=scopes(["email"], "care-request"))
    assert (done.cancelled, state(message)) == (1, State.CANCELLED)


def test_what_another_address_of_nobody_theirs_stops_leaves_the_mail(lakeside: Clinic) -> None:
    message = with_phone(lakeside)
    done = stop(lakeside.number, None, Saying(Way.API, "key:1", address="312-555-0199"), closes=scopes(["all"]))
    assert (done.cancelled, state(message)) == (0, State.QUEUED)
