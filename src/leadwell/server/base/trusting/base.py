"""Is a connection that was kept still there? Asked of each once a second, not once a request.

The question is a wait of its own: of a lead that is taken in, every second one. What goes wrong in a request is asked
after all the same before the next, and its sender is told to come again.
"""

from __future__ import annotations

import time
from typing import Final

from django.db.backends.postgresql import base

TRUSTED: Final = 1.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Django finds it by this name, in a module of this name."""

    _trusted_until = 0.0

    def close_if_health_check_failed(self) -> None:
        if time.monotonic() < self._trusted_until:
            self.health_check_done = True  # for this request: within a transaction it must not be asked
        elif not self.health_check_done:
            super().close_if_health_check_failed()
            self._trusted_until = time.monotonic() + TRUSTED
