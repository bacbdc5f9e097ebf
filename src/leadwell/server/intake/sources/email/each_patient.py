"""Which patients does a mail tell of? A lead for each, with what is said of them and what is said of all. (A3, B8)

By lines that name fields, by the rows of a table, by the items of a list, or in prose. Of whom it is open who of
several is the patient, a lead says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from leadwell.reading.for_whom import of_themselves
from leadwell.reading.patient_named import SAID
from leadwell.reading.patient_signs import tells_need
from leadwell.reading.patients_named import OfOne, patients_named
from leadwell.server.intake.sources.email.labelled import Group, groups, placed
from leadwell.server.intake.sources.email.tabled import with_labels
from leadwell.server.people.recognising import OF_WHOM

_TEXTS: Final = ("message", "referral_reason")  # of a mail and its letter
_BORN: Final = ("birth_date", "patient_birth_date")
_UNSURE: Final = "their mail names several people and does not say who of them is the patient"


def each_patient(own: Mapping[str, str], mapping: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """`own`: what a mail says itself; `mapping`: label of a line -> column."""
    own = {name: with_labels(text) if name in _TEXTS else text for name, text in own.items()}
    found = groups("\n\n".join(own[name] for name in _TEXTS if name in own), mapping)
    if len(found) > 1:
        yield from _labelled(own, mapping, found)
        return
    several = patients_named(own)
    if several.each and not any(name.startswith("patient_") for one in found for name in one):
        yield from (_of_one(own, one, mapping) for one in several.each)
        return
    unsure = several.unsure and not found and not of_themselves(own)
    yield {**own, **(found[0] if found else {}), **({OF_WHOM: _UNSURE} if unsure else {})}


def _labelled(
    own: Mapping[str, str], mapping: Mapping[str, str], found: Sequence[Mapping[str, str]]
) -> Iterator[dict[str, str]]:
    """Each with the words of all, or with their own where all stand in one text and say what each needs."""
    for name in _TEXTS:
        within = placed(own.get(name, ""), mapping)
        if len(within) == len(found) and _apart(own[name], within):
            texts = [_without_others(own[name], within, one) for one in within]
            yield from ({**own, name: text, **one.columns} for text, one in zip(texts, within, strict=True))
            return
    yield from ({**own, **columns} for columns in found)


def _apart(text: str, within: Sequence[Group]) -> bool:
    return len({tells_need(text[one.start : one.end]) for one in within}) == 1


def _without_others(text: str, within: Sequence[Group], one: Group) -> str:
    return (
        text[: within[0].start] + text[one.start : one.end].rstrip() + "\n\n" + text[within[-1].end :].lstrip()
    ).strip()


def _of_one(own: Mapping[str, str], one: OfOne, mapping: Mapping[str, str]) -> dict[str, str]:
    labelled = next(iter(groups(one.own, mapping)), {})
    told = {"patient_full_name": one.patient.name, SAID: one.patient.said, "phone": one.patient.phone}
    if not any(map(labelled.get, _BORN)):
        told["patient_birth_date"] = one.patient.born
    return {**own, **one.texts, **{name: text for name, text in told.items() if text}, **labelled}
