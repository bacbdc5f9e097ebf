"""How is a page made? From a template and one typed value, `page`; and how is a long list cut into pages?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PER_PAGE: Final = 50
_MOST: Final = 100_000

Row = TypeVar("Row", bound=Model)
Read = TypeVar("Read")


@dataclass(frozen=True)
class Tab:
    """One choice above a list: `query` shows it, `count` is how much it has; `alarm`: red."""

    word: str
    query: str
    count: int
    here: bool
    alarm: bool = False


@dataclass(frozen=True)
class Badge:
    """How something stands: in a colour (`state`), with an icon, in a word."""

    state: str
    icon: str
    word: str


def tabs_by_state(words: Mapping[str, str], counts: Mapping[str, int], here: str) -> tuple[Tab, ...]:
    """All, then each state of `words` in its order; `here`: the one shown, "" for all."""
    tabs = (Tab(word, f"?state={one}", counts.get(one, 0), one == here) for one, word in words.items())
    return (Tab("All", "?", sum(counts.values()), not here), *tabs)


@dataclass(frozen=True)
class Pager:
    """`older` and `newer` are numbers of pages, None where there are none; `total` counts all rows."""

    number: int
    total: int
    older: int | None
    newer: int | None
    query: str = ""

    @property
    def first(self) -> int:
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * PER_PAGE, self.total)


def show(request: HttpRequest, template: str, page: Any, *, status: int = 200) -> HttpResponse:
    return render(request, template, {"page": page}, status=status)


def asked_page(request: HttpRequest) -> int:
    """The page asked for, from 1; 1 where that is nonsense."""
    text = request.GET.get("page", "1")
    return min(max(int(text[:9]), 1), _MOST) if text.isascii() and text.isdigit() else 1


def paged(rows: QuerySet[Row], number: int, *, query: str = "", total: int | None = None) -> tuple[list[Row], Pager]:
    """The rows of one page, and where the others are. `query`: what else stands in the address, as `state=x&`;
    `total`: how many there are, where that is known already."""
    total = rows.count() if total is None else total
    start = (number - 1) * PER_PAGE
    shown = list(rows[start : start + PER_PAGE]) if start < total else []
    return shown, _pager(number, total, query)


def cut(rows: Sequence[Read], number: int, *, query: str = "") -> tuple[Sequence[Read], Pager]:
    """The same, of rows that were read already."""
    start = (number - 1) * PER_PAGE
    return rows[start : start + PER_PAGE], _pager(number, len(rows), query)


def _pager(number: int, total: int, query: str) -> Pager:
    older = number + 1 if number * PER_PAGE < total else None
    return Pager(number, total, older, number - 1 if number > 1 else None, query)
