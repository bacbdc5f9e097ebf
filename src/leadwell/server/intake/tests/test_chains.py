"""A booking that was moved twice is one lead with its last hour and state, in whatever order its events come.
(promise A2)"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, zip_longest
from typing import Any, Final

import orjson
import pytest

from leadwell.server.conftest import Clinic
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import State, Submission
from leadwell.server.intake.tests.test_bookings import AT, booked, cancelled
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.leads.taken_back import taken_back

pytestmark = pytest.mark.django_db(databases="__all__")

Order = tuple[str, ...]
FOUND: Final = (  # after which two leads were left
    "c1 c3 x3 x1 c2 x2", "c1 c3 x1 c2 x2", "c1 x2 c3 x1 c2", "c1 c3 c2 x1 x2 x3", "c1 x3 c3 x1 c2 x2", "c3 c1 x2 c2",
    "c3 x3 c1 c2",
)  # fmt: skip
ORDERS: Final = [tuple(one.split()) for one in FOUND] + list(permutations(("c1", "c2", "x1", "c3", "x2", "x3")))[::60]


def chain(nth: int) -> dict[str, dict[str, Any]]:
    """Booked, moved, moved and cancelled, by somebody of their own."""

    def invitee(at: int) -> str:
        return f"{AT}/E{nth}-{at}/invitees/I{nth}-{at}"

    def told(at: int) -> dict[str, Any]:
        name = f"{FIRST[nth % len(FIRST)]} {LAST[nth // len(FIRST)]}"
        who = {"name": name, "email": f"{name.replace(' ', '.').lower()}@example.com", "uri": invitee(at)}
        old = {"old_invitee": invitee(at - 1)} if at > 1 else {}
        return {**who, **old}

    def next_of(at: int) -> dict[str, Any]:
        return {"new_invitee": invitee(at + 1), "rescheduled": True} if at < 3 else {}

    events = {f"c{at}": booked(at, f"2026-12-0{at + 4}", questions_and_answers=[], **told(at)) for at in (2, 3)}
    events["c1"] = booked(1, "2026-12-05", questions_and_answers=[], **told(1), **next_of(1))
    return events | {f"x{at}": cancelled(at, **told(at), **next_of(at)) for at in (1, 2, 3)}


FIRST: Final = ("Orla", "Hugo", "Wanda", "Piers", "Yusuf", "Greta")
LAST: Final = ("Quillfeather", "Tamsin", "Brackenbury", "Delacroix", "Ostrander", "Fenwick", "Montague")


def arrive(clinic: Clinic, orders: Sequence[Order]) -> None:
    """Of each order its first events, then its second ones, and so on."""
    source = add_source(clinic.organization, "calendly", "Bookings", {"secrets": ["a-key"]}).pk
    chains = [chain(nth) for nth in range(len(orders))]
    for events in zip_longest(*orders):
        bodies = [orjson.dumps(chains[nth][one]) for nth, one in enumerate(events) if one]
        accept(clinic.number, source, [Delivery(body) for body in bodies])
        while drain().submissions:
            pass


def test_in_any_order_it_is_one_lead_with_its_last_hour(lakeside: Clinic) -> None:
    arrive(lakeside, ORDERS)
    leads = list(Lead.objects.all())
    gone = taken_back(lakeside.number, [one.pk for one in leads])
    stands: dict[str, list[tuple[str, bool, bool]]] = {}
    for one in leads:
        told = columns_of(one)
        is_cancelled = told["extra.appointment_status"] == "cancelled"
        stands.setdefault(told["email"], []).append((told["extra.appointment_at"][:10], is_cancelled, one.pk in gone))
    expected = {
        chain(nth)["c1"]["payload"]["email"]: [("2026-12-07", "x3" in order, "x3" in order)]
        for nth, order in enumerate(ORDERS)
    }
    wrong = {ORDERS[list(expected).index(who)]: stands[who] for who in expected if stands[who] != expected[who]}
    assert wrong == {}
    assert not Submission.objects.exclude(state__in=(State.ASSESSED, State.JOINED)).exists()
