"""What outcomes tell to whatever orders the work (`leads.became`)."""

from leadwell.server.outcomes.queries import booked, ended

__all__ = ["booked", "ended"]
