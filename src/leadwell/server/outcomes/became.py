"""What outcomes tell to whatever orders the work (`leads.became`)."""

from leadwell.server.outcomes.queries import booked, came_further, ended
from leadwell.server.outcomes.stages import last

__all__ = ["booked", "came_further", "ended", "last"]
