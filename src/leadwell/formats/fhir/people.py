"""Who is this, how is somebody reached, and where do they live? Of several answers the one that holds today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from leadwell.formats.fhir.leniently import Resource, codes, each, extension, one, strings, text, value_of, words
from leadwell.formats.referral import Identifier, Who, deceased, together

_NAME_USES: Final = ("official", "usual", "", "temp", "nickname", "anonymous", "maiden")
_TELECOM_USES: Final = ("mobile", "home", "", "work", "temp")
_SYSTEMS: Final = ("phone", "fax", "email", "pager", "url", "sms", "other")
_FEWEST_DIGITS: Final = 7
_ADDRESS_USES: Final = ("home", "", "temp", "billing", "work")
_SEXES: Final = {"female": "female", "f": "female", "male": "male", "m": "male"}
_YES: Final = ("yes", "Y", "true", "373066001")
_NO: Final = ("no", "N", "false", "373067005")
_LAST: Final = 99


def holds(element: Resource, on: str) -> bool:
    """Whether it is neither old nor ended by then; where we do not know when that is, an end has come."""
    period = one(element, "period")
    end, start = text(period, "end"), text(period, "start")
    ended = bool(end) and (not on or end[:10] < on[:10])
    return text(element, "use") != "old" and not ended and not (on and start and start[:10] > on[:10])


def who(resource: Resource, on: str) -> Who:
    names = sorted((n for n in each(resource, "name") if holds(n, on)), key=_order(_NAME_USES))
    best = names[0] if names else {}
    given = strings(best, "given")
    plain = text(resource, "name")
    return Who(
        given=given[0] if given else "",
        family=text(best, "family"),
        name=text(best, "text") or plain,
        phones=tuple(telecoms(resource, ("phone", "sms"), on)),
        emails=tuple(telecoms(resource, ("email",), on)),
    )


def other_names(resource: Resource) -> str:
    """Middle names, suffixes, and names that are not the one that is used."""
    names = list(each(resource, "name"))
    if len(names) == 1:
        return together((*strings(names[0], "given")[1:], *strings(names[0], "suffix")))
    return together(map(_whole, names))


def _whole(name: Resource) -> str:
    parts = (*strings(name, "prefix"), *strings(name, "given"), text(name, "family"), *strings(name, "suffix"))
    use = text(name, "use")
    return (" ".join(parts).strip() or text(name, "text")) + (f" ({use})" if use else "")


def spoken(name: Resource) -> str:
    """A professional's name with their title."""
    parts = (*strings(name, "prefix"), *strings(name, "given"), text(name, "family"), *strings(name, "suffix"))
    return text(name, "text") or " ".join(filter(None, parts))


def spoken_of(person: Resource, on: str = "") -> str:
    """By the name that holds."""
    names = sorted((n for n in each(person, "name") if holds(n, on)), key=_order(_NAME_USES))
    return spoken(names[0]) if names else ""


def telecoms(resource: Resource, systems: Iterable[str], on: str) -> list[str]:
    """Values of those systems, by rank, then by use; what is old or ended is left out."""
    ours = [t for t in each(resource, "telecom") if _system(t) in systems and holds(t, on)]
    found = [text(t, "value") for t in sorted(ours, key=_order(_TELECOM_USES))]
    return [value.removeprefix("tel:").removeprefix("mailto:") for value in found if value]


def _system(telecom: Resource) -> str:
    """As it is said; where R4 does not know it, as what its value looks like."""
    said, value = text(telecom, "system").lower(), text(telecom, "value")
    if said in _SYSTEMS:
        return said
    return "email" if "@" in value else "phone" if sum(map(str.isdigit, value)) >= _FEWEST_DIGITS else "other"


def _order(uses: tuple[str, ...]) -> Callable[[Resource], tuple[int, int]]:
    """What is ranked first, then by use."""

    def order(element: Resource) -> tuple[int, int]:
        rank, use = text(element, "rank"), text(element, "use")
        place = uses.index(use) if use in uses else len(uses)
        return int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 4 else _LAST, place

    return order


def address_columns(resource: Resource, on: str) -> dict[str, str]:
    ours = sorted((a for a in each(resource, "address") if holds(a, on)), key=_order(_ADDRESS_USES))
    best = ours[0] if ours else {}
    lines = ", ".join(filter(None, strings(best, "line")))
    return {
        "address": lines or ("" if text(best, "city") else text(best, "text")),
        "city": text(best, "city"),
        "state": text(best, "state"),
        "zip": text(best, "postalCode"),
        "extra.other addresses": together(text(a, "text") or ", ".join(strings(a, "line")) for a in ours[1:]),
    }


def patient_columns(patient: Resource, on: str) -> dict[str, str]:
    """What is told of the patient besides their name and how they are reached."""
    sex = _SEXES.get(text(patient, "gender").lower(), "")
    return {
        "patient_birth_date": text(patient, "birthDate")[:10],
        "sex": sex,
        "extra.gender": text(patient, "gender") if not sex and text(patient, "gender") != "unknown" else "",
        "extra.other names": other_names(patient),
        "extra.other ways to reach them": together(telecoms(patient, ("pager", "url", "other"), on)),
        **deceased(text(patient, "deceasedDateTime"), died=text(patient, "deceasedBoolean") == "yes"),
        **address_columns(patient, on),
        **_language(patient),
    }


def identifiers(patient: Resource, on: str) -> Iterator[Identifier]:
    for one_ in each(patient, "identifier"):
        kind = next(iter(codes(one(one_, "type"))), "")
        if holds(one_, on):
            yield Identifier(text(one_, "value"), text(one_, "system") or kind, kind)


def _language(patient: Resource) -> dict[str, str]:
    spoken_ones = list(each(patient, "communication"))
    best = next(
        (c for c in spoken_ones if text(c, "preferred") == "yes"), spoken_ones[0] if len(spoken_ones) == 1 else {}
    )
    concept = one(best, "language")
    code = next((c.partition("-")[0] for c in codes(concept) if c), "")
    others = together(word for c in spoken_ones if c is not best for word in words(one(c, "language"))[:1])
    return {
        "language": code if len(code) == 2 else "; ".join(words(concept)[:1]),
        "interpreter_needed": _interpreter(patient),
        "extra.other languages": others,
    }


def _interpreter(patient: Resource) -> str:
    said = extension(patient, "patient-interpreterRequired", "us-core-interpreter-needed")
    value = text(one(said, "valueCoding"), "code") or value_of(said)
    return "yes" if value in _YES else "no" if value in _NO else ""
