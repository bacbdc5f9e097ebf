"""Read who works here and which keys there are, always of one organisation."""

from __future__ import annotations

from django.utils import timezone

from leadwell.server.access.models import ApiKey, Invitation, Membership, User
from leadwell.server.access.roles import May


def members(organization: int) -> list[Membership]:
    """Everybody who works here, by name."""
    ours = Membership.objects.of(organization).select_related("user", "organization")
    return list(ours.order_by("user__name", "user__email"))


def member_by_number(organization: int, number: int) -> Membership | None:
    return Membership.objects.of(organization).select_related("user", "organization").filter(pk=number).first()


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first() if email else None


def invitations(organization: int) -> list[Invitation]:
    """Those that wait to be accepted, by name."""
    ours = Invitation.objects.of(organization).filter(expires_at__gt=timezone.now())
    return list(ours.order_by("name", "email"))


def invitation_by_number(organization: int, number: int) -> Invitation | None:
    return Invitation.objects.of(organization).filter(pk=number).first()


def with_second_factor(organization: int) -> set[int]:
    """Who of those here has an app, a passkey or a key; recovery codes alone are none."""
    factors = ("totp", "webauthn")
    some = User.objects.filter(membership__organization=organization, authenticator__type__in=factors)
    return set(some.values_list("pk", flat=True))


def names_of_users(organization: int) -> dict[str, str]:
    """An actor of the trail ("user:7") -> the name of the one who works here."""
    return {member.actor: member.user.get_full_name() for member in members(organization)}


def who_may(organization: int, what: May) -> list[str]:
    """The names of those who may do it here."""
    return [member.user.get_full_name() for member in members(organization) if member.may(what)]


def keys(organization: int) -> list[ApiKey]:
    """Those that hold first, then the newest."""
    return sorted(ApiKey.objects.of(organization).order_by("-created_at", "-pk"), key=lambda key: not key.holds)


def key_by_handle(organization: int, handle: str) -> ApiKey | None:
    return ApiKey.objects.of(organization).filter(handle=handle).first()
