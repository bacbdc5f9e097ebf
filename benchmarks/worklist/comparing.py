"""Is a lead that was told again what the product would have written? Row by row, opened, but for ids and times."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from benchmarks.worklist.retelling import Told, retold
from benchmarks.worklist.stories import Story, place_of, rows_of

_CHANGES: Final = re.compile(
    rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # an id
    rb'|"row":\d+'  # its place among those judged at once
    rb'|"as_of":"[^"]*"'
)
# What the worker does, or works out, at another moment; and what follows from the id.
_ANEW: Final = {"back_at", "give_at", "cost", "holds_until", "sampled"}
Plain = dict[str, list[str]]


def compare(organization: int, stories: Sequence[Story], told: Sequence[Told], numbers: Sequence[UUID]) -> None:
    """`numbers`: the leads that the product wrote of the same. Raises AssertionError at the first that differs."""
    from leadwell.server.leads.models import Lead

    for one, number in zip(told, numbers, strict=True):
        ours, theirs = _told(organization, stories, one), _written(organization, Lead.objects.get(pk=number))
        assert ours == theirs, f"told otherwise than the product writes it:\n{_differing(ours, theirs)}"


def _differing(ours: Plain, theirs: Plain) -> str:
    both = sorted({*ours, *theirs})
    lines = [
        (mine, its)
        for name in both
        for mine, its in zip(ours.get(name, []), theirs.get(name, []), strict=False)
        if mine != its
    ]
    return "\n".join(f"{mine}\n{its}" for mine, its in lines[:3]) or f"{ours.keys() ^ theirs.keys()}"


def _told(organization: int, stories: Sequence[Story], one: Told) -> Plain:
    """By table its rows, plainly."""
    found: Plain = defaultdict(list)
    for model, rows in retold(organization, stories, [one]):
        for row in rows.iter_rows(named=True):
            made = {field.attname: row[field.column] for field in _fields(model) if field.column in row}
            found[model.__name__].append(_plain(organization, model(**made)))
    return {name: sorted(rows) for name, rows in found.items()}


def _written(organization: int, lead: Any) -> Plain:
    from leadwell.server.people.models import PersonToken

    found: Plain = defaultdict(list)
    for row in [*rows_of(organization, lead), *PersonToken.objects.of(organization).filter(person=lead.person_id)]:
        found[type(row).__name__].append(_plain(organization, row))
    return {name: sorted(rows) for name, rows in found.items()}


def _fields(model: Any) -> list[Any]:
    from django.db import models

    return [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]


def _plain(organization: int, row: Any) -> str:
    return repr([(field.name, _value(organization, row, field)) for field in _fields(type(row))])


def _value(organization: int, row: Any, field: Any) -> Any:
    from leadwell.server.privacy.sealing import unseal

    value = None if field.name in _ANEW else getattr(row, field.attname)
    if field.name == "sealed" and value:
        return _CHANGES.sub(b"", unseal(organization, value, place=f"{place_of(row)}/{row.pk}"))
    match value:
        case None:
            return None
        case datetime():
            return "a time"
        case bytes() | memoryview():
            return bytes(value)
        case UUID():
            return "an id"
        case dict():
            return _CHANGES.sub(b"", orjson.dumps(value))
        case str() if field.get_internal_type() == "JSONField":
            return _CHANGES.sub(b"", value.encode())
        case str() if field.get_internal_type() in {"UUIDField", "ForeignKey", "OneToOneField"}:
            return "an id"
        case str():
            return _CHANGES.sub(b"", value.encode())
    return value
