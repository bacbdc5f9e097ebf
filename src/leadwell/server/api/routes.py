"""Where does each operation of the API live?"""

from __future__ import annotations

from leadwell.server.api import consent, leads, look_ups, openings, people, problems, stops, work
from leadwell.server.api.documented import Documented
from leadwell.server.api.mistyped import OnceParser

api = Documented(
    title="Leadwell",
    version="1",
    description="Post leads, learn what became of them, and whether somebody may be contacted; record that they asked "
    "us to stop; note tries to reach them, what they confirmed, and what became of it; say when clinics have openings. "
    "Errors are problem details (RFC 9457).",
    docs_url=None,
    urls_namespace="api",
    parser=OnceParser(),
)
problems.install(api)
api.add_router("", leads.router)
api.add_router("", people.router)
api.add_router("", stops.router)
api.add_router("", consent.router)
api.add_router("", look_ups.router)
api.add_router("", work.router)
api.add_router("", openings.router)
