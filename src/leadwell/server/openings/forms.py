"""What may be typed about an opening? A day, perhaps its hour and how many there are; two buttons say which it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms

from leadwell.routing.openings import Slot
from leadwell.server.openings.actions import MOST_A_WEEK, Said

OPEN, FULL, STILL = "open", "full", "still"
_DAY: Final = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_HOUR: Final = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class Says(forms.Form):
    """`how`: OPEN from that day on, or FULL until then. `seen`: the version that the page showed."""

    on = forms.DateField(label="Day", required=False, widget=_DAY)
    hour = forms.TimeField(label="Hour", required=False, widget=_HOUR)
    week = forms.IntegerField(label="How many in 7 days", required=False, min_value=0, max_value=MOST_A_WEEK)
    how = forms.ChoiceField(choices=((OPEN, ""), (FULL, "")))

    def __init__(self, given: Mapping[str, Any], *, zone: str) -> None:
        super().__init__(given)
        self._zone = ZoneInfo(zone)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        on, hour = given.get("on"), given.get("hour")
        if on is not None and hour is not None and given.get("how") == OPEN and not _there_is(on, hour, self._zone):
            raise forms.ValidationError(
                f"The clocks go forward that day: there is no {hour:%H:%M}. Choose another hour."
            )
        return given

    def said(self, slot: Slot) -> Said:
        given, full = self.cleaned_data, self.cleaned_data["how"] == FULL
        on: date | None = given["on"]
        hour: time | None = given["hour"] if on is not None and not full else None
        at = datetime.combine(on, hour, tzinfo=self._zone) if on is not None and hour is not None else None
        weeks = () if given["week"] is None or full else (given["week"],)
        return Said(slot, on, at, full=full, weeks=weeks)

    @property
    def wrong(self) -> str:
        """The first thing that is not right."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


def _there_is(on: date, hour: time, zone: ZoneInfo) -> bool:
    wall = datetime.combine(on, hour, tzinfo=zone)
    return wall.astimezone(UTC).astimezone(zone).time() == hour
