"""What does a tired coordinator read at once? What the list was taken for, and the summary; 80 columns, no colour
needed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from leadwell import contract
from leadwell.formats.shown import shown

if TYPE_CHECKING:
    from leadwell.engines import Run
    from leadwell.engines.summary import Summary
    from leadwell.formats import LeadList, Meant, Rejects
    from leadwell.playbook import Playbook

WIDTH: Final = 78
_BAR: Final = 20
_MOST: Final = 5

_SHORT: Final = {
    "schedule": "ready to book",
    "verify": "a short call settles it",
    "review": "a person must look",
    "nurture": "not ready yet: keep in touch",
    "redirect": "not ours: send them on",
    "decline": "cannot be taken, and why",
    "discard": "spam, test or exact repeat",
}
_PROBLEMS: Final = (
    ("no contact", "give neither phone nor e-mail"),
    ("not phone_ok", "have a phone number that cannot be right"),
    ("not email_ok", "have an e-mail address that cannot be right"),
    ("email_suggestion", "probably mistyped their e-mail address (a suggestion is given)"),
    ("not npi_ok", "have an NPI whose check digit is wrong"),
    ("duplicate_of", "repeat a request that is already in the list"),
    ("possible_duplicate_of", "may repeat a request in the list; a person must look"),
    ("same_person_as", "come from a person who is in the list with another need"),
)
_ONE: Final = {
    "no contact": "gives neither phone nor e-mail",
    "not phone_ok": "has a phone number that cannot be right",
    "not email_ok": "has an e-mail address that cannot be right",
    "email_suggestion": "probably mistyped the e-mail address (a suggestion is given)",
    "not npi_ok": "has an NPI whose check digit is wrong",
    "duplicate_of": "repeats a request that is already in the list",
    "same_person_as": "comes from a person who is in the list with another need",
}
_VERBS: Final = (("has", "have"), ("is", "are"), ("holds", "hold"))


def taken_for(leads: LeadList) -> Iterator[str]:
    """What the list was taken for, and what each header was taken for, in the form that --map takes."""
    yield f"{shown(leads.name)}: {', '.join((leads.kind, *leads.says))}"
    plain = [m for m in leads.meant if m.understood and m.header == m.column]
    renamed = [m for m in leads.meant if m.understood and m.header != m.column]
    if plain:
        yield from _listed("  named as ours: ", [m.column for m in plain])
    if renamed:
        yield from _listed("  understood: ", [f"{shown(m.header)}={m.column}" for m in renamed], between="; ")
    yield from not_understood(leads, "  ")
    if not plain and not renamed:
        yield '  No header was understood; name columns with --map "Their header=our_column".'
    yield ""


def not_understood(leads: LeadList, indent: str = "") -> Iterator[str]:
    """The headers that were taken for nothing of ours."""
    if extra := [m for m in leads.meant if not m.understood]:
        yield from _listed(f"{indent}carried through, not judged: ", [_extra(m) for m in extra])


def _extra(meant: Meant) -> str:
    return shown(meant.header) + (f" ({meant.why})" if meant.why else "")


def _listed(head: str, words: Sequence[str], *, between: str = ", ", most: int = 60) -> Iterator[str]:
    more = [f"and {len(words) - most:,} more"] if len(words) > most else []
    text = between.join([*words[:most], *more])
    yield from textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent="    ", break_on_hyphens=False)


def summary(done: Run, playbook: Playbook, rejects: Rejects, *, seconds: float) -> Iterator[str]:
    """What is in the list and what to do about it."""
    counted = done.summary
    rate = f", {counted.leads / seconds:,.0f} a second" if counted.leads >= 10_000 and seconds > 0 else ""
    yield f"{_leads(counted.leads)} judged by {playbook.version} in {seconds:.1f} s{rate}"
    yield from _times(done)
    yield from _rejected(rejects)
    if counted.leads:
        yield from _block("What to do next", _dispositions(counted))
        yield from _block("How good, and what kind", _grades_and_types(counted))
        yield from _block("Safety: a person must look now", _safety(counted))
        yield from _block("Why they are turned away or sent on", _top(counted, "reasons"))
        yield from _block("What to ask most", _top(counted, "questions"))
        yield from _block("What contradicts itself", _top(counted, "conflicts"))
        yield from _block("Data problems", _problems(counted))


def _leads(count: int) -> str:
    return f"{count:,} lead" + ("" if count == 1 else "s")


def _times(done: Run) -> Iterator[str]:
    if done.taken_as_now:
        yield from textwrap.wrap(
            f"{_leads(done.taken_as_now)} did not say when received; taken as {done.now:%Y-%m-%dT%H:%M:%SZ}.", WIDTH
        )


def _rejected(rejects: Rejects) -> Iterator[str]:
    if not rejects.count:
        return
    where = f", kept in {rejects.path}" if rejects.path else " (--out FILE keeps them)"
    yield f"{rejects.count:,} row{'' if rejects.count == 1 else 's'} could not be read as a lead{where}:"
    yield from _rows([(_plural(says, count), count) for says, count in rejects.reasons.most_common(_MOST)])


def _plural(says: str, count: int) -> str:
    """ "has 3 cells" of one row, "have 3 cells" of two."""
    for one, several in _VERBS:
        if says.startswith(f"{several} " if count == 1 else f"{one} "):
            return re.sub(r"^\w+", one if count == 1 else several, says)
    return says


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield ""
        yield title
        yield from told


def _dispositions(counted: Summary) -> Iterator[str]:
    found = counted.counts["disposition"]
    for name in contract.DISPOSITIONS:
        if count := found[name]:
            share = count / counted.leads
            bar = "#" * max(1, round(share * _BAR))
            yield f"  {name:<9}{count:>10,} {share:>4.0%}  {bar:<{_BAR}} {_SHORT[name]}"


def _grades_and_types(counted: Summary) -> Iterator[str]:
    grades, types = counted.counts["grade"], counted.counts["type"]
    if grades:
        yield "  grade  " + "   ".join(f"{g} {n:,}" for g, n in sorted(grades.items()))
    yield "  type   " + "   ".join(
        f"{t} {types[t]:,}" for t in ("patient", "referral", "business", "other") if types[t]
    )
    if counted.counts["other"]:
        yield "  other  " + "   ".join(f"{k} {n:,}" for k, n in counted.top("other", 4))


def _safety(counted: Summary) -> Iterator[str]:
    yield from _rows(counted.top("safety", 3))


def _top(counted: Summary, name: str) -> Iterator[str]:
    yield from _rows(counted.top(name, _MOST))


def _problems(counted: Summary) -> Iterator[str]:
    found = [(key, says, counted.problems[key]) for key, says in _PROBLEMS if counted.problems[key]]
    yield from _rows([(_ONE.get(key, says) if n == 1 else says, n) for key, says, n in found])


def _rows(pairs: Iterable[tuple[str, int]]) -> Iterator[str]:
    for text, count in pairs:
        yield from textwrap.wrap(shown(text), WIDTH, initial_indent=f"{count:>10,}  ", subsequent_indent=" " * 12)
