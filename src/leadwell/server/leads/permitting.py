"""What does an enquiry say of being contacted? It is a request to be answered, unless its own words ask us to stop,
wherever they stand: in the message, in a column that we understand or in one that nobody does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import polars as pl

from leadwell import contract
from leadwell.permission.stops import Stopped, are_stops
from leadwell.permission.values import Purpose
from leadwell.reading import own_words
from leadwell.server.consent.actions import Asked, note_inquiries, obey
from leadwell.server.consent.addresses import token_of
from leadwell.server.consent.models import Way
from leadwell.server.consent.queries import reaches, said_by_key
from leadwell.server.consent.saying import Saying
from leadwell.server.leads.judging import Judged
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.tokens import Blind

_FIELDS: Final = ("subject", "message")
_SENTENCE: Final = 5  # words
_BY_CHANNEL: Final = {"call": "phone", "text": "phone", "email": "email"}
Heard = tuple[str, Stopped]  # the words, and what is heard in them


def purpose_of(lead: Lead) -> Purpose:
    """For what we would contact whoever asks: the purpose that the gate is asked of."""
    return "business" if lead.type == "business" else "care-request"


def address_for(said: Mapping[str, Any], channel: str) -> str:
    """The number that would be dialled, or the mailbox written to: of what is said of a lead, theirs as far as it can
    be used; '' where there is none."""
    contact, name = said.get("contact") or {}, _BY_CHANNEL[channel]
    return (contact.get(name) or "") if contact.get(f"{name}_ok") else ""


def heard(judged: Sequence[Judged]) -> list[list[Heard]]:
    """Of each lead the words that ask us to stop, or may; of nearly all there are none. All are read in one column,
    before any lock is taken."""
    found = _heard([one.arrived.columns for one in judged])
    return [[one for one in said if one[1].verdict != "not"] for said in found]


def _heard(leads: Sequence[Mapping[str, str]], *, elsewhere: bool = True) -> list[list[Heard]]:
    """The same, with what asks for messages again or for help. `elsewhere`: in whatever else they filled in, too."""
    words = [*_in_their_message(leads), *(_elsewhere(leads) if elsewhere else ())]
    found: list[list[Heard]] = [[] for _ in leads]
    told = are_stops(pl.Series([one.text for one in words], dtype=pl.String)).with_row_index("nth")
    for row in told.filter((pl.col("verdict") != "not") | pl.col("restart") | pl.col("help")).iter_rows(named=True):
        one = words[row.pop("nth")]
        said = Stopped(**row | {"evidence": row["evidence"] or ""})
        if one.message or _counts_elsewhere(one.text, said):
            found[one.place].append((one.text, said))
    return found


class _Words(NamedTuple):
    """One text of the lead at `place`. `message`: they wrote it to us, and picked it nowhere."""

    place: int
    text: str
    message: bool


def _in_their_message(leads: Sequence[Mapping[str, str]]) -> Iterator[_Words]:
    for place, columns in enumerate(leads):
        for name in _FIELDS:
            if text := columns.get(name):
                yield _Words(place, text, message=True)


def _elsewhere(leads: Sequence[Mapping[str, str]]) -> Iterator[_Words]:
    names = dict.fromkeys(name for columns in leads for name in columns)
    few = [*own_words.columns(names), *(name for name in contract.WORDS if name in names and name not in _FIELDS)]
    said = {name: [columns.get(name) for columns in leads] for name in few}
    frame = pl.DataFrame(said, schema=dict.fromkeys(said, pl.String))
    told = own_words.told(frame.drop(contract.WORDS, strict=False))
    texts = [*told.sure, *told.unsure, *(frame[name] for name in few if name in contract.WORDS)]
    once = dict.fromkeys((place, text) for column in texts for place, text in enumerate(column) if text)
    return (_Words(place, text, message=False) for place, text in once)


def _counts_elsewhere(words: str, heard: Stopped) -> bool:
    """Whether it is more than an answer that was picked: "Quit" to whether they smoke, "Email only", "Not interested".
    What is in doubt is asked of a person where they wrote a sentence."""
    if heard.verdict == "ask-a-person":
        return len(words.split()) >= _SENTENCE
    return heard.verdict == "stop" and not heard.bare


def permit(organization: int, leads: Sequence[tuple[UUID, UUID, datetime, Judged, list[Heard]]]) -> None:
    """In the transaction that writes the leads; of each its person, itself, and when it was asked."""
    asked = [_asked(person, lead, at, one) for person, lead, at, one, _ in leads]
    note_inquiries(organization, asked)
    for person, _, at, one, found in leads:
        for words, what in found:
            # Somebody who may be in danger is not left alone because one word is in doubt.
            obey(organization, person, Saying(Way.MESSAGE, "worker", words, at=at), what, holds=not one.said["safety"])


def _asked(person: UUID, lead: UUID, at: datetime, one: Judged) -> Asked:
    """Who only telephoned has asked to be spoken with, and of texts has said nothing. (docs/decisions/0011)"""
    contact, kind = one.said["contact"], one.said["type"]
    asked = Asked(person, lead, at, bool(contact["phone"]), bool(contact["email"]), business=kind == "business")
    return asked._replace(text=not one.arrived.spoken, referred=kind == "referral")


# What they may be reached by whoever speaks to us by it; None where it says nothing of an address.
ADDRESSES: Final = {Way.EMAIL_REPLY: "email", Way.TEXT: "phone", Way.VOICE: "phone"}


def hear_answer(  # noqa: PLR0913  who says what of which lead, when and how
    organization: int, person: UUID, lead: UUID, columns: Mapping[str, str], at: datetime, *, way: str,
    submission: UUID, holds: bool = True, asked_at: datetime | None = None,
) -> None:  # fmt: skip
    """Of what came later by mail, text or telephone (`way`): a stop stops, a keyword does what it says, and anything
    else may be answered so. A text that was obeyed before it was acknowledged (`intake.heeding`) is not obeyed again.
    `holds`: whether a word in doubt holds back whoever asks. `asked_at`: of a call, when it came: another transcript of
    it is no new request, so that a stop that was heard in it stays."""
    column = ADDRESSES.get(Way(way))
    address = columns.get(column, "") if column else ""
    said = _heard([columns], elsewhere=way != Way.TEXT)[0]
    for words, heard in said:
        saying = Saying(way, "worker", words, address=address, at=at, submission=submission)
        before = said_by_key(organization, str(submission)) if way == Way.TEXT and heard.verdict != "not" else None
        if before is None or before.person != person:
            key = str(submission) if way == Way.TEXT and before is None else ""
            obey(
                organization, person, replace(saying, language=columns.get("language", ""), key=key), heard, holds=holds
            )
    if column and not said:
        asked = Asked(
            person, lead, asked_at or at, phone=column == "phone", email=column == "email", business=False, reply=True
        )
        asked = asked._replace(referred=_from_elsewhere(organization, person, lead, address))
        note_inquiries(organization, [asked._replace(text=way != Way.VOICE)])


def _from_elsewhere(organization: int, person: UUID, lead: UUID, address: str) -> bool:
    """Whether an answer to a referral comes from where its patient is not reached: then its referrer may have sent
    it."""
    if not Lead.objects.of(organization).filter(pk=lead, type="referral").exists():
        return False
    (reach,) = reaches(organization, [person])
    return token_of(Blind(organization), address) not in reach.reached
