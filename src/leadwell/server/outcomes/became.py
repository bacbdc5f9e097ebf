"""What outcomes tell to whatever orders the work (`leads.became`)."""

from leadwell.server.outcomes.queries import booked, came_further, ended

__all__ = ["booked", "came_further", "ended"]
