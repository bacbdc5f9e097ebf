"""A page of the lists is cut from an index that has its order; nothing is counted or sorted row by row."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connections, router
from django.db.models import QuerySet

from leadwell.server.conftest import Clinic, browser
from leadwell.server.consent.models import Contact
from leadwell.server.intake.queries import submissions
from leadwell.server.leads.queries import DANGER, leads
from leadwell.server.worklist.queries import MINE, waiting

pytestmark = pytest.mark.django_db(databases="__all__")

LISTS: dict[str, tuple[Callable[[int], QuerySet[Any]], str]] = {
    "all leads": (leads, "lead_danger_first"),
    "a queue": (lambda ours: leads(ours, queue="scheduling"), "lead_of_queue"),
    "a disposition": (lambda ours: leads(ours, tab="verify"), "lead_by_grade"),
    "a disposition in a queue": (lambda ours: leads(ours, tab="verify", queue="scheduling"), "lead_by_grade"),
    "danger": (lambda ours: leads(ours, tab=DANGER), "lead_in_danger"),
    "the inbox": (submissions, "submission_newest"),
    "a state of the inbox": (lambda ours: submissions(ours, state="assessed"), "submission_in_state"),
    "what somebody has": (lambda ours: waiting(ours, MINE, owner=1), "waiting_of_owner"),
}


@pytest.mark.parametrize(("rows", "index"), LISTS.values(), ids=list(LISTS))
def test_each_list_is_cut_from_its_index(lakeside: Clinic, rows: Callable[[int], QuerySet[Any]], index: str) -> None:
    """SQLite plans without looking at what is there; PostgreSQL of an empty table reads the whole."""
    found = rows(lakeside.number)[:50]
    connection = connections[router.db_for_read(found.model)]
    if connection.vendor != "sqlite":
        pytest.skip("its plan depends on what is there")
    plan = found.explain()
    assert f"USING INDEX {index} " in plan
    sorts = re.findall(r"USE TEMP B-TREE FOR (?!RIGHT PART|LAST TERM).*", plan)
    assert not sorts or index == "waiting_of_owner", sorts  # of theirs there are few


def test_the_contacts_of_many_are_found_by_their_indices(lakeside: Clinic) -> None:
    connection = connections[router.db_for_read(Contact)]
    if connection.vendor != "sqlite":
        pytest.skip("its plan depends on what is there")
    ours = Contact.objects.of(lakeside.number).filter(taken_back_at=None)
    for found, index in (
        (ours.filter(person__in=[lakeside.organization.pk.to_bytes(16, "big").hex()] * 60), "contact_of_person"),
        (ours.filter(token__in=[bytes([n] * 16) for n in range(120)]), "contact_of_address"),
    ):
        assert f"USING INDEX {index} " in found.explain()


@pytest.mark.parametrize("page", ["/leads", "/leads?tab=verify", "/inbox", "/inbox?state=assessed"])
def test_a_list_asks_few_questions(
    lakeside: Clinic, page: str, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    client = browser(lakeside.organization, "coordinator")
    client.get(page)
    with django_assert_max_num_queries(20):
        assert client.get(page).status_code == 200
