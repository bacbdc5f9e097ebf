"""Who answers, and by when? So far: which team a lead waits for. (promise D19)"""

from leadwell.routing.queues import queue

__all__ = ["queue"]
