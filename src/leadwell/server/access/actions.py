"""Add organisations and the people who work there."""

from __future__ import annotations

import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from leadwell.server.access.keys import key_of
from leadwell.server.access.models import ApiKey, Membership, Organization, User
from leadwell.server.access.queries import user_by_email
from leadwell.server.access.roles import Role


class Refused(ValueError):  # noqa: N818  its message is for the person who asked
    pass


def add_organization(slug: str, *, name: str = "") -> Organization:
    """The organisation of this short name, made where there is none. Its clocks are those of its policy, once that is
    published."""
    organization, _ = Organization.objects.get_or_create(slug=slug, defaults={"name": name or slug})
    return organization


class KnownAlready(Refused):
    """The address has an account that was not made here: whoever it is joins by invitation."""


def add_member(organization: str, email: str, *, role: str, name: str = "", password: str = "") -> Membership:
    """Somebody new, or the new role of one who works here. Raises Refused, KnownAlready."""
    if role not in Role.values:
        raise Refused(f"There is no role “{role}”; there are {', '.join(Role.values)}.")
    try:
        validate_email(email)
        with transaction.atomic():
            there = add_organization(organization)
            user = user_by_email(email)
            member = Membership.objects.of(there).filter(user=user).first() if user else None
            if member is not None:
                change_role(member, role)
                return member
            if user is not None:
                raise KnownAlready("This address has an account already.")
            validate_password(password, User(email=email, name=name))
            user = User.objects.create_user(email, password, name=name)
            return Membership.objects.create(organization=there, user=user, role=role)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def change_role(member: Membership, role: str) -> None:
    """Raises Refused: an organisation always has an administrator."""
    if role not in Role.values:
        raise Refused(f"There is no role “{role}”.")
    with transaction.atomic():
        if role != Role.ADMINISTRATOR:
            _not_the_last(member)
        member.role = role
        member.save(update_fields=["role"])


def remove_member(member: Membership) -> None:
    """They no longer work here; what they did stays in the trail. Raises Refused."""
    with transaction.atomic():
        _not_the_last(member)
        member.delete()


def _not_the_last(member: Membership) -> None:
    """Raises Refused. Two who take each other's role at once take turns."""
    ours = Membership.objects.of(member.organization_id).filter(role=Role.ADMINISTRATOR)
    if list(ours.select_for_update().order_by("pk").values_list("pk", flat=True)) == [member.pk]:
        raise Refused("This is the only administrator. Make somebody else one first.")


def new_password(member: Membership) -> str:
    """A password that is shown once. Raises Refused where it is not this organisation's alone to change."""
    with transaction.atomic():
        user = _ours_alone(member)
        if user is None:
            raise Refused("Their password cannot be changed from here. Whoever runs Leadwell can give them a new one.")
        return new_password_of(user)


def new_password_of(user: User) -> str:
    """A password that is shown once, by whoever runs the machine. Whoever it is for changes it at the first sign-in."""
    password = made_password()
    user.set_password(password)
    user.password_given = True
    user.save(update_fields=["password", "password_given"])
    return password


def reset_second_factor(member: Membership) -> None:
    """For somebody who has lost theirs: they set up a new one when they sign in next. Raises Refused where they have
    none, or it is not this organisation's alone to take away."""
    with transaction.atomic():
        user = _ours_alone(member)
        if user is None:
            raise Refused("Their second factor cannot be reset from here. Whoever runs Leadwell can do it.")
        reset_second_factor_of(user)


def reset_second_factor_of(user: User) -> None:
    """By whoever runs the machine. Recovery codes go too, and every session ends: it may be on what was lost. Raises
    Refused where there is none."""
    gone, _ = Authenticator.objects.filter(user=user).delete()
    if not gone:
        raise Refused("They have no second factor.")
    end_sessions_before_factor(user)


def _ours_alone(member: Membership) -> User | None:
    """Their account, where they work for this organisation only: what another relies on is not ours to change."""
    user = User.objects.select_for_update().get(pk=member.user_id)
    return user if user.membership_set.count() == 1 else None


def made_password() -> str:
    """Long enough to be safe, short enough to be typed once."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def end_sessions_before_factor(user: User) -> None:
    """Whoever came in before a second factor was set up has not shown it, and signs in again."""
    User.objects.filter(pk=user.pk).update(factors_added=F("factors_added") + 1)
    user.refresh_from_db(fields=["factors_added"])


def revoke(key: ApiKey) -> None:
    """From now on it opens nothing."""
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    key_of.forget()
