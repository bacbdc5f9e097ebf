"""What did they say, and on which of their words does a finding rest? Their text, cut where the evidence is.

Numbers count the marked passages of a lead from 1, in the order of its fields; a finding refers to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadwell import contract
from leadwell.reading.own_words import question

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """`number` is 0 for text that no finding rests on."""

    text: str
    number: int = 0


@dataclass(frozen=True)
class Said:
    """One field in which they wrote freely, or told of danger."""

    field: str
    pieces: tuple[Piece, ...]

    @property
    def label(self) -> str:
        """As people call it."""
        return question(self.field).capitalize()


class Marked:
    """The words of one lead, with their evidence numbered."""

    def __init__(self, columns: Mapping[str, str], assessment: Mapping[str, Any]) -> None:
        self._numbers: dict[str, list[tuple[Span, int]]] = {}
        self.said: tuple[Said, ...] = tuple(
            self._mark(columns, _spans(assessment), (*contract.WORDS, *_elsewhere(assessment)))
        )

    def number_of(self, evidence: Mapping[str, Any] | None) -> int:
        """Of the passage in which this evidence stands; 0 where it stands in none."""
        span = _span(evidence)
        if evidence is None or span is None:
            return 0
        numbered = self._numbers.get(evidence["field"], ())
        return next((number for (start, end), number in numbered if start <= span[0] and span[1] <= end), 0)

    def _mark(
        self, columns: Mapping[str, str], spans: Mapping[str, list[Span]], fields: Sequence[str]
    ) -> Iterator[Said]:
        number = 0
        for field in fields:
            text = columns.get(field) or ""
            if not text.strip():
                continue
            pieces, at = [], 0
            for start, end in _merged(spans.get(field, ()), len(text)):
                number += 1
                self._numbers.setdefault(field, []).append(((start, end), number))
                pieces += [Piece(text[at:start]), Piece(text[start:end], number)]
                at = end
            yield Said(field, tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text))


def _elsewhere(assessment: Mapping[str, Any]) -> list[str]:
    """Where else than in their words danger is told."""
    fields = [(one.get("evidence") or {}).get("field") for one in assessment.get("safety_because") or ()]
    return [field for field in dict.fromkeys(fields) if field and field not in contract.WORDS]


def _spans(assessment: Mapping[str, Any]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    entries = [entry for one in (assessment.get("dimensions") or {}).values() for entry in one.get("because") or ()]
    for entry in (*entries, *(assessment.get("safety_because") or ())):
        if (span := _span(entry.get("evidence"))) is not None:
            found.setdefault(entry["evidence"]["field"], []).append(span)
    return found


def _span(evidence: Mapping[str, Any] | None) -> Span | None:
    if not evidence or evidence.get("start") is None or evidence.get("end") is None:
        return None
    return evidence["start"], evidence["end"]


def _merged(spans: Sequence[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start >= length or end <= start:
            continue
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, min(end, length)))
    return merged
