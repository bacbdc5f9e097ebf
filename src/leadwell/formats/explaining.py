"""How does one assessment read to a person? Plain text for 80 columns that needs no colour.

What they wrote with the words that decided in «these marks», what to do next and why, then everything the decision
stands on: the seven dimensions, criteria, conflicts, questions, points and contact.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from leadwell import contract
from leadwell.formats.shown import marked, shown
from leadwell.reading import own_words

WIDTH: Final = 78
_LABEL: Final = 17
DO_NEXT: Final = {
    "schedule": "Ready to book.",
    "verify": "A short call must settle something first.",
    "review": "A person must look before anything else happens.",
    "nurture": "Not ready yet: keep in touch.",
    "redirect": "Not ours, but there is somewhere to send them.",
    "decline": "We cannot take this one.",
    "discard": "Spam, a test or an exact repeat. Kept, and recoverable.",
}
_ASKS_FOR: Final = {
    "self": "for themselves", "spouse": "for their spouse", "child": "for their child", "parent": "for a parent",
    "relative": "for a relative", "patient": "for a patient", "organization": "for an organisation",
}  # fmt: skip

# Not shown among the answers: who it is and how to reach them (shown elsewhere), free words, and where it came from.
_ANSWERS: Final = frozenset(contract.INCOMING) - {
    "id", "received_at", "type", "first_name", "last_name", "full_name", "email", "phone", "phone_2", "address",
    "patient_first_name", "patient_last_name", "patient_full_name", "campaign", "page", "form", *contract.WORDS,
}  # fmt: skip

_Entry = Mapping[str, Any]


def explain(assessment: _Entry, lead: _Entry) -> str:
    """One assessment (nested, as `assess` and JSON lines give it) and its lead (our column names), for a person to
    read."""
    parts = (
        _head(assessment, lead),
        _next(assessment),
        _wrote(assessment, lead),
        _filled(lead),
        *(part(assessment) for part in (_dimensions, _criteria, _questions, _points, _contact, _others)),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _head(a: _Entry, lead: _Entry) -> Iterator[str]:
    name = _name(lead, "") or _name(lead, "patient_") or lead.get("organization") or "no name given"
    number = f"Lead {a['row']}" + (f" ({shown(a['id'])})" if a.get("id") else "")
    yield f"{number}: {shown(name)}"
    about = [a["type"] if a["type"] != "other" else f"no enquiry for care ({a.get('other') or 'other'})"]
    about += [_ASKS_FOR[a["asks_for"]]] if a.get("asks_for") in _ASKS_FOR and a["type"] != "other" else []
    about += [f"received {shown(lead['received_at'])}"] if lead.get("received_at") else []
    yield ", ".join(about)


def _name(lead: _Entry, whose: str) -> str:
    parts = (lead.get(f"{whose}first_name"), lead.get(f"{whose}last_name"))
    return " ".join(filter(None, parts)) or lead.get(f"{whose}full_name") or ""


def _next(a: _Entry) -> Iterator[str]:
    disposition = a["disposition"]
    graded = f"grade {a['grade']}, {a['score']} of 100 points" if a.get("grade") else ""
    yield f"{disposition.upper():<{_LABEL}}{DO_NEXT.get(disposition, '')}"
    if a.get("safety"):
        yield from _row("safety", "; ".join([a["safety"], *dict.fromkeys(map(_reason, a.get("safety_because") or ()))]))
        yield from _row("say at once", a.get("safety_says") or "")
    elif doubts := list(dict.fromkeys(map(_reason, a.get("safety_because") or ()))):
        yield from _row("safety", f"a person should look: {'; '.join(doubts)}")
    redirect = a.get("redirect") or {}
    if disposition == "redirect" or redirect.get("to"):
        yield from _row("send to", redirect.get("to") or "nobody we know of")
    if redirect.get("say"):
        yield from _row("say", redirect["say"])
    if a.get("reasons"):
        yield from _row("reason", ", ".join(a["reasons"]))
    for conflict in a.get("conflicts") or ():
        yield from _row("conflict", conflict)
    if disposition in ("verify", "schedule") and a.get("questions"):
        yield from _row("ask first", a["questions"][0]["ask"])
    wanted = [", ".join(a["services"])] if a.get("services") else []
    wanted += [f"at {a['location']}"] if a.get("location") else []
    if wanted:
        yield from _row("wants", " ".join(wanted))
    yield from _row("how good", ", ".join(filter(None, (graded, a.get("readiness"), _urgency(a)))))


def _urgency(a: _Entry) -> str:
    return "" if a.get("urgency") in (None, "none") else f"{a['urgency']}"


def _wrote(a: _Entry, lead: _Entry) -> Iterator[str]:
    spans = list(_spans(a))
    danger = [(one.get("evidence") or {}).get("field") for one in a.get("safety_because") or ()]
    for field in dict.fromkeys((*contract.WORDS, *filter(None, danger))):
        if text := lead.get(field):
            yield _heading(field)
            said = marked(str(text), [(s, e) for f, s, e in spans if f == field])
            for line in said.splitlines():
                yield from textwrap.wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  ") or [""]


def _heading(field: str) -> str:
    if field == "message":
        return "What they wrote"
    asked = own_words.question(field)
    return f"Their {asked}" if field in contract.INCOMING else f"What they answered to “{asked}”"


def _filled(lead: _Entry) -> Iterator[str]:
    """The fields of closed answers, as received."""
    said = [(n, lead[n]) for n in lead if n in _ANSWERS or n.startswith(contract.ANSWER_PREFIX)]
    told = [f"{n.removeprefix(contract.ANSWER_PREFIX).replace('_', ' ')}: {shown(v)}" for n, v in said if v]
    if told:
        yield "What they filled in"
        yield from _wrapped("  ", "; ".join(told))


def _spans(a: _Entry) -> Iterator[tuple[str, int, int]]:
    entries = [b for d in (a.get("dimensions") or {}).values() for b in d.get("because") or ()]
    for entry in (*entries, *(a.get("safety_because") or ())):
        evidence = entry.get("evidence")
        if evidence and evidence.get("start") is not None and evidence.get("end") is not None:
            yield evidence["field"], evidence["start"], evidence["end"]


def _dimensions(a: _Entry) -> Iterator[str]:
    yield "The seven questions"
    for name in contract.DIMENSIONS:
        found = (a.get("dimensions") or {}).get(name) or {}
        head = f"  {name.replace('_', ' '):<{_LABEL - 2}}{found.get('finding') or 'unknown':<9}"
        for because in dict.fromkeys(map(_reason, found.get("because") or ())) or [""]:
            yield from _wrapped(head, because)
            head = " " * len(head)


def _reason(entry: _Entry) -> str:
    words = (entry.get("evidence") or {}).get("text")
    said = shown(words) if words else ""
    told: str = entry["says"]
    return told + (f" «{said if len(said) <= 60 else said[:57] + '…'}»" if said else "")


def _criteria(a: _Entry) -> Iterator[str]:
    states: dict[str, list[str]] = {}
    for key, state in (a.get("criteria") or {}).items():
        if state is not None:
            states.setdefault(state, []).append(key)
    if states:
        yield "Criteria"
    for state in contract.FINDINGS:
        if state in states:
            yield from _row(state, ", ".join(states[state]))


def _questions(a: _Entry) -> Iterator[str]:
    questions = a.get("questions") or ()
    if questions:
        yield "Still to ask, most decisive first"
    for number, question in enumerate(questions, start=1):
        yield from _wrapped(f"  {number}. ", f"{question['ask']} ({question['seconds']} s)")


def _points(a: _Entry) -> Iterator[str]:
    points = a.get("points") or ()
    if points:
        yield f"Points: {a['score']} of 100"
    for point in points:
        yield from _wrapped(f"  {point['add']:+4d}  ", point["because"])
    if points and a.get("unknown_points"):
        yield from _wrapped("     ?  ", "not known yet: " + "; ".join(a["unknown_points"]))


def _contact(a: _Entry) -> Iterator[str]:
    contact = a.get("contact") or {}
    yield "How to reach them"
    yield from _row("phone", _checked(contact, "phone"))
    suggestion = contact.get("email_suggestion")
    yield from _row(
        "e-mail", _checked(contact, "email") + (f"; did they mean {shown(suggestion)}?" if suggestion else "")
    )
    if contact.get("npi_ok") is not None:
        yield from _row("NPI", "its check digit is right" if contact["npi_ok"] else "its check digit is wrong")
    for key, label in (
        ("preferred", "prefers"),
        ("time_zone", "time zone"),
        ("good_hours", "good hours"),
        ("language", "language"),
    ):
        if contact.get(key):
            yield from _row(label, shown(contact[key]))


def _checked(contact: _Entry, which: str) -> str:
    ok, value = contact.get(f"{which}_ok"), contact.get(which)
    if ok is None and not value:
        return "none given"
    told = {True: "good", False: "not usable", None: "not checked"}[ok]
    return f"{shown(value)} ({told})" if value else told


def _others(a: _Entry) -> Iterator[str]:
    said = (
        ("duplicate_of", "the same request as lead"),
        ("possible_duplicate_of", "perhaps the same request as lead"),
        ("same_person_as", "the same person, with another need, as lead"),
    )
    for key, says in said:
        if a.get(key):
            yield f"This is {says} {shown(a[key])}."
    if a.get("review_at"):
        yield f"Judge again at {a['review_at']}: a date crosses a limit then."
    yield f"Judged by {a['playbook']} as of {a['as_of']}."


def _row(label: str, text: str) -> Iterator[str]:
    return _wrapped(f"  {label:<{_LABEL - 2}}", text) if text else iter(())


def _wrapped(head: str, text: str) -> Iterator[str]:
    lines: Iterable[str] = textwrap.wrap(shown(text), WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    return iter(lines or [head.rstrip()])
