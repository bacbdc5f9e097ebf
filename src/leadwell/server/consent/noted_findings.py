"""How does what closed somebody without a stop of their own outlive the bringing back of an older backup?

A wrong address, a look-up that forbids, and a link by which a stop of one holds for the other are lines of
`stops.jsonl` beside the stops (`noted`), by ids and blind tokens alone. Of an address the last line counts, as it
stood then; of two people the last of their links.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leadwell.permission import law
from leadwell.server.access.models import Organization
from leadwell.server.base import bulk
from leadwell.server.consent.addresses import OF_CHANNEL, Token
from leadwell.server.consent.models import LookUp, SuppressedAddress, WrongAddress
from leadwell.server.consent.noted import Line
from leadwell.server.consent.queries import Reach, reaches, standing
from leadwell.server.consent.queries.standing import pages
from leadwell.server.people.models import Person, PersonLink

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class FoundAgain:
    """What holds now that the backup did not have: wrong addresses, look-ups that forbid, links."""

    wrong: int = 0
    looks: int = 0
    links: int = 0

    def __add__(self, other: FoundAgain) -> FoundAgain:
        return FoundAgain(self.wrong + other.wrong, self.looks + other.looks, self.links + other.links)


def wrong_line(one: WrongAddress) -> dict[str, Any]:
    return {
        "organization": one.organization_id, "wrong": one.pk, "person": one.person, "why": one.why, "at": one.at,
        "proof": one.proof, "ended_at": one.ended_at, "ended_by": one.ended_by, "token": bytes(one.token).hex(),
    }  # fmt: skip


def look_line(one: LookUp) -> dict[str, Any]:
    """Without where they looked, which may be anybody's words."""
    return {
        "organization": one.organization_id, "looked": one.pk, "listed": one.listed, "line_type": one.line_type,
        "checked_at": one.checked_at, "noted_at": one.noted_at, "by": one.by, "token": bytes(one.token).hex(),
    }  # fmt: skip


def forgotten_line(organization: int, rows: Collection[UUID]) -> dict[str, Any]:
    """Of wrong addresses and look-ups that went with whoever was erased."""
    return {"organization": organization, "forgotten": sorted(map(str, rows))}


def link_line(one: PersonLink, reached: Mapping[UUID, Reach]) -> dict[str, Any]:
    """With the addresses of both: who is not in the backup comes again under another id."""
    where = {str(who): sorted((kind, token.hex()) for kind, token in reached[who].own) for who in (one.one, one.other)}
    return {
        "organization": one.organization_id, "linked": one.pk, "one": one.one, "other": one.other,
        "at": one.linked_at, "by": one.linked_by, "where": where,
    }  # fmt: skip


def unlinked_line(one: PersonLink) -> dict[str, Any]:
    return {
        "organization": one.organization_id, "unlinked": one.pk, "one": one.one, "other": one.other,
        "at": one.undone_at, "by": one.undone_by,
    }  # fmt: skip


def forbids(one: LookUp) -> bool:
    """Whether it may close anything."""
    return bool(one.listed) or any(one.line_type in types for types in law().unable.values())


def find_again(lines: Iterable[Line]) -> FoundAgain:
    """After a restore, and once each stop is there again (`noted.stop_again`): what was found since is known, and what
    ended since has ended. Lines of an organisation that is not here are passed over."""
    known = frozenset(Organization.objects.values_list("pk", flat=True))
    given: dict[int, list[Line]] = {}
    for line in lines:
        if line["organization"] in known:
            given.setdefault(line["organization"], []).append(line)
    return sum((_again(organization, theirs) for organization, theirs in given.items()), FoundAgain())


def _again(organization: int, lines: Sequence[Line]) -> FoundAgain:
    forgotten = {UUID(one) for line in lines for one in line.get("forgotten", ())}
    wrong = {UUID(line["wrong"]): line for line in lines if "wrong" in line}
    looks = {UUID(line["looked"]): line for line in lines if "looked" in line}
    links = {(UUID(line["one"]), UUID(line["other"])): line for line in lines if "linked" in line or "unlinked" in line}
    with transaction.atomic():
        for page in pages(sorted(forgotten)):
            WrongAddress.objects.of(organization).filter(pk__in=page).delete()
            LookUp.objects.of(organization).filter(pk__in=page).delete()
        return FoundAgain(
            _wrong_again(organization, {number: one for number, one in wrong.items() if number not in forgotten}),
            _looked_again(organization, {number: one for number, one in looks.items() if number not in forgotten}),
            _linked_again(organization, links),
        )


def _wrong_again(organization: int, lines: Mapping[UUID, Line]) -> int:
    there = {
        one.pk: one for page in pages(list(lines)) for one in WrongAddress.objects.of(organization).filter(pk__in=page)
    }
    new = 0
    missing: list[WrongAddress] = []
    for number, line in lines.items():
        one = there.get(number)
        new += line["ended_at"] is None and (one is None or one.ended_at is not None)
        if one is None:
            one = WrongAddress(id=number, organization_id=organization, person=_number(line["person"]))
            one.token, one.why, one.proof = bytes.fromhex(line["token"]), line["why"], line["proof"]
            one.at = datetime.fromisoformat(line["at"])
            missing.append(one)
        one.ended_at, one.ended_by = _time(line["ended_at"]), _number(line["ended_by"])
    bulk.insert(missing)
    bulk.update(list(there.values()), ("ended_at", "ended_by"))
    return new


def _looked_again(organization: int, lines: Mapping[UUID, Line]) -> int:
    """Also one that forbids no more, of a number of which another had forbidden."""
    there = {
        number
        for page in pages(list(lines))
        for number in LookUp.objects.of(organization).filter(pk__in=page).values_list("pk", flat=True)
    }
    missing: list[LookUp] = []
    for number, line in lines.items():
        if number not in there:
            one = LookUp(id=number, organization_id=organization, token=bytes.fromhex(line["token"]), by=line["by"])
            one.listed, one.line_type = line["listed"], line["line_type"]
            one.checked_at, one.noted_at = (datetime.fromisoformat(line[name]) for name in ("checked_at", "noted_at"))
            missing.append(one)
    bulk.insert(missing)
    return sum(map(forbids, missing))


def _linked_again(organization: int, lines: Mapping[Pair, Line]) -> int:
    """A stop that a link spread holds by the link, and ends with it; at the addresses of who is not here, by
    themselves, since nobody is left to be linked."""
    ours = PersonLink.objects.of(organization).filter(undone_at=None)
    standing_now = {(one, other) for one, other in ours.values_list("one", "other")}
    made: list[PersonLink] = []
    for pair, line in lines.items():
        if "unlinked" in line:
            undone = ours.filter(one=pair[0], other=pair[1])
            undone.update(undone_at=datetime.fromisoformat(line["at"]), undone_by=line["by"])
        elif pair not in standing_now:
            one = PersonLink(id=UUID(line["linked"]), organization_id=organization, one=pair[0], other=pair[1])
            one.linked_at, one.linked_by = datetime.fromisoformat(line["at"]), line["by"]
            made.append(one)
    there = {one.pk for page in pages([one.pk for one in made])
             for one in PersonLink.objects.of(organization).filter(pk__in=page)}  # fmt: skip
    made = [one for one in made if one.pk not in there]
    bulk.insert(made)
    for one in made:
        _spread(organization, (one.one, one.other), lines[one.one, one.other]["where"])
    return len(made)


def _spread(organization: int, pair: Pair, where: Mapping[str, Sequence[Sequence[str]]]) -> None:
    here = set(Person.objects.of(organization).filter(pk__in=pair).values_list("pk", flat=True))
    gone = [one for one in pair if one not in here]
    if not gone:
        return
    (reach,) = reaches(organization, pair[:1])
    tokens = {who: _tokens(where[str(who)]) for who in pair}
    every = {token for _, token in (*reach.all, *tokens[pair[0]], *tokens[pair[1]])}
    rows = {
        (organization, stop.pk, token)
        for stop, held in standing(organization, reach.group, every)
        for who in gone
        for kind, token in tokens[who]
        if kind in OF_CHANNEL[stop.channel] and token not in held
    }
    bulk.insert_values(SuppressedAddress, ("organization", "suppression", "token"), sorted(rows))


def _tokens(given: Sequence[Sequence[str]]) -> list[Token]:
    return [(kind, bytes.fromhex(token)) for kind, token in given]  # type: ignore[misc]  # as it was written


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _number(text: str | None) -> UUID | None:
    return UUID(text) if text else None
