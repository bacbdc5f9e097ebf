"""Made-up people for properties: everything the gate looks at, near the instants where answers change."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from leadwell.permission import CHANNELS, PURPOSES, Consent, Contact, DoNotCall, Known, Place, Stop

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Phoenix",
    "Pacific/Honolulu",
    "Asia/Kolkata",
)
STATES = ("FL", "TX", "AL", "PA", "ME", "SD", "VA", "WA", "OK", "KY", "RI", "CA")
# Around clock changes, a turn of the year, holidays, the day of "revoke all".
DAYS = tuple(datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in (
    "2026-03-07", "2026-03-08", "2026-07-03", "2026-10-31", "2026-11-01",
    "2026-11-26", "2026-12-24", "2026-12-31", "2027-01-30",
))  # fmt: skip
SECONDS = 86_400

instants = st.builds(
    lambda day, hour, off: day + timedelta(hours=hour, seconds=off),
    st.sampled_from(DAYS), st.integers(0, 47), st.sampled_from((-1, 0, 1, 1800)),
)  # fmt: skip
before = st.one_of(
    st.integers(-2 * SECONDS, 30 * SECONDS),
    st.sampled_from([h * 3600 + off for h in (0, 1, 8, 24, 168, 31 * 24, 92 * 24) for off in (-1, 0, 1)]),
).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Known, str, str, datetime]:
    """Who, by which channel, for what, when."""
    channel, purpose, at = draw(st.sampled_from(CHANNELS)), draw(st.sampled_from(PURPOSES)), draw(instants)
    return draw(known(at, channel, purpose)), channel, purpose, at


@st.composite
def known(draw: st.DrawFn, at: datetime, channel: str, purpose: str) -> Known:
    when = before.map(lambda ago: at - ago)
    ours = st.one_of(st.just(channel), st.sampled_from(CHANNELS))
    for_this = st.one_of(st.just(purpose), st.sampled_from(PURPOSES))
    ends = st.one_of(st.none(), st.none(), when)
    consent = st.builds(Consent, ours, for_this, st.sampled_from(("express", "written")), when, ends)
    stop = st.builds(Stop, st.one_of(ours, st.just("all")), when, st.one_of(st.none(), for_this))
    places = st.builds(Place, st.just("ZIP"), st.sampled_from((*ZONES, None)), st.sampled_from((*STATES, None)))
    return Known(
        consents=tuple(draw(st.lists(consent, min_size=draw(st.sampled_from((0, 1, 1, 1))), max_size=3))),
        stops=tuple(draw(st.lists(stop, max_size=draw(st.sampled_from((0, 0, 2)))))),
        contacts=tuple(draw(st.lists(st.builds(Contact, ours, when), max_size=6))),
        places=tuple(draw(st.lists(places, max_size=3))),
        automated=draw(st.booleans()),
        prerecorded=draw(st.booleans()),
        line_type=draw(st.sampled_from((None, "mobile", "landline", "voip", "toll-free"))),
        inquired_at=draw(st.one_of(st.none(), when)),
        dnc=draw(st.one_of(st.none(), st.builds(DoNotCall, st.booleans(), when))),
    )  # fmt: skip
