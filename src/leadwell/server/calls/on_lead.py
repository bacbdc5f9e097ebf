"""What do calls show on the page of a lead? How to call, how the last one ended, and every try."""

from __future__ import annotations

from collections.abc import Iterator

from leadwell.server.calls.showing import bar, tries
from leadwell.server.leads.beside import Part, Seen


def parts(seen: Seen) -> Iterator[Part]:
    above = bar(seen)
    if above.may and seen.visible:
        yield Part("bar", "calls/bar.html", above)
    yield Part("side", "calls/tries.html", tries(seen))
