"""The playbook's pages: whom can we help, which version says so, and what did it say before?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from leadwell.playbook import PlaybookError, Problem
from leadwell.playbook.show import Section, sections
from leadwell.server.access.models import User
from leadwell.server.access.needs import needs
from leadwell.server.access.requests import MemberRequest
from leadwell.server.access.roles import May
from leadwell.server.base.pages import show
from leadwell.server.playbooks import actions, forms
from leadwell.server.playbooks.changes import Change, changes
from leadwell.server.playbooks.models import PlaybookVersion
from leadwell.server.playbooks.queries import (
    loaded,
    policy_now,
    publications,
    version_of,
    version_of_text,
    versions,
)
from leadwell.server.privacy.trail import record


@dataclass(frozen=True)
class Version:
    number: int
    uploaded_at: datetime
    by: str
    in_force: bool
    was_in_force: bool


@dataclass(frozen=True)
class Published:
    at: datetime
    number: int
    by: str


@dataclass(frozen=True)
class Wrong:
    """One problem of a file that was uploaded: where, what, and the line itself."""

    line: int
    column: int
    says: str
    text: str


@dataclass(frozen=True)
class Playbook:
    """`now`: the version in force, None where none is."""

    now: Published | None
    versions: tuple[Version, ...]
    published: tuple[Published, ...]
    form: forms.Playbook
    wrong: tuple[Wrong, ...]
    may_publish: bool


@dataclass(frozen=True)
class Aloud:
    """One version, read aloud. `older`: whether a later one is in force, so that publishing it rolls back. `now`: the
    number of the one in force, where that is another; `changes`: what publishing this one would change."""

    version: Version
    title: str
    name: str
    sections: tuple[Section, ...]
    older: bool
    now: int | None
    changes: tuple[Change, ...]
    may_publish: bool


@needs(May.SEE_PLAYBOOK)
@require_safe
def playbook(request: MemberRequest) -> HttpResponse:
    return _shown(request, forms.Playbook())


@needs(May.PUBLISH_PLAYBOOK)
@require_POST
def upload(request: MemberRequest) -> HttpResponse:
    """Checks a file and keeps it as a version; what is wrong is shown with line and column."""
    form = forms.Playbook(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, form, status=400)
    source: bytes = form.cleaned_data["file"]
    if there := version_of_text(request.member.organization_id, source):
        messages.warning(request, f"This very file is version {there.number} already; nothing was kept anew.")
        return HttpResponseRedirect(reverse("playbook_version", args=[there.number]))
    try:
        made = actions.upload(request.member.organization, source, by=request.member.user)
    except PlaybookError as error:
        return _shown(request, form, _wrong(error.problems, source), status=400)
    record(made.organization_id, request.member.actor, "playbook.uploaded", f"playbook/{made.number}")
    messages.success(request, f"Version {made.number} is kept. See what it changes, then publish it.")
    return HttpResponseRedirect(reverse("playbook_version", args=[made.number]))


def _wrong(problems: tuple[Problem, ...], source: bytes) -> tuple[Wrong, ...]:
    lines = source.decode("utf-8", errors="replace").splitlines()
    return tuple(
        Wrong(one.line, one.column, one.says, lines[one.line - 1] if 0 < one.line <= len(lines) else "")
        for one in problems
    )


@needs(May.SEE_PLAYBOOK)
@require_safe
def version(request: MemberRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    policy, ours = loaded(found.pk), request.member.organization_id
    told = [one.version.number for one in publications(ours)]
    before = policy_now(ours) if told and told[0] != number else None
    page = Aloud(
        version=_version(found, told),
        title=policy.title,
        name=policy.version,
        sections=sections(policy),
        older=bool(told) and number < told[0],
        now=told[0] if before else None,
        changes=changes(before, policy) if before else (),
        may_publish=request.member.may(May.PUBLISH_PLAYBOOK),
    )
    return show(request, "playbooks/version.html", page)


@needs(May.SEE_PLAYBOOK)
@require_safe
def file(request: MemberRequest, number: int) -> HttpResponse:
    """The file, as it was uploaded."""
    found = _found(request, number)
    answer = HttpResponse(bytes(found.source), content_type="application/toml")
    answer["Content-Disposition"] = f'attachment; filename="playbook-{number}.toml"'
    return answer


@needs(May.PUBLISH_PLAYBOOK)
@require_POST
def publish(request: MemberRequest, number: int) -> HttpResponse:
    """Puts a version in force from now on, also an earlier one."""
    found = _found(request, number)
    actions.publish(found, by=request.member.user)
    record(found.organization_id, request.member.actor, "playbook.published", f"playbook/{number}")
    messages.success(request, f"Version {number} is in force. Leads that come from now on are judged by it.")
    return HttpResponseRedirect(reverse("playbook"))


def _found(request: MemberRequest, number: int) -> PlaybookVersion:
    found = version_of(request.member.organization_id, number)
    if found is None:
        raise Http404
    return found


def _shown(
    request: MemberRequest, form: forms.Playbook, wrong: tuple[Wrong, ...] = (), *, status: int = 200
) -> HttpResponse:
    ours = request.member.organization_id
    published = tuple(Published(one.at, one.version.number, _name(one.by)) for one in publications(ours))
    told = [one.number for one in published]
    page = Playbook(
        now=published[0] if published else None,
        versions=tuple(_version(one, told) for one in versions(ours)),
        published=published,
        form=form,
        wrong=wrong,
        may_publish=request.member.may(May.PUBLISH_PLAYBOOK),
    )
    return show(request, "playbooks/playbook.html", page, status=status)


def _version(one: PlaybookVersion, told: list[int]) -> Version:
    in_force = bool(told) and one.number == told[0]
    return Version(one.number, one.uploaded_at, _name(one.uploaded_by), in_force, one.number in told)


def _name(user: User | None) -> str:
    return user.get_full_name() if user else "a command"
