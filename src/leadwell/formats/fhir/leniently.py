"""What stands at a place of a FHIR resource, if it is there and of the right shape?

We read R4 by hand and not by the models of fhir.resources: those refuse a whole resource for one bad date, one unknown
element or a required one that is missing, and a hospital's referral must be read all the same. They check what we write
(`checked.py`). R4B differs from R4 in nothing that a referral holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Resource = Mapping[str, Any]
_WORD: Final = re.compile(r"\w+")
_NPI: Final = "http://hl7.org/fhir/sid/us-npi"
_SYSTEMS: Final = {
    "http://snomed.info/sct": "SNOMED", "http://www.ama-assn.org/go/cpt": "CPT", "http://loinc.org": "LOINC",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10", "http://hl7.org/fhir/sid/icd-10": "ICD-10",
}  # fmt: skip


def text(holder: Any, name: str) -> str:
    """A string, number or yes/no at that name; '' for anything else."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip() if isinstance(value, str | int | float) else ""


def one(holder: Any, name: str) -> Resource:
    """An object at that name, the first of a list; empty where there is none."""
    return next(each(holder, name), {})


def each(holder: Any, name: str) -> Iterator[Resource]:
    value = holder.get(name) if isinstance(holder, Mapping) else None
    for found in value if isinstance(value, list) else [value]:
        if isinstance(found, Mapping):
            yield found


def strings(holder: Any, name: str) -> list[str]:
    value = holder.get(name) if isinstance(holder, Mapping) else None
    return [part.strip() for part in value if isinstance(part, str)] if isinstance(value, list) else []


def kind(resource: Any) -> str:
    return text(resource, "resourceType")


def words(concept: Resource) -> list[str]:
    """What a CodeableConcept says to a person: its text and the displays of its codings; the codes, where it says
    nothing else."""
    found = [text(concept, "text"), *(text(coding, "display") for coding in each(concept, "coding"))]
    found = [said for said in found if said]
    return list(dict.fromkeys(found)) or list(dict.fromkeys(filter(None, codes(concept))))


def phrase(concept: Resource) -> str:
    """The same in one phrase: what adds nothing is left out, and what says it in other words stands in brackets."""
    said = {f" {' '.join(_WORD.findall(one.casefold()))} ": one for one in reversed(words(concept))}
    ours = [one for folded, one in said.items() if not any(folded in other for other in said if other != folded)]
    first, *others = ours[::-1] or [""]
    return f"{first} ({'; '.join(others)})" if others else first


def codes(concept: Resource) -> list[str]:
    return [text(coding, "code") for coding in each(concept, "coding")]


def coded(concept: Resource) -> Iterator[str]:
    """Each coding as `SNOMED 183545006 Referral to …`, to be kept beside the words."""
    for coding in each(concept, "coding"):
        system = text(coding, "system")
        if code := text(coding, "code"):
            named = text(coding, "display")
            yield " ".join(filter(None, (_SYSTEMS.get(system, system.rpartition("/")[2]), code, named)))


def npi_of(resource: Resource) -> str:
    for identifier in each(resource, "identifier"):
        if text(identifier, "system") == _NPI or "NPI" in codes(one(identifier, "type")):
            return text(identifier, "value")
    return ""


def named(identifier: Resource) -> str:
    """`system|value`, as FHIR searches write it; '' where it has no value."""
    value = text(identifier, "value")
    return f"{text(identifier, 'system')}|{value}" if value else ""


def extension(holder: Resource, *urls: str) -> Resource:
    """The first extension whose URL ends so."""
    return next((e for e in each(holder, "extension") if text(e, "url").endswith(urls)), {})


def value_of(holder: Resource, of: str = "value") -> str:
    """A `value[x]`, or another element of several types, in words."""
    for name, value in holder.items():
        if not name.startswith(of) or value is None:
            continue
        if isinstance(value, Mapping):
            return phrase(value) or _amount(value) or text(value, "display") or text(value, "code") or _span(value)
        return text(holder, name)
    return ""


def _amount(quantity: Resource) -> str:
    number = text(quantity, "value")
    unit = text(quantity, "unit") or text(quantity, "code")
    return " ".join(filter(None, (text(quantity, "comparator") + number, unit))) if number else ""


def _span(value: Resource) -> str:
    """A period, range or ratio."""
    period = " to ".join(filter(None, (text(value, "start"), text(value, "end"))))
    span = " to ".join(filter(None, (_amount(one(value, "low")), _amount(one(value, "high")))))
    ratio = " / ".join(filter(None, (_amount(one(value, "numerator")), _amount(one(value, "denominator")))))
    return period or span or ratio
