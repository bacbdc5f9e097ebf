"""Take somebody off: what the link in a mail closes, and for whom."""

from __future__ import annotations

from typing import Final, Literal

from django.utils import timezone

from leadwell.server.consent.actions import stop
from leadwell.server.consent.models import EVERY, Way
from leadwell.server.consent.queries import open_to, people_at, standing
from leadwell.server.consent.saying import Saying
from leadwell.server.consent.scope import covers
from leadwell.server.outreach.leaving import Leaving
from leadwell.server.outreach.letters import COMMERCIAL, COMMERCIAL_MAIL
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


def unsubscribed(leaving: Leaving) -> Literal["", "done", "all"]:
    """What the link has ended already, or what they asked us otherwise: nothing, news and offers, or every mail."""
    number = leaving.organization.pk
    stops = [(one.channel, one.purpose) for one, _ in standing(number, (), [leaving.token]) if not one.doubt]
    permitted = open_to(number, people_at(number, leaving.token), timezone.now()) if stops else ()
    mail = {purpose for _, channel, purpose, _ in permitted if channel == "email"}
    if any(covers(stop, one) for stop in stops for one in _ALL_MAIL) and not mail:
        return "all"
    ended = all(any(covers(stop, one) for stop in stops) for one in COMMERCIAL_MAIL)
    return "done" if ended and not mail & COMMERCIAL else ""
