"""Through which doors do leads come? Each kind is a folder: its adapter, form, captured payloads and docs page.

An adapter has `read(sent, settings) -> Reading`: what a submission would become. It is pure: it neither writes nor
asks the network. To add a kind, add its folder and its line in KINDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from leadwell.server.intake.opening import Sent

KINDS: Final = ("api", "webhook", "form", "file", "email")


@dataclass(frozen=True)
class Reading:
    """What a submission holds. `leads`: column -> text. `problem`: a code and a place, never words; it needs mending.

    `not_a_lead`: why it is none (an auto-reply, a bounce). `rejected`: rows of a list that could not be read, and why.
    `message_id`, `answers`: of a mail, its own id and those that it answers.
    """

    leads: tuple[Mapping[str, str], ...] = ()
    problem: str = ""
    not_a_lead: str = ""
    rejected: tuple[tuple[int, str], ...] = ()
    message_id: str = ""
    answers: tuple[str, ...] = ()


Read = Callable[[Sent, Mapping[str, Any]], Reading]


@cache
def reader(kind: str) -> Read:
    read: Read = import_module(f"leadwell.server.intake.sources.{kind}.adapter").read
    return read
