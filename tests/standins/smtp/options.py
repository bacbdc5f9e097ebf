"""How can the provider be told to behave, whoever writes to it?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Options:
    """The command's options and `SmtpStandin`'s keywords; the package's docstring says what each does."""

    bounce_to: tuple[str, int] | None = None
    complaints_to: str | None = None
    report_after: float = 0.2
    dropped: Literal["kept", "lost"] = "kept"
    greylist_seconds: float = 2.0
    slow_seconds: float = 2.0
    rate_messages: int = 3
    max_size: int = 10_000_000
    lenient: bool = False
    starttls: bool = False
    implicit_tls: bool = False
    auth: tuple[str, str] | None = None


def certificate_of(wire: Path) -> Path:
    return wire.with_name(f"{wire.stem}.certificate.pem")
