"""What can go wrong between a file and a list of leads? Each answer is one sentence that a person understands."""

from __future__ import annotations

from dataclasses import dataclass


class CannotRead(Exception):  # noqa: N818  reads as a sentence
    """Nothing can be read from this file. Permanent: the same file fails the same way."""


class CannotWrite(Exception):  # noqa: N818
    """The output cannot be written in this form or at this place."""


class WrongMapping(ValueError):  # noqa: N818
    """A `--map` that names a header or a column that does not exist."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of the list that could not be read as a lead. `cells` are the row as read, split where it could be
    split."""

    row: int
    reason: str
    cells: tuple[str, ...]
