"""Who answers for Meta's Graph API: lead ads, after what Meta publishes, with its errors, limits and bad days.

`Graph` is an HTTP server on 127.0.0.1 that knows leads, forms and pages, counts what it is asked and misbehaves when
told to. It wants a token as Meta does, and says it only where Meta does: in the link to the next page. Alone:
`python -m tests.standins.graph --port N [--world FILE.json] [--does busy:lead:2] ...`.
"""

import argparse
import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from .graph_world import (
    FORM_FIELDS,
    LEAD_FIELDS,
    Answer,
    RefusedError,
    Thing,
    World,
    chosen,
    cursor_to_place,
    emptied,
    filtered,
    place_to_cursor,
    refusals,
    renamed,
    unknown,
)

REFUSALS = tuple(refusals())
MISHAPS = ("slow", "cut", "not-json")
SHAPES = ("hole", "renamed", "shuffled", "twice", "empty-next")
BEHAVIOURS = (*REFUSALS, *MISHAPS, *SHAPES)


@dataclass
class Behaviour:
    """What it does, to questions of which kind (`any`: each), how often still (None: always)."""

    what: str
    to: str
    times: int | None
    seconds: float
    renames: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A GET: its kind (`lead`, `leads`, `form`, `forms`), of which object, its parameters, and the token it brings."""

    kind: str
    of: str
    path: str
    query: Mapping[str, str]
    token: str | None


class Graph:
    """The server. `asked` counts by kind of question (`leads`: pages of a form's); `seen` are paths, without tokens."""

    def __init__(self, *, port: int = 0, token: str = "page-token", page_size: int = 25) -> None:
        self.token, self.page_size, self.world = token, page_size, World()
        self.asked: Counter[str] = Counter()
        self.seen: list[str] = []
        self._told: list[Behaviour] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def load(self, world: Mapping[str, Any]) -> None:
        """Adds `leads` and `forms` (see `World`); does what `does` says: `[{"what": "busy", "to": "lead"}]`."""
        self.world.load(world)
        for each in world.get("does", ()):
            self.does(**each)

    def does(
        self,
        what: str,
        *,
        to: str = "any",
        times: int | None = 1,
        seconds: float = 1.0,
        renames: Mapping[str, str] | None = None,
    ) -> None:
        """Misbehaves. Refusals and mishaps happen `times` (None: always), the first told first; shapes until `behaves`.

        Refusals: `busy` (429, 4), `limited` (17), `page-limited` (32), which ask for `seconds`; `broken` (500),
        `expired` (190), `forbidden` (200), `unknown` (100). Mishaps: `slow` by `seconds`, `cut` in the middle of the
        answer, `not-json`. Shapes: `hole` (the middle lead of a page comes with its id only), `renamed` (fields are
        called otherwise), `shuffled` (not in order of time), `twice` (the last lead of a page opens the next),
        `empty-next` (the last link is "").
        """
        if what not in BEHAVIOURS:
            raise ValueError(f"{what} is none of {', '.join(BEHAVIOURS)}")
        always = None if what in SHAPES else times
        with self._lock:
            self._told.append(Behaviour(what, to, always, seconds, renames or {"field_data": "answers"}))

    def behaves(self) -> None:
        """Takes back whatever it was told to do."""
        with self._lock:
            self._told.clear()

    def answer(self, question: Question) -> Answer:
        """What one GET gets, after all that is due to its kind."""
        if question.kind == "lead" and question.of in self.world.forms:
            question = replace(question, kind="form")
        with self._lock:
            self.asked[question.kind] += 1
            self.seen.append(question.path)
            due = self._due(question.kind)
        time.sleep(due["slow"].seconds if "slow" in due else 0)
        for name in REFUSALS:
            if name in due:
                raise refusals(due[name].seconds)[name]
        if "not-json" in due:
            return Answer(502, b"<html><title>Bad Gateway</title></html>", {"Content-Type": "text/html"})
        self._admits(question.token)
        found: Thing = getattr(self, f"_{question.kind}")(question, due)
        return replace(Answer.of(found), cut="cut" in due)

    def _due(self, kind: str) -> dict[str, Behaviour]:
        """What is due now. Of several refusals the first told is; the others wait for later questions."""
        due: dict[str, Behaviour] = {}
        for each in self._told:
            waits = each.what in REFUSALS and any(name in due for name in REFUSALS)
            if each.to in ("any", kind) and each.times != 0 and each.what not in due and not waits:
                due[each.what] = each
                each.times = None if each.times is None else each.times - 1
        self._told = [each for each in self._told if each.times != 0]
        return due

    def _admits(self, token: str | None) -> None:
        if not token:
            raise RefusedError(400, 104, "An access token is required to request this resource.")
        if token != self.token:
            raise RefusedError(400, 190, "Invalid OAuth access token - Cannot parse access token")

    def _lead(self, question: Question, due: Mapping[str, Behaviour]) -> Thing:
        if question.of not in self.world.leads:
            raise unknown(question.of)
        return self._shown([self.world.leads[question.of]], question, due)[0]

    def _form(self, question: Question, _due: Mapping[str, Behaviour]) -> Thing:
        return chosen(self.world.forms[question.of], question.query.get("fields", ""), "form", FORM_FIELDS)

    def _leads(self, question: Question, due: Mapping[str, Behaviour]) -> Thing:
        leads = filtered(self.world.leads_of(question.of), question.query.get("filtering", ""))
        items, paging = self._page(leads[1::2] + leads[::2] if "shuffled" in due else leads, question, due)
        return {"data": self._shown(items, question, due), **paging}

    def _forms(self, question: Question, due: Mapping[str, Behaviour]) -> Thing:
        items, paging = self._page(self.world.forms_of(question.of), question, due)
        return {
            "data": [chosen(form, question.query.get("fields", ""), "form", FORM_FIELDS) for form in items],
            **paging,
        }

    def _shown(self, leads: Sequence[Thing], question: Question, due: Mapping[str, Behaviour]) -> list[Thing]:
        shown = [chosen(lead, question.query.get("fields", ""), "lead", LEAD_FIELDS) for lead in leads]
        if "hole" in due and shown:
            shown[len(shown) // 2] = emptied(shown[len(shown) // 2])
        return [renamed(lead, due["renamed"].renames if "renamed" in due else {}) for lead in shown]

    def _page(
        self, things: Sequence[Thing], question: Question, due: Mapping[str, Behaviour]
    ) -> tuple[Sequence[Thing], Thing]:
        size = int(question.query.get("limit", self.page_size))
        start = cursor_to_place(question.query.get("after", ""))
        items = things[max(start - 1, 0) if "twice" in due else start : start + size]
        if not items:
            return [], {}
        paging: Thing = {"cursors": {"before": place_to_cursor(start), "after": place_to_cursor(start + size)}}
        if start + size < len(things):
            query = {**question.query, "access_token": self.token, "after": paging["cursors"]["after"]}
            paging["next"] = f"{self.url}{question.path.partition('?')[0]}?{urlencode(query)}"
        elif "empty-next" in due:
            paging["next"] = ""
        return items, {"paging": paging}


def question_of(target: str, authorization: str | None) -> Question:
    """Reads `/vNN.N/ID`, `/vNN.N/ID/leads`, `/vNN.N/ID/leadgen_forms`; the token from the query, else as a bearer's."""
    parts = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    token = query.pop("access_token", None) or (authorization or "").removeprefix("Bearer ").strip() or None
    found = re.fullmatch(r"/v\d+\.\d+/([^/]+)(?:/(leads|leadgen_forms))?/?", parts.path)
    if not found:
        raise RefusedError(400, 2500, "Unknown path components")
    kind = {"leads": "leads", "leadgen_forms": "forms"}.get(found[2], "lead")
    return Question(kind, found[1], f"{parts.path}?{urlencode(query)}" if query else parts.path, query, token)


def _handler(graph: Graph) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer = graph.answer(question_of(self.path, self.headers.get("Authorization")))
            except RefusedError as refused:
                answer = refused.answer()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json; charset=UTF-8", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the line would hold the token."""

    return Handler


def told(text: str) -> dict[str, Any]:
    """Reads `busy`, `busy:lead` or `busy:lead:2`; `all` instead of a number is for ever."""
    what, _, rest = text.partition(":")
    to, _, times = rest.partition(":")
    return {"what": what, "to": to or "any", "times": None if times == "all" else int(times or 1)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.graph", description="Meta's Graph API for lead ads."
    )
    parser.add_argument("--port", type=int, required=True, help="0: any free one; the first line says which")
    parser.add_argument("--token", default="page-token")
    parser.add_argument("--page-size", type=int, default=25)
    parser.add_argument(
        "--world", type=Path, metavar="FILE.json", help='{"leads": [...], "forms": [...], "does": [...]}'
    )
    parser.add_argument(
        "--does", type=told, action="append", default=[], metavar="WHAT[:TO[:TIMES]]", help=", ".join(BEHAVIOURS)
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is interrupted, then says how often what was asked."""
    options = _parser().parse_args(arguments)
    graph = Graph(port=options.port, token=options.token, page_size=options.page_size)
    graph.load(json.loads(options.world.read_text(encoding="utf-8")) if options.world else {})
    for each in options.does:
        graph.does(**each)
    with graph:
        sys.stdout.write(f"{graph.url}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write(f"{json.dumps(graph.asked)}\n")


if __name__ == "__main__":
    main()
