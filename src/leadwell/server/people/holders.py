"""Who holds a mark? A few of each, however many there are, for a whole batch in one question.

Of what somebody told of themselves alone: a number that was confirmed in a conversation is no evidence of who they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from leadwell.identity.keys import MOST

_AT_ONCE: Final = 2_000  # marks in a question, which SQLite bounds

# What many share is never read in full: one more than MOST is enough to know that it is shared.
_SQLITE: Final = """
WITH wanted (token) AS (VALUES {marks})
SELECT held.token, held.person_id FROM wanted JOIN people_persontoken AS held ON held.id IN (
    SELECT id FROM people_persontoken WHERE organization_id = %s AND token = wanted.token AND NOT confirmed
    LIMIT {most}
)
"""
_POSTGRESQL: Final = """
SELECT wanted.token, held.person_id FROM unnest(%s::bytea[]) AS wanted (token) CROSS JOIN LATERAL (
    SELECT person_id FROM people_persontoken WHERE organization_id = %s AND token = wanted.token AND NOT confirmed
    LIMIT {most}
) AS held
"""


def holders(organization: int, tokens: Collection[bytes]) -> dict[bytes, list[UUID]]:
    """Token -> who holds it, one more than MOST at most, in order of their ids; without those that nobody holds."""
    whole, found = list(tokens), defaultdict[bytes, list[UUID]](list)
    for start in range(0, len(whole), _AT_ONCE):
        for token, person in _rows(organization, whole[start : start + _AT_ONCE]):
            found[token].append(person)
    return {token: sorted(people) for token, people in found.items()}


def _rows(organization: int, tokens: Sequence[bytes]) -> Iterator[tuple[bytes, UUID]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL.format(most=MOST + 1), [list(tokens), organization])
        else:
            marks = ", ".join(["(%s)"] * len(tokens))
            cursor.execute(_SQLITE.format(marks=marks, most=MOST + 1), [*tokens, organization])
        for token, person in cursor.fetchall():
            yield bytes(token), person if isinstance(person, UUID) else UUID(person)
