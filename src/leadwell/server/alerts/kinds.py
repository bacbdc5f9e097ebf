"""What may go wrong, whom does it concern, what is said of it, and what should be done? One table.

Whoever may do one of `concerns` is told. A sentence is made of codes alone: nothing of a person can stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from leadwell.server.access.models import Membership
from leadwell.server.access.roles import May

Codes = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """`link` and `leads`: where it can be looked into (a path of its codes), and how that is called."""

    title: Callable[[Codes], str]
    says: Callable[[Codes], str]
    does: str
    concerns: frozenset[May]
    icon: str
    link: Callable[[Codes], str]
    leads: str


def _things(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _team(codes: Codes) -> str:
    return str(codes["team"]).replace("-", " ")


def _day(text: str) -> str:
    """“2026-11-25” -> “25 November”."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B}"


def _chance(codes: Codes) -> str:
    """“1 time in 4,000”, never with more digits than are true."""
    odds = 1 / max(codes["chance"], 1e-6)
    step = 10 ** max(len(str(int(odds))) - 1, 1)
    return f"1 time in {int(odds // step) * step:,}{' or less' if codes['chance'] < 1e-6 else ''}"


_WHY_RESET: Final = {
    "lost": "it was lost",
    "stolen": "it was stolen",
    "new-device": "there is a new device",
    "broken": "it is broken",
}

KINDS: Final[dict[str, Kind]] = {
    "danger": Kind(
        title=lambda codes: (
            f"Nobody has seen {_things(codes['count'], 'lead that sounds', 'leads that sound')} like danger"
        ),
        says=lambda codes: (
            "The words suggest an emergency or a crisis. Such a lead stands first on everybody's worklist, whoever is "
            "at work."
        ),
        does="Open it now, at any hour, and say that you have seen it. What to say to them stands on its page.",
        concerns=frozenset({May.LEAD_INTAKE}),
        icon="shield",
        link=lambda codes: "/review?tab=danger",
        leads="Open what nobody has seen",
    ),
    "late": Kind(
        title=lambda codes: f"{_things(codes['count'], 'lead is', 'leads are')} late",
        says=lambda codes: f"They wait with {_team(codes)}, and the time in which they were to be answered is over.",
        does="See who can take them. Whoever is free takes the next from the worklist.",
        concerns=frozenset({May.LEAD_INTAKE}),
        icon="clock",
        link=lambda codes: "/worklist?lane=due",
        leads="Open what is due",
    ),
    "nearly-late": Kind(
        title=lambda codes: f"{_things(codes['count'], 'urgent lead is', 'urgent leads are')} about to be late",
        says=lambda codes: f"They wait with {_team(codes)}; most of the time that the policy gives them is over.",
        does="Call them yourself, or ask a colleague to take them now.",
        concerns=frozenset({May.LEAD_INTAKE}),
        icon="clock",
        link=lambda codes: "/worklist?lane=due",
        leads="Open what is due",
    ),
    "nobody": Kind(
        title=lambda codes: f"Nobody of {_team(codes)} can take {_things(codes['count'], 'lead', 'leads')}",
        says=lambda codes: (
            "Everybody of the team is away, not at work, has no room, or does not cover what is asked. The leads wait "
            "with the team, and whoever is free may take them."
        ),
        does="See who is there on the page Team. Ask somebody to take them, or change who covers what.",
        concerns=frozenset({May.LEAD_INTAKE}),
        icon="people",
        link=lambda codes: "/team",
        leads="Open the team",
    ),
    "ledger": Kind(
        title=lambda codes: "The ledger does not close",
        says=lambda codes: (
            f"{_things(codes['count'], 'submission or lead', 'submissions or leads')} of {_day(codes['day'])} cannot "
            "be accounted for. The day's ledger lists them by id."
        ),
        does="Open the day, and look at what is listed. Keep the backups; the command leadwell doctor looks further.",
        concerns=frozenset({May.MEND, May.MANAGE_KEYS}),
        icon="scale",
        link=lambda codes: f"/ledger?day={codes['day']}",
        leads="Open that day",
    ),
    "quiet": Kind(
        title=lambda codes: f"{codes['name']} has gone quiet",
        says=lambda codes: (
            f"By its own habit about {codes['expected']:,} would have come since. That none did would happen by chance "
            f"{_chance(codes)}."
        ),
        does="Send one test lead through it. If it does not arrive, look at the form or system behind it.",
        concerns=frozenset({May.MEND, May.CHANGE_SOURCES}),
        icon="plug",
        link=lambda codes: f"/sources/{codes['source']}",
        leads="Open the source",
    ),
    "trouble": Kind(
        title=lambda codes: f"{codes['name']} cannot be asked",
        says=lambda codes: f"When it was last asked: {codes['trouble']}.",
        does="Open the source and see to its settings. What there is waits there; it is taken in once it answers.",
        concerns=frozenset({May.CHANGE_SOURCES}),
        icon="plug",
        link=lambda codes: f"/sources/{codes['source']}",
        leads="Open the source",
    ),
    "set-aside": Kind(
        title=lambda codes: f"{_things(codes['count'], 'submission was', 'submissions were')} set aside",
        says=lambda codes: (
            f"{codes['name']} sent what failed each time it was tried. It is kept, and holds up nothing else."
        ),
        does="Open it, correct what is wrong, and play it again. If it fails anew, tell your administrator.",
        concerns=frozenset({May.MEND}),
        icon="inbox",
        link=lambda codes: "/inbox?state=set-aside",
        leads="Show what was set aside",
    ),
    "outbox": Kind(
        title=lambda codes: f"{_things(codes['count'], 'message needs', 'messages need')} somebody to decide",
        says=lambda codes: "Tried as often as is sensible, or refused for a reason of ours. It is kept, and not sent.",
        does="Open it, mend what is wrong, and try it again; or decide that it is not sent.",
        concerns=frozenset({May.RETRY}),
        icon="send",
        link=lambda codes: "/outbox?state=dead",
        leads="Show what needs somebody",
    ),
    "bounces": Kind(
        title=lambda codes: "The mailbox of bounces cannot be read",
        says=lambda codes: f"When it was last asked: {codes['trouble']}.",
        does="See to LEADWELL_BOUNCES_IMAP_HOST and what goes with it; what came back waits there.",
        concerns=frozenset({May.RETRY, May.MANAGE_KEYS}),
        icon="mail",
        link=lambda codes: "/outbox",
        leads="Open the outbox",
    ),
    "unread-bounces": Kind(
        title=lambda codes: f"{_things(codes['count'], 'mail', 'mails')} that came back cannot be read",
        says=lambda codes: "Damaged, or too large. The others were taken; these stand in the mailbox with a flag.",
        does="Read them there. Take the flag away when you are done; mark one as unread to have it tried again.",
        concerns=frozenset({May.RETRY, May.MANAGE_KEYS}),
        icon="mail",
        link=lambda codes: "/outbox",
        leads="Open the outbox",
    ),
    "trail": Kind(
        title=lambda codes: "The trail was altered",
        says=lambda codes: f"Read from its beginning, {codes['says']}. Somebody wrote to the database past Leadwell.",
        does="Keep the database and every backup as they are. Find out who could write to it, and since when.",
        concerns=frozenset({May.SEE_TRAIL, May.MANAGE_PEOPLE}),
        icon="trail",
        link=lambda codes: "/trail",
        leads="Open the trail",
    ),
    "emergency": Kind(
        title=lambda codes: "Somebody's identity was opened in an emergency",
        says=lambda codes: (
            f"{codes['article']} {codes['role']} opened it for {codes['minutes']} minutes. Their role does not show it."
        ),
        does="Read the reason on the person's page. Ask the colleague where it does not convince.",
        concerns=frozenset({May.SEE_TRAIL}),
        icon="shield",
        link=lambda codes: f"/persons/{codes['person']}",
        leads="Read the reason",
    ),
    "doubts": Kind(
        title=lambda codes: f"{_things(codes['count'], 'message', 'messages')} may ask us to stop",
        says=lambda codes: (
            "The words leave it in doubt. Until somebody has looked, whoever wrote them is not contacted."
        ),
        does="Read the words, and say whether they meant it. Open the next one afterwards.",
        concerns=frozenset({May.RECORD_CONSENT}),
        icon="ask",
        link=lambda codes: f"/persons/{codes['person']}/consent",
        leads="Open the one that waits longest",
    ),
    "password": Kind(
        title=lambda codes: "Somebody was given a new password",
        says=lambda codes: (
            f"{'By command' if codes['by'] == 'command' else 'An administrator'} made it, and could sign in with it in "
            "their place where they need no second factor."
        ),
        does="Ask the colleague whether they had asked for it, and whether they have changed it since.",
        concerns=frozenset({May.SEE_TRAIL}),
        icon="key",
        link=lambda codes: f"/trail?subject=user%3A{codes['user']}",
        leads="Show what stands of them in the trail",
    ),
    "second-factor": Kind(
        title=lambda codes: "Somebody's second factor was reset",
        says=lambda codes: (
            f"{'By command' if codes['by'] == 'command' else 'An administrator'} took it away: "
            f"{_WHY_RESET.get(codes['reason'], codes['reason'])}. Whoever has their password could now set up another."
        ),
        does="Ask the colleague whether they had asked for it, and whether it was they who set up the new one.",
        concerns=frozenset({May.SEE_TRAIL}),
        icon="device",
        link=lambda codes: f"/trail?subject=user%3A{codes['user']}",
        leads="Show what stands of them in the trail",
    ),
}


def concerning(member: Membership) -> list[str]:
    """The kinds of alerts that somebody is told of."""
    return [name for name, kind in KINDS.items() if any(member.may(one) for one in kind.concerns)]
