"""What the page of a lead says in its largest type is true of how the lead stands. (promise C)"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from leadwell.server.leads.became import Last
from leadwell.server.leads.dealings import Meets
from leadwell.server.leads.next_step import State, next_step
from leadwell.server.leads.taken_back import TakenBack

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
AHEAD, PAST = NOW + timedelta(days=3), NOW - timedelta(hours=2)
BOOKED, DECLINED = Last("Booked", False, PAST, "attended"), Last("Declined: not now", True, PAST)
MEETS = Meets(AHEAD, 30, None, None)
LOOK = "A person must look before anything else happens"


@pytest.mark.parametrize(
    ("state", "does", "because"),
    [
        # nothing was done yet: what the judgement says
        (State(), "Ready to book", ""),
        (State(disposition="verify"), "A short call must settle something first", ""),
        (State(disposition="nurture", ways=(), number=""), "Not ready yet: keep in touch", ""),
        (State("business"), "Speak with whoever decides, and agree on a meeting", ""),
        # they cannot be called
        (State(ways=("email",), number="wrong"), "Write to them by e-mail, and ask for a number",
         "The number that they gave is wrong."),
        (State(ways=("email",), number=""), "Write to them by e-mail, and ask for a number",
         "They gave no number that can be called."),
        (State(ways=(), number="wrong"), "Find a number or an address that is theirs",
         "The number that they gave is wrong."),
        (State(ways=("email",), refused="They asked us to stop calling."), "Write to them by e-mail",
         "They asked us to stop calling."),
        (State(ways=("text",), refused="They asked us to stop calling."), "Write to them by text",
         "They asked us to stop calling."),
        (State(ways=(), refused="They asked us to stop."), "We may not contact them", "They asked us to stop."),
        # what became of it
        (State(last=DECLINED), "Declined: not now",
         "Nothing is left to do. What they write, or a stage that is noted, opens it again."),
        (State(last=DECLINED, callback=AHEAD), "Declined: not now",
         "Nothing is left to do. What they write, or a stage that is noted, opens it again."),
        (State(last=BOOKED), "Booked", "Next comes: attended. Note it once it is so."),
        (State(last=BOOKED, ways=(), number="wrong"), "Booked", "Next comes: attended. Note it once it is so."),
        (State(last=Last("Completed intake", False, PAST)), "Completed intake",
         "That is the last stage: nothing is left to do. What they write, or a stage that is noted, opens it again."),
        (State(gone=TakenBack("Withdrawn by the referrer", PAST, referral=True)),
         "Nothing to do: the referrer took it back", ""),
        (State(last=BOOKED, gone=TakenBack("Their appointment was cancelled by them", PAST, referral=False)),
         "Ask whether they want another appointment", ""),
        # what was agreed
        (State("business", meets=MEETS), "You meet them Fri 27 Nov, 12:00 pm",
         "Nothing is due before. Then say whether it was held."),
        (State("business", meets=Meets(NOW - timedelta(minutes=5), 30, None, None)), "You meet them now",
         "Then say whether it was held."),
        (State("business", meets=Meets(PAST, 30, None, None)), "Say whether the meeting was held",
         "It began 2 hours ago."),
        (State("business", meets=Meets(PAST, 30, False, NOW)),
         "Agree on another meeting, or say why it ended", "The last one was not held."),
        (State("business", meets=Meets(PAST, 30, True, NOW)), "Say what came of the meeting", "It was held."),
        (State("business", meets=MEETS, last=DECLINED), "Declined: not now",
         "Nothing is left to do. What they write, or a stage that is noted, opens it again."),
        (State(callback=AHEAD), "Call them back Fri 27 Nov, 12:00 pm",
         "They asked for that hour; nothing is due before."),
        (State(callback=PAST), "Ready to book", ""),
        # danger comes before all of it
        (State(danger=True, last=DECLINED), LOOK, ""),
        (State(danger=True, ways=("email",), number="wrong"), LOOK,
         "Write to them by e-mail, and ask for a number. The number that they gave is wrong."),
    ],
)  # fmt: skip
def test_the_next_step_follows_from_how_the_lead_stands(state: State, does: str, because: str) -> None:
    with timezone.override("America/Chicago"):
        step = next_step(state, NOW)
    assert (step.does, step.because) == (does, because)


@pytest.mark.parametrize(
    ("state", "speaks", "over"),
    [
        (State(), True, False),
        (State(callback=PAST), True, False),
        (State(callback=AHEAD), False, False),
        (State(ways=("email",), number="wrong"), False, False),
        (State("business", meets=MEETS), False, False),
        (State(last=BOOKED), False, False),
        (State(last=DECLINED), False, True),
        (State(danger=True), True, False),
        (State(disposition="discard"), False, False),
    ],
)
def test_a_call_stands_out_only_where_speaking_with_them_is_next(state: State, *, speaks: bool, over: bool) -> None:
    with timezone.override("America/Chicago"):
        step = next_step(state, NOW)
    assert (step.speaks, step.over) == (speaks, over)
