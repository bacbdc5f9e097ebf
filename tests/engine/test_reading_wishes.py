"""Are papers, channels, times, places and the language of a message read?"""

from __future__ import annotations

from typing import Any, Final

import pytest
from reading_examples import misquoted, told, wrong

EXAMPLES: Final[dict[str, list[tuple[str, Any]]]] = {
    "has_referral": [
        ("UnitedHealthcare HMO, have the referral from my PCP", True),
        ("My PCP put the referral in yesterday", True),
        ("me refirió mi doctora", True),
        ("herniated disc. I don't have a referral yet. want to book", False),
        ("my doctor never referred me", False),
        ("todavía no tengo la referencia", False),
        ("HMO pero todavía no me han dado la referencia", False),
        ("my PCP hasn't sent the referral yet", False),
        ("El referido? Aún no.", False),
        ("la referencia ya me la mandaron", True),
        ("still waiting on the referral from my PCP", False),
        ("my PCP refuses to refer me", False),
        ("no doctor will give me a referral", False),
        ("getting the referral from my doctor Monday", False),
        ("mi doctor no quiere referirme", False),
        ("me falta pedir el referido", False),
        ("referral is on its way from Dr. Hu", True),
        ("my doctor is faxing the referral over", True),
        ("el referido viene en camino", True),
        ("PCP said he will send a referral", None),
        ("do I need a referral?", None),
        ("I was referred by a friend", None),
    ],
    "has_order": [
        ("brain mri, neurology ordered it", True),
        ("No implants, order attached.", True),
        ("quiero hacer schedule de mi ultrasound, tengo la order", True),
        ("el doctor me mandó una tomografía", None),
        ("can I get an mri with no order", False),
        ("no tengo orden médica", False),
        ("esperando la orden del doctor", False),
        ("MRI. Order's in. Medicare.", True),
        ("script is in my hand", True),
        ("my doctor is faxing the order today", True),
        ("la orden viene en camino", True),
        ("nobody has written me an order", False),
        ("I still need to get the order from my doc", False),
        ("I'll get the order next week", False),
        ("tengo que pedir la orden a mi doctora", False),
        ("nadie me ha dado la orden", False),
        ("I need an order from my doctor first, don't I?", None),
        ("can you write the order?", None),
        ("in order to sleep I need help", None),
        ("I want to order supplements", None),
        ("My doctor mentioned it but hasn't written the order", False),
        ("she still needs to sign the order", False),
        ("aún no me hacen la orden", False),
        ("La orden ya la tengo, la escribió mi doctora", True),
        ("dr gave me the paper order tuesday", True),
        ("Order? Yes, from Dr. Lee", True),
    ],
    "interpreter_needed": [
        ("She is deaf and needs an ASL interpreter", True),
        ("mi mamá no habla inglés", True),
        ("we do not need an interpreter", False),
        ("I need a dentist", None),
    ],
    "preferred_channel": [
        ("need a sleep study. text me dont call i work nights", "text"),
        ("Call Tess at 630-555-0109 to schedule", "call"),
        ("quiero empezar con inyecciones. Llámenme.", "call"),
        ("Contáctenme por correo electrónico.", "email"),
        ("please mail me a brochure. No need to call.", None),
        ("nobody called me back", None),
    ],
    "visit_mode": [
        ("Could we do it by video, I live far", "video"),
        ("prefiero por videollamada", "video"),
        ("needs to be in person", "in person"),
        ("either video or in person is fine", None),
        ("do I pick a time online?", None),
        ("I don't want telehealth", None),
    ],
    "best_time": [
        ("Want the consult. Call after 5:30.", "after 5:30"),
        ("mi pareja quiere empezar, llamen después de las 6", "después de las 6"),
        ("Mornings suit me. Kindly telephone.", "Mornings"),
        ("call me between 2 and 4 please", "between 2 and 4"),
        ("my surgery was after 5 attempts", None),
    ],
    "zip": [
        ("im in waverly 45690 so chillicothe is closest", "45690"),
        ("dr gave me the order. 78539. Any day", "78539"),
        ("we winter in Florida, home is 43130", "43130"),
        ("account 45690 so far unpaid", None),
        ("I earn 45000 so no insurance", None),
        ("He lives with me in 60625 and has Medicare", "60625"),
        ("Aetna PPO, 60614. Fax 312-555-0188", "60614"),
        ("vivo en Aurora, IL 60505", "60505"),
        ("the bill was $12500", None),
        ("knee pain, live by the lake, Evanston 60201", "60201"),
        ("vivo en el centro de aurora 60505 y tengo Medicare", "60505"),
        ("35 cash 60614", "60614"),
        ("I make 45000 a year", None),
        ("CPT 27447 for my knee", None),
        ("my policy 60614 is active", None),
        ("call 312-555-0147, account 60614", None),
    ],
    "state": [
        ("We winter in Florida and need a visit in June", None),
        ("just moved here from Indiana", None),
        ("My parents live in Florida", None),
        ("live in Delaware 43015", None),
        ("What ID do I need?", None),
        ("Sinus CT please", None),
        ("I live in Hartford CT, need a doctor", "CT"),
        ("Hartford CT 06103", "CT"),
        ("My VA doctor sent me", None),
        ("I live in Ohio", "OH"),
        ("Columbus, OH here", "OH"),
        ("vivo en Tejas", "TX"),
        ("we just moved from Texas", None),
        ("Virginia said you were great", None),
        ("are your therapists licensed in Iowa", None),
        ("PLEASE CALL ME OR TEXT", None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("fact", EXAMPLES)
def test_wishes_read_their_examples(fact: str) -> None:
    assert wrong(fact, EXAMPLES[fact]) == []


@pytest.mark.parametrize("fact", EXAMPLES)
def test_the_evidence_is_in_the_message(fact: str) -> None:
    assert misquoted(fact, [f"Año nuevo, sí: {message}" for message, _ in EXAMPLES[fact]]) == []


def test_the_language_is_told_by_small_words_and_unknown_without_them() -> None:
    languages = {
        "I need a knee doctor for my mom": "en",
        "mi hija necesita cita": "es",
        "información por favor": "es",
        "Joint school sign-up please": "en",
        "MRI": None,
        "examen DOT": "es",
        "DOT exam": None,
        "¿MRI?": "es",
        "": None,
        "我需要看医生": "other",
    }
    assert dict(zip(languages, told([*languages])["read.language"], strict=True)) == languages
