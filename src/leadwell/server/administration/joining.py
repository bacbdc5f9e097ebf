"""The page on which somebody accepts an invitation: with it they work here, as what it says. (promise F32)"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from leadwell.server.access.actions import Refused
from leadwell.server.access.invitations import accept_known, accept_new, invitation_of
from leadwell.server.access.models import Invitation, Membership, User
from leadwell.server.administration import forms
from leadwell.server.base.pages import show
from leadwell.server.privacy.trail import record

_NONE = "There is no invitation of this code, or it holds no longer. Ask for another."


@dataclass(frozen=True)
class Join:
    """`email`: of whoever is signed in, '' where nobody is."""

    form: forms.Joining
    email: str


@sensitive_post_parameters("code", "current", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    if request.method != "POST":
        return _page(request, user, forms.Joining(known=user is not None))
    form = forms.Joining(request.POST, known=user is not None)
    if not form.is_valid():
        return _page(request, user, form, status=400)
    found = invitation_of(form.cleaned_data["code"])
    if found is None:
        form.add_error("code", _NONE)
        return _page(request, user, form, status=400)
    try:
        member = _accepted(found, user, form)
    except Refused as error:
        record(found.organization_id, "visitor", "invitation.refused", f"invitation/{found.pk}")
        form.add_error(None, str(error))
        return _page(request, user, form, status=400)
    return _joined(request, member, signed_in=user is not None)


def _accepted(invitation: Invitation, user: User | None, form: forms.Joining) -> Membership:
    said, number = form.cleaned_data, invitation.pk
    with transaction.atomic():
        if user is None:
            member = accept_new(invitation, password=said["password"])
        else:
            member = accept_known(invitation, user, current=said["current"], password=said["password"])
        codes = {"role": member.role, "invitation": number}
        record(member.organization_id, member.actor, "member.joined", member.actor, codes)
    return member


def _joined(request: HttpRequest, member: Membership, *, signed_in: bool) -> HttpResponse:
    if not signed_in:
        messages.success(request, "Done. Sign in with your new password.")
        return HttpResponseRedirect(reverse("account_login"))
    update_session_auth_hash(request, member.user)
    messages.success(request, f"You now work for {member.organization.name}, too. Your new password holds everywhere.")
    return HttpResponseRedirect(reverse("organization"))


def _page(request: HttpRequest, user: User | None, form: forms.Joining, *, status: int = 200) -> HttpResponse:
    return show(request, "administration/join.html", Join(form, user.email if user else ""), status=status)
