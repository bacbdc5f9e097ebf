"""Take somebody off: what the link in a mail closes, and for whom."""

from __future__ import annotations

from typing import Final

from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import EVERY, Way
from leadwell.server.consent.saying import Saying
from leadwell.server.outreach.leaving import Leaving
from leadwell.server.outreach.letters import COMMERCIAL_MAIL
from leadwell.server.outreach.models import Message

_BY: Final = "link"
_ALL_MAIL: Final = (("email", EVERY),)


def unsubscribe(leaving: Leaving, *, all_mail: bool = False) -> None:
    """Ends marketing and business mail to the person and the address, or with `all_mail` every mail; again is fine.

    What concerns their own request or visit goes on otherwise: that is no mail one subscribes to (16 CFR 316.3). The
    link knows the address by its token alone, so that it holds after everything else is erased."""
    number = leaving.organization.pk
    message = Message.objects.of(number).filter(pk=leaving.message).first()
    saying = Saying(Way.LINK, _BY, token=("email", leaving.token))
    stop(number, message.person if message else None, saying, closes=_ALL_MAIL if all_mail else COMMERCIAL_MAIL)
