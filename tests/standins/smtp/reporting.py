"""What does the provider write back later: a delivery status (RFC 3464) or an abuse report (RFC 5965)?"""

import asyncio
import base64
import re
import smtplib
import time
from dataclasses import dataclass, replace
from email.utils import formatdate, make_msgid

from .behaviour import Wish
from .log import Log

TRIED_FOR_SECONDS = 10


@dataclass(frozen=True)
class Reports:
    """Where reports go, how long after, and where they are noted down."""

    log: Log
    bounce_to: tuple[str, int] | None
    complaints_to: str | None
    after_seconds: float

    async def about(self, asked: Wish, *, sender: str, message: bytes) -> None:
        """Sends what the address asked for; none to the null sender, which nobody may answer."""
        kind = {"late-bounce": "dsn", "complain": "arf"}.get(asked.word)
        to = self.complaints_to if kind == "arf" and self.complaints_to else sender
        if kind is None or not to:
            return
        await asyncio.sleep(self.after_seconds)
        raw = dsn(asked, to=to, message=message) if kind == "dsn" else arf(asked, to=to, sender=sender, message=message)
        for _ in range(asked.times or 1):
            error = await asyncio.to_thread(self._deliver, to, raw)
            self.log.append(kind=kind, to=to, about=asked.address, message=base64.b64encode(raw).decode(), error=error)

    def _deliver(self, to: str, raw: bytes) -> str | None:
        if self.bounce_to is None:
            return "no bounce_to was given"
        until = time.monotonic() + TRIED_FOR_SECONDS
        while True:
            try:
                with smtplib.SMTP(*self.bounce_to, timeout=5) as client:
                    client.sendmail("", [to], raw)
                    return None
            except (OSError, smtplib.SMTPException) as refused:
                if time.monotonic() > until:
                    return str(refused)
            time.sleep(0.5)


def dsn(asked: Wish, *, to: str, message: bytes) -> bytes:
    """A failure as Postfix reports it: text, message/delivery-status, and the headers of the original."""
    named = replace(asked, word=asked.second or "unknown").refusal or replace(asked, word="unknown").refusal or []
    diagnostic = " ".join(named)
    enhanced = re.search(r"\b[45]\.\d+\.\d+\b", diagnostic)
    status = enhanced[0] if enhanced else "5.0.0"
    head = message.partition(b"\r\n\r\n")[0]
    boundary = "=_dsn_" + make_msgid().strip("<>").partition("@")[0]
    text = f"""\
Return-Path: <>
Date: {formatdate()}
From: Mail Delivery System <MAILER-DAEMON@mx.provider.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: {make_msgid(domain="mx.provider.example")}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="{boundary}"

This is a MIME-encapsulated message.

--{boundary}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.provider.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{asked.address}>: host mail.example[127.0.0.1] said: {diagnostic}

--{boundary}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.provider.example
Arrival-Date: {formatdate()}

Final-Recipient: rfc822; {asked.address}
Original-Recipient: rfc822;{asked.address}
Action: failed
Status: {status}
Remote-MTA: dns; mail.example
Diagnostic-Code: smtp; {diagnostic}

--{boundary}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

"""
    return _crlf(text) + head + _crlf(f"\n\n--{boundary}--\n")


def arf(asked: Wish, *, to: str, sender: str, message: bytes) -> bytes:
    """A complaint: text, message/feedback-report, and the original; `complain.redacted.` names no recipient."""
    redacted = asked.second == "redacted"
    original = (
        re.sub(re.escape(asked.address).encode(), b"redacted", message, flags=re.IGNORECASE) if redacted else message
    )
    recipient = "" if redacted else f"Original-Rcpt-To: <{asked.address}>\n"
    boundary = "=_arf_" + make_msgid().strip("<>").partition("@")[0]
    text = f"""\
Date: {formatdate()}
From: Feedback Loop <feedback@fbl.provider.example>
To: {to}
Subject: FW: abuse report
Message-ID: {make_msgid(domain="fbl.provider.example")}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
\tboundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received on {formatdate()}.

--{boundary}
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: StandIn-FBL/1.0
Version: 1
Original-Mail-From: <{sender}>
{recipient}Arrival-Date: {formatdate()}
Source-IP: 127.0.0.1

--{boundary}
Content-Type: message/rfc822

"""
    return _crlf(text) + original + _crlf(f"\n--{boundary}--\n")


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
