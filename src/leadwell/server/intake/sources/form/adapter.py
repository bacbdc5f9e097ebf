"""What did somebody write into a plain HTML form of any site? Its fields, understood by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from leadwell import contract
from leadwell.formats import WrongMapping, mime
from leadwell.server.intake.opening import Sent
from leadwell.server.intake.sources import Reading
from leadwell.server.intake.sources.fields import MOST_FIELDS, lead
from leadwell.server.intake.sources.landing import landed

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"


def read(sent: Sent, settings: Mapping[str, Any]) -> Reading:
    """`settings`: `mapping`, field -> column; `trap`, a field that people do not see: whoever fills it in is a program,
    and the lead says so in `extra.trap`."""
    try:
        fields = fields_of(sent)
    except ValueError:
        return Reading(problem=f"not a form, or more than {MOST_FIELDS} fields")
    trap = fields.pop(str(settings.get("trap") or ""), "")
    try:
        columns = lead(fields, settings.get("mapping") or {})
    except WrongMapping:
        return Reading(problem="its mapping no longer fits")
    if not any(name in contract.INCOMING for name in columns):
        return Reading(problem="none of its fields is understood as a lead's; map them under Sources")
    columns = landed(columns, referer=sent.headers.get("referer", ""))
    return Reading(leads=(columns | ({"extra.trap": "filled in"} if trap.strip() else {}),))


def fields_of(sent: Sent) -> dict[str, str]:
    """Field -> what was written, several values of one field joined with `; `. Raises ValueError."""
    pairs = _parts(sent) if sent.media_type.startswith(MULTIPART) else pairs_of(sent.body)
    fields: dict[str, str] = {}
    for name, text in pairs:
        fields[name] = f"{fields[name]}; {text}" if fields.get(name) and text else text or fields.get(name, "")
    return fields


def pairs_of(body: bytes) -> list[tuple[str, str]]:
    """The names and values of an urlencoded form, as they came. Raises ValueError."""
    text = body.decode("utf-8", errors="replace")
    return parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)


def _parts(sent: Sent) -> Iterator[tuple[str, str]]:
    """The text fields of a multipart form; files stay in what was sent."""
    head = f"Content-Type: {sent.media_type}\r\n\r\n".encode(errors="replace")
    parts = mime.parts_of(mime.parsed(head + sent.body))
    if not parts or len(parts) > MOST_FIELDS:
        raise ValueError
    for part in parts:
        name = mime.parameter(part, "name", of="content-disposition")
        if name is not None and mime.parameter(part, "filename", of="content-disposition") is None:
            yield name, mime.content(part).decode("utf-8", errors="replace")
