"""Where does a web server find us?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from leadwell.server.base.parents import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadwell.server.settings")
end_with_parent()  # a process that serves must not go on, with code of yesterday, where its starter was killed
_DJANGO: Final = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return _DJANGO(measured(environ), start_response)


def measured(environ: dict[str, Any]) -> dict[str, Any]:
    """A body that comes in chunks says no length, and Django would take it for none at all: it is read here, up to one
    byte more than is ever taken, so that what is too large is refused for that."""
    if environ.get("CONTENT_LENGTH") or "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return environ
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    body = bytearray()
    while len(body) < most and (part := environ["wsgi.input"].read(most - len(body))):
        body += part
    return environ | {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
