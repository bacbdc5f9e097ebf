"""What is there to look at? A demo clinic: its policy, people of every role, and leads worth exploring."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from leadwell import playbook
from leadwell.server.access.actions import add_member, add_organization
from leadwell.server.access.models import Membership, Organization
from leadwell.server.access.needs import ONE_FACTOR_IS_ENOUGH
from leadwell.server.access.roles import Role
from leadwell.server.demo.arrivals import arrive
from leadwell.server.demo.rooms import say_when
from leadwell.server.demo.staffing import staff
from leadwell.server.demo.working import work
from leadwell.server.intake.models import Submission
from leadwell.server.playbooks.actions import publish, upload
from leadwell.server.playbooks.models import Publication
from leadwell.server.signin.factors import code_of, give_app

SLUG: Final = "lakeside"
PLAYBOOK: Final = "lakeside-orthopedics"
PASSWORD: Final = "lakeside demo only"  # noqa: S105  printed on the screen, for invented people
_PEOPLE: Final = {
    Role.COORDINATOR: "Dana Whitfield",
    Role.INTAKE_LEAD: "Maurice Okafor",
    Role.MANAGER: "Helen Brandt",
    Role.MARKETING: "Iris Caldwell",
    Role.ANALYST: "Tomas Reyes",
    Role.PRIVACY_OFFICER: "Ruth Ellison",
    Role.ADMINISTRATOR: "Sam Pereira",
}
_COORDINATORS: Final = ("Priya Raman", "Omar Haddad", "Lucia Moreno")  # beside the one above


class NotOfTheDemo(ValueError):  # noqa: N818  its message is for the person who asked
    pass


def make(say: Callable[[str], None]) -> None:
    """Makes what is not there yet, and says how to sign in."""
    source = playbook.find(PLAYBOOK)
    organization = add_organization(SLUG, name=playbook.load(source).organization.name)
    if not Publication.objects.of(organization).exists():
        publish(upload(organization, source))
    organization.refresh_from_db()  # its clocks are those of what is published
    for role, name in _PEOPLE.items():
        email = f"{name.split()[0].lower()}@example.com"
        if not Membership.objects.of(organization).filter(user__email=email).exists():
            made = add_member(SLUG, email, role=role, name=name, password=PASSWORD)
            if role not in ONE_FACTOR_IS_ENOUGH:
                give_app(made.user)
    _staff(organization)
    say_when(organization)
    if not Submission.objects.of(organization).exists():
        arrive(organization)
    say(f"Sign in as dana@example.com (coordinator), password “{PASSWORD}”.")
    say(f"Her colleagues, with the same password: {', '.join(one.split()[0].lower() for one in _COORDINATORS)}.")
    say("The others have the same password and an authenticator app; the command prints the six digits that it shows:")
    for role, name in list(_PEOPLE.items())[1:]:
        first = name.split()[0].lower()
        say(f"  {f'{first}@example.com':<22}{role.label.lower():<18}{command()} user code {first}")


def _staff(organization: Organization) -> None:
    """Coordinators beside Dana, and who of all works in which team."""
    for name in _COORDINATORS:
        email = f"{name.split()[0].lower()}@example.com"
        if not Membership.objects.of(organization).filter(user__email=email).exists():
            add_member(SLUG, email, role=Role.COORDINATOR, name=name, password=PASSWORD)
    staff(organization)


def work_so_far() -> None:
    """What its people have done by now with what has come, once."""
    if organization := Organization.objects.filter(slug=SLUG).first():
        work(organization)


def code(name: str) -> tuple[str, int]:
    """The six digits of somebody of the demo, and the seconds that they still hold. Raises NotOfTheDemo."""
    email = (name if "@" in name else f"{name}@example.com").lower()
    organization = Organization.objects.filter(slug=SLUG).first()
    found = Membership.objects.of(organization).filter(user__email=email).first() if organization else None
    if found and found.role in ONE_FACTOR_IS_ENOUGH:
        raise NotOfTheDemo(f"{found.user.name.split()[0]} needs no code: a password is enough for this role.")
    shown = code_of(found.user) if found else None
    if shown is None:
        raise NotOfTheDemo(
            "Only people of the demo have a code that can be printed, and only while they have set up no app of their "
            "own. Everybody else reads it from their phone."
        )
    return shown


def command() -> str:
    """How this program is called from here, for the same data folder."""
    home = os.environ.get("LEADWELL_HOME")
    return f"LEADWELL_HOME={shlex.quote(home)} {_program()}" if home else _program()


def _program() -> str:
    called = Path(sys.argv[0])
    if called.name != "leadwell":
        return "leadwell"
    return str(called.relative_to(Path.cwd()) if called.is_relative_to(Path.cwd()) else called)
