"""What happens to memory that a batch gives back? It is kept for the next one, and seldom looked through.

Batches make and drop the same large tables over and over. By default each is fetched from the system and returned to
it, and the system clears every page anew: of 25 processor seconds for 200,000 leads that took 4.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Final

# Of glibc's malloc.h: number of a setting -> value. Other systems have no `mallopt`, and need none of this.
_GLIBC: Final = {
    -1: 2**31 - 1,  # M_TRIM_THRESHOLD: return nothing from the end
    -2: 64 << 20,  # M_TOP_PAD: fetch this much at once
    -3: 32 << 20,  # M_MMAP_THRESHOLD: the highest that every version takes; larger ones are returned at once as before
    -8: 1,  # M_ARENA_MAX: one store, so that what one thread drops another can take
}
# Polars has an allocator of its own, which returns what lies idle for half a second; a batch takes longer. With ten
# seconds a million leads took more than 3 GiB.
_POLARS_SETTING: Final = "_RJEM_MALLOC_CONF"
_POLARS: Final = "dirty_decay_ms:5000,muzzy_decay_ms:0"
# Whoever judges batch after batch returns nothing: it takes a twentieth more memory and a twentieth less time, more
# where others use the machine and a batch takes longer than those five seconds.
_POLARS_ALWAYS: Final = "dirty_decay_ms:-1,muzzy_decay_ms:0"

# Objects before Python looks for rings among them. With its own 700 a short command spends an eighth of its time on
# looking through tables that stay; there is hardly a ring to be found.
_YOUNG: Final = 100_000


def seldom_look() -> None:
    """For this process: Python looks for rings among its objects when there are many new ones."""
    gc.set_threshold(_YOUNG)


def keep() -> None:
    """For this process; it must be called before Polars is imported. Whoever set something themselves is obeyed."""
    os.environ.setdefault(_POLARS_SETTING, _POLARS)
    if sys.platform != "linux" or any(name.startswith("MALLOC_") for name in os.environ):
        return
    import ctypes  # noqa: PLC0415  `--help` needs none

    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for setting, value in _GLIBC.items():
            library.mallopt(setting, value)


def always_kept() -> dict[str, str]:
    """What the environment of a process says that is started to judge batch after batch."""
    ours = os.environ.get(_POLARS_SETTING, _POLARS) == _POLARS
    return {_POLARS_SETTING: _POLARS_ALWAYS} if ours else {}
