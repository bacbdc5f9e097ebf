"""What has come to the demo clinic? Its sample leads, as if over two weeks and by several sources; and what goes wrong
on such days: three to mend, a repeat, an auto-reply, a forged one, and a source that has gone quiet.

Moments are relative to now and the same each time otherwise; who they are is invented.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from importlib import resources
from io import StringIO
from typing import Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.access.queries import user_by_email
from leadwell.server.demo import dealing, fresh
from leadwell.server.intake.accepting import Delivery, accept, refuse
from leadwell.server.intake.actions import add_source
from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.queries import source_of_kind
from leadwell.server.intake.sources.form.adapter import URLENCODED
from leadwell.server.privacy.trail import record

_SAMPLES: Final = resources.files("leadwell").joinpath("playbooks", "lakeside-orthopedics", "leads.csv")
_DAYS: Final = 13  # under the fortnight from which a source has a habit: only the one that is to fall silent has one
_QUIET: Final = (22.0, 5.0)  # days ago: from when to when the quiet source sent; with nights a fortnight at least
_OPEN: Final = (8, 20)  # hours in which people write
_LISTED: Final = 12  # of those that telephoned, in a list
_UPLOADER: Final = "maurice@example.com"
_JSON: Final = "application/json"
_ADS: Final = "google-ads"
_NAMES: Final = {
    "website": ("form", "Website contact form"),
    "meta-lead-form": ("webhook", "Meta lead ads"),
    _ADS: ("webhook", "Google ads page"),
    "referral-email": ("email", "Referrals by mail"),
}

Lead = Mapping[str, str]


def arrive(organization: Organization) -> None:
    """Takes all of it in; the worker judges it."""
    chance, by_source = random.Random(7), _by_source()
    telephoned = by_source.pop("phone", [])
    by_source["chat"] = [*by_source.get("chat", []), *telephoned[_LISTED:]]
    sources = {name: _source(organization, kind, called) for name, (kind, called) in _NAMES.items()}
    programs, lists = source_of_kind(organization.pk, "api"), source_of_kind(organization.pk, "file")
    if programs is None or lists is None:  # somebody has closed one since
        return
    for name, leads in by_source.items():
        source = sources.get(name)
        moments = _moments(len(leads), organization, chance, *(_QUIET if name == _ADS else (_DAYS, 0)))
        kind = source.kind if source else "api"
        sent = [
            _delivery(kind, lead, at, f"{name}-{n}") for n, (lead, at) in enumerate(zip(leads, moments, strict=True))
        ]
        _take(organization, source.pk if source else programs, sent, moments)
    _list(organization, lists, telephoned[:_LISTED])
    _troubles(organization, programs, sources)
    fresh.ask(organization, programs)
    dealing.ask(organization, programs)


def _by_source() -> dict[str, list[Lead]]:
    """What the sample leads say of where they came from -> the leads, without what the engine is to find out."""
    found: dict[str, list[Lead]] = {}
    for row in csv.DictReader(StringIO(_SAMPLES.read_text(encoding="utf-8"))):
        lead = {name: text for name, text in row.items() if text and name not in ("id", "received_at")}
        found.setdefault(lead.get("source", ""), []).append(lead)
    return found


def _source(organization: Organization, kind: str, called: str) -> Source:
    """Open since before anything came from it."""
    source = add_source(organization, kind, called)
    source.created_at = timezone.now() - timedelta(days=_QUIET[0] + 1)
    source.save(update_fields=["created_at"])
    return source


def _moments(
    count: int, organization: Organization, chance: random.Random, oldest: float, newest: float
) -> list[datetime]:
    """So many moments, evenly between so many days ago, in the hours in which people write; the newest last."""
    now, zone = timezone.now(), ZoneInfo(organization.time_zone)
    step = (oldest - newest) / max(count, 1)
    days = [oldest - step * (n + chance.random()) for n in range(count)]
    return sorted(_awake(now - timedelta(days=ago), now, zone, chance) for ago in days)


def _awake(at: datetime, now: datetime, zone: ZoneInfo, chance: random.Random) -> datetime:
    """The same day, by day; never to come."""
    local = at.astimezone(zone)
    if not _OPEN[0] <= local.hour < _OPEN[1]:
        local = local.replace(hour=chance.randrange(*_OPEN), minute=chance.randrange(60))
    return local if local < now else now - timedelta(minutes=chance.randrange(2, 90))


def _delivery(kind: str, lead: Lead, at: datetime, key: str) -> Delivery:
    if kind == "form":
        return Delivery(urlencode(lead).encode(), media_type=URLENCODED)
    if kind == "email":
        return Delivery(_mail(lead, at, key), media_type="message/rfc822", key=key)
    return Delivery(orjson.dumps(lead), key=f"demo-{key}")


def _mail(lead: Lead, at: datetime, key: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = lead.get("referrer_email") or lead.get("email") or "somebody@example.org"
    mail["To"] = "referrals@lakeside-ortho.example"
    mail["Subject"] = lead.get("subject") or "A referral"
    mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{key}@example.org>"
    said = [f"{name.replace('_', ' ').capitalize()}: {text}" for name, text in lead.items() if name not in _IN_THE_MAIL]
    mail.set_content("\n".join([lead.get("message", ""), "", *said]))
    return mail.as_bytes()


_IN_THE_MAIL: Final = ("subject", "message", "source", "email", "referrer_email")


def _take(organization: Organization, source: int, sent: Sequence[Delivery], moments: Sequence[datetime]) -> list[UUID]:
    """Takes them in as of these moments."""
    receipts = accept(organization.pk, source, sent)
    rows = [Submission(pk=one.id, received_at=at) for one, at in zip(receipts, moments, strict=True)]
    Submission.objects.bulk_update(rows, ["received_at"])
    return [one.id for one in receipts]


def _list(organization: Organization, source: int, leads: Sequence[Lead]) -> None:
    """Those who telephoned, in a list that somebody uploaded the day before."""
    names = list(dict.fromkeys(name for lead in leads for name in lead))
    text = StringIO()
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(leads)
    (at,) = _moments(1, organization, random.Random(1), 1.5, 1)
    (number,) = _take(organization, source, [Delivery(text.getvalue().encode(), media_type="text/csv")], [at])
    user = user_by_email(_UPLOADER)
    actor = f"user:{user.pk}" if user else "command"
    record(organization.pk, actor, "list.uploaded", f"submission/{number}")
    record(organization.pk, actor, "list.taken", f"submission/{number}", {"rows": len(leads)})


def _troubles(organization: Organization, programs: int, sources: Mapping[str, Source]) -> None:
    """What goes wrong on such days."""
    form, hook, mail = sources["website"], sources["meta-lead-form"], sources["referral-email"]
    again = Delivery(_ODD[2], key="twice")
    for source, deliveries, hours in (
        (programs, [Delivery(_ODD[0], key="cut-off")], 3),
        (hook.pk, [Delivery(_ODD[1])], 26),
        (
            form.pk,
            [Delivery(urlencode({"feld_7": "Termin Knie", "feld_9": "Otto"}).encode(), media_type=URLENCODED)],
            50,
        ),
        (programs, [again, again], 5),
        (mail.pk, [Delivery(_away(), media_type="message/rfc822", key="away")], 7),
    ):
        at = timezone.now() - timedelta(hours=hours)
        _take(organization, source, deliveries, [at + timedelta(minutes=n) for n in range(len(deliveries))])
    refuse(organization.pk, hook.pk, Delivery(_ODD[3], headers={"x-signature": "sha256=00"}))


_ODD: Final = (
    b'{"full_name": "Otto Lindqvist", "phone": "312-555-0186", "message": "my knee gives way on the sta',
    b'{"q17": "Hip hurts since June, can someone call me?", "q18": "Pilar Antunes", "q19": "773-555-0123"}',
    b'{"full_name": "Nora Ficht", "phone": "312-555-0168", "message": "I need a knee replacement and have Medicare"}',
    b'{"full_name": "You Won", "message": "Click to claim your prize"}',
)


def _away() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "front.desk@westside-pt.example", "referrals@lakeside-ortho.example"
    mail["Subject"], mail["Auto-Submitted"] = "Automatic reply: Thank you for your referral", "auto-replied"
    mail["Message-ID"] = "<away@westside-pt.example>"
    mail.set_content("We are closed until Monday and will answer then.")
    return mail.as_bytes()
