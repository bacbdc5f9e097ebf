"""How do leads get in and assessments out? Bytes of the outside world <-> frames; nothing here judges.

`open_list` opens a list of any form; `open_sink` takes assessments batch by batch; `as_frame` takes what a program
holds."""

from leadwell.formats.frames import as_frame, read, write
from leadwell.formats.lists import LeadList, open_list
from leadwell.formats.meaning import Meant
from leadwell.formats.ownheaders import own_headers
from leadwell.formats.problems import CannotRead, CannotWrite, Rejected, WrongMapping
from leadwell.formats.rejects import Rejects, rejects_beside
from leadwell.formats.sinks import Part, Shape, Sink, open_sink

__all__ = [
    "CannotRead",
    "CannotWrite",
    "LeadList",
    "Meant",
    "Part",
    "Rejected",
    "Rejects",
    "Shape",
    "Sink",
    "WrongMapping",
    "as_frame",
    "open_list",
    "open_sink",
    "own_headers",
    "read",
    "rejects_beside",
    "write",
]
