"""What can the Graph stand-in be asked for, and how does Meta say no: leads, forms, their pages, errors."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

Thing = dict[str, Any]

DEFAULT_FIELDS = {"lead": ("id", "created_time", "field_data"), "form": ("id", "name", "status", "locale")}
LEAD_FIELDS = frozenset(
    {*DEFAULT_FIELDS["lead"], "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name", "form_id"}
    | {"is_organic", "platform", "partner_name", "retailer_item_id", "custom_disclaimer_responses", "post"}
)
FORM_FIELDS = frozenset(
    (*DEFAULT_FIELDS["form"], "questions", "leads_count", "created_time", "page", "page_id", "follow_up_action_url")
)
OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "GREATER_THAN": lambda found, value: found > value,
    "GREATER_THAN_OR_EQUAL": lambda found, value: found >= value,
    "LESS_THAN": lambda found, value: found < value,
    "LESS_THAN_OR_EQUAL": lambda found, value: found <= value,
}


@dataclass(frozen=True)
class Answer:
    """What goes back: a status, a body and the headers that Meta sets."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False

    @classmethod
    def of(cls, thing: Thing, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        return cls(status, json.dumps(thing).encode(), headers or {"X-App-Usage": usage(12)})


class RefusedError(Exception):
    """An error in Meta's shape."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.more: dict[str, Any] = {"kind": "OAuthException", **more}
        self.status, self.code, self.message = status, code, message

    def answer(self) -> Answer:
        error: Thing = {
            "message": self.message,
            "type": self.more["kind"],
            "code": self.code,
            "fbtrace_id": "AbCdEfGh1",
        }
        error |= {name: self.more[name] for name in ("error_subcode", "is_transient") if name in self.more}
        return Answer.of({"error": error}, status=self.status, headers=self.more.get("headers"))


def usage(share: int) -> str:
    """What Meta says in `X-App-Usage`: how much of each allowance is spent, in hundredths."""
    return json.dumps({"call_count": share, "total_time": share // 2, "total_cputime": share // 3})


def business_usage(page: str, minutes: int) -> str:
    """What Meta says in `X-Business-Use-Case-Usage`; the time to wait is in minutes."""
    spent = {"call_count": 100, "total_cputime": 25, "total_time": 25}
    return json.dumps({page: [{"type": "leadgen", **spent, "estimated_time_to_regain_access": minutes}]})


def refusals(seconds: float = 1.0) -> dict[str, RefusedError]:
    """The errors that can be asked for by name. `seconds`: for how long it wants to be left alone."""
    app = {"X-App-Usage": usage(100), "Retry-After": str(int(seconds))}
    page = {"X-Business-Use-Case-Usage": business_usage("100200300400500", max(1, int(seconds) // 60))}
    later = "An unexpected error has occurred. Please retry your request later."
    expired = "Error validating access token: Session has expired on Friday, 20-Nov-26 08:00:00 PST."
    return {
        "busy": RefusedError(429, 4, "(#4) Application request limit reached", is_transient=True, headers=app),
        "limited": RefusedError(400, 17, "(#17) User request limit reached", error_subcode=2446079, headers=app),
        "page-limited": RefusedError(400, 32, "(#32) Page request limit reached", headers=page),
        "broken": RefusedError(500, 2, later, is_transient=True),
        "expired": RefusedError(400, 190, expired, error_subcode=463),
        "forbidden": RefusedError(403, 200, "(#200) Requires leads_retrieval permission to manage the object"),
        "unknown": unknown("0"),
    }


def unknown(thing: str) -> RefusedError:
    """What Meta says of an object that is not there, or that the token may not see."""
    message = f"Unsupported get request. Object with ID '{thing}' does not exist or cannot be loaded"
    return RefusedError(400, 100, message, kind="GraphMethodException", error_subcode=33)


def when(lead: Thing) -> int:
    """Seconds since 1970 of a lead's `created_time`, which is as `2026-11-20T15:04:05+0000`."""
    return int(datetime.strptime(str(lead["created_time"]), "%Y-%m-%dT%H:%M:%S%z").timestamp())


def chosen(thing: Thing, asked: str, kind: str, known: frozenset[str]) -> Thing:
    """Only the fields asked for, and `id`; an unheard-of one is refused as Meta does."""
    names = [name for name in re.split(r",(?![^{]*})", asked) if name] or list(DEFAULT_FIELDS[kind])
    plain = [name.split("{")[0].split(".")[0] for name in names]
    for name in plain:
        if name not in known:
            raise RefusedError(400, 100, f"(#100) Tried accessing nonexisting field ({name}) on node type (LeadGen)")
    return {name: thing[name] for name in dict.fromkeys([*plain, "id"]) if thing.get(name) is not None}


def filtered(leads: Sequence[Thing], filtering: str) -> list[Thing]:
    """Leads that pass `[{"field": "time_created", "operator": "GREATER_THAN", "value": seconds}]`."""
    try:
        conditions = json.loads(filtering or "[]")
        tests = [
            (OPERATORS[each["operator"]], int(each["value"])) for each in conditions if each["field"] == "time_created"
        ]
    except (ValueError, KeyError, TypeError):
        raise RefusedError(400, 100, "(#100) Param filtering must be a valid filtering expression") from None
    return [lead for lead in leads if all(test(when(lead), value) for test, value in tests)]


class World:
    """What there is: leads by their id, forms by theirs (each with its `page_id`), in the shapes that Graph returns."""

    def __init__(self) -> None:
        self.leads: dict[str, Thing] = {}
        self.forms: dict[str, Thing] = {}

    def load(self, world: Mapping[str, Sequence[Thing]]) -> None:
        """Adds `{"leads": [...], "forms": [...]}`; ids are text, whatever was given."""
        for lead in world.get("leads", ()):
            self.leads[str(lead["id"])] = {**lead, "id": str(lead["id"])}
        for form in world.get("forms", ()):
            self.forms[str(form["id"])] = {**form, "id": str(form["id"])}

    def leads_of(self, form: str) -> list[Thing]:
        """A form's leads, the newest first as Meta gives them."""
        found = [lead for lead in self.leads.values() if str(lead.get("form_id")) == form]
        if form not in self.forms and not found:
            raise unknown(form)
        return sorted(found, key=when, reverse=True)

    def forms_of(self, page: str) -> list[Thing]:
        found = [form for form in self.forms.values() if str(form.get("page_id")) == page]
        if not found:
            raise unknown(page)
        return found


def emptied(lead: Thing) -> Thing:
    """A lead of which nothing came but its id."""
    return {"id": lead["id"]}


def renamed(lead: Thing, renames: Mapping[str, str]) -> Thing:
    """A lead some of whose fields are called otherwise, as after a change of the API."""
    return {renames.get(name, name): value for name, value in lead.items()}


def place_to_cursor(place: int) -> str:
    return f"QVFIUk{place:x}ZD"


def cursor_to_place(cursor: str) -> int:
    if not cursor:
        return 0
    found = re.fullmatch(r"QVFIUk([0-9a-f]+)ZD", cursor)
    if not found:
        raise RefusedError(400, 100, "(#100) Invalid cursors values")
    return int(found[1], 16)
