"""Which policy judges now?"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models import QuerySet

from leadwell import playbook as policy
from leadwell.playbook import Playbook
from leadwell.server.access.models import Organization
from leadwell.server.playbooks.models import PlaybookVersion, Publication

_FEW: Final = 16  # as many as are kept once they were read


class NoPlaybook(LookupError):  # noqa: N818  says what is missing
    """An organisation that has published none yet: its submissions wait."""


def version_in_force(organization: Organization | int) -> PlaybookVersion:
    """Raises NoPlaybook."""
    newest = Publication.objects.of(organization).select_related("version").order_by("-at", "-pk").first()
    if newest is None:
        raise NoPlaybook("No playbook is published. Upload one under Playbook, then publish it.")
    return newest.version


def in_force(organization: Organization | int) -> tuple[int, Playbook]:
    """The number (primary key) of the version in force, and the policy. Raises NoPlaybook, also where a later Leadwell
    reads the one that is published no more: its submissions wait for one that can be read."""
    key = keys_in_force(organization).first()
    if key is None:
        raise NoPlaybook("No playbook is published. Upload one under Playbook, then publish it.")
    try:
        return key, loaded(key)
    except policy.PlaybookError as error:
        raise NoPlaybook("The playbook in force cannot be read by this version. Publish another.") from error


def keys_in_force(organization: Organization | int) -> QuerySet[Publication, int]:
    """The number of the version in force, then of those before it; also to be asked within another question."""
    return Publication.objects.of(organization).order_by("-at", "-pk").values_list("version_id", flat=True)


def policy_now(organization: Organization | int) -> Playbook | None:
    """The policy in force, for pages that can do without one."""
    try:
        return in_force(organization)[1]
    except NoPlaybook:
        return None


def lately_in_force(organization: Organization | int, *, since: datetime) -> list[Playbook]:
    """Every policy that was in force at `since` or later."""
    ours = Publication.objects.of(organization).order_by("-at", "-pk")
    keys = list(ours.filter(at__gt=since).values_list("version_id", flat=True))
    before = ours.filter(at__lte=since).values_list("version_id", flat=True).first()
    return [loaded(key) for key in dict.fromkeys([*keys, *([before] if before else [])])]


def ruled(organization: int) -> list[tuple[datetime, Playbook]]:
    """Since when each policy was in force, the one that is last; of the latest few. One before it that can be read no
    more is left out. Raises NoPlaybook."""
    _, now = in_force(organization)
    told = list(Publication.objects.of(organization).order_by("-at", "-pk").values_list("at", "version_id")[:_FEW])
    earlier = ((at, readable(version)) for at, version in told[1:])
    return [*((at, one) for at, one in reversed(list(earlier)) if one is not None), (told[0][0], now)]


def readable(version: int) -> Playbook | None:
    """None of one that this Leadwell reads no more."""
    try:
        return loaded(version)
    except policy.PlaybookError:
        return None


@lru_cache(maxsize=32)
def loaded(version: int) -> Playbook:
    """The policy of a version, which never changes."""
    return of_text(bytes(PlaybookVersion.objects.values_list("source", flat=True).get(pk=version)))


@lru_cache(maxsize=_FEW)
def of_text(source: bytes) -> Playbook:
    """One policy for one text, whosever it is: the engine keeps what it compiles of a policy, which takes seconds.
    Raises PlaybookError."""
    return policy.load(source)


def versions(organization: int) -> list[PlaybookVersion]:
    """The newest first, without their text."""
    ours = PlaybookVersion.objects.of(organization).defer("source").select_related("uploaded_by")
    return list(ours.order_by("-number"))


def version_of(organization: int, number: int) -> PlaybookVersion | None:
    """A version by its number within the organisation."""
    return PlaybookVersion.objects.of(organization).filter(number=number).first()


def version_of_text(organization: int, source: bytes) -> PlaybookVersion | None:
    """The version whose text this is, to the last byte."""
    return PlaybookVersion.objects.of(organization).filter(digest=digest_of(source)).first()


def digest_of(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()


def publications(organization: int) -> list[Publication]:
    """What was put in force, the newest first."""
    ours = Publication.objects.of(organization).select_related("by", "version").defer("version__source")
    return list(ours.order_by("-at", "-pk"))
