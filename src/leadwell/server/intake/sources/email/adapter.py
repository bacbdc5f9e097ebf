"""Which leads are in a mail? Its own words, the lines that name fields, and the files that hang on it.

Files of other sources are read as those (lists, JSON). The text of PDF letters is what the referrer wrote: with one it
joins the mail's own words, several are several referrals. An answer joins the lead that it answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any, Final

from leadwell.formats import mime
from leadwell.permission.stops import is_stop
from leadwell.server.base.logs import log
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.api import adapter as api_adapter
from leadwell.server.intake.sources.email.each_patient import each_patient
from leadwell.server.intake.sources.email.invited import invited
from leadwell.server.intake.sources.email.labelled import groups
from leadwell.server.intake.sources.email.message import MOST_TEXT, Attachment, Mail, mail_of, read_mail
from leadwell.server.intake.sources.file import adapter as file_adapter
from leadwell.server.leads.joining import Later

_LISTS: Final = (
    "text/csv", "text/tab-separated-values", "application/vnd.ms-excel", "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip
_LIST_NAMES: Final = (".csv", ".tsv", ".xlsx", ".xls", ".jsonl", ".ndjson")
_MOST_PAGES: Final = 20
_LONGEST_READ: Final = 5.0  # seconds for one PDF; the pages read until then count
_LONGEST_MAIL: Final = 15.0  # seconds after which no further PDF of a mail is begun; those are named as not read
_DEEPEST: Final = 5  # mails within mails
_MOST_CHARACTERS: Final = 50_000_000
NOT_READ: Final = "extra.attachments not read"
_LOG: Final = log("leadwell.intake.email")


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings`: `mapping`, label of a line -> column; `ours`, addresses and domains of ours. What hangs on a mail and
    was not read is named in its leads."""
    unread: list[str] = []
    try:
        mail = read_mail(sent.body)
        if not (mail.sender or mail.subject):
            return Reading(problem="no mail: it has neither a sender nor a subject")
        if mail.automatic and (not mail.invitations or mail.automatic == "bounce"):
            return _written_by_a_machine(mail)
        until = time.monotonic() + _LONGEST_MAIL
        leads = _bounded(_leads(mail, settings, unread, depth=0, until=until))
    except mime.TooMuch as error:
        return Reading(problem=f"no mail that can be read: {error}")
    if not leads and (mail.invitations or (mail.answers and mail.text) or _stops(mail)):
        leads = (_own(mail),)
    if not leads:
        return Reading(problem="the mail says nothing that could be read, and nothing readable hangs on it")
    if unread:
        leads = tuple({**lead, NOT_READ: "; ".join(unread)} for lead in leads)
    senders = tuple(dict.fromkeys(_senders(mail, depth=0)))
    reading = Reading(leads=leads, answers=mail.answers, names=(mail.id,) if mail.id else (), senders=senders)
    asking = list(_asking(mail, depth=0))
    return _appointments(reading, mail, asking, settings) if asking else reading


def _written_by_a_machine(mail: Mail) -> Reading:
    """No answer, and no lead; a bounce holds our words, anything else may tell of danger."""
    if mail.automatic == "bounce" or not (own := _own(mail)):
        return Reading(not_a_lead=mail.automatic)
    return Reading(leads=(own,), alone=mail.automatic, later=Later(way=""))


def _senders(mail: Mail, *, depth: int) -> Iterator[str]:
    yield from filter(None, (mail.name.strip(), mail.sender.strip()))
    for one in mail.attachments if depth < _DEEPEST else ():
        if one.mail is not None:
            yield from _senders(mail_of(one.mail), depth=depth + 1)


def _stops(mail: Mail) -> bool:
    """Whether its subject, which is all that it says, asks us to stop, or may."""
    return not mail.text and is_stop(mail.subject).verdict != "not"


def _asking(mail: Mail, *, depth: int) -> Iterator[Mail]:
    """What holds an invitation: the mail itself, or those that somebody forwards with it."""
    if mail.invitations:
        yield mail
    elif depth < _DEEPEST:
        for one in mail.attachments:
            if one.mail is not None:
                yield from _asking(mail_of(one.mail), depth=depth + 1)


def _appointments(reading: Reading, mail: Mail, asking: Sequence[Mail], settings: Mapping[str, Any]) -> Reading:
    """A lead for each; what whoever forwards writes is said with it. What else was forwarded stays as it is."""
    mapping: Mapping[str, str] = settings.get("mapping") or {}
    known = (*mail.recipients, str(settings.get("user") or ""), *map(str, settings.get("ours") or ()))
    if mail.invitations:
        return invited(reading, mail, _folded(known), mapping, author=mail.author)
    found, others = [], list(reading.leads)
    for one in asking:
        lead = next((lead for lead in others if lead.get("subject", "") == one.subject), None)
        if lead is not None:
            others.remove(lead)
        names = tuple(dict.fromkeys(name for name in (mail.id, one.id) if name))
        words = "\n\n".join(dict.fromkeys(text for text in ((lead or {}).get("message", one.text), mail.text) if text))
        said = {**_own(one), **(lead or {}), "message": words}
        ours = _folded((*known, *one.recipients))
        found.append(invited(replace(reading, leads=(said,), names=names), one, ours, mapping, author=mail.author))
    return _together(found, others)


def _folded(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(one.strip().lower() for one in addresses)


def _together(found: Sequence[Reading], others: Sequence[Mapping[str, str]]) -> Reading:
    """What several mails ask for; what must be mended comes first."""
    told = [one for one in found if one.leads] or list(found)
    first = next((one for one in found if one.problem), told[0])
    if first.problem or (len(told) == 1 and not others):
        return first
    further = tuple(name for one in told[1:] for name in (one.names[0], *one.further))
    leads = (*(lead for one in told for lead in one.leads), *others)
    return replace(first, leads=leads, further=(*first.further, *further), alone="", early=False, not_a_lead="")


def _bounded(leads: Iterable[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    """Each patient of a letter may bear the whole letter, so that a long list in one would grow without end."""
    found, size = [], 0
    for lead in leads:
        size += sum(map(len, lead.values()))
        if size > _MOST_CHARACTERS:
            raise mime.TooMuch("so many patients in so long a text; send a list instead")
        found.append(lead)
    return tuple(found)


def _leads(
    mail: Mail, settings: Mapping[str, Any], unread: list[str], *, depth: int, until: float
) -> Iterator[Mapping[str, str]]:
    listed: list[Mapping[str, str]] = []
    letters: list[str] = []
    for one in mail.attachments:
        if time.monotonic() < until and (text := _letter(one)):
            letters.append(text)
        elif found := list(_listed(one, settings, unread, depth, until)):
            listed += found
        else:
            unread.append(one.name)
    if listed:
        yield from listed
    elif len(letters) > 1:
        for text in letters:
            yield from _with_fields(_own(mail) | {"referral_reason": text}, text, settings)
    elif mail.text or letters:
        own = _own(mail) | ({"referral_reason": letters[0]} if letters else {})
        if mail.invitations:
            yield from _with_fields(own, "\n\n".join([mail.text, *letters]), settings)
        else:
            yield from each_patient(own, settings.get("mapping") or {})


def _own(mail: Mail) -> dict[str, str]:
    columns = {"email": mail.sender, "full_name": mail.name, "subject": mail.subject, "message": mail.text}
    return {name: text for name, text in columns.items() if text.strip()}


def _with_fields(own: dict[str, str], text: str, settings: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A lead for each patient whom labelled lines name, with who writes as the one who asks."""
    named = groups(text, settings.get("mapping") or {})
    yield from (own | columns for columns in named or [{}])


def _listed(
    attachment: Attachment, settings: Mapping[str, Any], unread: list[str], depth: int, until: float
) -> Iterator[Mapping[str, str]]:
    name = attachment.name.lower()
    if attachment.mail is not None:
        if depth < _DEEPEST:
            inner = mail_of(attachment.mail)
            found = list(_leads(inner, settings, unread, depth=depth + 1, until=until))
            yield from found or ([_own(inner)] if inner.invitations else [])
    elif attachment.media_type in _LISTS or name.endswith(_LIST_NAMES):
        yield from file_adapter.read(Sent(attachment.body, attachment.media_type, {}), settings).leads
    elif attachment.media_type == "application/json" or name.endswith(".json"):
        yield from api_adapter.read(Sent(attachment.body, attachment.media_type, {}), settings).leads


def _letter(attachment: Attachment) -> str:
    """The text of a PDF; '' where it is none or has none (a scan)."""
    if attachment.media_type != "application/pdf" and not attachment.name.lower().endswith(".pdf"):
        return ""
    from pypdf import PdfReader  # noqa: PLC0415  only where a PDF hangs on a mail

    until, texts = time.monotonic() + _LONGEST_READ, list[str]()
    try:
        for page in islice(PdfReader(BytesIO(attachment.body)).pages, _MOST_PAGES):
            texts.append(page.extract_text())
            if time.monotonic() > until:
                break
    except Exception as error:  # noqa: BLE001  on what is no PDF its reader raises errors of every kind
        _LOG.warning("a PDF could not be read", error=type(error).__name__)
    return mime.whole_characters("\n".join(texts)[:MOST_TEXT]).strip()
