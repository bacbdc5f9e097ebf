"""What is in this list, in a few numbers? Counted batch by batch, so that it costs the same for a hundred or a
million."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

_COUNTED = ("disposition", "grade", "type", "safety", "other")
_LISTED = {"reasons": None, "conflicts": None, "questions": "ask"}
_CONTACT = ("phone_ok", "email_ok", "npi_ok")
_LINKS = ("duplicate_of", "possible_duplicate_of", "same_person_as")


@dataclass
class Summary:
    """Counts by value; `problems` counts what is wrong with contact data and who came twice."""

    leads: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {n: Counter() for n in (*_COUNTED, *_LISTED)})
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, other: Summary) -> None:
        self.leads += other.leads
        self.problems.update(other.problems)
        for name, counted in other.counts.items():
            self.counts[name].update(counted)

    def count(self, assessments: pl.DataFrame) -> None:
        self.leads += assessments.height
        for name in _COUNTED:
            self.counts[name].update(_of(assessments[name]))
        for name, part in _LISTED.items():
            values = assessments[name].explode(empty_as_null=True).drop_nulls()
            self.counts[name].update(_of(values.struct.field(part) if part else values))
        self._contact(assessments)
        for name in _LINKS:
            self.problems[name] += assessments.height - assessments[name].null_count()

    def _contact(self, assessments: pl.DataFrame) -> None:
        contact = assessments["contact"].struct
        for name in _CONTACT:
            self.problems[f"not {name}"] += int((~contact.field(name)).sum() or 0)
        neither = contact.field("phone_ok").is_null() & contact.field("email_ok").is_null()
        self.problems["no contact"] += int(neither.sum())
        self.problems["email_suggestion"] += assessments.height - contact.field("email_suggestion").null_count()

    def top(self, name: str, most: int) -> list[tuple[str, int]]:
        """The commonest values; equal counts in alphabetical order."""
        return sorted(self.counts[name].items(), key=lambda pair: (-pair[1], pair[0]))[:most]


def _of(values: pl.Series) -> dict[str, int]:
    counted = values.drop_nulls().value_counts(name="count", sort=True)
    return dict(counted.iter_rows())
