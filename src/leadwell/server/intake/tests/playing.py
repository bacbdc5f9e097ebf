"""How is a case of the examination played? What a vendor sends comes to a source, at its hour, and is drained.

A case is a line of `tests/sources/<kind>/cases.jsonl`. A kind that is not posted to, or of which something works beside
the draining, has a way of its own in WAYS.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from tests.standins.graph import Graph

from leadwell.server.access.models import Organization
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.actions import add_source, change_settings
from leadwell.server.intake.asking import fetch_answers, look_through_forms
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of, current_assessment, events_of
from leadwell.server.privacy.sealing import unseal_json

CASES: Final = Path(__file__).parents[5] / "tests" / "sources"
Case = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True)
class Played:
    """What became of a case: what was answered, what is kept of it and in which states, and the leads it made."""

    answer: Answer
    kept: list[Submission]
    leads: list[Lead]

    @property
    def states(self) -> set[str]:
        return {one.state for one in self.kept}


Check = Callable[[Case, "Played", list[dict[str, str]]], list[str]]
"""Of a case, what became of it and its leads as they stand: what is not as it must be."""


@dataclass
class Way:
    """A case is posted to the address of its source. `source`: the kind, where it is not the folder's name; `checks`:
    what is looked at of a key that only these cases have."""

    source: str = ""
    checks: Mapping[str, Check] = field(default_factory=dict)

    def deliver(self, source: Source, case: Case) -> Answer:
        """What comes to us, and what is answered at once."""
        url = urlsplit(case["url"])
        headers = {name: text for name, text in case["headers"].items() if name.lower() != "content-type"}
        media_type = next((text for name, text in case["headers"].items() if name.lower() == "content-type"), "")
        path = f"{url.path}?{url.query}" if url.query else url.path
        answer = Client().generic(case["method"], path, body_of(case), content_type=media_type, headers=headers)
        return Answer(answer.status_code, answer.content)

    def settings(self, case: Case) -> dict[str, Any]:
        """As they are typed of such a source."""
        return dict(case["settings"])

    def understood(self, lead: Lead) -> dict[str, str]:
        """What holds of a lead besides its columns, where these say nothing of it."""
        return {}

    def settle(self, source: Source, case: Case) -> None:
        """What works then, until nothing is left to do."""
        while drain().submissions:
            pass

    def handle(self, case: Case) -> str:
        """In which part of its address the source is named."""
        return [part for part in urlsplit(case["url"]).path.split("/") if part][1]


@dataclass
class Mailed(Way):
    """A case is a whole mail, that comes to a mailbox of ours."""

    source: str = "email"

    def deliver(self, source: Source, case: Case) -> Answer:
        accept(source.organization_id, source.pk, [Delivery(body_of(case), media_type="message/rfc822")])
        return Answer(202, b"")

    def settings(self, case: Case) -> dict[str, Any]:
        said = case["settings"]
        return {"user": said["mailbox"], "ours": [*said["our_addresses"], said["our_domain"]]}

    def understood(self, lead: Lead) -> dict[str, str]:
        """A telephone that stands in the words of a mail is read there, and stays there."""
        told = current_assessment(lead.organization_id, lead.pk) or {}
        return {"phone": told["contact"]["phone"]} if told and told["contact"]["phone"] else {}


def _appointed(column: str, key: str) -> Check:
    """The hour of the appointment, as it stands; None where none stands any more."""

    def check(case: Case, played: Played, standing: list[dict[str, str]]) -> list[str]:
        stands = [one.get(column) for one in standing if one.get("extra.appointment_status") != "cancelled"]
        expected = case[key] if isinstance(case[key], list) else [case[key]]
        if expected == [None]:
            return [f"{key}: {one} still stands" for one in stands if one]
        if len(standing) > 1:
            pairs = list(zip(stands, expected, strict=False))
            return [f"{key}: {one}, not {other}" for one, other in pairs if _instant(one) != _instant(other)]
        fits = stands and any(_instant(stands[0]) == _instant(one) for one in expected)
        return [] if fits else [f"{key}: {stands}, not {expected}"]

    return check


def _instant(said: str | None) -> datetime | None:
    if said is None:
        return None
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("America/Chicago"))


class OfMeta(Way):
    """Meta is asked for what its notices only name, for as long as it misbehaves; the clock goes on meanwhile."""

    def settle(self, source: Source, case: Case) -> None:
        with Graph(token=case["settings"]["token"]) as graph, pytest.MonkeyPatch.context() as patch:
            graph.load(case.get("graph") or {})
            patch.setenv("LEADWELL_GRAPH_URL", graph.url)
            for minutes in (0, 2, 5, 10, 20, 40, *range(80, 800, 70)):
                later = datetime.fromisoformat(case["at"]) + timedelta(minutes=minutes)
                patch.setattr(timezone, "now", lambda later=later: later)
                super().settle(source, case)
                fetch_answers()
                look_through_forms()
                super().settle(source, case)
                if not Submission.objects.filter(source=source.pk, state=State.AWAITING).exists():
                    return


WAYS: Final[dict[str, Way]] = {
    "ics": Mailed(
        checks={
            "starts": _appointed("extra.appointment_at", "starts"),
            "ends": _appointed("extra.appointment_until", "ends"),
        }
    ),
    "meta": OfMeta(),
}


def cases_of(kind: str, half: str = "cases") -> list[Case]:
    lines = (CASES / kind / f"{half}.jsonl").read_bytes().splitlines()
    return [orjson.loads(line) for line in lines if line.strip()]


def body_of(case: Case) -> bytes:
    if "body_base64" in case:
        return b64decode(case["body_base64"])
    return str(case["body"]).encode()


@dataclass
class Stage:
    """An organisation whose sources get the cases of one kind, in the order of their file."""

    organization: Organization
    kind: str
    patch: pytest.MonkeyPatch
    made: dict[str, list[UUID]] = field(default_factory=dict)

    @property
    def way(self) -> Way:
        return WAYS.get(self.kind) or Way()

    def play(self, case: Case) -> Played:
        at, url = datetime.fromisoformat(case["at"]), urlsplit(case["url"])
        self.patch.setattr(timezone, "now", lambda: at)
        self.patch.setattr(site, "PUBLIC_URL", f"https://{url.netloc}")
        source, before = self._source(case), self._there()
        answer = self.way.deliver(source, case)
        self.way.settle(source, case)
        kept = Submission.objects.of(self.organization.pk).exclude(pk__in=before[0]).order_by("pk")
        leads = Lead.objects.of(self.organization.pk).exclude(pk__in=before[1]).order_by("pk")
        played = Played(answer, list(kept), list(leads))
        self.made[case["case"]] = [one.pk for one in played.leads] or self.made.get(case["same_as"] or "", [])
        return played

    def _source(self, case: Case) -> Source:
        """The source of this address, under the settings of the case."""
        handle = self.way.handle(case)
        found = Source.objects.of(self.organization.pk).filter(handle=handle).first()
        if found is None:
            found = add_source(self.organization, self.way.source or self.kind, self.kind)
            found.handle = handle
            found.save(update_fields=["handle"])
        change_settings(found, self.way.settings(case))
        return found

    def _there(self) -> tuple[list[UUID], list[UUID]]:
        ours = self.organization.pk
        return (
            list(Submission.objects.of(ours).values_list("pk", flat=True)),
            list(Lead.objects.of(ours).values_list("pk", flat=True)),
        )

    def standing(self, case: Case) -> list[dict[str, str]]:
        """The leads of a case, or of that which it carries on, as they stand: what was said last holds."""
        ours = Lead.objects.of(self.organization.pk).filter(pk__in=self.made[case["case"]])
        return [self._stands(one) for one in ours.order_by("received_at", "submission", "nth")]

    def _stands(self, lead: Lead) -> dict[str, str]:
        columns = columns_of(lead)
        for event in events_of(self.organization.pk, lead.pk)[::-1]:
            if event.name == "lead.replied" and event.sealed:
                place = f"leads.event/{event.pk}"
                later = unseal_json(self.organization.pk, event.sealed, place=place)
                columns |= {name: text for name, text in later.items() if text}
        return self.way.understood(lead) | columns
