"""What may be typed of somebody else in an organisation, and of when we meet?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import timezone

from leadwell.reading.callback import callback
from leadwell.server.business.meeting import LONGEST as LONGEST_WHERE
from leadwell.server.business.meeting import MINUTES, USUAL
from leadwell.server.business.naming import LONGEST, Named
from leadwell.server.business.written import one_line

_LONGEST_WORDS: Final = 200


class ColleagueForm(forms.Form):
    """Somebody else, in their own words."""

    name = forms.CharField(
        label="Name", max_length=LONGEST, widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"})
    )
    role = forms.CharField(label="Role there", max_length=LONGEST, required=False)
    decides = forms.BooleanField(label="They decide on it", required=False)
    phone = forms.CharField(label="Telephone", max_length=LONGEST, required=False)
    email = forms.CharField(label="E-mail", max_length=LONGEST, required=False)
    agreed = forms.CharField(
        label="That we may contact them, in their words", max_length=2_000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    @property
    def named(self) -> Named:
        return Named(**self.cleaned_data)


@dataclass(frozen=True)
class Typed:
    """A meeting as it was typed. `at`: what its words mean, or the moment that was chosen (`chosen`); else `asks`, and
    what may be meant (`perhaps`). `person`: the colleague from whom it was filled in."""

    words: str
    zone: str
    minutes: int
    with_whom: str
    where: str
    person: UUID | None = None
    at: datetime | None = None
    chosen: bool = False
    asks: str = ""
    perhaps: tuple[datetime, ...] = ()


def empty(zone: str, with_whom: str, where: str, person: UUID | None) -> Typed:
    return Typed("", zone, USUAL, with_whom, where, person)


def read(given: QueryDict, zones: tuple[str, ...]) -> Typed:
    """`zones`: on whose clocks it may be."""
    zone, minutes = given.get("zone", ""), given.get("minutes", "")
    zone = zone if zone in zones else zones[0]
    words = given.get("when", "").strip()[:_LONGEST_WORDS]
    typed = Typed(
        words,
        zone,
        int(minutes) if minutes in map(str, MINUTES) else USUAL,
        one_line(given.get("with_whom", ""))[: LONGEST_WHERE + 1],
        one_line(given.get("where", ""))[: LONGEST_WHERE + 1],
        _person(given.get("person", "")),
    )
    chosen = _moment(given.get("at", "")) if given.get("shown", "") == f"{zone} {words}" else None
    if chosen is not None:  # of these very words, on this very clock
        return replace(typed, at=chosen, chosen=True)
    meant = callback(words, timezone.now(), ZoneInfo(zone))
    return replace(typed, at=meant.at, asks=meant.asks, perhaps=meant.perhaps)


def _person(text: str) -> UUID | None:
    try:
        return UUID(text[:36])
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """One that was shown."""
    try:
        at = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return at if at.tzinfo else None
