"""Who writes for themselves is as old as they say, whatever infant stands beside them or is awaited."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.together import Together

from leadwell import load_playbook
from leadwell.reading import read

# message, whom it asks for, the age
CASES = [
    ("My 11 year old worries about everything. Therapy?", "child", 11),
    ("my 15 year old told a teacher she is sad all the time. Therapy", "child", 15),
    ("My 16 year old drives me to appointments. I need therapy", "self", 16),
    ("As a mother of three I have no time, my knee is bad", "self", None),
    ("soy madre de tres y tengo ansiedad", "self", None),
    ("17 and want my license, I need a physical", "self", 17),
    ("I'm in Denver, 31 yrs, and I need therapy", "self", 31),
    ("15 and 16 work best, I need a physical", "self", None),
    ("I think I have postpartum anxiety. My baby is 4 months old. I am 31, I want therapy", "self", 31),
    ("I think I have a thyroid problem. My son is 6 weeks old. Can I get a blood test?", "self", None),
    ("Creo que tengo depresión. Mi bebé tiene tres meses. Quiero una cita. Tengo 27 años", "self", 27),
    ("My baby is 5 months old, my back hurts, I need physical therapy", "self", None),
    ("My baby is 4 months old and has a flat spot. I want him seen", "child", 0),
    ("My son is 6 weeks old. I was told he has a tongue tie", "child", 0),
    ("My daughter is 8 and cannot focus. I think I have it too", "child", 8),
    ("scoliosis since I was a kid, I am 34 and my back hurts", "self", 34),
    ("when I was a teenager I tore my ACL, I am 45 and my knee gives out", "self", 45),
    ("im 15 and I need a therapist, I dont want my mom to know", "self", 15),
    ("Tengo 30 semanas, estoy embarazada y tengo 31 años", "self", 31),
    ("my wife is 30 weeks pregnant, she is 28 years old", "spouse", 28),
    ("Writing for my wife. Postpartum anxiety, the baby is 10 weeks old. We live in 83706", "spouse", None),
    ("Para mi esposa. El bebé tiene 3 meses y ella está muy triste", "spouse", None),
    ("my wife is 31, she has postpartum anxiety", "spouse", 31),
    ("Mi hijo cumplió 6 la semana pasada y la maestra pide una evaluación", "child", 6),
    ("Mi hija cumplirá 2 en enero, quiero una cita para ella", "child", 1),
    ("My son is turning 18 in February, he needs a physical", "child", 17),
    ("My son turned 18 in February, he needs a physical", "child", 18),
    ("I want a hip consult, I'll be 65 next month", "self", 64),
    ("Quiero una cita, cumplo 40 en marzo", "self", 39),
    ("I am almost 65 and want a hip consult", "self", 64),
    ("I am almost done with therapy, I am 65, I want a hip consult", "self", 65),
    ("tengo dieciséis años y quiero terapia", "self", 16),
    ("My brother was diagnosed by you, this is about me though: I need therapy. 30, paying myself", "self", 30),
    ("26, pretty sure im autistic, want an assessment, self pay", "self", 26),
    ("34, i need an evaluation for my son", "child", None),
    ("10, i think i am in the wrong place, I need therapy", "self", None),
    ("We refer a patient of ours, 46 F, for an iron infusion", "patient", 46),
    ("47 m, I need therapy, cigna", "self", 47),
    ("I need therapy. 33 years. I'm in Pullman", "self", 33),
    ("I need therapy for my back pain, 20 years. Cash.", "self", None),
    ("my daughter she turned sixteen on november first and she needs therapy", "child", 16),
    ("my son turns 16 on Nov 20, he needs therapy", "child", None),
    ("it was 45 F outside when I fell, I need a doctor", "self", None),
    ("No puedo dejar a la bebé. 30 años, quiero cita", "self", 30),
    ("I'm expecting a baby in February, I'd like therapy", "self", None),
    ("I don't want my mom to fall again, she needs therapy, she is 81", "parent", 81),
    ("tengo treinta y uno años. tengo Cigna", "self", 31),
    ("Tengo cuarenta y un años y quiero terapia, pago de mi bolsillo", "self", 41),
    ("tengo treintaiún años", "self", 31),
    ("tengo treintaicinco años, quiero terapia", "self", 35),
    ("tengo diez y seis años y quiero terapia", "self", 16),
    ("Quiero terapia. Treinta y nueve, Cigna", "self", 39),
    ("Thirty-nine, anxiety since forever, want therapy", "self", 39),
    ("I want therapy. Fifty-two, on Medicare", "self", 52),
    ("terapia para mí, 55 años, Cigna", "self", 55),
    ("can I do therapy at 40? aetna", "self", 40),
    ("Am I too old for therapy at 71?", "self", 71),
    ("¿puedo hacer terapia a los cuarenta y un años?", "self", 41),
    ("can I come in for therapy at 10?", "self", None),
    ("can I do therapy at 30 Main Street?", "self", None),
    ("can I get therapy in 40 minutes?", "self", None),
    ("can I get therapy with a BMI at 42?", "self", None),
    ("can I get therapy through Medicare at 65?", "self", None),
    ("Can I take prozac at 40 mg? I want therapy", "self", None),
    ("Twenty, maybe thirty minutes on the bus, I need therapy", "self", None),
    ("Thirty, forty minutes away, I need therapy", "self", None),
    ("I only went once months ago, I need therapy", "self", None),
    ("treinta y un minutos en carro, necesito terapia", "self", None),
    ("llevo treinta y un años con dolor, quiero terapia", "self", None),
    ("hace once años que no voy al doctor, quiero terapia", "self", None),
    ("Apt 48, Medicaid, I need therapy", "self", None),
    ("I need therapy. Surgery was scheduled for January 12. Blue Cross HMO through work", "self", None),
    ("I need therapy for me. 48. Medicaid", "self", 48),
    ("I need therapy, how much is it? Fifty?", None, None),
    ("My copay: forty, Aetna. I need therapy", "self", None),
    ("cuarenta, creo, me cobraron por la terapia, necesito terapia", "self", None),
    ("Es para mi hijo de once años, necesita terapia", "child", 11),
    ("mi hijo tiene once y necesita terapia", "child", 11),
    ("mi mamá, ochenta y uno, necesita terapia", "parent", 81),
    ("referimos a la paciente Socorro Peña, 66 años, para terapia", "patient", 66),
    ("48, Medicaid, 78503", None, 48),
]


@Together
def told(messages: list[str]) -> list[dict[str, Any]]:
    leads = pl.DataFrame({"message": messages}).with_columns(received_at=pl.lit("2026-11-10T09:00:00"))
    return read(leads, load_playbook("behavioral-health")).to_dicts()


@pytest.mark.parametrize(("message", "asks_for", "age"), CASES)
def test_whom_is_asked_for_and_how_old_they_are(message: str, asks_for: str | None, age: int | None) -> None:
    assert (told(message)["read.asks_for"], told(message)["read.age"]) == (asks_for, age)


def test_a_field_outranks_the_words() -> None:
    message = "I think I have worries. My baby is 4 months old."
    lead = pl.DataFrame({"message": [message], "asks_for": ["child"], "received_at": ["2026-11-10T09:00:00"]})
    assert read(lead, load_playbook("behavioral-health"))["read.age"].to_list() == [0]


# message, the first day of the period in which care is wanted
WANTED = [
    ("Mi hija cumplió 8 en mayo. Quiero una cita para ella", None),
    ("My son turns 18 in March, he needs a physical", None),
    ("DOT physical for my son, 17 turning 18 feb", None),
    ("My son needs a physical. He is 18 as of Oct 30", None),
    ("My son is 18, he can start as of Dec 1, he needs a physical", date(2026, 12, 1)),
    ("Torn ACL on Saturday, soccer. Can I come tomorrow?", date(2026, 11, 11)),
    ("Can you see my torn ACL on Saturday?", date(2026, 11, 14)),
    ("I'm expecting a baby in February, I'd like therapy", None),
    ("pregnant, due in March, I want counseling", None),
    ("due in January for a colonoscopy, please book me", date(2027, 1, 1)),
    ("my next infusion is due in two weeks", date(2026, 11, 24)),
    ("TB negative in June. The next one is due in two weeks", date(2026, 11, 24)),
    ("my last dose was in September, I want the next in December", date(2026, 12, 1)),
    ("Baby is due in June, I'd want lactation support once he is here", date(2027, 6, 1)),
    ("I want surgery in March", date(2027, 3, 1)),
]


@pytest.mark.parametrize(("message", "start"), WANTED)
def test_a_birth_awaited_and_a_result_are_no_days_for_care(message: str, start: date | None) -> None:
    assert told(message)["read.timeline_start"] == start
