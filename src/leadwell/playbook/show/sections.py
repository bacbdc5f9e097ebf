"""In what order is a policy read aloud? Who we are, what we offer, whom we can help, who answers, how it ends."""

from __future__ import annotations

from leadwell.playbook.model import Playbook
from leadwell.playbook.show import ends, offering, rules, work
from leadwell.playbook.show.section import Part, Section, joined

__all__ = ["Part", "Section", "not_yet", "sections"]


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


def not_yet(playbook: Playbook) -> str | None:
    """What stands in the playbook and is checked, but changes nothing yet."""
    parts = (
        ("a learned probability", playbook.score.learned != "off"),
        ("teams and how soon they answer", playbook.teams or playbook.service_levels),
        ("follow-up", playbook.follow_up),
        ("nurture", playbook.nurture),
    )
    named = [name for name, there in parts if there]
    return f"Read and checked, but not acted on yet: {joined(named)}." if named else None
