"""Which advertisement brought somebody to the page? Its parameters: UTM, and the click ids of those who sell the ads.

They come as fields of a form, or in the query of the page's address. `utm_campaign` and `utm_source` are a lead's
campaign and source where it names none; the rest is carried along. The page is kept without its query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from leadwell import contract

PARAMETERS: Final = frozenset(
    ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "gclid", "gbraid", "wbraid",
     "dclid", "gad_source", "gad_campaignid", "fbclid", "msclkid", "ttclid", "twclid", "li_fat_id", "rdt_cid")
)  # fmt: skip
OTHERS: Final = contract.EXTRA_PREFIX + "page query"

_COLUMNS: Final = {"utm_campaign": "campaign", "utm_source": "source"}
_MOST: Final = 100  # parameters of one address
_UNFILLED: Final = re.compile(r"\{.*\}|\(not set\)", re.IGNORECASE)  # a template that nobody has filled


def landed(columns: Mapping[str, str], *, referer: str = "") -> dict[str, str]:
    """The columns, with what their addresses say. `referer`: the page from which a browser has sent them."""
    told = {_known(name): text for name, text in columns.items()}
    page, query = _parted(told.get("page", ""))
    came_from, behind = _parted(referer)
    if query is not None:
        told["page"] = page
        if any(name not in PARAMETERS for name in query):
            told.setdefault(OTHERS, columns["page"].partition("?")[2] or columns["page"].partition("#")[2])
    elif not told.get("page") and behind is not None and (behind or urlsplit(came_from).path.strip("/")):
        told["page"] = came_from
    addresses = [_parted(text)[1] for name, text in columns.items() if name.startswith(contract.EXTRA_PREFIX)]
    for found in (query, *addresses, behind):
        for name, text in (found or {}).items():
            if name in PARAMETERS:
                _tell(told, name, text)
    return told


def _tell(told: dict[str, str], name: str, text: str) -> None:
    column = _COLUMNS.get(name)
    if column and not told.get(column, "").strip() and not _UNFILLED.fullmatch(text):
        told[column] = text
    elif column is None or told.get(column) != text:
        told.setdefault(contract.EXTRA_PREFIX + name, text)


def _known(name: str) -> str:
    """A parameter in small letters, however a form calls it."""
    plain = name.removeprefix(contract.EXTRA_PREFIX).lower()
    return contract.EXTRA_PREFIX + plain if plain in PARAMETERS else name


def _parted(text: str) -> tuple[str, dict[str, str] | None]:
    """An address without its query, and the query's parameters; '' and None of what is no address."""
    if not re.match(r"https?://", text.strip(), re.IGNORECASE):
        return "", None
    try:
        url = urlsplit(text.strip())
        behind = url.fragment.partition("?")[2]  # of a page that a script draws
        pairs = parse_qsl(f"{url.query}&{behind}" if behind else url.query, max_num_fields=_MOST)
    except ValueError:
        return "", None
    found: dict[str, str] = {}
    for name, value in pairs:
        known = name.lower() if name.lower() in PARAMETERS else name
        found.setdefault(known, value)
    host = url.netloc.rpartition("@")[2]
    return f"{url.scheme.lower()}://{host}{url.path}", found
