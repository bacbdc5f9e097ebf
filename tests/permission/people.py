"""Made-up people for properties: everything the gate looks at, near the instants where answers change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from leadwell.permission import Consent, Contact, DoNotCall, Known, Place, Stop
from leadwell.permission.values import CHANNELS, PURPOSES, Wrong

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Phoenix",
    "Pacific/Honolulu",
    "Asia/Tokyo",
)
STATES = ("FL", "TX", "AL", "PA", "ME", "SD", "VA", "WA", "OK", "KY", "RI", "CA")
LINES = (None, "mobile", "landline", "voip", "toll-free")
# Around clock changes, a turn of the year, holidays, the day of "revoke all".
DAYS = tuple(datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in (
    "2026-03-07", "2026-03-08", "2026-07-03", "2026-10-31", "2026-11-01",
    "2026-11-26", "2026-12-24", "2026-12-31", "2027-01-30",
))  # fmt: skip
DAY = 86_400
AGES = [h * 3600 + off for h in (0, 1, 8, 24, 168, 31 * 24, 92 * 24) for off in (-1, 0, 1)]

instants = st.builds(
    lambda day, hour, off: day + timedelta(hours=hour, seconds=off),
    st.sampled_from(DAYS), st.integers(0, 47), st.sampled_from((-1, 0, 1, 1800)),
)  # fmt: skip
# How long before, in seconds; what lies after, by a little or for good, is below zero.
ages = st.one_of(st.integers(-2 * DAY, 30 * DAY), st.sampled_from(AGES))
# Nothing in the place of a channel or purpose is the one asked about. Strategies are built once: that is what costs.
of = st.sampled_from((None, None, None, *CHANNELS))
what = st.sampled_from((None, None, None, *PURPOSES))
ends = st.one_of(st.none(), ages)
_consents = st.lists(
    st.tuples(of, what, st.sampled_from(("express", "written")), ages, ends, st.booleans()), max_size=3
)
_stops = st.lists(st.tuples(st.one_of(of, st.just("all")), ages, st.one_of(st.just("every"), what)), max_size=2)
_contacts = st.lists(st.tuples(of, ages), max_size=6)
places = st.lists(
    st.builds(Place, st.just("ZIP"), st.sampled_from((*ZONES, None)), st.sampled_from((*STATES, None))), max_size=3
)
_flags = st.tuples(st.booleans(), st.booleans(), st.sampled_from(LINES), ends, st.none() | st.booleans(), ages)
_asked = st.tuples(st.sampled_from(CHANNELS), st.sampled_from(PURPOSES), instants)
_found = st.sampled_from(((), (), (), ("call", "text"), ("email",)))
_said = st.tuples(_consents, _stops, _contacts, places, _flags)


@st.composite
def questions(draw: st.DrawFn, *, agreed: bool = False) -> tuple[Known, str, str, datetime]:
    """Who, by which channel, for what, when. `agreed`: they gave a written consent, and never asked us to stop."""
    channel, purpose, at = draw(_asked)
    wrong, unable = draw(st.tuples(_found, _found))
    consents, stops, contacts, where, (automated, prerecorded, line, inquired, listed, looked) = draw(_said)

    def ago(seconds: int) -> datetime:
        return at - timedelta(seconds=seconds)

    known = Known(
        consents=tuple(
            Consent(
                of or channel, what or purpose, kind, ago(age), None if end is None else ago(end), referred=referred
            )
            for of, what, kind, age, end, referred in consents
        ),
        stops=tuple(
            Stop(of or channel, ago(age), None if what == "every" else what or purpose) for of, age, what in stops
        ),
        contacts=tuple(Contact(of or channel, ago(age)) for of, age in contacts),
        places=tuple(where),
        automated=automated,
        prerecorded=prerecorded,
        line_type=line,
        inquired_at=None if inquired is None else ago(inquired),
        dnc=None if listed is None else DoNotCall(listed, ago(looked)),
        wrong=tuple(Wrong(one, ago(DAY), "another") for one in wrong),
        unable=unable,
    )
    if agreed:
        known = replace(
            known, consents=(Consent(channel, purpose, "written", ago(DAY)),), stops=(), wrong=(), unable=()
        )
    return known, channel, purpose, at
