"""Is it reachable? What phone, e-mail, postal address and NPI say by themselves, and when a call is welcome."""

from leadwell.contact.check import check
from leadwell.contact.places import miles, places

__all__ = ["check", "miles", "places"]
