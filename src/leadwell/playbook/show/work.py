"""Who answers, how soon, and how do we follow up?"""

from __future__ import annotations

from leadwell.playbook.model import Nurture, Playbook, ServiceLevel, Team
from leadwell.playbook.show.section import Part, Section, joined, part, section
from leadwell.playbook.titles import said

ASSIGN = {
    "capacity": "whoever has most room takes the next",
    "round-robin": "each takes a turn",
    "take-next": "whoever is free takes the next",
}


def teams(playbook: Playbook) -> Section:
    fallback = part(None, f"Whatever no team handles goes to {playbook.fallback_team}.")
    return section(
        "Who answers, tried in this order", [*(_team(t, playbook) for t in playbook.teams.values()), fallback]
    )


def _team(team: Team, playbook: Playbook) -> Part:
    handles = f"Handles leads where {said(team.handles, playbook)}" if team.handles else "Is chosen by name only"
    works = f" Works {team.hours}." if team.hours else ""
    return part(team.key, f"{handles}; {ASSIGN[team.assign]}.{works}")


def service_levels(playbook: Playbook) -> Section:
    levels = [_level(level, playbook) for level in playbook.service_levels]
    return section("How soon, the first that applies", [part(None, *levels)])


def _level(level: ServiceLevel, playbook: Playbook) -> str:
    whom = f"Where {said(level.when, playbook)}" if level.when else "Everybody else"
    more = f"; the referrer hears within {level.tell_referrer}" if level.tell_referrer else ""
    late = f"; {level.escalate_to} is told before it is late" if level.escalate_to else ""
    return f"{whom}: first response within {level.first_response}{more}{late}."


def follow_up(playbook: Playbook) -> Section:
    rule = playbook.follow_up
    if rule is None:
        return section("How we follow up", [])
    how = "different channels are tried" if rule.channels_when_unknown == "test" else f"we {rule.channels_when_unknown}"
    return section(
        "How we follow up",
        [
            part(
                None,
                f"{rule.attempts} attempts over {rule.over.days} days. Where no channel is preferred, {how}.",
                f"Nobody is disturbed from {rule.quiet_hours.replace('-', ' to ')}, in their own time zone."
                if rule.quiet_hours
                else None,
                f"It ends once they have {joined(rule.stop_after, 'or')}." if rule.stop_after else None,
            )
        ],
    )


def nurture(playbook: Playbook) -> Section:
    return section("Those who are not ready", (_nurture(one, playbook) for one in playbook.nurture.values()))


def _nurture(one: Nurture, playbook: Playbook) -> Part:
    times = f", {one.times} times" if one.times else ""
    return part(
        one.key.replace("-", " ").capitalize(),
        f"Where {said(one.when, playbook)}: something every {one.every.days} days{times}.",
        f"They receive {joined(one.content)}." if one.content else None,
        f"They return to the worklist {one.wake}." if one.wake else None,
    )
