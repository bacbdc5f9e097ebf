"""In what order is a policy read aloud? Who we are, what we offer, whom we can help, who answers, how it ends."""

from __future__ import annotations

from leadwell.playbook.model import Playbook
from leadwell.playbook.show import ends, offering, rules, work
from leadwell.playbook.show.section import Part, Section

__all__ = ["Part", "Section", "sections"]


def sections(playbook: Playbook) -> tuple[Section, ...]:
    """The policy as sentences; sections without anything to say are left out."""
    found = [
        offering.organization(playbook),
        offering.services(playbook),
        offering.elsewhere(playbook),
        offering.offers(playbook),
        offering.others(playbook),
        rules.criteria(playbook),
        rules.facts(playbook),
        rules.conflicts(playbook),
        rules.intent(playbook),
        rules.score(playbook),
        rules.safety(playbook),
        work.teams(playbook),
        work.service_levels(playbook),
        work.follow_up(playbook),
        work.nurture(playbook),
        ends.stages(playbook),
        ends.reasons(playbook),
        ends.keeping(playbook),
    ]
    return tuple(section for section in found if section.parts)
