"""What does a mail that came back say?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Class = Literal["address-bad", "no-domain", "mailbox-full", "transient", "ours", "complaint"]
CLASSES: Final[tuple[Class, ...]] = ("address-bad", "no-domain", "mailbox-full", "transient", "ours", "complaint")


class NotReturned(ValueError):  # noqa: N818  its message says what the mail is instead; it names nobody
    """This mail tells of none that failed: permanent, the same bytes fail the same way."""


@dataclass(frozen=True, slots=True)
class Returned:
    """`status`: the enhanced code ("5.1.1"), else the reply ("550"), '' where neither is said. `recipient`: the
    address that failed or complained, '' where it is kept back. `message_ids`: of the mail it speaks of, as far as
    they are named, the surest first. `returned_to`: the addresses it came to, in which a sender may have hidden an id
    (VERP).
    """

    kind: Class
    status: str = ""
    recipient: str = ""
    message_ids: tuple[str, ...] = ()
    returned_to: tuple[str, ...] = ()
