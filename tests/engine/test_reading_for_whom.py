"""Does whoever writes a mail ask for themselves, or may it be for another? (promises A3, B8)"""

import pytest

from leadwell.reading.for_whom import of_own_kin, of_themselves, surely_for_themselves


@pytest.mark.parametrize(
    "text",
    [
        "I want a knee replacement",
        "Hello, what are your prices, and could you send me general information? Just looking for now.",
        "Hola, envíenme sus precios por favor",
        "Hello, I would like an appointment for my knee",
        "I am 67 and have Medicare, my hip hurts",
        "Me duele la rodilla y quiero una cita el lunes",
        "Dr. Jane Smith has referred me for my knee",
        "I need one more question answered about my surgery",
    ],
)
def test_who_tells_of_their_own_wish_or_body_alone_asks_for_themselves(text: str) -> None:
    assert surely_for_themselves({"message": text})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Knee replacement, Aetna. Please call.",
        "Any openings for a knee replacement?",
        "I have another patient who needs a knee replacement",
        "I have two more for you, knee replacement both",
        "I am sending the records with this",
        "He needs a knee replacement, my number is 847-555-0150",
        "I would like an appointment, referral attached",
        "My mother needs a knee replacement",
        "Tengo otra paciente con dolor de rodilla",
    ],
)
def test_everything_else_is_in_doubt(text: str) -> None:
    assert not surely_for_themselves({"message": text})


def test_kin_is_the_writers_own_where_they_say_so() -> None:
    assert of_own_kin({"message": "My elderly mother needs a hip"})
    assert not of_own_kin({"message": "Her daughter Brigid will bring her"})
    assert of_themselves({"message": "My doctor, Mr. Alan Fenwick, said my knee is worn out"})
    assert not of_themselves({"message": "My office is sending the chart of Alan Fenwick"})
