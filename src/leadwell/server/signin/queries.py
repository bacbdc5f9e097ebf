"""Read what somebody typed and has not sent: their own, on the page where they typed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from leadwell.server.access.models import Membership
from leadwell.server.base.scope import Scoped
from leadwell.server.privacy.sealing import unseal_json
from leadwell.server.signin.models import Draft


@dataclass(frozen=True)
class Kept:
    """`fields`: name and text of each."""

    at: datetime
    page: str
    fields: tuple[tuple[str, str], ...]


def drafts_of(member: Membership) -> Scoped[Draft]:
    return Draft.objects.of(member.organization_id).filter(user=member.user_id)


def kept_on(member: Membership, page: str) -> Kept | None:
    held = drafts_of(member).filter(page=page).first()
    return Kept(held.kept_at, page, tuple(words(held).items())) if held else None


def words(draft: Draft) -> dict[str, str]:
    held: dict[str, str] = unseal_json(draft.organization_id, draft.sealed, place=place(draft.user_id, draft.page))
    return held


def place(user: int, page: str) -> str:
    return f"signin.draft/{user}{page}"
