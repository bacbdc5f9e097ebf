"""Write what people have said of being contacted: one verb a function. (promises B13, D23)"""

from leadwell.server.consent.actions.asking import Asked, asks_for_itself, gave_otherwise, note_inquiries
from leadwell.server.consent.actions.confirming import Confirmed, confirmed
from leadwell.server.consent.actions.contacting import (
    Attempt,
    Noted,
    Owed,
    decided,
    forget_late,
    note_contact,
    note_made,
    take_back,
    take_confirmation,
)
from leadwell.server.consent.actions.finding import (
    forget_old_wrong,
    forget_wrong,
    forget_wrong_of_nobody,
    note_wrong,
    returns_no_more,
    take_back_wrong,
)
from leadwell.server.consent.actions.giving import CannotGive, Given, Proof, give, withdraw
from leadwell.server.consent.actions.hearing import hear, obey, what_follows
from leadwell.server.consent.actions.importing import forget_unmended, import_suppressions, mend
from leadwell.server.consent.actions.joining import join, join_again, obey_links, part, part_these, would_cancel
from leadwell.server.consent.actions.looking import (
    CannotLookUp,
    LookedUp,
    forget_look_ups,
    forget_old_look_ups,
    note_look_ups,
)
from leadwell.server.consent.actions.starting import decide, restart
from leadwell.server.consent.actions.stopping import Done, NobodyToStop, SaidOtherwise, scopes, stop

__all__ = [
    "Asked",
    "Attempt",
    "CannotGive",
    "CannotLookUp",
    "Confirmed",
    "Done",
    "Given",
    "LookedUp",
    "NobodyToStop",
    "Noted",
    "Owed",
    "Proof",
    "SaidOtherwise",
    "asks_for_itself",
    "confirmed",
    "decide",
    "decided",
    "forget_late",
    "forget_look_ups",
    "forget_old_look_ups",
    "forget_old_wrong",
    "forget_unmended",
    "forget_wrong",
    "forget_wrong_of_nobody",
    "gave_otherwise",
    "give",
    "hear",
    "import_suppressions",
    "join",
    "join_again",
    "mend",
    "note_contact",
    "note_inquiries",
    "note_look_ups",
    "note_made",
    "note_wrong",
    "obey",
    "obey_links",
    "part",
    "part_these",
    "restart",
    "returns_no_more",
    "scopes",
    "stop",
    "take_back",
    "take_back_wrong",
    "take_confirmation",
    "what_follows",
    "withdraw",
    "would_cancel",
]
