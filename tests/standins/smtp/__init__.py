"""A mail provider for tests: a real SMTP server on a port that does what the recipient's address says.

By hand::

    python -m tests.standins.smtp --port 2525 --wire wire.jsonl --bounce-to 127.0.0.1:2526

In a test, in a process of its own that ends with the block::

    with SmtpStandin(tmp_path / "wire.jsonl", bounce_to=("127.0.0.1", 2526)) as provider:
        send(host=provider.host, port=provider.port, to="defer2.maria@example.org")
        [message] = provider.until(1)  # waits for the wire log to hold one message
        assert dkim_holds(message.raw, public_key=PEM)
        provider.stop(), provider.start()  # an outage; the port stays, the counts below begin again

The part of the address before the first dot says what happens. A number right after the word (``defer2.x@``)
says how many times it happens to that address before mail is accepted; without a number it always happens.

====================  ==============================================================================
``ok.``               250 2.0.0; so does every word not named here
``defer.``            451 4.2.0
``full.``             452 4.2.2 (``overquota.``: 552 5.2.2)
``unknown.``          550 5.1.1 (``bare-unknown.``: "550 user unknown", no enhanced code)
``policy.``           550 5.7.1 in three lines
``disabled.``         550 5.2.1
``toolarge.``         552 5.3.4, after DATA
``nodomain.``         550 5.1.2
``say-554-5-4-4.``    554 5.4.4, or whatever the address says; ``say-550.`` without enhanced code
``greylist.``         451 4.7.1 until ``greylist_seconds`` after sender and recipient were first seen
``rate3.``            421 4.7.0 and hang up once the connection has carried 3 messages (or ``rate_messages``)
``slow5.``            this answer, and each one after it in the connection, 5 s late (or ``slow_seconds``)
``dropdata1.``        hangs up, once, after the whole of DATA, before answering
``dropdata-kept.``    the same, and the message is in the mailbox; ``dropdata-lost.`` it is not;
                      ``dropdata.`` as the option ``dropped`` says, which is "kept" unless told
``late-bounce.``      accepted; a DSN 5.1.1 follows to the envelope sender. ``late-bounce.full.x@`` reports
                      what a second word says; ``late-bounce2.`` is reported twice, as real servers do
``complain.``         accepted; an ARF report follows to ``complaints_to`` or else the envelope sender;
                      ``complain.redacted.x@`` without the recipient's address, as Comcast's and Yahoo's
``rcpt-only.full.x@`` what the second word says, at RCPT (alone: 550 5.1.1)
``at-data.full.x@``   what the second word says, after DATA (alone: 550 5.7.1)
====================  ==============================================================================

Refusals come at RCPT unless the table says otherwise. After DATA one answer holds for all recipients: the first
recipient with something to say decides. Reports leave ``report_after`` seconds later, are tried for 10 s, and
never answer the null sender.

**Logs.** Each line is on disk (fsync) *before* the answer leaves. ``wire.jsonl``: every message received to its
last dot: ``at`` (UTC, microseconds), ``connection``, ``envelope_from``, ``envelope_to`` (accepted at RCPT),
``message`` (base64), ``answered`` (null: hung up), ``kept`` (a mailbox has it: two kept lines are a duplicate),
``tls``, ``user``. ``wire.attempts.jsonl``: each answer to RCPT and DATA. ``wire.reports.jsonl``: each report tried.

**Manners.** It offers PIPELINING, 8BITMIME, SMTPUTF8, SIZE, ENHANCEDSTATUSCODES; with ``starttls`` it wants TLS
before MAIL (``implicit_tls``: from the first byte), its own certificate being at ``provider.certificate``; with
``auth=("user", "password")`` it wants AUTH PLAIN or LOGIN. Unless ``lenient``, it refuses what large providers do:
lines over 998 octets, bare line feeds, raw 8-bit headers without SMTPUTF8, a From, Date, Message-ID, To or Subject
given twice, and no From or Date at all (550 5.7.1, 5.6.x).
"""

from .log import Attempt, Received, ReportTried
from .running import SmtpStandin
from .signatures import dkim_holds, signed_headers

__all__ = ["Attempt", "Received", "ReportTried", "SmtpStandin", "dkim_holds", "signed_headers"]
