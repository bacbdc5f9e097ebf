"""Lead ads of Meta: a notice only names a lead, Meta is asked for the rest, and misbehaves. (promises A1, A2)"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.standins.graph import Graph

from leadwell.server.alerts.models import Alert
from leadwell.server.conftest import Clinic, browser
from leadwell.server.intake.actions import add_source, change_settings
from leadwell.server.intake.asking import EMPTY, MOST_TRIES, fetch_answers, look_through_forms
from leadwell.server.intake.draining import drain
from leadwell.server.intake.ledger import ledger_of
from leadwell.server.intake.models import Source, Submission
from leadwell.server.intake.opening import opened
from leadwell.server.intake.queries import settings_of
from leadwell.server.intake.sources.meta import graph as asked
from leadwell.server.intake.sources.meta.door import NOTICE
from leadwell.server.jobs import watch_inboxes
from leadwell.server.leads.models import Lead
from leadwell.server.leads.queries import columns_of
from leadwell.server.privacy.held import erase

pytestmark = pytest.mark.django_db(databases="__all__")

SECRET, TOKEN, FORM, PAGE = "app-secret", "page-token", "1203004005006007", "100200300400500"
START = datetime(2026, 11, 23, 15, tzinfo=UTC)
SETTINGS = {"secrets": [SECRET], "token": TOKEN, "verify_token": "fern"}
Later = Callable[..., None]


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> Iterator[Graph]:
    with Graph(token=TOKEN, page_size=2) as graph:
        monkeypatch.setenv("LEADWELL_GRAPH_URL", graph.url)
        monkeypatch.setattr(asked, "PER_PAGE", 2)
        questions = [{"key": "q1", "label": "What hurts?", "type": "CUSTOM"}]
        graph.load({"forms": [{"id": FORM, "page_id": PAGE, "name": "Knee", "questions": questions}]})
        yield graph


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    at = [START]

    def goes_on(**by: float) -> None:
        at[0] += timedelta(**by)

    monkeypatch.setattr(timezone, "now", lambda: at[0])
    return goes_on


@pytest.fixture
def source(lakeside: Clinic, later: Later) -> Source:
    return add_source(lakeside.organization, "meta", "Knee ads", SETTINGS)


def _lead(number: int, *, minutes: int = 0, **more: Any) -> dict[str, Any]:
    answers = {"full_name": f"Sample {number}", "phone_number": f"+13125550{number:03}", "q1": "my_left_knee"}
    fields = [{"name": name, "values": [text]} for name, text in answers.items()]
    created = f"{START + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S+0000}"
    return {"id": str(number), "form_id": FORM, "created_time": created, "field_data": fields} | more


def _notice(*numbers: int, others: int = 0) -> bytes:
    told = [{"field": "leadgen", "value": {"leadgen_id": str(one), "form_id": FORM}} for one in numbers]
    told += [{"field": "feed", "value": {"item": "like", "n": n}} for n in range(others)]
    return json.dumps({"object": "page", "entry": [{"id": PAGE, "changes": told}]}).encode()


def _post(source: Source, body: bytes) -> int:
    made = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={made}"}
    return Client().post(f"/in/{source.handle}", body, content_type="application/json", headers=headers).status_code


def _told(source: Source, *numbers: int) -> None:
    assert _post(source, _notice(*numbers)) == 200
    drain()


def _ask() -> None:
    fetch_answers()
    drain()


def _look() -> int:
    found = look_through_forms()
    drain()
    return found


def _states() -> list[str]:
    return sorted(Submission.objects.values_list("state", flat=True))


def _names() -> list[str]:
    return sorted(columns_of(one)["full_name"] for one in Lead.objects.all())


def _source() -> Source:
    return Source.objects.get(kind="meta")


def test_a_notice_is_safe_at_once_and_awaits_its_answers_where_all_can_see_it(
    lakeside: Clinic, source: Source, meta: Graph
) -> None:
    meta.load({"leads": [_lead(1)]})
    _told(source, 1)
    assert (_states(), ledger_of(lakeside.organization).as_json()["awaiting"]) == (["awaiting"], 1)
    assert ledger_of(lakeside.organization).difference == 0
    page = browser(lakeside.organization, "manager").get("/inbox").content.decode()
    assert "Waits for the answers, for which Meta is asked." in page
    _ask()
    lead = Lead.objects.get()
    assert columns_of(lead) == {
        "full_name": "Sample 1", "phone": "+13125550001", "extra.What hurts?": "my left knee", "form": "Knee",
        "received_at": "2026-11-23T15:00:00+00:00", "extra.lead id": "1",
    }  # fmt: skip
    assert (lead.received_at, ledger_of(lakeside.organization).difference) == (START, 0)
    shown = browser(lakeside.organization, "manager").get(f"/inbox/{lead.submission}").content.decode()
    assert "What was answered when we asked" in shown
    assert "As it first came" in shown


def test_each_lead_of_a_notice_is_a_submission_and_what_else_it_tells_is_kept(source: Source, meta: Graph) -> None:
    meta.load({"leads": [_lead(1), _lead(2)]})
    assert _post(source, _notice(1, 2, 1, others=2)) == 200
    drain()
    _ask()
    assert (_states(), _names()) == (["assessed", "assessed", "not-a-lead"], ["Sample 1", "Sample 2"])
    assert opened(Submission.objects.get(state="not-a-lead")).body == _notice(1, 2, 1, others=2)
    _told(source, 2)
    assert (_states().count("repeat"), Lead.objects.count()) == (1, 2)


@pytest.mark.parametrize("numbers", [(1,), (1, 1), (1, 2), (1, 2, 3)])
def test_what_was_signed_is_kept_as_it_was_and_its_signature_can_be_checked(
    source: Source, meta: Graph, numbers: tuple[int, ...]
) -> None:
    """Escapes, blanks and the order of fields are the sender's: written anew the signature would fit no more."""
    meta.load({"leads": [_lead(one) for one in numbers]})
    body = _notice(*numbers, others=1).replace(b'"page"', b'"p\\u0061ge"').replace(b"{", b"{ ")
    assert _post(source, body) == 200
    drain()
    _ask()
    kept = [opened(one, as_mended=False) for one in Submission.objects.order_by("pk")]
    (whole,) = [one for one in kept if "x-hub-signature-256" in one.headers]
    made = hmac.new(SECRET.encode(), whole.body, hashlib.sha256).hexdigest()
    assert (whole.body, whole.headers["x-hub-signature-256"]) == (body, f"sha256={made}")
    parts = [one for one in kept if one is not whole]
    assert {one.headers[NOTICE] for one in parts} <= {hashlib.sha256(body).hexdigest()}
    assert (len(parts), len(_names())) == (len(numbers) if len(set(numbers)) > 1 else 0, len(set(numbers)))
    assert _post(source, body) == 200
    assert _states().count("repeat") == len(kept)


def test_a_notice_of_two_pages_is_split_by_its_leads(source: Source, meta: Graph) -> None:
    meta.load({"leads": [_lead(1), _lead(2)]})
    first, second = (json.loads(_notice(one))["entry"][0] for one in (1, 2))
    empty = {"id": PAGE, "changes": []}
    assert _post(source, json.dumps({"object": "page", "entry": [first, empty, {**second, "id": "7"}]}).encode()) == 200
    drain()
    _ask()
    assert _names() == ["Sample 1", "Sample 2"]


@pytest.mark.parametrize("named", [{}, *({"leadgen_id": one} for one in ("", None, True, [1], "a lead", "9" * 31))])
def test_a_notice_of_a_lead_that_does_not_name_it_needs_mending_and_holds_up_no_other(
    source: Source, meta: Graph, named: dict[str, Any]
) -> None:
    changes = [{"field": "leadgen", "value": {"form_id": FORM, **one}} for one in (named, {"leadgen_id": "1"})]
    for told in (changes, changes[:1]):
        assert _post(source, json.dumps({"object": "page", "entry": [{"id": PAGE, "changes": told}]}).encode()) == 200
        drain()
    assert _states() == ["awaiting", "needs-mending", "needs-mending", "not-a-lead"]


@pytest.mark.parametrize("before", ["", "sha1=", "SHA256=", "sha256 "])
def test_a_signature_that_does_not_say_how_it_was_made_is_refused(source: Source, before: str) -> None:
    body = _notice(1)
    headers = {"X-Hub-Signature-256": before + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
    answer = Client().post(f"/in/{source.handle}", body, content_type="application/json", headers=headers)
    assert (answer.status_code, _states()) == (401, ["refused"])


@pytest.mark.parametrize("what", ["busy", "limited", "page-limited", "broken", "cut", "not-json", "expired", "renamed"])
@pytest.mark.parametrize("to", ["leads", "forms", "form", "lead"])
def test_a_bad_hour_loses_and_doubles_nobody_whatever_was_asked(
    source: Source, meta: Graph, later: Later, what: str, to: str
) -> None:
    """Of each of the four questions that we ask: once it behaves again, all are there, once."""
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(number, minutes=number) for number in range(1, 6)]})
    meta.does(what, to=to, times=None)
    _told(source, 2, 4)
    for _ in range(2):
        _look()
        _ask()
        later(minutes=3)
    assert len(_names()) == len(set(_names()))
    meta.behaves()
    change_settings(_source(), settings_of(_source()))  # as somebody does who mends a token
    for _ in range(3):
        later(hours=1)
        _look()
        _ask()
    assert (_names(), _source().trouble) == ([f"Sample {number}" for number in range(1, 6)], "")
    assert (ledger_of(source.organization_id).difference, _states().count("repeat")) == (0, 0)


def test_one_that_is_slow_to_list_is_given_up_in_time_and_loses_nobody(
    source: Source, meta: Graph, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "TIMEOUT", 0.2)
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(number, minutes=number) for number in range(1, 4)]})
    meta.does("slow", to="leads", seconds=0.6)
    assert (_look(), _source().trouble) == (0, "Meta cannot be reached")
    later(minutes=2)
    assert (_look(), _names()) == (3, ["Sample 1", "Sample 2", "Sample 3"])


@pytest.mark.parametrize("what", ["busy", "limited", "page-limited", "broken", "cut", "not-json"])
def test_a_bad_minute_loses_nobody(source: Source, meta: Graph, later: Later, what: str) -> None:
    meta.load({"leads": [_lead(1)]})
    meta.does(what, to="lead")
    _told(source, 1)
    _ask()
    assert (_states(), bool(_source().trouble)) == (["awaiting"], True)
    later(seconds=30)
    _ask()
    assert meta.asked["lead"] == 1  # not before its minute is over
    later(minutes=1)
    _ask()
    assert (_names(), _source().trouble) == (["Sample 1"], "")


@pytest.mark.parametrize("what", ["busy", "limited", "page-limited"])
def test_it_is_left_alone_for_as_long_as_it_asks(source: Source, meta: Graph, later: Later, what: str) -> None:
    meta.load({"leads": [_lead(1)]})
    meta.does(what, to="lead", seconds=1_200)
    _told(source, 1)
    _ask()
    later(minutes=19)
    _ask()
    assert (meta.asked["lead"], _states()) == (1, ["awaiting"])
    later(minutes=2)
    _ask()
    assert _names() == ["Sample 1"]


def test_nobody_is_made_to_wait_for_ever(source: Source, meta: Graph, later: Later) -> None:
    meta.load({"leads": [_lead(1)]})
    meta.does("busy", to="lead", seconds=9_999_999)
    _told(source, 1)
    _ask()
    later(minutes=61)
    _ask()
    assert _names() == ["Sample 1"]


def test_one_at_which_meta_fails_each_time_holds_up_no_other(source: Source, meta: Graph, later: Later) -> None:
    meta.load({"leads": [_lead(1), _lead(2)]})
    meta.does("broken", to="lead")
    _told(source, 1)
    later(seconds=1)
    _told(source, 2)
    _ask()
    assert (_names(), _source().trouble) == (["Sample 2"], "")


def test_where_some_fail_one_after_another_the_rest_is_not_asked(source: Source, meta: Graph) -> None:
    meta.load({"leads": [_lead(number) for number in range(1, 8)]})
    meta.does("busy", times=None)
    _told(source, *range(1, 8))
    _ask()
    assert (meta.asked["lead"], _source().trouble) == (3, "Meta says that it was asked too often")


def test_one_form_that_fails_holds_up_no_other(source: Source, meta: Graph) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"forms": [{"id": "77", "page_id": PAGE, "name": "Other"}]})
    meta.load({"leads": [_lead(1), _lead(2, form_id="77")]})
    meta.does("broken", to="leads")
    assert (_look(), _source().trouble) == (1, "")
    assert _look() == 1


def test_one_that_answers_slowly_is_given_up_in_time(
    source: Source, meta: Graph, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "TIMEOUT", 0.2)
    meta.load({"leads": [_lead(1)]})
    meta.does("slow", to="lead", seconds=0.6)
    _told(source, 1)
    _ask()
    assert (_states(), _source().trouble) == (["awaiting"], "Meta cannot be reached")
    later(minutes=2)
    _ask()
    assert _names() == ["Sample 1"]


def test_an_expired_token_is_said_and_what_waited_comes_by_itself_once_it_is_renewed(
    lakeside: Clinic, source: Source, meta: Graph, later: Later
) -> None:
    meta.load({"leads": [_lead(1), _lead(2)]})
    meta.does("expired", times=None)
    _told(source, 1)
    _told(source, 2)
    _ask()
    assert _states() == ["needs-mending", "needs-mending"]
    assert "the access token has run out" in Submission.objects.all()[0].problem
    watch_inboxes()
    assert Alert.objects.get().kind == "trouble"
    assert TOKEN not in str(list(Submission.objects.values_list("problem"))) + _source().trouble
    page = browser(lakeside.organization, "manager").get(f"/sources/{source.pk}").content.decode()
    assert "the access token has run out" in page
    meta.behaves()
    change_settings(_source(), SETTINGS)
    _ask()
    _ask()
    assert (_names(), _source().trouble) == (["Sample 1", "Sample 2"], "")
    watch_inboxes()
    assert Alert.objects.get().ended_at is not None
    assert ledger_of(lakeside.organization).difference == 0


def test_a_token_that_may_not_see_the_advertisement_still_gets_the_answers(source: Source, meta: Graph) -> None:
    meta.load({"leads": [_lead(1, ad_name="Stairs")]})
    meta.does("forbidden", to="lead")
    _told(source, 1)
    _ask()
    assert _names() == ["Sample 1"]
    assert "extra.ad name" not in columns_of(Lead.objects.get())


def test_a_token_that_may_not_see_the_form_still_gets_the_answers(source: Source, meta: Graph) -> None:
    meta.load({"leads": [_lead(1)]})
    meta.does("forbidden", to="form", times=None)
    _told(source, 1)
    _ask()
    assert columns_of(Lead.objects.get())["extra.q1"] == "my left knee"


def test_a_turn_ends_in_time_and_the_next_goes_on(source: Source, meta: Graph) -> None:
    meta.load({"leads": [_lead(1), _lead(2)]})
    _told(source, 1)
    _told(source, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("leadwell.server.intake.asking.LONGEST", -1.0)
        _ask()
    assert _states() == ["awaiting", "awaiting"]
    _ask()
    assert _names() == ["Sample 1", "Sample 2"]


@pytest.mark.parametrize(("what", "why"), [("renamed", EMPTY), ("unknown", "does not show it"), ("hole", EMPTY)])
def test_one_without_answers_holds_up_no_other_and_in_the_end_needs_mending(
    source: Source, meta: Graph, later: Later, what: str, why: str
) -> None:
    meta.load({"leads": [_lead(1), _lead(2)]})
    _told(source, 1)
    meta.does(what, to="lead", times=None)
    for _ in range(MOST_TRIES):
        _ask()
        later(hours=1)
    assert (_states(), why in Submission.objects.get().problem) == (["needs-mending"], True)
    meta.behaves()
    _told(source, 2)
    _ask()
    assert (_names(), _source().trouble) == (["Sample 2"], "")


def test_what_no_notice_told_of_is_found_in_its_form(lakeside: Clinic, source: Source, meta: Graph) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(number, minutes=number) for number in range(1, 6)]})
    _told(source, 2)
    assert _look() == 4
    _ask()
    assert (_names(), _states().count("repeat")) == ([f"Sample {number}" for number in range(1, 6)], 0)
    assert _look() == 0
    _told(source, 4)
    assert (Lead.objects.count(), ledger_of(lakeside.organization).difference) == (5, 0)


@pytest.mark.parametrize("what", ["hole", "twice", "shuffled", "empty-next"])
def test_a_page_of_an_odd_shape_keeps_every_lead_once(source: Source, meta: Graph, what: str) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(number, minutes=number) for number in range(1, 6)]})
    meta.does(what, to="leads")
    _look()
    _ask()
    assert _names() == [f"Sample {number}" for number in range(1, 6)]


def test_half_of_the_pages_leaves_nobody_behind(source: Source, meta: Graph, later: Later) -> None:
    """The newest come first: a watermark set after the first page would pass over the rest for ever."""
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(number, minutes=-number) for number in range(1, 6)]})
    mended = _failing_after_the_first(meta)
    _look()
    assert (Lead.objects.count(), _source().seen) == (2, {})
    mended()
    later(minutes=2)
    assert _look() == 3
    assert len(_names()) == 5


def _failing_after_the_first(meta: Graph) -> Callable[[], None]:
    answer, count = meta.answer, [0]

    def failing(question: Any) -> Any:
        count[0] += question.kind == "leads"
        if count[0] == 2 and question.kind == "leads":
            meta.does("broken", to="leads")
        return answer(question)

    meta.answer = failing  # type: ignore[method-assign]

    def mended() -> None:
        meta.answer = answer  # type: ignore[method-assign]

    return mended


def test_how_far_we_are_is_told_by_the_source_and_never_by_the_clock(source: Source, meta: Graph, later: Later) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(1)]})
    _look()
    assert _source().seen == {FORM: int(START.timestamp())}
    later(days=3)
    _look()
    meta.load({"leads": [_lead(2, minutes=1)]})  # it came to stand there days after its own time
    later(days=1)
    assert (_look(), _names()) == (1, ["Sample 1", "Sample 2"])


def test_what_is_awaited_is_given_by_the_form_too(source: Source, meta: Graph, later: Later) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(1)]})
    _told(source, 1)
    assert (_look(), _names(), _states()) == (0, ["Sample 1"], ["assessed"])


def test_what_failed_alone_is_given_by_the_form_too(source: Source, meta: Graph, later: Later) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    _told(source, 1)
    for _ in range(MOST_TRIES):
        _ask()
        later(hours=1)
    assert _states() == ["needs-mending"]
    meta.load({"leads": [_lead(1)]})
    assert (_look(), _names(), _states()) == (0, ["Sample 1"], ["assessed"])


@pytest.mark.parametrize(("since", "found"), [("", 0), ("2026-11-01", 1)])
def test_old_leads_are_taken_only_where_somebody_says_so(source: Source, meta: Graph, since: str, found: int) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE], "since": since})
    meta.load({"leads": [_lead(1, minutes=-60 * 24 * 10)]})
    assert _look() == found


def test_the_token_stands_in_no_address(source: Source, meta: Graph) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(number) for number in range(1, 6)]})
    _look()
    assert meta.seen
    assert not any(TOKEN in path for path in meta.seen)


def test_what_was_answered_goes_with_the_person_and_does_not_come_back(
    lakeside: Clinic, source: Source, meta: Graph, later: Later
) -> None:
    change_settings(source, SETTINGS | {"pages": [PAGE]})
    meta.load({"leads": [_lead(1)]})
    _told(source, 1)
    _ask()
    person = Lead.objects.get().person_id
    assert person is not None
    erase(lakeside.number, person, actor="user:1")
    kept = Submission.objects.get()
    assert (bytes(kept.sealed), kept.fetched, _look()) == (b"", None, 0)
    _told(source, 1)
    assert (Lead.objects.count(), _states()) == (1, ["assessed", "repeat"])


def test_without_a_token_notices_are_kept_and_it_is_said(lakeside: Clinic, source: Source, meta: Graph) -> None:
    change_settings(source, {"secrets": [SECRET]})
    _told(source, 1)
    _ask()
    assert (_states(), "there is no access token" in _source().trouble) == (["needs-mending"], True)


def test_only_a_stand_in_on_this_machine_takes_the_place_of_meta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADWELL_GRAPH_URL", "https://graph.example.com")
    assert asked._address() == "https://graph.facebook.com"


def test_the_settings_are_typed_and_its_token_is_kept(lakeside: Clinic, source: Source) -> None:
    manager = browser(lakeside.organization, "manager")
    typed = {"mapping": "", "pages": f"{PAGE}, 7", "since": "2026-11-01", "verify_token": "fern", "secret": "new"}
    manager.post(f"/sources/{source.pk}/change", typed)
    page = manager.get(f"/sources/{source.pk}").content.decode()
    assert (TOKEN in page, "Callback" in page or "callback" in page, SECRET in page) == (False, True, False)
    assert settings_of(_source()) == {
        "secrets": ["new", SECRET], "token": TOKEN, "verify_token": "fern", "pages": [PAGE, "7"], "since": "2026-11-01",
    }  # fmt: skip
    assert manager.post(f"/sources/{source.pk}/change", typed | {"pages": "my page"}).status_code == 400
