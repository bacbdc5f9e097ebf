"""Is it known whom they ask for, who speaks and who decides?"""

from __future__ import annotations

from typing import Any, Final

import pytest
from reading_examples import misquoted, wrong

EXAMPLES: Final[dict[str, list[tuple[str, Any]]]] = {
    "asks_for": [
        ("My sister did IVF with you (hi from Anna!). Me, I only want to freeze my eggs.", "self"),
        ("My brother was seen by you last year. I need therapy", "self"),
        ("I watched my dad suffer with this. I want therapy", "self"),
        ("No quiero hemodiálisis, a mi mamá la vi sufrir con eso. Quiero diálisis peritoneal.", "self"),
        ("A mi tía la atendieron ustedes, quiero una cita", "self"),
        ("A mi mamá la vi sufrir mucho, quiero una cita para ella", "parent"),
        ("A mi mamá la operaron ustedes, quiero que la vean otra vez", "parent"),
        ("My son did therapy with you. I want to start again", "child"),
        ("My mom was seen by you and she needs therapy", "parent"),
        ("My mom was seen by you last year. Needs therapy again", "parent"),
        ("I'm writing for my mom who was seen by you. I want to book therapy", "parent"),
        ("I need a DOT physical. Company pays.", "self"),
        ("my company sent me for a drug test", "self"),
        ("mi empresa me manda a hacer un antidoping", "self"),
        ("I drive for a trucking company and need my physical", "self"),
        ("we need drug tests for our drivers, company pays", "organization"),
        ("I need a knee doctor", "self"),
        ("me duele la cadera, busco ortopeda", "self"),
        ("My knee is bone on bone and my husband drives me", "self"),
        ("I live with my mom and need physical therapy", "self"),
        ("A coworker got an MRI at your place. I need one too", "self"),
        ("my wife's insurance is Aetna. my shoulder hurts, can I come in", "self"),
        ("Cita para mí: ciática", "self"),
        ("I'm a practice manager, but this one is for me personally: sciatica, want an appointment", "self"),
        ("Physical therapy when my daughter is off to college, I'd like to have my bunions done", "self"),
        ("My husband won't fill out forms so here I am. He needs PT for his neck", "spouse"),
        ("wife needs to see a rheumatologist", "spouse"),
        ("a mi marido le urge el dentista", "spouse"),
        ("my 5 month old has a flat spot, need consult", "child"),
        ("Can I sign my daughter up for joint school?", "child"),
        ("Mi hijo tiene 16, se lastimó la rodilla, busco ortopeda", "child"),
        ("kid is 10 and still wets the bed, who do i talk to to set it up", "child"),
        ("It's about Mother. She'd like her cataracts looked at.", "parent"),
        ("I'm writing for my dad, he is 78", "parent"),
        ("Para mi madre: cita de cataratas, soy su hija.", "parent"),
        ("my niece 20 needs a therapist, please contact me first, her aunt", "relative"),
        ("para un amigo, quiere cita", "relative"),
        ("Please see our patient, 63M, R knee OA", "patient"),
        ("Les refiero a una paciente de 54 años", "patient"),
        ("HR director here, need physicals for our drivers", "organization"),
        ("We'd like to refer our patients for ultrasound, a partnership", "organization"),
        ("somos una empresa con 80 trabajadores", "organization"),
        ("Puedo ir de nueve a doce, y mi hijo me lleva", "self"),
        ("couples therapy, my wife is on board", "self"),
        ("My daughter is 17. Her teacher and her aunt all say the same. Looking for a program", "child"),
        ("is parking free", None),
        ("¿Qué servicios ofrecen?", None),
    ],
    "authority": [
        ("I am legal guardian of my grandson, he needs counseling", "guardian"),
        ("I hold power of attorney for my mother", "authorized"),
        ("tengo carta poder de mi papá", "authorized"),
        ("yo soy su mamá y estoy de acuerdo", "parent"),
        ("I'm his caseworker at the county", "provider"),
        ("I need a dentist", None),
    ],
    "decides": [
        ("HR director, Union Park Foods. Workplace injuries.", "hr director"),
        ("As practice manager at Lincoln Square I'd like a referral agreement", "practice manager"),
        ("Benefits manager. Want an onsite wellness day", "benefits manager"),
        ("we have 12 CDL drivers, I am the fleet manager", "fleet manager"),
        ("demo our platform to your practice manager", None),
    ],
    "contact_decides": [
        ("I decide on this.", True),
        ("As HR manager I make that decision", True),
        ("Yo decido sobre esto", True),
        ("Our HR director Ruth Chen decides.", False),
        ("Ruth Chen, our HR director, makes that decision.", False),
        ("The decision is made by our HR director, Ruth Chen.", False),
        ("Please talk to our HR director Ruth Chen, she decides.", False),
        ("I don't decide on this", False),
        ("Nuestra directora de recursos humanos decide", False),
        ("La decisión la toma Ruth Chen", False),
        ("Send me prices before I decide", None),
        ("Who decides whether a driver is fit?", None),
        ("We have to decide by Friday", None),
    ],
    "sex": [
        ("physical therapy for my daughter please", "female"),
        ("my dad needs a hearing test", "male"),
        ("33 year old male, kidney stone, please see our patient", "male"),
        ("I'm pregnant and my back hurts", "female"),
        ("my partner needs a physical", None),
        ("I am a woman of 40. Cita para mi hijo", "male"),
    ],
}


@pytest.mark.parametrize("fact", EXAMPLES)
def test_relations_read_their_examples(fact: str) -> None:
    assert wrong(fact, EXAMPLES[fact]) == []


@pytest.mark.parametrize("fact", EXAMPLES)
def test_the_evidence_is_in_the_message(fact: str) -> None:
    assert misquoted(fact, [f"¿Sí? {message}" for message, _ in EXAMPLES[fact]]) == []


TOLD_OF = [
    "my sister got botox at your place and loves it!! I on the other hand have psoriasis, need an appointment",
    "It's on both elbows. My brother has psoriasis so I suppose that's what I've got. I'd like someone to look",
    "my brother has sleep apnea and says I snore just like him, I need a sleep study",
    "mi esposo dice que ronco mucho, quiero el estudio del sueño",
    "my sister has the BRCA gene, I'm 34, I'd like genetic testing",
    "my husband has tried your PT and liked it, I've got plantar fasciitis",
    "mi hermano tiene psoriasis y creo que yo también tengo, necesito cita",
]


def test_a_relative_who_is_merely_told_of_is_not_whom_they_ask_for() -> None:
    assert wrong("asks_for", [(message, "self") for message in TOLD_OF]) == []
    others = [
        ("my sister has psoriasis on both elbows and needs an appointment", "relative"),
        ("my dad thinks he has sleep apnea, want to schedule him", "parent"),
        ("my husband has gout, I guess I can bring him Tuesday", "spouse"),
        ("My brother has psoriasis, can you see him", "relative"),
        ("My daughter is 8 and cannot focus. I think I have it too", "child"),
    ]
    assert wrong("asks_for", others) == []
