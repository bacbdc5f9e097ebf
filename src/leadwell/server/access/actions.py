"""Add organisations and the people who work there."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from leadwell.server.access.keys import key_of
from leadwell.server.access.models import ApiKey, Membership, Organization, User
from leadwell.server.access.queries import is_last_administrator
from leadwell.server.access.roles import Role


class Refused(ValueError):  # noqa: N818  its message is for the person who asked
    pass


def add_organization(slug: str, *, name: str = "", time_zone: str | None = None) -> Organization:
    """The organisation of this short name, made where there is none."""
    more = {"time_zone": time_zone} if time_zone else {}
    organization, _ = Organization.objects.get_or_create(slug=slug, defaults={"name": name or slug, **more})
    return organization


def add_member(organization: str, email: str, *, role: str, name: str = "", password: str = "") -> Membership:
    """Somebody new, or a known person's new role. Raises Refused."""
    if role not in Role.values:
        raise Refused(f"There is no role “{role}”; there are {', '.join(Role.values)}.")
    try:
        validate_email(email)
        with transaction.atomic():
            user = User.objects.filter(email=email.lower()).first()
            if user is None:
                validate_password(password)
                user = User.objects.create_user(email, password, name=name)
            member, _ = Membership.objects.update_or_create(
                organization=add_organization(organization), user=user, defaults={"role": role}
            )
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return member


def change_role(member: Membership, role: str) -> None:
    """Raises Refused: an organisation always has an administrator."""
    if role not in Role.values:
        raise Refused(f"There is no role “{role}”.")
    if role != Role.ADMINISTRATOR and is_last_administrator(member):
        raise Refused("This is the only administrator. Make somebody else one first.")
    member.role = role
    member.save(update_fields=["role"])


def remove_member(member: Membership) -> None:
    """They no longer work here; what they did stays in the trail. Raises Refused."""
    if is_last_administrator(member):
        raise Refused("This is the only administrator. Make somebody else one first.")
    member.delete()


def new_password(member: Membership) -> str:
    """A password that is shown once. Raises Refused for somebody who also works elsewhere: it is not ours to change."""
    if member.user.membership_set.count() > 1:
        raise Refused("They also work for another organisation, so their password cannot be changed from here.")
    password = made_password()
    member.user.set_password(password)
    member.user.save(update_fields=["password"])
    return password


def made_password() -> str:
    """Long enough to be safe, short enough to be typed once."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def revoke(key: ApiKey) -> None:
    """From now on it opens nothing."""
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    key_of.forget()
