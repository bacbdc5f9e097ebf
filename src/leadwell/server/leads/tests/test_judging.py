"""Who asks is told of a lead after it was read: as if it had been known before."""

from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import orjson

from leadwell import load_playbook
from leadwell.server.leads.judging import Arrived, Judged, judged, judged_knowing

PLAYBOOK = load_playbook("lakeside-orthopedics")
AT = datetime(2026, 11, 24, 15, tzinfo=UTC)
WHO = {"full_name": "Sample Person", "phone": "312-555-0147", "birth_date": "1960-03-15"}
SAID = (
    {"message": "knee is bone on bone, I want a knee replacement as soon as possible", "payer": "Medicare"},
    {"message": "I would like physical therapy", "zip": "33101", "received_at": "2026-11-20T09:00:00Z"},
    {"message": "I have chest pain and my knee hurts", "received_at": "some day"},
    {"message": "We rank your clinic on the first page of Google"},
    {"message": "I want to complain about your front desk", "same_person_as": "told by the sender"},
    {"service": "MRI", "page": "/mri", "answer: insurance": "Aetna"},
)
LINKS = (
    {"possible_duplicate_of": str(UUID(int=7))},
    {"same_person_as": str(UUID(int=8))},
    {"possible_duplicate_of": str(UUID(int=7)), "same_person_as": str(UUID(int=8))},
    {},
)


def arrived(columns: dict[str, str], number: int) -> Arrived:
    return Arrived(UUID(int=number), 0, 1, AT, {**WHO, **columns})


def told(one: Judged) -> tuple[object, ...]:
    """Its row says where it stood among those that were judged with it."""
    assert orjson.loads(one.written) == one.said
    return one.arrived, {**one.said, "row": 0}, one.queue, one.problem


def test_what_is_known_later_is_judged_as_if_it_had_been_known() -> None:
    leads = [arrived(said, number) for number, (said, _) in enumerate(product(SAID, LINKS))]
    links = [link for _, link in product(SAID, LINKS)]
    first = judged(leads, PLAYBOOK)
    later = judged_knowing(first, links, PLAYBOOK)
    before = [
        Arrived(one.submission, 0, 1, AT, {**one.columns, **link}) for one, link in zip(leads, links, strict=True)
    ]
    assert list(map(told, later)) == list(map(told, judged(before, PLAYBOOK)))
    assert any(one.said["disposition"] != two.said["disposition"] for one, two in zip(first, later, strict=True))


def test_of_some_of_a_batch_only_those_are_judged_again() -> None:
    leads = [arrived(said, number) for number, said in enumerate(SAID)]
    whole = judged(leads, PLAYBOOK)
    (again,) = judged_knowing([whole[2]], [LINKS[0]], PLAYBOOK)
    assert again.arrived.submission == leads[2].submission
    assert again.said["possible_duplicate_of"] == LINKS[0]["possible_duplicate_of"]
    assert again.problem == whole[2].problem == "received-at"
