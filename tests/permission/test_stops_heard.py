"""Does a person look where no rule speaks but the wording sounds like a wish to be left alone, and only there?"""

from __future__ import annotations

import pytest

from leadwell.permission.stops import heard, is_stop

WISHES = [
    "could you folks please let this number be",
    "you people just will not quit",
    "I do not wish to be on any of your lists",
    "why am I hearing from you people still",
    "take your blasts elsewhere",
    "I'd like my number gone from your machine",
    "por favor olviden que existo",
    "no quiero seguir en su lista",
    "dont want none of this on my phone",
]
OTHERS = [
    "could you folks tell me the price",
    "my inbox is full, resend the form",
    "I wish to see the knee surgeon",
    "why is my shoulder still sore",
    "please use our new address",
    "I'd like my records sent to Dr. Patel",
    "por favor confirmen mi cita",
    "quiero seguir con la terapia",
    "my phone has a new number",
    "",
    "12",
]


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_in_words_that_no_rule_knows_is_left_to_a_person(text: str) -> None:
    told = is_stop(text)
    assert (told.verdict, told.why) == ("ask-a-person", heard.WHY)


@pytest.mark.parametrize("text", OTHERS)
def test_ordinary_words_do_not_sound_like_one(text: str) -> None:
    assert is_stop(text).verdict == "not"


@pytest.mark.parametrize("text", ["please don't stop the reminders", "I told the pharmacy to stop texting me"])
def test_what_a_rule_knows_to_be_harmless_is_not_listened_to(text: str) -> None:
    assert is_stop(text).verdict == "not"


def test_what_only_sounds_like_a_wish_is_what_was_written_and_not_what_was_quoted() -> None:
    quoted = "Ok, Tuesday at 3\n\nOn Mon, Nov 9, 2026 at 9:02 AM Dana wrote:\n> dont want none of this on my phone"
    assert is_stop(quoted).verdict == "not"
