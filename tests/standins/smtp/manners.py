"""Which messages would a large provider refuse whoever they are for?"""

import re
from collections import Counter

ONCE = {b"from", b"date", b"message-id", b"to", b"subject", b"reply-to", b"sender", b"cc"}
NEEDED = [b"from", b"date"]
NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)


def objection(message: bytes, *, smtputf8: bool) -> str | None:
    """The answer to a message that breaks RFC 5321 or 5322 as providers enforce them; none where it is in order."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", message):
        return "521 5.5.2 bare line feed or carriage return received"
    if max(map(len, message.split(b"\r\n"))) > 998:
        return "554 5.6.0 line longer than 998 octets"
    head = message.partition(b"\r\n\r\n")[0]
    if not smtputf8 and not head.isascii():
        return "554 5.6.7 raw 8-bit octets in the header without SMTPUTF8"
    names = Counter(name.lower() for name in NAME.findall(head))
    twice = [name.decode() for name in ONCE if names[name] > 1]
    missing = [name.decode() for name in NEEDED if not names[name]]
    if twice or missing:
        what = f"several {twice[0]} headers" if twice else f"'{missing[0]}' header is missing"
        return f"550 5.7.1 Messages not RFC 5322 compliant are refused: {what}"
    return None
