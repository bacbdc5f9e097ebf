"""Which leads are in a mail? Its own words, the lines that name fields, and the files that hang on it.

Files of other sources are read as those (lists, JSON). The text of PDF letters is what the referrer wrote: with one it
joins the mail's own words, several are several referrals. An answer joins the lead that it answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final

from leadwell.server.base.logs import log
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.api import adapter as api_adapter
from leadwell.server.intake.sources.email.labelled import groups
from leadwell.server.intake.sources.email.message import Attachment, Mail, read_mail
from leadwell.server.intake.sources.file import adapter as file_adapter

_LISTS: Final = (
    "text/csv", "text/tab-separated-values", "application/vnd.ms-excel", "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)  # fmt: skip
_LIST_NAMES: Final = (".csv", ".tsv", ".xlsx", ".xls", ".jsonl", ".ndjson")
_MOST_PAGES: Final = 20
_DEEPEST: Final = 2  # mails within mails
_LOG: Final = log("leadwell.intake.email")


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings["mapping"]`: label of a line -> column."""
    mail = read_mail(sent.body)
    if not (mail.sender or mail.subject):
        return Reading(problem="no mail: it has neither a sender nor a subject")
    if mail.automatic:
        return Reading(not_a_lead=mail.automatic)
    leads = tuple(_leads(mail, settings, depth=0))
    if not leads and mail.answers and mail.text:
        leads = (_own(mail),)
    if not leads:
        return Reading(problem="the mail says nothing that could be read, and nothing readable hangs on it")
    return Reading(leads=leads, answers=mail.answers, message_id=mail.id)


def _leads(mail: Mail, settings: Mapping[str, Any], *, depth: int) -> Iterator[Mapping[str, str]]:
    listed = [one for a in mail.attachments for one in _listed(a, settings, depth)]
    letters = [text for a in mail.attachments if (text := _letter(a))]
    if listed:
        yield from listed
    elif len(letters) > 1:
        for text in letters:
            yield from _with_fields(_own(mail) | {"referral_reason": text}, text, settings)
    elif mail.text or letters:
        text = "\n".join([mail.text, *letters])
        yield from _with_fields(_own(mail) | ({"referral_reason": letters[0]} if letters else {}), text, settings)


def _own(mail: Mail) -> dict[str, str]:
    columns = {"email": mail.sender, "full_name": mail.name, "subject": mail.subject, "message": mail.text}
    return {name: text for name, text in columns.items() if text.strip()}


def _with_fields(own: dict[str, str], text: str, settings: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A lead for each patient whom labelled lines name, with who writes as the one who asks."""
    named = groups(text, settings.get("mapping") or {})
    yield from (own | columns for columns in named or [{}])


def _listed(attachment: Attachment, settings: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, str]]:
    name = attachment.name.lower()
    if attachment.media_type == "message/rfc822" and depth < _DEEPEST:
        yield from _leads(read_mail(attachment.body), settings, depth=depth + 1)
    elif attachment.media_type in _LISTS or name.endswith(_LIST_NAMES):
        yield from file_adapter.read(Sent(attachment.body, attachment.media_type, {}), settings).leads
    elif attachment.media_type == "application/json" or name.endswith(".json"):
        yield from api_adapter.read(Sent(attachment.body, attachment.media_type, {}), settings).leads


def _letter(attachment: Attachment) -> str:
    """The text of a PDF; '' where it is none or has none (a scan)."""
    if attachment.media_type != "application/pdf" and not attachment.name.lower().endswith(".pdf"):
        return ""
    from pypdf import PdfReader  # noqa: PLC0415  only where a PDF hangs on a mail
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        pages = PdfReader(BytesIO(attachment.body)).pages[:_MOST_PAGES]
        return "\n".join(page.extract_text() for page in pages).strip()
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        _LOG.warning("a PDF could not be read", error=type(error).__name__)
        return ""
