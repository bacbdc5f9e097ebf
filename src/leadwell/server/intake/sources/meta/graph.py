"""What does Meta answer when it is asked for a lead? Its Graph API, read-only; it tells us of leads and reaches nobody.

The token goes in a header, to this one address and along no redirect, so that it stands in no log. Only a page's cursor
is taken from an answer, never its address: that would hold the token, and could lead elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.message import Message
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson

from leadwell.server import environment

VERSION: Final = "v23.0"
TIMEOUT: Final = 10.0  # seconds for one answer to begin, and between its parts
MOST_BYTES: Final = 5_000_000
MOST_PAGES: Final = 1_000  # of one form in one turn
PER_PAGE: Final = 100

_ADDRESS: Final = "https://graph.facebook.com"
_THIS_MACHINE: Final = ("127.0.0.1", "::1", "localhost")
_ANSWERS: Final = "id,created_time,form_id,field_data"
_WHOLE: Final = (
    f"{_ANSWERS},platform,is_organic,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,"
    "custom_disclaimer_responses"
)
_FORM: Final = "id,name,locale,questions"
_UNSEEN: Final = 33  # subcode of 100: there is no such object, or the token may not see it
_PARAMETER: Final = 100
_TOKEN: Final = (102, 104, 190)
_PERMISSION: Final = (3, 10)
_LIMITS: Final = (4, 17, 32, 341, 613, 80005)
_ID: Final = re.compile(r"\d{1,30}")
_DIGITS: Final = 8  # of a number of seconds


class Refused(Exception):  # noqa: N818  its message is for whoever looks after the source
    """Why Meta gave nothing, in words without anything of a lead or of the token. `fewer`: it may answer if fewer
    fields are asked for; `wait`: seconds for which it wants to be left alone."""

    def __init__(self, says: str, *, fewer: bool = False, wait: int = 0) -> None:
        super().__init__(says)
        self.fewer, self.wait = fewer, wait


class NotLetIn(Refused):
    """The token has run out, or lacks a permission: until somebody acts, it is useless to ask again."""


class Unknown(Refused):
    """Of one object alone: it is not there, or the token may not see it."""


class Graph:
    """Meta, asked with the access token of one page. Each question raises Refused."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._fields = _WHOLE

    def lead(self, number: str) -> dict[str, Any]:
        return self._with_fields(f"{_known(number)}", {})

    def form(self, number: str) -> dict[str, Any]:
        return self._asked(_known(number), {"fields": _FORM})

    def forms(self, page: str) -> list[str]:
        """The ids of a page's forms."""
        pages = self._pages(f"{_known(page)}/leadgen_forms", {"fields": "id"}, whole=False)
        return [str(form["id"]) for some in pages for form in some if form.get("id")]

    def leads(self, form: str, *, since: int) -> Iterator[list[dict[str, Any]]]:
        """Page by page, those that came in the second `since` or later. Where nothing was left out it ends; else it
        raises Refused, and what comes later may not be known."""
        only = [{"field": "time_created", "operator": "GREATER_THAN", "value": max(since - 1, 0)}]
        yield from self._pages(f"{_known(form)}/leads", {"filtering": orjson.dumps(only).decode()}, whole=True)

    def _pages(self, path: str, query: Mapping[str, str], *, whole: bool) -> Iterator[list[dict[str, Any]]]:
        after: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            asked = {**query, "limit": str(PER_PAGE), **after}
            told = self._with_fields(path, asked) if whole else self._asked(path, asked)
            some, paging = told.get("data"), told.get("paging") or {}
            if not isinstance(some, list) or not isinstance(paging, dict):
                raise Refused("Meta answered in a shape that is not known")
            yield [one for one in some if isinstance(one, dict)]
            cursor = (paging.get("cursors") or {}).get("after")
            if not paging.get("next") or not cursor or {"after": cursor} == after:
                return
            after = {"after": str(cursor)}
        raise Refused(f"Meta told of more than {MOST_PAGES * PER_PAGE:,} leads of one form at once")

    def _with_fields(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Of which advertisement it came is not shown to every token; then the answers alone are asked for."""
        try:
            return self._asked(path, {**query, "fields": self._fields})
        except Refused as refused:
            if not refused.fewer or self._fields == _ANSWERS:
                raise
        self._fields = _ANSWERS
        return self._asked(path, {**query, "fields": self._fields})

    def _asked(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        request = Request(f"{_address()}/{VERSION}/{path}?{urlencode(query)}")  # noqa: S310  `_address` is https
        request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with _OPENER.open(request, timeout=TIMEOUT) as answer:
                told = _json(answer.read(MOST_BYTES))
        except HTTPError as error:
            raise _refusal(error) from None
        except (OSError, HTTPException):
            raise Refused("Meta cannot be reached") from None
        if told is None:
            raise Refused("Meta answered what is no whole answer")
        return told


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER: Final = build_opener(_NoRedirect)


def _address() -> str:
    """Meta's own; in tests a stand-in on this machine (LEADWELL_GRAPH_URL)."""
    given = environment.text("LEADWELL_GRAPH_URL")
    return given.rstrip("/") if urlsplit(given).hostname in _THIS_MACHINE else _ADDRESS


def _known(number: str) -> str:
    """Only an id may stand in an address."""
    if not _ID.fullmatch(number):
        raise Unknown("it has no id that Meta could give")
    return number


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None


def _asks_to_wait(headers: Message) -> int:
    """In seconds; of a page's leads Meta tells it in minutes, in a header of its own. 0 where it says nothing."""
    after = headers.get("Retry-After", "").strip()
    said = [int(after)] if after.isascii() and after.isdigit() and len(after) < _DIGITS else []
    for uses in (_json(headers.get("X-Business-Use-Case-Usage", "").encode()) or {}).values():
        for one in uses if isinstance(uses, list) else ():
            minutes = one.get("estimated_time_to_regain_access") if isinstance(one, dict) else None
            said += [minutes * 60] if isinstance(minutes, int) and minutes > 0 else []
    return max(said, default=0)


def _refusal(error: HTTPError) -> Refused:
    """What an error means, by its code: https://developers.facebook.com/docs/graph-api/guides/error-handling."""
    try:
        told = (_json(error.read(MOST_BYTES)) or {}).get("error")
    except (OSError, HTTPException):
        told = None
    said = told if isinstance(told, dict) else {}
    code, subcode = said.get("code"), said.get("error_subcode")
    if code in _TOKEN:
        return NotLetIn("the access token has run out or was withdrawn: make a new one and type it here")
    if code in _PERMISSION or (isinstance(code, int) and 200 <= code <= 299):
        return NotLetIn("the access token may not read leads: it lacks the permission leads_retrieval", fewer=True)
    if code == _PARAMETER:
        unseen = subcode == _UNSEEN
        return Unknown("Meta knows it not, or does not show it to this access token", fewer=not unseen)
    if error.code == 429 or code in _LIMITS:
        return Refused("Meta says that it was asked too often", wait=_asks_to_wait(error.headers))
    return Refused(f"Meta answered with an error of its own ({error.code})")
