"""Upload, publish and roll back a policy."""

from __future__ import annotations

from django.db import models, transaction

from leadwell.server.access.models import Organization, User
from leadwell.server.base.declared import declared
from leadwell.server.playbooks.models import PlaybookVersion, Publication
from leadwell.server.playbooks.queries import digest_of, loaded, of_text


def upload(organization: Organization, source: bytes, *, by: User | None = None) -> PlaybookVersion:
    """Checks a playbook file and keeps it; the same bytes are the same version. Raises PlaybookError."""
    of_text(source)
    digest = digest_of(source)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)  # two at once get two numbers
        versions = PlaybookVersion.objects.of(organization)
        if known := versions.filter(digest=digest).first():
            return known
        last = versions.aggregate(last=models.Max("number"))["last"] or 0
        return PlaybookVersion.objects.create(
            organization=organization, number=last + 1, digest=digest, source=source, uploaded_by=by
        )


def publish(version: PlaybookVersion, *, by: User | None = None) -> Publication:
    """Puts a version in force, also an earlier one. Pages, days and clocks of the organisation are where it says. Apps
    above that follow it are told, by the function `republished` of their module `republished`."""
    ours = Organization.objects.filter(pk=version.organization_id)
    with transaction.atomic():
        ours.update(time_zone=loaded(version.pk).organization.time_zone)
        made = Publication.objects.create(organization_id=version.organization_id, version=version, by=by)
        for app in declared("republished"):
            app.republished(version.organization_id, made.at)
    return made
