"""What came over the wire, and when: lines that are on disk before anybody is answered."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any


def beside(wire: Path, name: str) -> Path:
    """The log of that name which belongs to this wire log."""
    return wire.with_name(f"{wire.stem}.{name}.jsonl")


class Log:
    """One file of JSON lines, appended by one process."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def append(self, **fields: Any) -> None:
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        line = json.dumps({"at": at, **fields}, ensure_ascii=False) + "\n"
        os.write(self.descriptor, line.encode())
        os.fsync(self.descriptor)


@dataclass(frozen=True)
class Received:
    """A message received to its last dot; `answered` is null where the server hung up instead."""

    at: datetime
    connection: int
    envelope_from: str
    envelope_to: tuple[str, ...]
    raw: bytes
    answered: str | None
    kept: bool
    tls: bool
    user: str | None

    @property
    def email(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[arg-type, return-value, unused-ignore]


@dataclass(frozen=True)
class Attempt:
    """One answer, at stage RCPT (one recipient) or DATA (all recipients); null where the server hung up."""

    at: datetime
    connection: int
    stage: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    answered: str | None


@dataclass(frozen=True)
class ReportTried:
    """A DSN or ARF report that was offered to the bounce address; `error` says why it was not taken."""

    at: datetime
    kind: str
    to: str
    about: str
    raw: bytes
    error: str | None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Whole lines only: the last may be half written by a server that was killed."""
    text = path.read_text("utf-8") if path.exists() else ""
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            fields = json.loads(line)
            fields["at"] = datetime.fromisoformat(fields["at"])
            if "envelope_to" in fields:
                fields["envelope_to"] = tuple(fields["envelope_to"])
            if "message" in fields:
                fields["raw"] = base64.b64decode(fields.pop("message"))
            yield fields


def messages(wire: Path) -> list[Received]:
    return [Received(**fields) for fields in _lines(wire)]


def attempts(wire: Path) -> list[Attempt]:
    return [Attempt(**fields) for fields in _lines(beside(wire, "attempts"))]


def reports(wire: Path) -> list[ReportTried]:
    return [ReportTried(**fields) for fields in _lines(beside(wire, "reports"))]
