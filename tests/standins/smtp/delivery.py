"""What becomes of a recipient and of a message, by what their addresses ask?"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from .behaviour import Memory, Wish, wish
from .log import Log
from .manners import objection
from .options import Options


class HungUpError(Exception):
    """The connection ends here, without another word."""


@dataclass
class Delivery:
    """One connection's mail: its recipients so far, and what the logs were told."""

    connection: int
    options: Options
    memory: Memory
    wire: Log
    attempts: Log
    report: Callable[[Wish, str, bytes], None]
    recipients: list[Wish] = field(default_factory=list, init=False)
    carried: int = field(default=0, init=False)
    slowness: float = field(default=0.0, init=False)

    def forget(self) -> None:
        self.recipients.clear()

    def recipient(self, sender: str, address: str) -> list[str]:
        """The answer to RCPT, written down."""
        asked = wish(address)
        if asked.word == "slow":
            self.slowness = self.options.slow_seconds if asked.times is None else asked.times
        answer = self._refused_at_rcpt(sender, asked)
        if not answer:
            self.recipients.append(asked)
            answer = ["250 2.1.5 recipient ok"]
        self._attempted("RCPT", sender, [address], answer)
        return answer

    def _refused_at_rcpt(self, sender: str, asked: Wish) -> list[str] | None:
        if asked.word == "greylist":
            listed = self.memory.greylisted(sender, asked.address, self.options.greylist_seconds)
            return ["451 4.7.1 Greylisting in action, please come back later"] if listed else None
        if asked.word == "rate":
            most = self.options.rate_messages if asked.times is None else asked.times
            return ["421 4.7.0 Too many messages in this connection, try again later"] if self.carried >= most else None
        refusal = None if asked.after_data else asked.refusal
        return refusal if refusal and self.memory.again(asked) else None

    def message(self, sender: str, message: bytes, *, smtputf8: bool, tls: bool, user: str | None) -> list[str] | None:
        """The answer to a whole message, written down with it; none where the server hangs up instead."""
        answer, kept = self._judged(message, smtputf8=smtputf8)
        addresses = [one.address for one in self.recipients]
        self.wire.append(
            connection=self.connection,
            envelope_from=sender,
            envelope_to=addresses,
            message=base64.b64encode(message).decode(),
            answered="\n".join(answer) if answer else None,
            kept=kept,
            tls=tls,
            user=user,
        )
        self._attempted("DATA", sender, addresses, answer)
        self.carried += kept
        if kept:
            for asked in self.recipients:
                self.report(asked, sender, message)
        return answer

    def _judged(self, message: bytes, *, smtputf8: bool) -> tuple[list[str] | None, bool]:
        """The answer, and whether the message is now in a mailbox."""
        if len(message) > self.options.max_size:
            return ["552 5.3.4 Message size exceeds fixed limit"], False
        objected = None if self.options.lenient else objection(message, smtputf8=smtputf8)
        if objected:
            return [objected], False
        for asked in self.recipients:
            if asked.word in {"dropdata", "dropdata-kept", "dropdata-lost"} and self.memory.again(asked):
                how = asked.word.partition("-")[2] or self.options.dropped
                return None, how == "kept"
            if asked.after_data and asked.refusal and self.memory.again(asked):
                return asked.refusal, False
        return [f"250 2.0.0 Ok: queued as C{self.connection}M{self.carried + 1}"], True

    def _attempted(self, stage: str, sender: str, addresses: list[str], answer: list[str] | None) -> None:
        self.attempts.append(
            connection=self.connection,
            stage=stage,
            envelope_from=sender,
            envelope_to=addresses,
            answered="\n".join(answer) if answer else None,
        )
