"""How is a message put into a mail? Plain and HTML, who writes, a way out, and a signature over all of it.

It is written anew at each try and has the same Message-ID, so that a provider which has it already knows it again.
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

from django.conf import settings as django_settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from leadwell.server.outreach import leaving
from leadwell.server.outreach.channels import Written
from leadwell.server.outreach.channels.email.returning import return_address
from leadwell.server.outreach.channels.email.settings import Settings
from leadwell.server.outreach.channels.email.signing import signed
from leadwell.server.outreach.letters import COMMERCIAL, Content, Sender, content_of, identified
from leadwell.server.outreach.models import Message

_AS_THEY_ARE: Final = frozenset({"list-unsubscribe", "message-id"})


class _Policy(EmailPolicy):
    """Python writes a long word without a space in pieces that no mail program reads as an address."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name.lower() in _AS_THEY_ARE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode() if name.lower() in _AS_THEY_ARE else super().fold_binary(name, value)


_POLICY: Final = _Policy(linesep=SMTP.linesep, cte_type="7bit")


def written(message: Message, settings: Settings) -> Written:
    """Raises Unfit where what the law demands is not at hand, Unopenable where nothing can be read of it."""
    content, sender = content_of(message), identified(message.organization_id, message.purpose)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(sender.name, addr_spec=settings.sender)
    mail["To"] = Address(addr_spec=content.to)
    mail["Subject"] = content.subject
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = message.message_id or f"<{message.pk.hex}@{settings.domain}>"
    # RFC 3834: nobody's absence notice answers it; a confirmation answers what they wrote.
    mail["Auto-Submitted"] = "auto-replied" if message.confirms else "auto-generated"
    way_out = _way_out(message)
    if way_out:
        mail["List-Unsubscribe"] = f"<{way_out}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(mail, content, sender, way_out)
    raw = mail.as_bytes()
    if settings.signature is not None:
        raw = signed(raw, settings.signature)
    return Written(return_address(message, settings), content.to, str(mail["Message-ID"]), raw)


def _way_out(message: Message) -> str:
    if message.purpose not in COMMERCIAL or message.confirms:
        return ""
    token = leaving.token(message.organization_id, message.pk, bytes(message.token))
    return django_settings.PUBLIC_URL + reverse("unsubscribe", args=[token])


def _fill(mail: EmailMessage, content: Content, sender: Sender, way_out: str) -> None:
    known = {"content": content, "sender": sender, "way_out": way_out}
    mail.set_content(render_to_string("outreach/mail.txt", known))
    mail.add_alternative(render_to_string("outreach/mail.html", known), subtype="html")
