"""What does qualified mean, how can a lead end, and how long is it kept?"""

from __future__ import annotations

from leadwell.playbook.model import Playbook
from leadwell.playbook.show.section import Section, joined, part, section
from leadwell.playbook.titles import said

KINDS = {"disqualified": "We could not help", "lost": "We lost them", "invalid": "It was no lead"}


def stages(playbook: Playbook) -> Section:
    rule = playbook.stages
    meanings = (f"“{stage}” means that {said(when, playbook)}." for stage, when in rule.conditions.items())
    bound = f"Patient acquisition begins at “{rule.acquisition_from}”; before it is lead generation."
    return section(
        "The funnel",
        [
            part(None, f"From {' to '.join(rule.order)}.", *meanings, bound if rule.acquisition_from else None),
            part(None, f"Of an organisation: from {' to '.join(rule.business)}." if playbook.offers else None),
        ],
    )


def reasons(playbook: Playbook) -> Section:
    parts = []
    for kind, heading in KINDS.items():
        named = [reason for reason in playbook.reasons.values() if reason.kind == kind]
        says = [f"{one.key}" + (f" (teaches {one.teaches})" if one.teaches else "") for one in named]
        parts.append(part(heading, f"{joined(says, 'or')}." if says else None))
    return section("The only reasons a lead can end with", parts)


def keeping(playbook: Playbook) -> Section:
    says = [f"{what.capitalize()}: {how_long}." for what, how_long in playbook.keep.items()]
    return section("How long we keep a lead", [part(None, *says)])
