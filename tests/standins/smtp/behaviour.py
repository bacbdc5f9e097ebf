"""What does an address ask the server to do?"""

import re
import time
from dataclasses import dataclass, field

WORD = re.compile(r"(?P<word>[a-z]+(?:-[a-z]+)*)(?P<number>\d+)?$")
SAY = re.compile(r"say-(?P<code>[45]\d\d)(?:-(?P<enhanced>[45]-\d{1,3}-\d{1,3}))?$")

REFUSALS = {
    "defer": ["451 4.2.0 <{to}>: mailbox temporarily unavailable, try again later"],
    "full": ["452 4.2.2 <{to}>: the recipient's mailbox is over its storage limit"],
    "overquota": ["552 5.2.2 <{to}>: user is over quota"],
    "unknown": ["550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table"],
    "bare-unknown": ["550 user unknown"],
    "policy": [
        "550-5.7.1 [127.0.0.1] Our system has detected that this message is",
        "550-5.7.1 likely unsolicited mail. To reduce the amount of spam sent,",
        "550 5.7.1 this message has been blocked. - gsmtp",
    ],
    "disabled": ["550 5.2.1 <{to}>: The email account that you tried to reach is disabled"],
    "toolarge": ["552 5.3.4 Message size exceeds fixed limit"],
    "nodomain": ["550 5.1.2 <{to}>: Recipient address rejected: Domain not found"],
}
AFTER_DATA = {"toolarge"}


@dataclass(frozen=True)
class Wish:
    """What the words of one address say; `times` is null where it happens always."""

    address: str
    word: str
    times: int | None = None
    second: str = ""

    @property
    def refusal(self) -> list[str] | None:
        """The lines of the refusal that the address names, at whichever stage; none where it names none."""
        named = self.second if self.word in {"rcpt-only", "at-data"} else self.word
        default = {"rcpt-only": "unknown", "at-data": "policy"}.get(self.word)
        if said := SAY.match(named):
            enhanced = (said["enhanced"] or "").replace("-", ".")
            return [" ".join(filter(None, [said["code"], enhanced, "as the address says"]))]
        lines = REFUSALS.get(named) or (REFUSALS[default] if default else None)
        return [line.format(to=self.address) for line in lines] if lines else None

    @property
    def after_data(self) -> bool:
        return self.word == "at-data" or self.word in AFTER_DATA


def wish(address: str) -> Wish:
    """Reads `defer2.maria@example.org` as `defer`, twice."""
    local = address.rpartition("@")[0].lower().strip('"')
    first, _, rest = local.partition(".")
    second = rest.partition(".")[0]
    if SAY.match(first):
        return Wish(address, first, None, second)
    matched = WORD.match(first)
    if not matched:
        return Wish(address, "ok")
    word, number = matched["word"], matched["number"]
    if word in {"rcpt-only", "at-data"} and number is None and (inner := WORD.match(second)) and inner["number"]:
        second, number = inner["word"], inner["number"]
    return Wish(address, word, int(number) if number else None, second)


@dataclass
class Memory:
    """How often each address has had its way, and when it was first seen: for the life of the process."""

    counts: dict[str, int] = field(default_factory=dict)
    first_seen: dict[tuple[str, str], float] = field(default_factory=dict)

    def again(self, asked: Wish) -> bool:
        """Whether it happens (once more) to this address; counts that it did."""
        key = asked.address.lower()
        done = self.counts.get(key, 0)
        if asked.times is not None and done >= asked.times:
            return False
        self.counts[key] = done + 1
        return True

    def greylisted(self, sender: str, recipient: str, seconds: float) -> bool:
        now = time.monotonic()
        return now - self.first_seen.setdefault((sender.lower(), recipient.lower()), now) < seconds
