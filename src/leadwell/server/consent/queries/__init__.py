"""Read what is known of being allowed to contact somebody, always of one organisation."""

from leadwell.server.consent.queries.confirmed import lead_of_fact
from leadwell.server.consent.queries.joined import Closes, closed_by_joining, stops_together
from leadwell.server.consent.queries.knowing import known, known_at, known_of
from leadwell.server.consent.queries.looked import look_ups, numbers_looked_up
from leadwell.server.consent.queries.permitted import open_to
from leadwell.server.consent.queries.reaching import Reach, reaches
from leadwell.server.consent.queries.reading import (
    OF_AN_ADDRESS,
    confirmations_owed,
    consents_of,
    contacts_of,
    doubts,
    doubts_of,
    history_of,
    odd_of,
    said_by_key,
    shown_to,
    stop_list,
    stop_lists,
    stops_in_force,
    stops_told_to,
    unread_of,
    words_of,
)
from leadwell.server.consent.queries.standing import (
    Standing,
    is_doubted,
    last_permitted,
    only_doubted,
    people_at,
    people_at_each,
    permitted_at,
    reached_by,
    standing,
)
from leadwell.server.consent.queries.wrong import known_wrong

__all__ = [
    "OF_AN_ADDRESS",
    "Closes",
    "Reach",
    "Standing",
    "closed_by_joining",
    "confirmations_owed",
    "consents_of",
    "contacts_of",
    "doubts",
    "doubts_of",
    "history_of",
    "is_doubted",
    "known",
    "known_at",
    "known_of",
    "known_wrong",
    "last_permitted",
    "lead_of_fact",
    "look_ups",
    "numbers_looked_up",
    "odd_of",
    "only_doubted",
    "open_to",
    "people_at",
    "people_at_each",
    "permitted_at",
    "reached_by",
    "reaches",
    "said_by_key",
    "shown_to",
    "standing",
    "stop_list",
    "stop_lists",
    "stops_in_force",
    "stops_together",
    "stops_told_to",
    "unread_of",
    "words_of",
]
