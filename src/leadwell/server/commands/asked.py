"""Which organisation is meant? A short name from the command line -> its record, or a sentence and exit 1."""

from __future__ import annotations

from uuid import UUID

import typer

from leadwell.server.access.models import Organization
from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.queries import sources_of


def organization_of(slug: str) -> Organization:
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Organization.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        typer.echo(f"There is no organisation “{slug}” here; there is: {known}.", err=True)
        raise typer.Exit(1)
    return found


def the_organization(slug: str | None) -> Organization:
    """The one of this short name; without one, the only one there is."""
    if slug is not None:
        return organization_of(slug)
    slugs = list(Organization.objects.order_by("slug").values_list("slug", flat=True)[:20])
    if len(slugs) == 1:
        return organization_of(slugs[0])
    said = f"there are {', '.join(slugs)}; name one with --organization" if slugs else "there is none yet"
    typer.echo(f"Which organisation? {said[0].upper()}{said[1:]}.", err=True)
    raise typer.Exit(2)


def hl7_source_of(organization: Organization, named: str) -> Source:
    """The open one of this number or name."""
    ours = [one for one in sources_of(organization.pk) if one.kind == "hl7v2" and one.closed_at is None]
    found = [one for one in ours if named in (str(one.pk), one.name)]
    if len(found) != 1:
        known = ", ".join(f"{one.pk} ({one.name})" for one in ours) or "none yet"
        typer.echo(f"There is no one open source “{named}” of the kind hl7v2 here; there is: {known}.", err=True)
        raise typer.Exit(1)
    return found[0]


def submission_of(organization: Organization, number: UUID) -> Submission:
    found = Submission.objects.of(organization).filter(pk=number).first()
    if found is None:
        typer.echo("There is no submission of this id here. `leadwell inbox list` shows which there are.", err=True)
        raise typer.Exit(1)
    return found
