"""What calls tell to whatever orders the work (`leads.reaching`)."""

from leadwell.server.calls.queries import callbacks, first_reached, tries

__all__ = ["callbacks", "first_reached", "tries"]
