"""Do the parts of a playbook agree with each other? References, safety, the engine's reasons, and what the law asks.

Works on values as read, some of which may be None because they are wrong by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from leadwell.playbook import durations, hours
from leadwell.playbook.problems import Path, Report, listed, nearest
from leadwell.playbook.regions import holidays_known, zone_known
from leadwell.playbook.shape import ENGINE_REASONS

Values = Mapping[str, Any]
# Nobody is disturbed from 21:00 to 08:00 (47 CFR 64.1200(c)(1)); a playbook may ask for more quiet, never for less.
LAW_QUIET: Final = (21 * 60, 8 * 60)
_MOST_REASONS: Final = 40
SHORTEST_KEPT: Final = timedelta(days=30)  # a playbook is asked to keep leads for so long at least
NUMBERS: Final = {"911": r"(?<!\d)9[-. ]?1[-. ]?1(?!\d)", "988": r"(?<!\d)9[-. ]?8[-. ]?8(?!\d)"}


def check(values: Values, report: Report) -> None:
    for part in _CHECKS:
        part(values, report)


def _table(values: Values, *keys: str) -> Mapping[str, Any]:
    """A table, empty where it is missing or wrong."""
    for key in keys:
        values = values.get(key) or {}
    return values


def _entries(values: Values, key: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return ((name, entry) for name, entry in _table(values, key).items() if entry is not None)


def _refer(report: Report, path: Path, name: str | None, *, known: Iterable[str], what: str) -> None:
    options = tuple(known)
    if name is not None and name not in options:
        report.add(path, f'names {what} "{name}", which does not exist', found=name, allowed=options)


def _organization(values: Values, report: Report) -> None:
    for key, known, what in (
        ("time_zone", zone_known, 'time zone; write one like "America/Chicago"'),
        ("holidays", holidays_known, 'calendar of public holidays; write one like "US-IL"'),
    ):
        value = _table(values, "organization").get(key)
        if value is not None and not known(value):
            report.add(("organization", key), f'"{value}" is no {what}', found=value)


def _offers_something(values: Values, report: Report) -> None:
    if not _table(values, "services") and not _table(values, "offers"):
        report.add((), "offers nothing: it needs [services.NAME] for patients or [offers.NAME] for organisations")


def _locations(values: Values, report: Report) -> None:
    services = _table(values, "services")
    for name, location in _entries(values, "locations"):
        for i, service in enumerate(location.get("services") or ()):
            _refer(report, ("locations", name, "services", i), service, known=services, what="the service")


def _visits(values: Values, report: Report) -> None:
    for name, service in _entries(values, "services"):
        keys = [visit.get("key") for visit in service.get("visits") or ()]
        for i, key in enumerate(keys):
            if key is not None and key in keys[:i]:
                report.add(("services", name, "visits", i, "key"), f'two visits have the key "{key}"')


def _teams(values: Values, report: Report) -> None:
    teams = _table(values, "teams")
    if values.get("teams") == {}:
        report.add(("teams",), "names no team; somebody has to answer")
    for name, other in _entries(values, "other"):
        _refer(report, ("other", name, "team"), other.get("team"), known=teams, what="the team")
    fallback = _table(values, "routing").get("fallback_team")
    _refer(report, ("routing", "fallback_team"), fallback, known=teams, what="the team")


def _reasons(values: Values, report: Report) -> None:
    reasons = values.get("reasons")
    if reasons is None:
        return
    missing = listed([f'"{reason}"' for reason in ENGINE_REASONS if reason not in reasons], "and")
    if missing:
        report.add(("reasons",), f"has no {missing}, which Leadwell records by itself", allowed=ENGINE_REASONS)
    for name, criterion in _entries(values, "criteria"):
        reason = criterion.get("reason")
        if reason is not None and reason not in reasons:
            _unknown_reason(report, ("criteria", name, "reason"), reason, known=tuple(reasons))


def _unknown_reason(report: Report, path: Path, reason: str, *, known: tuple[str, ...]) -> None:
    near = nearest(reason, known)
    meant = f'. Did you mean "{near}"?' if near else "."
    more = f" and {len(known) - _MOST_REASONS} more" if len(known) > _MOST_REASONS else ""
    advice = f"{meant} Reasons: {', '.join(known[:_MOST_REASONS])}{more}; or add it under [reasons]"
    says = f'names the reason "{reason}", which does not exist'
    report.add(path, says, found=reason, allowed=known, advice=advice)


def _grades(values: Values, report: Report) -> None:
    grades = [(name, least) for name, least in _table(values, "score", "grades").items() if least is not None]
    for (name, least), (after, lower) in zip(sorted(grades), sorted(grades)[1:], strict=False):
        if lower >= least:
            report.add(("score", "grades", after), f"{after} begins at {lower}, which is not below {name} ({least})")


def _stages(values: Values, report: Report) -> None:
    stages = values.get("stages")
    if not stages or stages.get("order") is None:
        return
    order = stages["order"]
    _refer(report, ("stages", "acquisition_from"), stages.get("acquisition_from"), known=order, what="the stage")
    known = tuple(dict.fromkeys((*order, *(stages.get("business") or ()))))
    for name in stages.get("") or {}:
        if name not in known:
            allowed = ("order", "business", "acquisition_from", *known)
            report.add(("stages", name), "is no stage of `order` and no key", found=name, allowed=allowed, on_key=True)


def _safety(values: Values, report: Report) -> None:
    safety, languages = values.get("safety"), _table(values, "organization").get("languages")
    if not safety or not languages:
        return
    said = {key: _by_language(safety.get(key), languages) for key in ("say_emergency", "say_crisis")}
    if any(safety.get(key) is None for key in said):
        return
    for key, sentences in said.items():
        missing = [f'"{language}"' for language in languages if language not in sentences]
        if missing:
            report.add(("safety", key), f"has no sentence in {listed(missing, 'and')}, a language of the organization")
    for language in languages:
        if not all(language in sentences for sentences in said.values()):
            continue
        words = " ".join(sentences[language] for sentences in said.values())
        for number, pattern in NUMBERS.items():
            if not re.search(pattern, words):
                report.add(("safety",), f'the sentences in "{language}" do not name {number}', on_key=True)


def _by_language(sentences: Mapping[str, str] | None, languages: tuple[str, ...]) -> Mapping[str, str]:
    """Sentences by language; one alone is in the organization's one language."""
    if sentences and "" in sentences:
        return {languages[0]: sentences[""]}
    return {language: text for language, text in (sentences or {}).items() if text is not None}


def _quiet_hours(values: Values, report: Report) -> None:
    text = _table(values, "follow_up").get("quiet_hours")
    if text is None:
        return
    window = hours.quiet(text)
    path = ("follow_up", "quiet_hours")
    if window is None:
        report.add(path, f'"{text}" is no quiet time; write it like "20:00-09:00"', found=text)
    elif not LAW_QUIET[1] <= window[1] <= window[0] <= LAW_QUIET[0]:
        report.add(path, f'"{text}" is looser than the law, which asks for quiet from 21:00 to 08:00', found=text)


def _wake(values: Values, report: Report) -> None:
    dates = [name for name, fact in _entries(values, "facts") if fact.get("type") == "date"]
    for name, nurture in _entries(values, "nurture"):
        text = nurture.get("wake")
        if text is None:
            continue
        match = re.fullmatch(r"(.+?) (?:before|after) (\w+)", text)
        path = ("nurture", name, "wake")
        if match is None or durations.parse(match[1]) is None:
            report.add(path, f'"{text}" cannot be read; write it like "21 days before timeline"', found=text)
        else:
            _refer(report, path, match[2], known=("timeline", "deadline", *dates), what="the date")


def _keep(values: Values, report: Report) -> None:
    """What is erased is gone for good, so a slip of the pen ("1 h") must not do it."""
    for kind, text in _table(values, "privacy", "keep").items():
        span = durations.parse(text) if text else None
        if span is not None and span.length < SHORTEST_KEPT:
            report.add(
                ("privacy", "keep", kind), f'"{text}" is too short to be kept; keep it at least 30 days', found=text
            )


_CHECKS: Final[tuple[Callable[[Values, Report], None], ...]] = (
    _organization, _offers_something, _locations, _visits, _teams, _reasons, _grades, _stages, _safety, _quiet_hours,
    _wake, _keep,
)  # fmt: skip
