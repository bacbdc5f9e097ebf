"""How does somebody begin to work here? By an invitation that they accept themselves. (promise F32)

Whoever invites learns nothing of an account that the address may have, and changes nothing of it; and no password that
anybody has made or known before opens what the invitation is for (docs/decisions/0009).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from leadwell.server.access.actions import Refused, made_password
from leadwell.server.access.models import Invitation, Membership, Organization, User

HOLDS: Final = timedelta(days=7)
_NOT_SO: Final = (
    "This did not work. If you have signed in here before, sign in first and then open this page again. If you never "
    "have, ask for an invitation to another address of yours."
)


class NoInvitation(Refused):
    """There is none of this code, or for whoever tries."""


def invite(organization: Organization, email: str, *, role: str, name: str = "") -> tuple[Invitation, str]:
    """The invitation and its code, which is shown once; an earlier one to the same address no longer holds."""
    code, address, until = made_password(), email.strip().lower(), timezone.now() + HOLDS
    with transaction.atomic():
        ours = Invitation.objects.of(organization)
        ours.filter(expires_at__lte=timezone.now()).delete()
        ours.filter(email=address).delete()
        made = Invitation.objects.create(
            organization=organization, email=address, name=name, role=role, digest=_digest(code), expires_at=until
        )
    return made, code


def invitation_of(code: str) -> Invitation | None:
    """The one of this code, if it still holds."""
    digest = _digest(code)
    found = Invitation.objects.filter(digest=digest).select_related("organization")
    return found.filter(expires_at__gt=timezone.now()).first()


def accept_new(invitation: Invitation, *, password: str) -> Membership:
    """Somebody who has no account here makes one. Raises Refused."""
    user = User(email=invitation.email, name=invitation.name)
    _valid(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            return _joined(invitation, user)
    except IntegrityError as error:  # the address has an account
        raise NoInvitation(_NOT_SO) from error


def accept_known(invitation: Invitation, user: User, *, current: str, password: str) -> Membership:
    """Somebody who is signed in shows that the account is theirs, and chooses a password that nobody else has known.
    Raises Refused."""
    if user.email != invitation.email:
        raise NoInvitation("This invitation is not for the account with which you are signed in.")
    _valid(password, user)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.check_password(current):
            raise NoInvitation("This is not the password with which you sign in now.")
        if user.check_password(password):
            raise Refused("Choose a password that you have not had before.")
        user.set_password(password)
        user.password_given = False
        user.save(update_fields=["password", "password_given"])
        return _joined(invitation, user)


def withdraw(invitation: Invitation) -> None:
    invitation.delete()


def _joined(invitation: Invitation, user: User) -> Membership:
    """An invitation is accepted once; where it is gone meanwhile, not at all."""
    gone, _ = Invitation.objects.of(invitation.organization_id).filter(pk=invitation.pk).delete()
    if not gone:
        raise NoInvitation(_NOT_SO)
    member, _ = Membership.objects.get_or_create(
        organization=invitation.organization, user=user, defaults={"role": invitation.role}
    )
    return member


def _valid(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.strip().lower().encode()).digest()
