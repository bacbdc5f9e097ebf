"""Does the library show one small, sorted face, and import nothing before it is used?"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import leadwell

LEADS = [
    {
        "id": "1",
        "received_at": "2026-11-02T09:00:00Z",
        "first_name": "Ann",
        "message": "I want a knee replacement",
        "age": 61,
    },
    {
        "id": "2",
        "received_at": "2026-11-02T10:00:00Z",
        "first_name": "Bo",
        "message": "What does an MRI cost?",
        "age": None,
    },
]


def test_the_face_is_what_all_says_sorted() -> None:
    assert leadwell.__all__ == sorted(leadwell.__all__)
    homes = [name for names in leadwell._HOMES.values() for name in names]
    assert sorted([*homes, "__version__"]) == leadwell.__all__
    for name in leadwell.__all__:
        assert getattr(leadwell, name) is not None
    with pytest.raises(AttributeError):
        leadwell.nothing  # noqa: B018


def test_importing_leadwell_imports_nothing_heavy() -> None:
    heavy = ("polars", "numpy", "pyarrow", "rich", "sqlglot")
    code = f"import sys, leadwell, leadwell.cli; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_polars_pandas_arrow_and_dicts_get_the_same_answer() -> None:
    pandas = pytest.importorskip("pandas")
    playbook = leadwell.load_playbook("lakeside-orthopedics")
    want = leadwell.assess(LEADS, playbook)
    assert want["id"].to_list() == ["1", "2"]
    frame = pl.DataFrame(LEADS)
    for leads in (frame, frame.lazy(), frame.to_arrow(), pandas.DataFrame(LEADS), LEADS):
        assert leadwell.assess(leads, playbook).equals(want)
    assert leadwell.assess(LEADS[0], playbook)["id"].to_list() == ["1"]


def test_link_then_judge_is_assess() -> None:
    playbook = leadwell.load_playbook("lakeside-orthopedics")
    assert leadwell.judge(leadwell.link(LEADS, playbook), playbook).equals(leadwell.assess(LEADS, playbook))


def test_what_cannot_be_leads_is_told() -> None:
    playbook = leadwell.load_playbook("lakeside-orthopedics")
    with pytest.raises(TypeError, match="list of dicts"):
        leadwell.assess(42, playbook)
    with pytest.raises(ValueError, match="no time zone"):
        leadwell.assess(LEADS, playbook, as_of=datetime(2026, 1, 1))
    with pytest.raises(leadwell.MissingTime):
        leadwell.assess([{"message": "knee"}], playbook)
    assert leadwell.assess([{"message": "knee"}], playbook, as_of=datetime(2026, 1, 1, tzinfo=UTC)).height == 1
    with pytest.raises(LookupError, match="no playbook called"):
        leadwell.load_playbook("lakside")


def test_explain_reads_for_a_person_and_moves_no_cursor() -> None:
    playbook = leadwell.load_playbook("lakeside-orthopedics")
    evil = LEADS[0] | {"message": "I want a \x1b[31mknee replacement\u202e now", "first_name": "A\x1b]0;x\x07nn"}
    text = leadwell.explain(leadwell.assess([evil], playbook), evil)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "«knee replacement»" in text or "knee replacement" in text
    assert max(map(len, text.splitlines())) <= 80


def test_explain_says_that_a_person_should_look_where_words_leave_a_doubt() -> None:
    lead = {"id": "1", "received_at": "2026-11-02T09:00:00Z", "message": "knee replacement"}
    playbook = leadwell.load_playbook("lakeside-orthopedics")
    assessment = leadwell.judge([lead], playbook).row(0, named=True)
    words = {"field": "message", "text": "knee", "start": 0, "end": 4, "provenance": "extracted"}
    doubt = {"safety": None, "safety_because": [{"says": "the words leave a doubt", "evidence": words}]}
    told = leadwell.explain(assessment | doubt, lead)
    assert "a person should look: the words leave a doubt «knee»" in told
    assert "a person should look" not in leadwell.explain(assessment | {"safety": None, "safety_because": []}, lead)


def test_a_playbook_may_be_given_by_name_or_by_path(tmp_path: Path) -> None:
    from leadwell.playbook import find

    path = tmp_path / "own.toml"
    path.write_bytes(find("behavioral-health"))
    assert leadwell.judge(LEADS, "behavioral-health").equals(leadwell.judge(LEADS, path))
    assert leadwell.assess(LEADS, str(path))["playbook"][0].startswith("behavioral-health@")
    with pytest.raises(LookupError):
        leadwell.assess(LEADS, "nowhere")


def test_unreadable_times_are_told_by_their_form_alone() -> None:
    leads = [LEADS[0] | {"received_at": "Tue noon 12"}, LEADS[0] | {"received_at": "2026-11-02T09:00:00Z"}]
    with pytest.raises(leadwell.MissingTime, match="of the form aaa aaaa 99") as caught:
        leadwell.assess(leads, "lakeside-orthopedics")
    assert "Tue" not in str(caught.value)
