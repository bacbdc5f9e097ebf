"""Which small parts do pages share? Icons, badges, grades, times as people say them, fields of a form."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django import template
from django.forms import BaseForm, BoundField, Field, FileField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leadwell.routing.service_levels import Clock, State

register = template.Library()

# disposition -> state, icon: fixed, so that one is known by its shape (docs/design-system.md)
_DISPOSITIONS: Final = {
    "schedule": ("ok", "cal"),
    "verify": ("ask", "ask"),
    "review": ("warn", "search"),
    "nurture": ("", "leaf"),
    "redirect": ("", "arrow"),
    "decline": ("", "no"),
    "discard": ("", "folder"),
}
_FINDINGS: Final = {"met": ("met", "check"), "not met": ("unmet", "no"), "unknown": ("unk", "ask")}
_PROVENANCES: Final = {
    "stated": "field",
    "extracted": "quote",
    "derived": "calc",
    "verified": "seal",
    "unknown": "ask",
}
# A clock's state -> look, icon, and what is said of how long it is, or was
_CLOCKS: Final = {
    State.RUNNING: ("", "clock", "{} left"),
    State.NEARLY: (" soon", "clock", "{} left"),
    State.LATE: (" late", "alert", "{} late"),
    State.RESTING: ("", "moon", "opens {}"),
    State.MET: ("", "check", "answered in time"),
    State.MET_LATE: ("", "check", "answered {} late"),
}
_LONG: Final = timedelta(hours=10)  # of working time; then it is said by its day
_THIS_WEEK: Final = timedelta(days=6)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A drawing beside a word; it says nothing by itself. `size`: s, l, or none."""
    return _drawing(name, size)


@cache
def _drawing(name: str, size: str) -> SafeString:
    """Some hundreds stand on a page, of a few dozen kinds."""
    return format_html(
        '<svg class="i{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        f" i-{size}" if size else "",
        static("base/icons.svg"),
        name,
    )


@register.simple_tag
def badge(state: str, drawing: str, word: str) -> SafeString:
    """`state`: ok, warn, stop, ask, or none."""
    return format_html(
        '<span class="badge{}">{}{}</span>', f" {state}" if state else "", icon(drawing) if drawing else "", word
    )


@register.simple_tag
def disposition(code: str) -> SafeString:
    state, drawing = _DISPOSITIONS.get(code, ("", "ask"))
    return badge(state, drawing, code.capitalize())


@register.simple_tag
def finding(word: str) -> SafeString:
    """Met, not met, unknown."""
    look, drawing = _FINDINGS.get(word, _FINDINGS["unknown"])
    return format_html('<span class="f {}">{}{}</span>', look, icon(drawing, "s"), word.capitalize())


@register.simple_tag
def known_by(provenance: str) -> SafeString:
    """How we know a fact."""
    drawing = _PROVENANCES.get(provenance, "ask")
    return format_html("<span>{}{}</span>", icon(drawing, "s"), provenance)


@register.simple_tag
def grade(letter: str, score: int | None) -> SafeString:
    """Never coloured: it helps and never rules."""
    if not letter:
        return SafeString("")
    return format_html('<span class="grade"><b>{}</b>{}</span>', letter, "" if score is None else score)


@register.simple_tag
def clock(told: Clock | None) -> SafeString:
    """How long is left in working time, or by how much it is late; grey, amber, red with another icon."""
    if told is None:
        return SafeString("")
    state, drawing, _ = _CLOCKS[told.state]
    return format_html('<span class="clock{}">{}{}</span>', state, icon(drawing, "s"), clock_says(told))


def clock_says(told: Clock) -> str:
    """“4 min left”, “1 h 05 left”, “12 min late”, “late since Thu 9:30 am”, “opens Mon 8:00 am”."""
    if told.opens is not None:
        return f"opens {hour(told.opens)}"
    if told.left >= _LONG and told.state is State.LATE:
        return f"late since {hour(told.due)}"
    if told.left >= _LONG and told.state in (State.RUNNING, State.NEARLY):
        return f"until {hour(told.due)}"
    return _CLOCKS[told.state][2].format(length(told.left))


def length(span: timedelta) -> str:
    """“under 1 min”, “12 min”, “3 h 05”, “2 days”."""
    minutes = int(span / timedelta(minutes=1))
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02}" if minutes < 48 * 60 else f"{minutes // 1440} days"


def ago(span: timedelta) -> str:
    """“just now”, “12 minutes ago”, “3 hours ago”, “2 days ago”."""
    if span < timedelta(minutes=1):
        return "just now"
    count, unit = next(
        (int(span / size), name)
        for size, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
        if span >= size
    )
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


@register.filter
def day_and_hour(at: datetime) -> str:
    """“Wed 18 Nov, 4:52 pm”: what time it is here."""
    local = timezone.localtime(at)
    return f"{local:%a} {local.day} {local:%b}, {_clock(local)}"


def hour(at: datetime) -> str:
    """“4:41 pm” of today, “Thu 9:30 am” of the days around it, “24 November”; in the organisation's own zone."""
    local, now = timezone.localtime(at), timezone.localtime()
    said = _clock(local)
    if local.date() == now.date():
        return said
    return f"{local:%a} {said}" if abs(local - now) < _THIS_WEEK else f"{local.day} {local:%B}"


@register.filter
def moment(at: datetime | None) -> SafeString:
    """“today 4:41 pm”, “Thu 9:30 am”, “24 November, 9:30 am”, in the organisation's own zone."""
    if at is None:
        return SafeString("")
    local, now = timezone.localtime(at), timezone.localtime()
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), _said(local, now))


@register.filter
def moment_to_come(at: datetime) -> SafeString:
    """“4:41 pm” of today, “Thu 9:30 am”, “24 November”, in the organisation's own zone."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), hour(at))


@register.filter
def day_of(at: datetime) -> str:
    """“26 November 2026”, in the organisation's own zone."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B} {local.year}"


def _said(local: datetime, now: datetime) -> str:
    said = _clock(local)
    days = (now.date() - local.date()).days
    if days == 0:
        return f"today {said}"
    if days == 1:
        return f"yesterday {said}"
    if timedelta(0) < now - local < _THIS_WEEK:
        return f"{local:%a} {said}"
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local.day} {local:%B}{year}, {said}"


def _clock(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


@register.inclusion_tag("base/field.html")
def field(bound: BoundField, hint: str = "", kind: str = "") -> dict[str, Any]:
    """A label, its hint, its error, and the control that names them. `kind`: further classes of the control."""
    many = getattr(bound.field.widget, "input_type", "") in ("checkbox", "radio")
    named = [f"{bound.auto_id}-hint"] if hint else []
    named += [f"{bound.auto_id}-error"] if bound.errors else []
    attributes: dict[str, str | bool] = {
        "class": "" if many else f"input {kind}".strip(),
        "aria-describedby": " ".join(named),
    }
    if bound.errors:
        attributes["aria-invalid"] = "true"
    attributes = {name: value for name, value in attributes.items() if value}
    attributes["placeholder"] = False  # the label says it, and stays when something is typed
    several = many and hasattr(bound.field, "choices")
    return {
        "bound": bound,
        "errors": _errors(bound),
        "hint": hint,
        "control": "" if several else bound.as_widget(attrs=attributes),
        "several": several,
        "single": many and not several,
    }


def _errors(bound: BoundField) -> list[str]:
    """What is wrong with a field, and of one that is empty what to do about it."""
    missing = "Choose one." if hasattr(bound.field, "choices") else "Fill this in."
    missing = "Choose a file." if isinstance(bound.field, FileField) else missing
    return [missing if str(error) == Field.default_error_messages["required"] else str(error) for error in bound.errors]


@register.inclusion_tag("base/problems.html")
def problems(form: BaseForm) -> dict[str, Any]:
    """The summary of what is wrong, with links to each field."""
    wrong = [(bound.auto_id, bound.label, error) for bound in form for error in _errors(bound)]
    return {"wrong": wrong, "general": form.non_field_errors(), "count": len(wrong) + len(form.non_field_errors())}


@register.inclusion_tag("base/pager.html")
def pager(of: Any, noun: str) -> dict[str, Any]:
    return {"pager": of, "noun": noun}


@register.filter
def within(text: str) -> str:
    """As it stands within a line: what is a name within it stays one."""
    return text[:1].lower() + text[1:]


@register.filter
def svg_only(text: str) -> SafeString:
    """A drawing that a library of ours made, to stand in a page: without its XML declaration."""
    return SafeString(text[text.index("<svg") :])
