"""What outcomes tell to whatever orders the work (`leads.became`)."""

from leadwell.server.outcomes.queries import ended

__all__ = ["ended"]
