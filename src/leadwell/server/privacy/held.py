"""What do we hold of one person, in all apps, and how is it given out or erased? (promise F33)

Each app with a sealed column has a module `privacy` with `HELD`; a test fails for a column that none declares. Apps
are asked from the bottom up, so that each finds the ids that those below it have put into the subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from leadwell.server import environment
from leadwell.server.access.models import Organization
from leadwell.server.base.alone import alone
from leadwell.server.base.declared import declared
from leadwell.server.privacy.lines import append, read
from leadwell.server.privacy.receipts import roles_here, says, whose
from leadwell.server.privacy.trail import about, of_subjects, record

ERASED_FILE = "erased.jsonl"
UNOPENED = "This cannot be opened: it is damaged, or its key is lost."  # in a file, in place of what was said


@dataclass
class Subject:
    """A person of an organisation, and the ids of what is theirs. `rows`: which of each submission, the first is 0."""

    organization: int
    person: UUID
    leads: set[UUID] = field(default_factory=set)
    submissions: set[UUID] = field(default_factory=set)
    rows: set[tuple[UUID, int]] = field(default_factory=set)


@dataclass(frozen=True)
class Sealed:
    """A sealed column, and the place to which the value of a row is bound."""

    model: type[models.Model]
    column: str
    place: Callable[[Any], str]


@dataclass(frozen=True)
class Kept:
    """What is held of somebody, of one kind: how many things, since when; `what`: which, in words, where that helps."""

    kind: str
    count: int
    since: datetime | None = None
    what: str = ""


@dataclass(frozen=True)
class Ends:
    """When somebody's data goes by itself, None where it does not; and why then."""

    at: datetime | None
    why: str


@dataclass(frozen=True)
class Held:
    """What one app holds: `finds` adds ids to the subject, `gives` returns plain values, `erases` empties, `counts`
    says how much there is, `ends` how long it is kept. `sealed`: its sealed columns, also those of nobody."""

    finds: Callable[[Subject], None]
    gives: Callable[[Subject], dict[str, Any]]
    erases: Callable[[Subject], None]
    sealed: tuple[Sealed, ...] = ()
    counts: Callable[[Subject], Iterable[Kept]] = lambda subject: ()
    ends: Callable[[Subject], Ends | None] = lambda subject: None


def holders() -> list[Held]:
    """Of every app that holds something, in the order of INSTALLED_APPS: from the bottom up."""
    return [module.HELD for module in declared("privacy", but="privacy")]


def subject_of(organization: int, person: UUID) -> Subject:
    subject = Subject(organization, person)
    for held in holders():
        held.finds(subject)
    return subject


def export(organization: int, person: UUID, *, actor: str) -> dict[str, Any]:
    """Everything we hold of a person, and who has seen or used it. The export itself is recorded."""
    record(organization, actor, "person.exported", f"person/{person}")
    subject = subject_of(organization, person)
    given: dict[str, Any] = {"person_id": str(person), "exported_at": timezone.now().isoformat()}
    for held in holders():
        given |= held.gives(subject)
    return given | {"receipt": receipt(subject)}


def kept(subject: Subject) -> list[Kept]:
    """What we hold of somebody, by kind."""
    return [one for held in holders() for one in held.counts(subject) if one.count]


def ends(subject: Subject) -> Ends | None:
    """When it goes by itself, and why; None where nobody has said."""
    return next((told for held in holders() if (told := held.ends(subject)) is not None), None)


def subjects_of(subject: Subject) -> list[str]:
    """Under which names the trail has what is theirs."""
    names = [f"person/{subject.person}", *(f"lead/{one}" for one in sorted(subject.leads))]
    return names + [f"submission/{one}" for one in sorted(subject.submissions)]


def receipt(subject: Subject) -> list[dict[str, str]]:
    """Who saw or used what, when: by number and role, never by name of a colleague."""
    roles, theirs = roles_here(subject.organization), subjects_of(subject)
    return [
        {"at": one.at.isoformat(), "by": one.actor, "as": whose(one.actor, roles), "did": one.action,
         "says": says(one.action, one.codes), "what": what}
        for one in of_subjects(subject.organization, theirs).order_by("number")
        for what in about(one, theirs)
    ]  # fmt: skip


def erase(
    organization: int, person: UUID, *, actor: str, at: datetime | None = None, codes: Mapping[str, Any] | None = None
) -> Subject:
    """Empties everything that names or describes a person. Counts, codes and the trail stay. Re-applied after a restore
    of an older backup, from `erased.jsonl` in the data folder, which holds ids alone. `codes`: why, for the trail."""
    subject = subject_of(organization, person)
    _remember(subject, at or timezone.now())
    apply(subject, actor=actor, codes=codes)
    return subject


def apply(subject: Subject, *, actor: str, codes: Mapping[str, Any] | None = None) -> None:
    with transaction.atomic():
        alone(subject.organization)
        _emptied(subject)
        _emptied(subject)  # again, for what joined meanwhile: nothing can join now
        record(subject.organization, actor, "person.erased", f"person/{subject.person}", codes)


def _emptied(subject: Subject) -> None:
    for held in holders():
        held.finds(subject)
    for held in reversed(holders()):
        held.erases(subject)


def _remember(subject: Subject, at: datetime) -> None:
    line = {
        "organization": subject.organization,
        "person": subject.person,
        "leads": sorted(subject.leads),
        "submissions": sorted(subject.submissions),
        "rows": sorted(subject.rows),
        "at": at,
    }
    append(environment.home() / ERASED_FILE, line)


def erase_again(lines: Iterable[Mapping[str, Any]] | None = None) -> int:
    """After a restore: whatever was erased before is erased again; returns how many people. `lines`: of `erased.jsonl`,
    read now where none are given; one whose organisation is not here stays noted and is passed over."""
    known = frozenset(Organization.objects.values_list("pk", flat=True))
    given = read(environment.home() / ERASED_FILE).whole if lines is None else lines
    theirs = [line for line in given if line["organization"] in known]
    for line in theirs:
        leads, submissions = ({UUID(one) for one in line[name]} for name in ("leads", "submissions"))
        rows = {(UUID(submission), nth) for submission, nth in line.get("rows", ())}
        apply(Subject(line["organization"], UUID(line["person"]), leads, submissions, rows), actor="command")
    return len(theirs)
