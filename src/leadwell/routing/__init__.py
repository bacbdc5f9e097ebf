"""Who answers, and by when? So far: which team a lead waits for, and until when. (promises D19, D20)"""

from leadwell.routing.queues import queue
from leadwell.routing.service_levels import level

__all__ = ["level", "queue"]
