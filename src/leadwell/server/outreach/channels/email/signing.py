"""Who vouches for a mail? Our domain, by DKIM, over every header that somebody might change on its way. (RFC 6376)"""

from __future__ import annotations

from typing import Final

import dkim

from leadwell.server.outreach.channels import NotReached
from leadwell.server.outreach.channels.email.settings import Signature

# From twice: a second one that somebody adds breaks the signature (RFC 6376, 8.15). The List-Unsubscribe headers must
# be covered for one click to count (RFC 8058, 4).
SIGNED: Final = (
    b"from", b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
    b"content-transfer-encoding", b"auto-submitted", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip


def signed(raw: bytes, signature: Signature) -> bytes:
    """The mail with its DKIM-Signature before it. Raises NotReached where the key is none: nothing leaves unsigned."""
    try:
        header: bytes = dkim.sign(
            raw,
            signature.selector.encode(),
            signature.domain.encode(),
            signature.key.encode(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=list(SIGNED),
        )
    except (dkim.DKIMException, UnicodeError, ValueError) as error:
        raise NotReached("LEADWELL_DKIM_KEY is no RSA key in PEM") from error
    return header + raw
