"""Who works where, as what, and which programs may call?"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from leadwell.server.access.roles import ALLOWED, May, Role
from leadwell.server.base.scope import Scoped


class Organization(models.Model):
    slug = models.SlugField(unique=True, max_length=64)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    created_at = models.DateTimeField(default=timezone.now)


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **more: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody who signs in. Roles hang on memberships: one person may work for two organisations."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    password_given = models.BooleanField(default=False)  # by somebody else, who knows it: to be changed before all else
    factors_added = models.PositiveIntegerField(default=0)  # second factors, ever: each ends the sessions from before

    objects: ClassVar[Users] = Users()
    USERNAME_FIELD = "email"

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """A session holds while this stays the same: Django's, and a session that never asked for a second factor."""
        before: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{before}.{self.factors_added}" if self.factors_added else before

    def get_full_name(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now)

    objects = Scoped.as_manager()
    second_factor_elsewhere = False  # in this session, by the provider of single sign-on
    session = ""  # in which this request is signed in: a keyed hash of its name

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organization", "user"], name="one_role_in_each")]

    def may(self, what: May) -> bool:
        return what in ALLOWED[self.role]

    @property
    def actor(self) -> str:
        """Who did it, as the trail has it."""
        return f"user:{self.user_id}"


class Invitation(models.Model):
    """Somebody is asked to work here, and does once they have accepted it themselves. Its code is shown once; only a
    hash of it is kept. `name`: as the one who invites calls them."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "email"], name="one_invitation_an_address")
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="invitation_of_code")]


class ApiKey(models.Model):
    """A program's key: `lw_<handle>_<secret>`, shown once. Of the secret only a hash is kept (it is random, so a quick
    hash is enough)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    handle = models.CharField(max_length=16, unique=True)
    digest = models.BinaryField(max_length=32)
    name = models.CharField(max_length=100, blank=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    objects = Scoped.as_manager()

    @property
    def holds(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
