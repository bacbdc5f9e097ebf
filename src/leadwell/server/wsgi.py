"""Where does a web server find us?"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from leadwell.server.base.parents import end_with_parent
from leadwell.server.base.problems import problem

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadwell.server.settings")
end_with_parent()  # a process that serves must not go on, with code of yesterday, where its starter was killed
_DJANGO: Final = get_wsgi_application()


# Bodies that are read at once. A slow sender holds a thread; some are left for pages, health and whoever sends nothing.
READERS: Final = 24
_READING: Final = threading.BoundedSemaphore(READERS)
_BUSY: Final = problem(503, "Too many are sending at once, and nothing was kept. Send it again later.")
_BUSY["Retry-After"] = "5"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ.get("CONTENT_LENGTH") in ("", "0", None) and not _chunked(environ):
        return _DJANGO(environ, start_response)
    if not _READING.acquire(blocking=False):
        start_response(f"{_BUSY.status_code} {_BUSY.reason_phrase}", list(_BUSY.items()))
        return [_BUSY.content]
    try:
        environ = measured(environ)
    finally:
        _READING.release()
    return _DJANGO(environ, start_response)


def measured(environ: dict[str, Any]) -> dict[str, Any]:
    """With the body read, up to one byte more than is ever taken. One that comes in chunks says no length, and Django
    would take it for none at all; one that says more than is taken is refused for that, unread."""
    said, most = environ.get("CONTENT_LENGTH") or "", settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    if not _chunked(environ):
        if not said.isdecimal() or int(said) >= most:
            return environ
        most = int(said)
    body = bytearray()
    while len(body) < most and (part := environ["wsgi.input"].read(most - len(body))):
        body += part
    return environ | {"CONTENT_LENGTH": said or str(len(body)), "wsgi.input": BytesIO(body)}


def _chunked(environ: dict[str, Any]) -> bool:
    return not environ.get("CONTENT_LENGTH") and "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
