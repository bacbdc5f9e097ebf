"""Is it reachable? What phone, e-mail, postal address and NPI say by themselves, and when a call is welcome."""

from leadwell.contact.check import check
from leadwell.contact.places import miles, places
from leadwell.contact.whereabouts import Whereabout, whereabouts

__all__ = ["Whereabout", "check", "miles", "places", "whereabouts"]
