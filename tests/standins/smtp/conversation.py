"""What does the server say to one client, command by command (RFC 5321, 3207, 4954)?"""

import asyncio
import base64
import binascii
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .delivery import Delivery, HungUpError
from .options import Options

PATH = re.compile(r"(?:FROM|TO):\s*<(?P<address>[^<>]*)>(?P<parameters>.*)$", re.IGNORECASE)
COMMAND_OCTETS = 2048
Handler = Callable[[str], Awaitable[list[str]]]


@dataclass
class Conversation:
    """One connection, from the greeting to the end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    number: int
    options: Options
    context: ssl.SSLContext | None
    delivery: Delivery
    greeted: bool = field(default=False, init=False)
    user: str | None = field(default=None, init=False)
    sender: str | None = field(default=None, init=False)
    smtputf8: bool = field(default=False, init=False)

    async def run(self) -> None:
        await self._say(["220 mx.provider.example ESMTP stand-in"])
        while line := await self._line():
            verb, _, rest = line.partition(" ")
            handlers: dict[str, Handler] = {
                "EHLO": self._ehlo,
                "HELO": self._helo,
                "STARTTLS": self._starttls,
                "AUTH": self._auth,
                "MAIL": self._mail,
                "RCPT": self._rcpt,
                "DATA": self._data,
                "RSET": self._rset,
                "NOOP": self._noop,
                "QUIT": self._quit,
            }
            handler = handlers.get(verb.upper())
            answer = await handler(rest.strip()) if handler else ["500 5.5.2 command not recognised"]
            if answer:
                await self._say(answer)
            if answer and answer[0][:3] in {"221", "421"}:
                return

    async def _read(self) -> bytes:
        try:
            return await self.reader.readline()
        except ValueError as too_long:
            raise HungUpError from too_long

    async def _line(self) -> str:
        """One command without its line end; empty when the client has gone."""
        line = await self._read()
        if len(line) > COMMAND_OCTETS:
            return "TOOLONG"
        return line.decode("utf-8", "replace").rstrip("\r\n") or ("NONE" if line else "")

    async def _say(self, lines: list[str]) -> None:
        await asyncio.sleep(self.delivery.slowness)
        self.writer.write("".join(line + "\r\n" for line in lines).encode())
        await self.writer.drain()

    @property
    def tls(self) -> bool:
        return self.writer.get_extra_info("ssl_object") is not None

    def _forget_transaction(self) -> None:
        self.sender = None
        self.delivery.forget()

    async def _ehlo(self, name: str) -> list[str]:
        if not name:
            return ["501 5.5.4 say who you are"]
        self._forget_transaction()
        self.greeted = True
        offered = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", f"SIZE {self.options.max_size}"]
        if self.options.starttls and not self.tls:
            offered.append("STARTTLS")
        elif self.options.auth:
            offered.append("AUTH PLAIN LOGIN")
        return ["250-mx.provider.example", *(f"250-{one}" for one in offered[:-1]), f"250 {offered[-1]}"]

    async def _helo(self, name: str) -> list[str]:
        answer = await self._ehlo(name)
        return answer if answer[0].startswith("5") else ["250 mx.provider.example"]

    async def _starttls(self, _rest: str) -> list[str]:
        if not (self.options.starttls and self.context) or self.tls:
            return ["503 5.5.1 TLS is not offered"]
        await self._say(["220 2.0.0 ready to start TLS"])
        await self.writer.start_tls(self.context)
        self.greeted, self.user = False, None
        self._forget_transaction()
        return []

    async def _auth(self, rest: str) -> list[str]:
        if not self.options.auth or (self.options.starttls and not self.tls):
            return ["503 5.5.1 AUTH is not offered"]
        mechanism, _, first = rest.partition(" ")
        try:
            if mechanism.upper() == "PLAIN":
                told = (await self._challenged("", first)).split("\0")[1:]
            elif mechanism.upper() == "LOGIN":
                told = [await self._challenged("Username:", first), await self._challenged("Password:", "")]
            else:
                return ["504 5.5.4 mechanism not known"]
        except (binascii.Error, UnicodeDecodeError):
            return ["501 5.5.2 not base64"]
        if tuple(told) != self.options.auth:
            return ["535 5.7.8 Username and Password not accepted"]
        self.user = told[0]
        return ["235 2.7.0 accepted"]

    async def _challenged(self, challenge: str, first: str) -> str:
        if not first:
            await self._say([f"334 {base64.b64encode(challenge.encode()).decode()}"])
            first = await self._line()
        return base64.b64decode(first, validate=True).decode()

    async def _mail(self, rest: str) -> list[str]:
        if not self.greeted:
            return ["503 5.5.1 EHLO first"]
        if self.options.starttls and not self.tls:
            return ["530 5.7.0 Must issue a STARTTLS command first"]
        if self.options.auth and not self.user:
            return ["530 5.7.0 Authentication required"]
        if self.sender is not None:
            return ["503 5.5.1 nested MAIL command"]
        matched = PATH.match(rest)
        if not matched:
            return ["501 5.1.7 bad sender address syntax"]
        parameters = matched["parameters"].upper().split()
        size = next((int(one[5:]) for one in parameters if re.fullmatch(r"SIZE=\d+", one)), 0)
        if size > self.options.max_size:
            return ["552 5.3.4 Message size exceeds fixed limit"]
        self.sender, self.smtputf8 = matched["address"], "SMTPUTF8" in parameters
        return ["250 2.1.0 sender ok"]

    async def _rcpt(self, rest: str) -> list[str]:
        if self.sender is None:
            return ["503 5.5.1 MAIL first"]
        matched = PATH.match(rest)
        if not matched or "@" not in matched["address"]:
            return ["501 5.1.3 bad recipient address syntax"]
        if not self.smtputf8 and not matched["address"].isascii():
            return ["553 5.6.7 SMTPUTF8 is needed for this address"]
        return self.delivery.recipient(self.sender, matched["address"])

    async def _data(self, _rest: str) -> list[str]:
        if self.sender is None or not self.delivery.recipients:
            return ["503 5.5.1 no valid recipients"]
        await self._say(["354 go ahead, end with <CRLF>.<CRLF>"])
        message = await self._message()
        sender = self.sender
        answer = self.delivery.message(sender, message, smtputf8=self.smtputf8, tls=self.tls, user=self.user)
        self._forget_transaction()
        if answer is None:
            raise HungUpError
        return answer

    async def _message(self) -> bytes:
        """All up to CRLF.CRLF; a dot between bare line feeds ends nothing (that would be smuggling)."""
        lines = []
        before = b"\r\n"
        while (line := await self._read()) != b".\r\n" or not before.endswith(b"\r\n"):
            if not line:
                raise HungUpError
            lines.append(line[1:] if line.startswith(b".") and before.endswith(b"\r\n") else line)
            before = line
        return b"".join(lines)

    async def _rset(self, _rest: str) -> list[str]:
        self._forget_transaction()
        return ["250 2.0.0 ok"]

    async def _noop(self, _rest: str) -> list[str]:
        return ["250 2.0.0 ok"]

    async def _quit(self, _rest: str) -> list[str]:
        return ["221 2.0.0 bye"]
