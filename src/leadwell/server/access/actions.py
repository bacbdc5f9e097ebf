"""Add organisations and the people who work there."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from leadwell.server.access.models import Membership, Organization, User
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
