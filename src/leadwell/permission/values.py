"""What is known of somebody when we ask whether we may contact them, and what is answered?

Plain frozen values: they name nobody, so a verdict can be kept, shown and logged. All times carry an offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

Channel = Literal["call", "text", "email"]
Purpose = Literal["care-request", "appointment", "marketing", "business"]
Answer = Literal["yes", "never", "not_before"]
Kind = Literal["express", "written"]
WhyWrong = Literal["another", "returned"]  # whoever answered was another, or what we sent came back for good
LineType = Literal["mobile", "landline", "voip", "toll-free"]

ANOTHER: Final[WhyWrong] = "another"
RETURNED: Final[WhyWrong] = "returned"
CHANNELS: Final[tuple[Channel, ...]] = ("call", "text", "email")
PURPOSES: Final[tuple[Purpose, ...]] = ("care-request", "appointment", "marketing", "business")
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LINE_TYPES: Final[tuple[LineType, ...]] = get_args(LineType)


@dataclass(frozen=True, slots=True)
class Consent:
    """They said that we may. `kind`: express, or written (signed, with a clear disclosure). `until`: None for no end.

    `proof` names the record that shows it, '' where there is none to name. `referred`: it rests on a referral, the
    request of somebody else, which opens nothing that they ever stopped.
    """

    channel: Channel
    purpose: Purpose
    kind: Kind
    at: datetime
    until: datetime | None = None
    proof: str = ""
    referred: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """They said that we may not: by one channel or all, for one purpose or (None) every one."""

    channel: Channel | Literal["all"]
    at: datetime
    purpose: Purpose | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One attempt that was made, whether or not anybody answered."""

    channel: Channel
    at: datetime


@dataclass(frozen=True, slots=True)
class Wrong:
    """We found out that by this channel we reach nobody of theirs."""

    channel: Channel
    at: datetime
    why: WhyWrong
    proof: str = ""


@dataclass(frozen=True, slots=True)
class DoNotCall:
    """What the national registry said of the number, and when it was asked."""

    listed: bool
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A zone and a state in which they may be, and the fact that says so: "ZIP", "area code", "address", "said".

    `zone`: an IANA name, None where the fact says a state alone; `state`: two letters, None where it says a zone alone.
    """

    fact: str
    zone: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the gate looks at. What is missing is not known, and never taken for permission.

    `places`: every one that is plausible; none means that they may be in any zone of the United States.
    `inquired_at`: when they last asked us for something. `dnc`: None where the registry was not asked. `wrong`: of a
    channel by which they have no other address. `unable`: channels that their line may not take, where those who looked
    it up at one moment disagree, so that `line_type` is not known.
    """

    consents: tuple[Consent, ...] = ()
    stops: tuple[Stop, ...] = ()
    contacts: tuple[Contact, ...] = ()
    places: tuple[Place, ...] = ()
    automated: bool = False
    prerecorded: bool = False
    line_type: LineType | None = None
    inquired_at: datetime | None = None
    dnc: DoNotCall | None = None
    wrong: tuple[Wrong, ...] = ()
    unable: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`not_before`: the first instant at which the answer will be yes, as far as is known now; None otherwise.

    `rule`: the number of docs/contact-rules.md that decided ("1.5"). `proof`: the record that permits or forbids, ''
    where none does. `says`: one sentence for whoever asks.
    """

    answer: Answer
    rule: str
    says: str
    not_before: datetime | None = None
    proof: str = ""
