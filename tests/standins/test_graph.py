"""Does the stand-in for Meta's Graph API speak as Meta does, and misbehave as it is told?"""

import http.client
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from .graph import Graph, told

FORM, PAGE = "1203004005006007", "100200300400500"
FIELDS = "id,created_time,field_data,campaign_name,form_id"


def lead(number: int) -> dict[str, Any]:
    answers = [{"name": "full_name", "values": [f"Person {number}"]}]
    created = f"2026-11-20T15:{number:02}:00+0000"
    return {"id": 90071992547409930 + number, "created_time": created, "form_id": FORM, "field_data": answers}


@pytest.fixture
def graph() -> Iterator[Graph]:
    form = {"id": FORM, "name": "Knee pain", "status": "ACTIVE", "page_id": PAGE, "questions": [{"key": "full_name"}]}
    with Graph(page_size=2) as running:
        running.load({"forms": [form], "leads": [lead(number) for number in range(1, 6)]})
        yield running


def get(graph: Graph, path: str, *, token: str = "page-token") -> Any:
    with urllib.request.urlopen(f"{graph.url}/v24.0/{path}{'&' if '?' in path else '?'}access_token={token}") as answer:
        return json.load(answer)


def refusal(graph: Graph, path: str, **more: str) -> tuple[int, dict[str, Any], Any]:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(graph, path, **more)
    with caught.value as answer:
        return answer.code, json.load(answer)["error"], answer.headers


def walk(graph: Graph, path: str) -> list[str]:
    """All the ids of a list, by following the links."""
    page, found = get(graph, path), []
    while True:
        found += [each["id"] for each in page["data"]]
        if not page.get("paging", {}).get("next"):
            return found
        with urllib.request.urlopen(page["paging"]["next"]) as answer:
            page = json.load(answer)


def test_a_lead_has_the_fields_asked_for_and_all_digits_of_its_id(graph: Graph) -> None:
    found = get(graph, f"90071992547409931?fields={FIELDS}")
    assert found["id"] == "90071992547409931"
    assert found["field_data"] == [{"name": "full_name", "values": ["Person 1"]}]
    assert found["form_id"] == FORM
    assert "form_id" not in get(graph, "90071992547409931")


def test_pages_are_followed_to_the_end_the_newest_first(graph: Graph) -> None:
    assert walk(graph, f"{FORM}/leads") == [str(90071992547409930 + number) for number in (5, 4, 3, 2, 1)]
    assert graph.asked["leads"] == 3


def test_a_list_is_narrowed_by_time(graph: Graph) -> None:
    after = json.dumps([{"field": "time_created", "operator": "GREATER_THAN", "value": 1795187040}])
    assert len(walk(graph, f"{FORM}/leads?filtering={quote(after)}")) == 1
    from_then = after.replace("GREATER_THAN", "GREATER_THAN_OR_EQUAL")
    assert len(walk(graph, f"{FORM}/leads?filtering={quote(from_then)}")) == 2


def test_a_form_and_a_page_s_forms_are_told(graph: Graph) -> None:
    assert get(graph, f"{FORM}?fields=name,questions") == {
        "id": FORM,
        "name": "Knee pain",
        "questions": [{"key": "full_name"}],
    }
    assert [each["id"] for each in get(graph, f"{PAGE}/leadgen_forms")["data"]] == [FORM]
    assert graph.asked == {"form": 1, "forms": 1}


@pytest.mark.parametrize(
    ("path", "token", "status", "code"),
    [
        ("90071992547409931", "another", 400, 190),
        ("90071992547409931", "", 400, 104),
        ("404", "page-token", 400, 100),
        ("404/leads", "page-token", 400, 100),
        ("90071992547409931?fields=shoe_size", "page-token", 400, 100),
        (f"{FORM}/leads?after=nonsense", "page-token", 400, 100),
    ],
)
def test_what_is_wrong_is_refused_in_meta_s_shape(graph: Graph, path: str, token: str, status: int, code: int) -> None:
    found, error, _ = refusal(graph, path, token=token)
    assert (found, error["code"]) == (status, code)
    assert {"message", "type", "fbtrace_id"} <= error.keys()


def test_it_is_busy_twice_then_good(graph: Graph) -> None:
    graph.does("busy", to="lead", times=2)
    assert walk(graph, f"{FORM}/leads")
    for _ in range(2):
        status, error, headers = refusal(graph, "90071992547409931")
        assert (status, error["code"]) == (429, 4)
        assert json.loads(headers["X-App-Usage"])["call_count"] == 100
    assert get(graph, "90071992547409931")
    assert graph.asked["lead"] == 3


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [("limited", 400, 17), ("page-limited", 400, 32), ("broken", 500, 2), ("expired", 400, 190)],
)
def test_it_refuses_as_told(graph: Graph, what: str, status: int, code: int) -> None:
    graph.does(what, times=None)
    found, error, headers = refusal(graph, "90071992547409931")
    assert (found, error["code"]) == (status, code)
    assert ("X-Business-Use-Case-Usage" in headers) == (what == "page-limited")
    graph.behaves()
    assert get(graph, "90071992547409931")


def test_two_refusals_come_one_after_the_other(graph: Graph) -> None:
    graph.does("broken")
    graph.does("busy")
    assert [refusal(graph, "90071992547409931")[0] for _ in range(2)] == [500, 429]
    assert get(graph, "90071992547409931")


def test_it_cuts_a_page_in_the_middle(graph: Graph) -> None:
    graph.does("cut", to="leads")
    with pytest.raises(http.client.IncompleteRead):
        get(graph, f"{FORM}/leads")
    assert len(get(graph, f"{FORM}/leads")["data"]) == 2


def test_a_middle_lead_comes_empty_and_the_others_whole(graph: Graph) -> None:
    graph.does("hole")
    found = get(graph, f"{FORM}/leads?limit=5")["data"]
    assert [len(each) for each in found] == [3, 3, 1, 3, 3]


def test_a_field_is_called_otherwise(graph: Graph) -> None:
    graph.does("renamed", renames={"field_data": "answers"})
    assert "answers" in get(graph, "90071992547409931")


def test_leads_come_out_of_order_and_twice_and_the_last_link_is_empty(graph: Graph) -> None:
    for shape in ("shuffled", "twice", "empty-next"):
        graph.does(shape)
    found = walk(graph, f"{FORM}/leads")
    assert found != sorted(found, reverse=True)
    assert len(found) == 7
    assert len(set(found)) == 5
    assert get(graph, f"{FORM}/leads?limit=9")["paging"]["next"] == ""


def test_tokens_are_neither_kept_nor_printed() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.standins.graph",
        "--port",
        "0",
        "--token",
        "secret-7",
        "--does",
        "slow:lead:0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        address = running.stdout.readline().strip()
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{address}/v24.0/1?access_token=secret-7")
        caught.value.close()
        running.terminate()
        assert "secret-7" not in address + running.stdout.read()


def test_what_is_told_on_the_command_line_is_read() -> None:
    assert told("busy") == {"what": "busy", "to": "any", "times": 1}
    assert told("busy:lead:2") == {"what": "busy", "to": "lead", "times": 2}
    assert told("expired:leads:all") == {"what": "expired", "to": "leads", "times": None}
    with pytest.raises(ValueError, match="sulk"), Graph() as graph:
        graph.does("sulk")
