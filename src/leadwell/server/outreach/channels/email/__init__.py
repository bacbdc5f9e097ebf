"""E-mail: handed to one mail server of the organisation's own, signed by DKIM. (RFC 5321, 6376, 8058)"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from leadwell.server.outreach.channels import NotReached, Written
from leadwell.server.outreach.channels.email.settings import Settings, given, is_set
from leadwell.server.outreach.channels.email.smtp import Smtp, line_of
from leadwell.server.outreach.channels.email.writing import written
from leadwell.server.outreach.models import Message


class Email:
    def is_set(self) -> bool:
        return is_set()

    def write(self, message: Message) -> Written:
        return written(message, _set())

    def line(self) -> Smtp:
        return line_of(_set())


def way() -> Email:
    return Email()


def _set() -> Settings:
    try:
        found = given()
    except ImproperlyConfigured as error:
        raise NotReached(str(error)) from error
    if found is None:
        raise NotReached("no mail server is set: LEADWELL_SMTP_HOST")
    return found
