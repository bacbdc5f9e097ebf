"""What calls tell to whatever orders the work (`leads.reaching`)."""

from leadwell.server.calls.queries import answers, callbacks, first_reached, on_the_line, tries

__all__ = ["answers", "callbacks", "first_reached", "on_the_line", "tries"]
