"""Who refers, who speaks for the patient, and who pays? Three parties beside the patient, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from leadwell.formats import referral
from leadwell.formats.fhir import people
from leadwell.formats.fhir.leniently import Resource, codes, each, kind, named, npi_of, one, text, words
from leadwell.formats.fhir.resources import Resources
from leadwell.formats.referral import Who, together

_PHONES: Final = ("phone", "sms", "pager")
_HOUSES: Final = ("Organization", "HealthcareService", "Location")
THEMSELVES: Final = ("Patient", "RelatedPerson")


def referrer_columns(places: Iterable[tuple[Resource, str]], resources: Resources, on: str) -> dict[str, str]:
    """`places`: a resource and the name of its element that may say who refers, the surest first. What one of them
    leaves open, the next may say."""
    found: dict[str, str] = {}
    for holder, name in places:
        for reference in each(holder, name):
            found = _party(reference, holder, resources, on) | found
    return found


def _party(reference: Resource, holder: Resource, resources: Resources, on: str) -> dict[str, str]:
    """A practitioner, their role, or an organization; what did not come along is known by how it is displayed."""
    role, what = resources.follow(reference, holder), kind_meant(reference, resources.follow(reference, holder))
    if what in THEMSELVES:
        return {}
    person_at, house_at, within = reference, reference, holder
    if what == "PractitionerRole" and role:
        person_at, house_at, within = one(role, "practitioner"), one(role, "organization"), role
        shown = text(reference, "display")
        person_at = person_at or ({"display": shown} if shown else {})
    person = {} if what in _HOUSES else resources.follow(person_at, within)
    house = resources.follow(house_at, within) if what in (*_HOUSES, "PractitionerRole") else {}
    is_person, is_house = what not in _HOUSES, what in (*_HOUSES, "PractitionerRole")
    chain = [one_ for one_ in (role, person, house) if one_]
    desks = list(each(house, "contact"))
    reached = [*chain, *desks]
    phones = list(dict.fromkeys(value for one_ in reached for value in people.telecoms(one_, _PHONES, on)))
    columns = {
        "referrer_name": (people.spoken_of(person, on) or text(person_at, "display")) if is_person else "",
        "referrer_organization": (text(house, "name") or text(house_at, "display")) if is_house and house_at else "",
        "referrer_npi": _npi(person, role if is_person else {}, person_at if is_person else {}),
        "referrer_phone": next(iter(phones), ""),
        "extra.referrer other phones": together(phones[1:]),
        "referrer_email": _first(reached, ("email",), on),
        "extra.referrer contacts": together(map(people.spoken_of, desks)),
        "extra.referrer fax": _first(chain, ("fax",), on),
        "extra.referrer specialty": together(w for r in chain for c in each(r, "specialty") for w in words(c)),
        "extra.referrer organization npi": npi_of(house),
    }
    if what == "PractitionerRole" and not role:
        columns["referrer_organization"] = ""
    return {column: value for column, value in columns.items() if value}


def kind_meant(reference: Resource, found: Resource) -> str:
    if found:
        return kind(found)
    parts = text(reference, "reference").split("/")
    return text(reference, "type") or (parts[-2] if len(parts) > 1 and parts[-2].isalpha() else "")


def shown(holder: Resource, name: str, resources: Resources, on: str = "") -> Iterator[str]:
    """Whoever is named there: a person by their name, a house by its, and both of a role."""
    for reference in each(holder, name):
        found = resources.follow(reference, holder)
        person, house = found, found
        if kind(found) == "PractitionerRole":
            person = resources.follow(one(found, "practitioner"), found)
            house = resources.follow(one(found, "organization"), found)
        said = (people.spoken_of(person, on), text(house, "name"))
        yield together(said, ", ") or text(reference, "display")


def _npi(person: Resource, role: Resource, reference: Resource) -> str:
    logical = {"identifier": [one(reference, "identifier")]}
    return npi_of(person) or npi_of(role) or npi_of(logical)


def _first(chain: Iterable[Resource], systems: tuple[str, ...], on: str) -> str:
    return next((value for one_ in chain for value in people.telecoms(one_, systems, on)), "")


def askers(patient: Resource, request: Resource, resources: Resources, on: str) -> list[Who]:
    """Parents, guardians and other contacts, by RelatedPerson and the patient's own `contact`; parents first."""
    found = [_related(one_, on) for one_ in _relations(patient, request, resources)]
    for contact in each(patient, "contact"):
        relation = [said for c in each(contact, "relationship") for said in (*codes(c), *words(c))]
        who = people.who({**contact, "name": list(each(contact, "name"))}, on)
        found.append(replace(who, relation=_relation(relation)))
    found = [who for who in found if who.named or who.phones or who.emails]
    return sorted(found, key=lambda who: not referral.relation_of([who.relation])[0])


def _relations(patient: Resource, request: Resource, resources: Resources) -> Iterator[Resource]:
    requester = resources.follow(one(request, "requester"), request)
    theirs = [r for r in resources.of_kind("RelatedPerson") if _is_of(r, patient, resources)]
    ours = [requester, *theirs] if kind(requester) == "RelatedPerson" else theirs
    yield from (resources.touch(one_) for one_ in {id(one_): one_ for one_ in ours}.values())


def _is_of(relation: Resource, patient: Resource, resources: Resources) -> bool:
    """One that names no patient who came along can only be of this one."""
    whose = resources.follow(one(relation, "patient"), relation)
    return whose is patient or not whose


def _related(relation: Resource, on: str) -> Who:
    said = [word for c in each(relation, "relationship") for word in (*codes(c), *words(c))]
    return replace(people.who(relation, on), relation=_relation(said))


def _relation(said: list[str]) -> str:
    return (
        referral.relation_of(said)[0] or next((word for word in said if not word.isupper()), "") or next(iter(said), "")
    )


def payer_columns(request: Resource, patient: Resource, resources: Resources) -> dict[str, str]:
    """Of the coverages that the order names; where it names none, of those that came along for the patient."""
    stated = [found for found, _ in resources.all_of(request, "insurance") if kind(found) == "Coverage"]
    came = [c for c in resources.of_kind("Coverage") if resources.follow(one(c, "beneficiary"), c) in (patient, {})]
    ours = stated or [resources.touch(c) for c in sorted(came, key=lambda c: text(c, "order") or "9")]
    shown = together(text(reference, "display") for reference in each(request, "insurance")) if not ours else ""
    told = [_coverage(c, resources) for c in ours if text(c, "status") != "cancelled"]
    first = told[0] if told else {"payer": shown}
    others = together(", ".join(filter(None, one_.values())) for one_ in told[1:])
    return first | {"extra.other coverage": others}


def _coverage(coverage: Resource, resources: Resources) -> dict[str, str]:
    payors = [_payor(found, display) for found, display in resources.all_of(coverage, "payor")]
    payors += [text(one(reference, "identifier"), "value") for reference in each(coverage, "payor") if not any(payors)]
    classes = {_class(c): text(c, "name") or text(c, "value") for c in reversed(list(each(coverage, "class")))}
    kind_said = "; ".join(words(one(coverage, "type"))[:1])
    return {
        "payer": together(payors) or ("" if classes.get("plan") else kind_said),
        "plan": classes.get("plan", "") or kind_said,
        "extra.member id": text(coverage, "subscriberId") or named(one(coverage, "identifier")).rpartition("|")[2],
        "extra.group": classes.get("group", ""),
        "extra.plan kind": kind_said if classes.get("plan") else "",
    }


def _payor(found: Resource, display: str) -> str:
    return "self" if kind(found) in THEMSELVES else text(found, "name") or display


def _class(one_: Resource) -> str:
    return next(iter(codes(one(one_, "type"))), "") or text(one(one_, "type"), "text").lower()
