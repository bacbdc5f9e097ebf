"""What is shown of an organisation on the page of its lead, and of a call to it?"""

from __future__ import annotations

from collections.abc import Iterator

from leadwell.server.business.showing import firm
from leadwell.server.leads.beside import Part, Seen


def parts(seen: Seen) -> Iterator[Part]:
    if seen.lead.type == "business":
        yield Part("deal", "business/firm.html", firm(seen))
