"""Once a colleague is erased, nothing of a meeting with them says who they were. (promise F33)"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from leadwell.server.business.meeting import Agreed, agree
from leadwell.server.business.models import Colleague, Meeting
from leadwell.server.business.naming import Named, name_colleague
from leadwell.server.business.queries import ahead_of, told_of_meeting
from leadwell.server.conftest import NOON
from leadwell.server.leads.models import Lead
from leadwell.server.privacy.held import erase, export, holders
from leadwell.server.privacy.sealing import unseal

pytestmark = pytest.mark.django_db(databases="__all__")

ZONE = "America/New_York"
AT = NOON + timedelta(days=6)
PLANTED = Named("Xanthippe Plantedname", "HR director", "614-555-0177", "x.planted@example.com", decides=True)


def _opened() -> Iterator[str]:
    """Every value of every table, what is sealed opened."""
    for one in (one for held in holders() for one in held.sealed):
        for row in one.model._base_manager.all():
            if value := getattr(row, one.column):
                yield unseal(row.organization_id, value, place=one.place(row)).decode()
    for model in apps.get_models():
        yield from map(str, model._base_manager.values_list())


def _stands(*words: str) -> bool:
    kept = "\n".join(_opened()).casefold()
    return any(word.casefold() in kept for word in words)


def _named(lead: Lead, actor: str) -> Colleague:
    return name_colleague(lead.organization_id, lead.pk, PLANTED, actor=actor)[0]


def _erase(lead: Lead, one: Colleague) -> None:
    assert one.person is not None
    assert _stands("Plantedname")
    erase(lead.organization_id, one.person, actor="user:1")


def test_what_was_filled_in_from_them_and_moved_since_is_emptied(lead: Lead, actor: str, dana: Client) -> None:
    one = _named(lead, actor)
    url = reverse("agree_meeting", args=[lead.pk])
    for words, at in (
        ("next Tuesday 10", "2026-12-01T10:00:00-05:00"),
        ("next Wednesday 9", "2026-12-02T09:00:00-05:00"),
    ):
        page = dana.get(url).context["page"]
        assert (page.typed.with_whom, page.typed.where) == ("Xanthippe Plantedname", "614-555-0177")
        sent = {
            "when": words, "zone": ZONE, "at": at, "shown": f"{ZONE} {words}", "with_whom": page.typed.with_whom,
            "where": page.typed.where, "person": page.typed.person, "instead_of": page.instead_of or "",
        }  # fmt: skip
        assert dana.post(url, sent).status_code == 302
    assert Meeting.objects.filter(person=one.person).count() == 2
    _erase(lead, one)
    assert not _stands("Plantedname", "555-0177", "6145550177", "x.planted")
    for name in ("lead", "call", "meeting_file"):
        assert "Plantedname" not in dana.get(reverse(name, args=[lead.pk])).content.decode()
    assert lead.person_id is not None
    assert "Plantedname" not in str(export(lead.organization_id, lead.person_id, actor=actor))


@pytest.mark.parametrize("chosen", [True, False])
def test_a_form_that_was_open_while_they_were_erased_brings_nothing_back(
    lead: Lead, actor: str, dana: Client, chosen: bool
) -> None:
    one, url, words = _named(lead, actor), reverse("agree_meeting", args=[lead.pk]), "next Tuesday 10"
    typed = dana.get(url).context["page"].typed
    sent = {"when": words, "zone": ZONE, "with_whom": typed.with_whom, "where": typed.where, "person": typed.person}
    _erase(lead, one)
    chose = {"at": "2026-12-01T10:00:00-05:00", "shown": f"{ZONE} {words}"} if chosen else {}
    answer = dana.post(url, sent | chose)
    assert (answer.status_code, Meeting.objects.count()) == (410, 0)
    assert "was erased meanwhile" in answer.content.decode()
    assert not any(word in answer.content.decode() for word in ("Plantedname", "555-0177"))


@pytest.mark.parametrize(
    ("with_whom", "where"),
    [
        ("xanthippe  PLANTEDNAME", ""),
        ("Plantedname, Xanthippé (HR)", "12 Elm St"),
        ("HR", "(614) 555 0177"),
        ("HR", "+1 614.555.0177 ext. 4"),
        ("HR", "video, to X.Planted@example.com"),
    ],
)
@pytest.mark.parametrize("named_first", [True, False])
def test_what_was_typed_by_hand_is_emptied_however_it_is_written(
    lead: Lead, actor: str, with_whom: str, where: str, *, named_first: bool
) -> None:
    one = _named(lead, actor) if named_first else None
    agree(lead.organization_id, lead.pk, Agreed(AT, ZONE, with_whom=with_whom, where=where), actor=actor)
    _erase(lead, one or _named(lead, actor))
    kept = Meeting.objects.get()
    assert (bytes(kept.sealed), kept.person, kept.at) == (b"", None, AT)


def test_what_was_filled_in_from_them_and_shortened_is_theirs_too(lead: Lead, actor: str) -> None:
    one = _named(lead, actor)
    agree(lead.organization_id, lead.pk, Agreed(AT, ZONE, with_whom="Xan", person=one.person), actor=actor)
    assert one.person is not None
    assert "Xan" in str(export(lead.organization_id, one.person, actor=actor)["meetings"])
    _erase(lead, one)
    assert bytes(Meeting.objects.get().sealed) == b""


def test_a_meeting_with_somebody_else_stays(lead: Lead, actor: str) -> None:
    one = _named(lead, actor)
    agree(lead.organization_id, lead.pk, Agreed(AT, ZONE, with_whom="Ruth Sample", where="614-555-0178"), actor=actor)
    _erase(lead, one)
    kept = ahead_of(lead.organization_id, lead.pk)
    assert kept is not None
    assert told_of_meeting(kept) == {"with_whom": "Ruth Sample", "where": "614-555-0178"}
