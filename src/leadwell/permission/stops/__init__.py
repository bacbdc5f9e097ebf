"""Does a message say that somebody wants to be left alone? By any reasonable means. (promises C13, D23)"""

from leadwell.permission.stops.verdicts import SCHEMA, VERDICTS, Stopped, are_stops, is_stop

__all__ = ["SCHEMA", "VERDICTS", "Stopped", "are_stops", "is_stop"]
