"""Who says that they want to be left alone, and who only uses such words?"""

from __future__ import annotations

import random
import time
import tomllib
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadwell.permission.stops import SCHEMA, Stopped, are_stops, is_stop

FILES = (
    "examples", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "answers",
)  # fmt: skip
GROUPS: list[dict[str, Any]] = [
    group
    for name in FILES
    for group in tomllib.loads((Path(__file__).parent / f"stops_{name}.toml").read_text(encoding="utf-8"))["group"]
]
EXAMPLES = [(text, group.get("after")) for group in GROUPS for text in group["texts"]]
BOOKING = "Your appointment is Tuesday 3 pm. Reply YES to confirm, CANCEL to cancel"


@pytest.mark.parametrize(
    ("text", "restart"),
    [
        ("I accidentally unsubscribed, please put me back", True),
        ("I opted out by mistake, can you turn the texts back on", True),
        ("I unsubscribed by accident, please add me again", True),
        ("Please start texting me again, I opted out by accident", True),
        ("me di de baja sin querer, pueden activarme otra vez los mensajes?", True),
        ("I unsubscribed by accident", False),
        ("I typed stop by accident", False),
        ("I opted out by mistake but don't put me back", False),
        ("put me back on the waitlist please", False),
        ("why did you start texting me again", False),
    ],
)
def test_whoever_ended_it_by_mistake_may_ask_to_be_put_back(text: str, restart: bool) -> None:
    told = is_stop(text)
    assert (told.verdict, told.restart) == ("not" if restart else told.verdict, restart)
    assert are_stops(pl.Series([text]))["restart"].to_list() == [restart]
    assert not restart or told.evidence == text


@pytest.mark.parametrize(
    ("asked", "text", "verdict"),
    [
        ("What is the best time to call you?", "email only please", "ask-a-person"),
        ("When is it best to call or text you?", "email only please", "ask-a-person"),
        ("What day is better for a call?", "text only", "ask-a-person"),
        ("¿Cuál es la mejor hora para llamarle?", "solo mensajes", "ask-a-person"),
        ("Which doctor should call you?", "email only", "ask-a-person"),
        ("Your visit is on time. How should we reach you?", "email only", "not"),
        ("Which is better, a call or a text?", "text only", "not"),
        ("What is the best way to call you back?", "text only", "not"),
        ("¿Prefiere llamada o mensaje?", "solo mensajes", "not"),
        ("¿Cuál es la mejor forma de comunicarnos con usted?", "solo por mensaje", "not"),
    ],
)
def test_one_way_answers_a_question_for_the_way_and_no_other(asked: str, text: str, verdict: str) -> None:
    assert is_stop(text, after=asked).verdict == verdict


@pytest.mark.parametrize("group", GROUPS, ids=[g["says"] for g in GROUPS])
def test_examples_in_many_voices(group: dict[str, Any]) -> None:
    right = group["verdict"] if isinstance(group["verdict"], list) else [group["verdict"]]
    texts = pl.Series(group["texts"])
    after = pl.Series([group.get("after")] * len(texts), dtype=pl.String)
    told = dict(zip(texts, are_stops(texts, after=after)["verdict"], strict=True))
    assert {text: verdict for text, verdict in told.items() if verdict not in right} == {}


@pytest.mark.parametrize(
    ("text", "channel", "purpose", "whose"),
    [
        ("STOP", None, None, None),
        ("stop calling me", "call", None, None),
        ("STOP please call me instead", None, None, None),
        ("STOP calls are ok", None, None, None),
        ("STOP call my lawyer", None, None, None),
        ("STOP email me", None, None, None),
        ("stop calls", "call", None, None),
        ("STOP texts are fine", None, None, None),
        ("stop texting me, texts are annoying", "text", None, None),
        ("stop the calls and the texts", None, None, None),
        ("stop your texts and your emails", None, None, None),
        ("paren las llamadas y los mensajes", None, None, None),
        ("stop the calls and the pain", "call", None, None),
        ("STOP email me instead", None, None, None),
        ("STOP - email is fine", None, None, None),
        ("quit texting me", "text", None, None),
        ("stop the emails", "email", None, None),
        ("stop calling and texting me", None, None, None),
        ("don't call or text me", None, None, None),
        ("STOP. And don't call me", None, None, None),
        ("don't call, text me instead", "call", None, None),
        ("no calls please, email only", "call", None, None),
        ("I prefer email, do not phone me", "call", None, None),
        ("Prefiero correo, no me llamen", "call", None, None),
        ("lose my phone number", None, None, None),
        ("stop calling, texting me", None, None, None),
        ("no texts, calls are fine", "text", None, None),
        ("stop texting, you can call", "text", None, None),
        ("take me off your email list", "email", None, None),
        ("stop the appointment texts", "text", "appointment", None),
        ("unsubscribe me from the newsletter", "email", "marketing", None),
        ("I only want to opt out of promotions", None, "marketing", None),
        ("stop calling my work", "call", None, "another"),
        ("remove my husband from your list", None, None, "another"),
        ("wrong number, stop calling", None, None, "wrong-person"),
        ("dejen de llamarme y mandarme mensajes", None, None, None),
        ("no me llamen, solo mensajes", "call", None, None),
        ("no me llamen", "call", None, None),
        ("no me manden mensajes", "text", None, None),
        ("no me manden mas correos", "email", None, None),
        ("stop sending me promotions", None, "marketing", None),
        ("no more ads but keep the appointment reminders", None, "marketing", None),
        ("no me manden publicidad", None, "marketing", None),
        ("stop the appointment reminders", None, "appointment", None),
        ("please don't call my husband's phone", "call", None, "another"),
        ("do not text my daughter", "text", None, "another"),
        ("no llamen a mi esposo", "call", None, "another"),
        ("wrong number", None, None, "wrong-person"),
        ("número equivocado", None, None, "wrong-person"),
    ],
)
def test_a_stop_says_how_far_it_reaches(text: str, channel: str | None, purpose: str | None, whose: str | None) -> None:
    told = is_stop(text)
    assert (told.verdict, told.channel, told.purpose, told.whose) == ("stop", channel, purpose, whose)


@pytest.mark.parametrize(
    ("text", "keeps", "channels"),
    [
        ("Don't call or text, email only", "email", ("call", "text")),
        ("Please stop calling and texting. You can email me.", "email", ("call", "text")),
        ("no calls or emails, texts are fine", "text", ("call", "email")),
        ("no me llamen ni me manden mensajes, solo correo", "email", ("call", "text")),
        ("don't call or text me", None, ()),
        ("no calls please, email only", None, ("call",)),
        ("don't call, text or email. You can email my lawyer", None, ()),
        ("STOP. Don't call or text, email only", None, ()),
        ("wrong number, email only", None, ()),
        ("email only please", None, ()),
        ("Text me instead of calling", None, ("call",)),
        ("please email me rather than texting", None, ("text",)),
        ("mejor un mensaje en vez de llamar", None, ("call",)),
    ],
)
def test_one_way_may_be_left_open(text: str, keeps: str | None, channels: tuple[str, ...]) -> None:
    told = is_stop(text)
    assert (told.keeps, told.channels) == (keeps, channels)


@pytest.mark.parametrize("text", ["HELP", "help", "Info", "AYUDA", "help!"])
def test_help_is_recognised(text: str) -> None:
    assert (is_stop(text).verdict, is_stop(text).help) == ("not", True)


@pytest.mark.parametrize("text", ["START", "unstop", "Start again", "resume", "COMENZAR", "reanudar", "opt in"])
def test_the_way_back_is_recognised(text: str) -> None:
    assert (is_stop(text).verdict, is_stop(text).restart) == ("not", True)


@pytest.mark.parametrize("text", ["help me find a doctor", "START of care is Monday", "I need info on MRI"])
def test_help_and_start_in_a_sentence_are_neither(text: str) -> None:
    told = is_stop(text)
    assert (told.verdict, told.help, told.restart) == ("not", False, False)


def test_yes_to_a_booking_gives_no_permission() -> None:
    assert not is_stop("YES", after=BOOKING).restart
    assert not is_stop("YES").restart


def test_yes_to_the_question_whether_we_may_does() -> None:
    assert is_stop("YES", after="Reply YES to receive texts from Lakeside").restart
    assert is_stop("yes", after="May we text you about your visit?").restart


def test_only_marketing_reopens_the_rest() -> None:
    told = is_stop("only the promotions", after="You are unsubscribed from all Lakeside texts. Which did you mean?")
    assert (told.verdict, told.purpose) == ("stop", "marketing")


@pytest.mark.parametrize("text", ["🛑", "🖕", "🚫🚫", " ✋ ", "👎"])
def test_a_sign_alone_is_left_to_a_person(text: str) -> None:
    told = is_stop(text)
    assert (told.verdict, told.evidence) == ("ask-a-person", text.strip())


@pytest.mark.parametrize("text", ["👍", "🙂", "👎 to “Your visit is Tuesday”", "🛑 see you there"])
def test_other_signs_and_signs_beside_words_are_no_stop(text: str) -> None:
    assert is_stop(text).verdict == "not"


def test_evidence_is_the_very_words_received() -> None:
    for text in (
        "  Please S\u200bTOP. ",
        "s.t.o.p",
        "stoooop!",
        "PLEASE, dón't téxt me",
        "Hi. Take me off your list!!",
    ):
        evidence = is_stop(text).evidence
        assert evidence
        assert evidence in text


def test_a_verdict_is_frozen_and_says_why_in_one_sentence() -> None:
    told = is_stop("STOP")
    with pytest.raises(FrozenInstanceError):
        told.verdict = "not"  # type: ignore[misc]
    messages, after = zip(*EXAMPLES, strict=True)
    why = are_stops(pl.Series(messages), after=pl.Series(after, dtype=pl.String))["why"]
    assert why.str.ends_with(".").all()
    assert not why.str.contains(". ", literal=True).any()


def rows(told: pl.DataFrame) -> list[Stopped]:
    """The rows as `is_stop` gives them."""
    return [Stopped(**{**row, "evidence": row["evidence"] or ""}) for row in told.iter_rows(named=True)]


def test_a_list_is_judged_like_each_message_by_itself() -> None:
    shuffled = EXAMPLES[::4]
    random.Random(7).shuffle(shuffled)
    messages, after = zip(*shuffled, strict=True)
    told = are_stops(pl.Series(messages), after=pl.Series(after, dtype=pl.String))
    assert told.schema == pl.Schema(SCHEMA)
    assert rows(told) == [is_stop(text, after=before) for text, before in shuffled]


PIECES = st.sampled_from(
    ["stop", "STOP", "please", "don't", "call", "me", "text", ".", "!", "\n", ":", "cancel", "my", "appointment", "no",
     "mas", "mensajes", "I", "can't", "\u200b", "🛑", "s t o p", "wrong", "number", "list", "take", "off", "if",
     "how do i", "> ", "555-0134", "", "a@b.example", "dejen de", "llamar", "o", "but", "yes", "help", "ü"]
)  # fmt: skip
MESSAGES = st.lists(PIECES, max_size=9).map(" ".join) | st.text(max_size=40)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(MESSAGES, st.sampled_from([None, BOOKING, "May we text you?"])), max_size=12))
def test_any_list_is_judged_like_each_message_by_itself(given_: list[tuple[str, str | None]]) -> None:
    messages = pl.Series([text for text, _ in given_], dtype=pl.String)
    after = pl.Series([before for _, before in given_], dtype=pl.String)
    assert rows(are_stops(messages, after=after)) == [is_stop(text, after=before) for text, before in given_]


def test_no_message_is_no_verdict() -> None:
    told = are_stops(pl.Series([None, "STOP", None], dtype=pl.String))
    assert told["verdict"].to_list() == [None, "stop", None]
    assert are_stops(pl.Series([], dtype=pl.String)).height == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "🛑",
        "...",
        "\x00",
        "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "a" * 60_000,
    ],
)
def test_anything_can_be_asked(text: str) -> None:
    assert is_stop(text).verdict in ("not", "ask-a-person")


@pytest.mark.parametrize(
    "text",
    [
        "My card is attached.\n\nOn Wed, Lakeside wrote:\n> Don't want these? Unsubscribe.",
        "Confirmo.\n\nEl lun, 2 nov 2026, Lakeside escribió:\n> Responda ALTO para no recibir más.",
        "On Wed, Lakeside wrote:\n> Reply STOP to end.\nSee you on Thursday",
    ],
)
def test_a_line_that_is_marked_as_quoted_says_nothing(text: str) -> None:
    assert is_stop(text).verdict == "not"
    assert is_stop(text + "\nStop texting me").verdict == "stop"


@pytest.mark.parametrize("text", ["Hi\nSTOP", "Hello - Stop", "Please\n\nRemove Me", "hi there\n--\nUnsubscribe"])
def test_a_signature_is_never_what_they_ask_for(text: str) -> None:
    assert is_stop(text).verdict == "stop"


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        " ",
        "a ",
        "a.",
        "> ",
        "-",
        "_",
        "@",
        "A ",
        "stop ",
        "from:\n",
        "on 1 ",
        "\u200b",
        "é",
        "no! ",
        "[",
        "no texts, ",
    ],
)
def test_no_message_takes_long(piece: str) -> None:
    before = time.process_time()
    is_stop(piece * (60_000 // len(piece)))
    assert time.process_time() - before < 2
