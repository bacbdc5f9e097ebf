"""Who is named in a segment, and how are they reached? XPN, XTN, XAD and PRD, as far as senders fill them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from leadwell.formats.hl7v2.message import Field, Message, Segment
from leadwell.formats.referral import Who, together

_LEGAL: Final = ("L", "", "D", "B", "C", "U")
_HOME: Final = ("H", "", "L", "P", "C", "M", "O", "B")
_NO_TELEPHONE: Final = ("FX", "MD", "BP", "X.400", "TDD", "SAT")
_REFERS: Final = ("RP", "AP", "PP")  # referring, author (Australia), primary care
_RECEIVES: Final = ("RT", "IR", "RR")
_LENGTH_OF_NPI: Final = 10
_LENGTH_OF_LOCAL: Final = 7


def name_of(names: Iterable[Field]) -> tuple[str, str, str]:
    """Given, family and middle names with suffix, of the name that is used."""
    ordered = sorted(names, key=lambda name: _place(name.text(7), _LEGAL))
    if not ordered:
        return "", "", ""
    best = ordered[0]
    more = together((best.text(3), best.text(4), *(_whole(other) for other in ordered[1:])), ", ")
    return best.text(2), best.text(1), more


def _whole(name: Field) -> str:
    return " ".join(filter(None, (name.text(2), name.text(1))))


def spoken(name: Field) -> str:
    """A professional's name with their title."""
    parts = (name.text(5), name.text(2), name.text(3), name.text(1), name.text(4))
    said = " ".join(filter(None, parts))
    return ", ".join(filter(None, (said, name.text(6)))) if name.text(1) else said


def _place(value: str, order: tuple[str, ...]) -> int:
    return order.index(value) if value in order else len(order)


def contacts(fields: Iterable[Field]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Telephones, e-mail addresses and faxes, each in their order."""
    phones, emails, faxes = list[str](), list[str](), list[str]()
    for one in fields:
        if address := next((part for part in (one.text(4), one.text(1), one.text(12)) if "@" in part), ""):
            emails.append(address.removeprefix("mailto:"))
        if number := _number(one):
            (faxes if one.text(3) == "FX" else phones if one.text(3) not in _NO_TELEPHONE else []).append(number)
    return tuple(phones), tuple(emails), tuple(faxes)


def _number(one: Field) -> str:
    """As a whole in XTN.1 or (from 2.6) XTN.12, else put together from its parts."""
    for whole in (one.text(1), one.text(12)):
        if any(map(str.isdigit, whole)) and "@" not in whole:
            return whole
    if not one.text(7):
        return ""
    country, extension = one.text(5), one.text(8)
    local = one.text(7)
    local = f"{local[:3]}-{local[3:]}" if len(local) == _LENGTH_OF_LOCAL and local.isdigit() else local
    number = "-".join(filter(None, (one.text(6), local)))
    return f"{f'+{country} ' if country not in ('', '1') else ''}{number}{f' x{extension}' if extension else ''}"


def address_columns(addresses: Iterable[Field]) -> dict[str, str]:
    ordered = sorted(addresses, key=lambda one: _place(one.text(7), _HOME))
    if not ordered:
        return {}
    best = ordered[0]
    return {
        "address": ", ".join(filter(None, (best.text(1), best.text(2)))),
        "city": best.text(3),
        "state": best.text(4),
        "zip": best.text(5),
        "extra.other addresses": together(line_of(one) for one in ordered[1:]),
    }


def line_of(address: Field) -> str:
    return ", ".join(filter(None, (address.text(part) for part in range(1, 6))))


def who(segment: Segment, name: int, phones: Iterable[int], relation: str = "") -> Who:
    given, family, _ = name_of(segment.repetitions(name))
    numbers, emails, _ = contacts(field for place in phones for field in segment.repetitions(place))
    return Who(given=given, family=family, phones=numbers, emails=emails, relation=relation)


def numbered(person: Field) -> str:
    """An XCN: the number first, then as an XPN."""
    name = " ".join(filter(None, (person.text(6), person.text(3), person.text(4), person.text(2), person.text(5))))
    return " ".join(filter(None, (", ".join(filter(None, (name, person.text(7)))), person.text(1))))


def providers(message: Message) -> tuple[dict[str, str], str]:
    """Who refers, as columns, and to whom it is sent. Without a role that says it, the first that is no receiver
    refers."""
    every, desks = list(message.all("PRD")), _desks(message)
    refers = sorted(
        (s for s in every if not _is(s, _RECEIVES)), key=lambda s: min(_place(r, _REFERS) for r in _roles(s))
    )
    meant_for = together(spoken(s.first(2)) or _house(s) for s in every if _is(s, _RECEIVES))
    others = [_line(s, s.first(1).coded()) for s in refers[1:]]
    others += [_line(desk) for s in every if s not in refers[:1] for desk in desks.get(id(s), ())]
    if not refers:
        return {"extra.other providers": together(others)}, meant_for
    return _referrer(refers[0], desks.get(id(refers[0]), [])) | {"extra.other providers": together(others)}, meant_for


def _desks(message: Message) -> dict[int, list[Segment]]:
    """CTD: whom to ask at a provider's, by the PRD that they stand under; else under the first there is."""
    found: dict[int, list[Segment]] = {}
    last = next(message.all("PRD"), None)
    for segment in message.segments:
        if segment.name == "PRD":
            last = segment
        elif segment.name == "CTD" and last is not None:
            found.setdefault(id(last), []).append(segment)
    return found


def _line(segment: Segment, role: str = "") -> str:
    """A provider or contact, PRD or CTD, in a line."""
    phones, emails, _ = contacts(segment.repetitions(5))
    house = _house(segment) if segment.name == "PRD" else segment.first(4).text(9)
    return " ".join(filter(None, (spoken(segment.first(2)), house, *phones, *emails, role)))


def _roles(segment: Segment) -> list[str]:
    return [role.text(1).upper() for role in segment.repetitions(1)] or [""]


def _is(segment: Segment, roles: tuple[str, ...]) -> bool:
    return any(role in roles for role in _roles(segment))


def _referrer(segment: Segment, desks: list[Segment]) -> dict[str, str]:
    phones, emails, faxes = contacts([*segment.repetitions(5), *segment.repetitions(14)])
    asked, written, _ = contacts(field for desk in desks for field in desk.repetitions(5))
    phones, emails = phones or asked, emails or written
    return {
        "referrer_name": spoken(segment.first(2)),
        "referrer_organization": _house(segment),
        "referrer_npi": _npi(segment),
        "referrer_phone": next(iter(phones), ""),
        "extra.referrer other phones": together(phones[1:]),
        "referrer_email": next(iter(emails), ""),
        "extra.referrer other e-mail": together(emails[1:]),
        "extra.referrer contacts": together(map(_line, desks)),
        "extra.referrer fax": together(faxes),
        "extra.referrer address": line_of(segment.first(3)),
        "extra.referrer identifiers": together(" ".join(filter(None, (i.text(1), i.text(2)))) for i in _ids(segment)),
    }


def _house(segment: Segment) -> str:
    """From 2.7 on in PRD-10, before in the location of the provider."""
    return segment.text(10) or segment.first(4).text(9) or segment.first(4).text(4)


def _ids(segment: Segment) -> list[Field]:
    return segment.repetitions(7)


def _npi(segment: Segment) -> str:
    """Said to be one; a number of ten digits whose type nobody says may be."""
    said = [i.text(1) for i in _ids(segment) if "NPI" in _types(i)]
    may_be = (i.text(1) for i in _ids(segment) if not any(_types(i)) and len(i.text(1)) == _LENGTH_OF_NPI)
    return next(iter(said), "") or next((number for number in may_be if number.isascii() and number.isdigit()), "")


def _types(identifier: Field) -> Iterator[str]:
    return (identifier.text(part).upper() for part in (2, 3, 5))
