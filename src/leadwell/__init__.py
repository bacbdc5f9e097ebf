"""Which leads are good, what should happen next, and why? The library's whole face; everything else is free to change.

    import leadwell

    playbook = leadwell.load_playbook("lakeside-orthopedics")
    leads = leadwell.read("leads.csv", playbook)
    assessments = leadwell.assess(leads, playbook)
    leadwell.write(assessments, "assessed.jsonl")

Nothing is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadwell.assessing import MissingTime
    from leadwell.engines.inprocess import assess, explain, judge, link, load_playbook
    from leadwell.formats import CannotRead, CannotWrite, WrongMapping, read, write
    from leadwell.playbook import Playbook, PlaybookError

__version__ = "0.1.0"

__all__ = [
    "CannotRead",
    "CannotWrite",
    "MissingTime",
    "Playbook",
    "PlaybookError",
    "WrongMapping",
    "__version__",
    "assess",
    "explain",
    "judge",
    "link",
    "load_playbook",
    "read",
    "write",
]

_HOMES = {
    "leadwell.assessing": ("MissingTime",),
    "leadwell.engines.inprocess": ("assess", "explain", "judge", "link", "load_playbook"),
    "leadwell.formats": ("CannotRead", "CannotWrite", "WrongMapping", "read", "write"),
    "leadwell.playbook": ("Playbook", "PlaybookError"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'leadwell' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
