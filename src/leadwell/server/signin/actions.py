"""Keep what was typed and not sent, until it is sent, thrown away or a week old; say who somebody is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from leadwell.server.access.models import Membership, Organization, User
from leadwell.server.privacy.sealing import seal_json
from leadwell.server.signin.models import Draft
from leadwell.server.signin.queries import drafts_of, place, words
from leadwell.server.signin.single_sign_on import PROVIDER, uid

KEPT_FOR: Final = timedelta(days=7)
_MOST: Final = 1_000_000  # characters on one page
_PAGES: Final = 50  # of one person; the oldest go first


class TooLong(ValueError):  # noqa: N818  says what happened
    pass


def keep(member: Membership, page: str, fields: Mapping[str, str]) -> None:
    """Fields are named “path of their form|name”; those that are empty are kept no longer. Raises TooLong."""
    with transaction.atomic():
        held = drafts_of(member).select_for_update().filter(page=page).first()
        kept = {name: text for name, text in ((words(held) if held else {}) | dict(fields)).items() if text.strip()}
        if sum(map(len, kept.values())) > _MOST:
            raise TooLong(page)
        if not kept:
            drafts_of(member).filter(page=page).delete()
            return
        sealed = seal_json(member.organization_id, kept, place=place(member.user_id, page))
        Draft.objects.update_or_create(
            organization=member.organization,
            user=member.user,
            page=page,
            defaults={"sealed": sealed, "kept_at": timezone.now()},
        )
        newest = list(drafts_of(member).order_by("-kept_at").values_list("pk", flat=True)[:_PAGES])
        drafts_of(member).exclude(pk__in=newest).delete()


def sent(member: Membership, page: str, form: str) -> None:
    """What was typed into this form of the page has arrived. `form`: the path that it was sent to."""
    held = drafts_of(member).filter(page=page).first()
    if held is not None:
        keep(member, page, {name: "" for name in words(held) if name.startswith(f"{form}|")})


def throw_away(member: Membership, page: str) -> None:
    drafts_of(member).filter(page=page).delete()


def throw_away_old(organization: Organization) -> None:
    Draft.objects.of(organization).filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()


def join(user: User, subject: str) -> None:
    """From now on the provider's subject is this person, whatever address it tells. Another subject of theirs no longer
    is."""
    issuer = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["issuer"]
    with transaction.atomic():
        SocialAccount.objects.filter(user=user).delete()
        SocialAccount.objects.update_or_create(provider=PROVIDER, uid=uid(issuer, subject), defaults={"user": user})
