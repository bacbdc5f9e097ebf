"""Which services, specifics, clinics and own facts do the words name? Against the example playbooks."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import pytest
from tests.together import Together

from leadwell import contract, playbook, reading
from leadwell.reading import word_kinds


@cache
def policy(name: str) -> playbook.Playbook:
    return playbook.load(playbook.find(name))


@Together
def _read(messages: list[str], name: str) -> list[dict[str, Any]]:
    frame = pl.DataFrame({"message": messages}).with_columns(received_at=pl.lit("2026-11-02T10:00:00-06:00"))
    return reading.read(frame, policy(name)).to_dicts()


def read(name: str, message: str) -> dict[str, Any]:
    found: dict[str, Any] = _read(message, name)
    return found


def asserted(mentions: list[dict[str, Any]] | None) -> list[str]:
    return sorted({m["key"] for m in mentions or [] if m["context"] == "asserted"})


LAKESIDE = "lakeside-orthopedics"
BEHAVIORAL = "behavioral-health"
DIAGNOSTICS = "diagnostics-occupational"

SERVICES = [
    (LAKESIDE, "MRI 8/14: L4-5 disc herniation, wants surgeon for sciatica", "services", ["spine-care"]),
    (LAKESIDE, "My MRI report from May says I need a new one, knee replacement?", "services", ["knee-replacement"]),
    (LAKESIDE, "I need an MRI done at your place", "services", ["imaging-mri"]),
    (LAKESIDE, "MRI 11/20 with contrast", "services", ["imaging-mri"]),
    (LAKESIDE, "Both my knees are bone on bone, when can I be seen?", "services", ["knee-replacement"]),
    (LAKESIDE, "a slipped disc, I think", "services", ["spine-care"]),
    (LAKESIDE, "looking for a good physio", "services", ["physical-therapy"]),
    (LAKESIDE, "I don't want surgery, just physical therapy for my knee", "services", ["physical-therapy"]),
    (LAKESIDE, "Told knee replacement. I don't want knee replacement. Physio please", "services", ["physical-therapy"]),
    (LAKESIDE, "Not a knee replacement where nobody calls. Knee replacement please", "services", ["knee-replacement"]),
    (BEHAVIORAL, "Ni medicinas ni psiquiatra, nada más la terapia de pareja", "services", ["family-therapy"]),
    (LAKESIDE, "55 F with knee pain. Pt speaks Spanish", "services", []),
    (LAKESIDE, "Referring this pt for a knee replacement, severe OA", "services", ["knee-replacement"]),
    (LAKESIDE, "Please refer me for PT for my knee", "services", ["physical-therapy"]),
    (LAKESIDE, "PT sessions for my knee", "services", ["physical-therapy"]),
    (LAKESIDE, "I want PT for my back, I failed two injections", "services", ["physical-therapy"]),
    (LAKESIDE, "Had an MRI last year. Sciatica again.", "services", ["spine-care"]),
    (LAKESIDE, "A dental implant, please", "elsewhere", ["dental"]),
    (LAKESIDE, "A dental implant, please", "services", []),
    (LAKESIDE, "Necesito terapia física para mi rodilla", "services", ["physical-therapy"]),
    (LAKESIDE, "We would like a referral agreement with you", "offers", ["referral-agreement"]),
    (LAKESIDE, "", "services", []),
    (BEHAVIORAL, "looking for a teen IOP for my daughter", "services", ["teen-iop"]),
    (BEHAVIORAL, "my therapist wants me to see a psychiatrist", "services", ["psychiatry"]),
    (LAKESIDE, "I want to sit at work without sciatica every day", "services", ["spine-care"]),
    (LAKESIDE, "I want help without a knee replacement", "services", []),
    (BEHAVIORAL, "in person not on the computer we have Aetna and see a psychiatrist", "services", ["psychiatry"]),
    (BEHAVIORAL, "he needs detox first", "elsewhere", ["detox"]),
    (BEHAVIORAL, "My husband and I need couples therapy", "services", ["family-therapy"]),
    (DIAGNOSTICS, "pre employment phisical tomorrow", "services", ["pre-employment-physical"]),
    (DIAGNOSTICS, "Tuve un accidente de trabajo hace tres días", "services", ["injury-care"]),
    (DIAGNOSTICS, "cat scan of my chest", "services", ["ct-scan"]),
    (BEHAVIORAL, "Busco psicólogo infantil para mi niño", "services", []),
    (BEHAVIORAL, "Busco psicólogo infantil para mi niño", "elsewhere", ["young-children"]),
    (BEHAVIORAL, "Busco psicólogo para mi niño de 15", "services", ["individual-therapy"]),
    (DIAGNOSTICS, "his doctor gave him an order for a sleep study 2 months ago", "services", ["sleep-study"]),
    (DIAGNOSTICS, "he had a sleep study 2 months ago", "services", []),
    (LAKESIDE, "Eye exam and new glasses", "elsewhere", ["eye care"]),
    (LAKESIDE, "my eye doctor sent me for my knee replacement", "elsewhere", []),
    (LAKESIDE, "looking for a hip surgeon", "elsewhere", []),
    (BEHAVIORAL, "Is there a dermatologist at your clinic?", "elsewhere", ["skin care"]),
    (BEHAVIORAL, "tattoo removal consult", "elsewhere", ["cosmetic skin care"]),
    (LAKESIDE, "tooth implant, upper left, how soon", "elsewhere", ["dental"]),
    (BEHAVIORAL, "no chemo anymore, psychiatrist for my dad", "services", ["psychiatry"]),
    (LAKESIDE, "right knee OA, failed PT and injections. Wants knee replacement", "services", ["knee-replacement"]),
    (LAKESIDE, "failed physical therapy, needs a knee replacement", "services", ["knee-replacement"]),
    (LAKESIDE, "did not respond to PT, needs knee replacement", "services", ["knee-replacement"]),
    (LAKESIDE, "s/p PT x 6 weeks, needs knee replacement", "services", ["knee-replacement"]),
    (LAKESIDE, "completed PT, tried PT again. Needs knee replacement", "services", ["knee-replacement"]),
    (LAKESIDE, "OA refractory to PT and injections. Knee replacement consult", "services", ["knee-replacement"]),
    (LAKESIDE, "PT x 3 months no improvement, knee replacement", "services", ["knee-replacement"]),
    (LAKESIDE, "no relief with PT; needs MRI", "services", ["imaging-mri"]),
    (LAKESIDE, "failed NSAIDs. Needs PT", "services", ["physical-therapy"]),
    (LAKESIDE, "Needs PT after failed injections", "services", ["physical-therapy"]),
    (BEHAVIORAL, "menos de seis meses, psiquiatra para mi tía", "services", ["psychiatry"]),
]


@pytest.mark.parametrize(("name", "message", "list_", "keys"), SERVICES, ids=[f"{s[2]}: {s[1]}" for s in SERVICES])
def test_what_is_asked_for_is_named(name: str, message: str, list_: str, keys: list[str]) -> None:
    assert asserted(read(name, message)[f"read.{list_}"]) == keys


SPECIFICS = [
    ("My torn meniscus keeps me up", {"condition"}),
    ("Dr. Sana Whitby sent me for a knee replacement", {"provider", "procedure"}),
    ("They did X-rays at St. Mary's Hospital", {"clinic", "imaging"}),
    ("I'd like a second opinion", {"reason"}),
    ("My doctor told me to call", {"provider"}),
    ("see you at the Evanston clinic", {"clinic"}),
    ("is the doctor nice", set()),
    ("which hospital do you work with", set()),
    ("prices please", set()),
]


@pytest.mark.parametrize(("message", "kinds"), SPECIFICS, ids=[s[0] for s in SPECIFICS])
def test_what_makes_a_request_specific_is_named(message: str, kinds: set[str]) -> None:
    assert {m["key"] for m in read(LAKESIDE, message)["read.specifics"] or []} == kinds


def test_a_named_provider_is_shown_with_the_name() -> None:
    said = read(LAKESIDE, "Good day, Dr. Sana Whitby sent me.")["read.specifics"]
    assert [m["text"] for m in said] == ["Dr. Sana Whitby"]


def test_the_condition_is_told_in_our_words_with_theirs_as_evidence() -> None:
    lead = read(LAKESIDE, "I tore my meniscus skiing")
    assert lead["read.condition"] == "torn meniscus"
    assert lead["read.condition@"]["text"] == "tore my meniscus"


CLINICS = [
    ("Could I come to Evanston?", "evanston"),
    ("the Loop office would be best", "loop"),
    ("I live in Aurora", None),
    ("Aurora here, my hip hurts", None),
    ("Is the doctor at Aurora here?", "aurora"),
    ("not Aurora, too far", None),
    ("Vivo en Aurora y prefiero Evanston", "evanston"),
    ("anywhere is fine", None),
]


@pytest.mark.parametrize(("message", "location"), CLINICS, ids=[c[0] for c in CLINICS])
def test_the_clinic_wanted_is_told_from_the_town_lived_in(message: str, location: str | None) -> None:
    assert read(LAKESIDE, message)["read.location"] == location


INJURIES = [
    ("broken wrist", True),
    ("tobillo roto", True),
    ("sprained ankle", True),
    ("wrist surgery", False),
    ("MRI", False),
]


@pytest.mark.parametrize(("words", "lasts"), INJURIES)
def test_a_playbooks_injury_is_asked_about_though_it_happened(words: str, lasts: bool) -> None:
    assert word_kinds.lasts(words) is lasts


OWN = [
    ("I have a pacemaker", True),
    ("No pacemaker, no implants", False),
    ("I had a pacemaker put in ten years ago", True),
    ("no tengo marcapasos", False),
    ("my father has a pacemaker and I need an MRI", True),
    ("my father had a pacemaker", None),
    ("not sure if I have a metal implant", None),
    ("MRI of the knee", None),
    ("no idea about any metal implant", None),
    ("no metal implant, no idea about my coverage", False),
]


@pytest.mark.parametrize(("message", "value"), OWN, ids=[o[0] for o in OWN])
def test_a_playbooks_own_fact_is_true_false_or_unknown(message: str, value: bool | None) -> None:
    assert read(LAKESIDE, message)["read.answer.metal_implant"] is value


ANSWERED = [
    ("guardian_consent", "Guardian consent? Yes.", True),
    ("guardian_consent", "guardian consent: not yet", False),
    ("guardian_consent", "no guardian consent yet", False),
]


@pytest.mark.parametrize(("fact", "message", "value"), ANSWERED, ids=[a[1] for a in ANSWERED])
def test_a_fact_is_answered_by_the_name_of_its_field(fact: str, message: str, value: bool) -> None:
    assert read(BEHAVIORAL, message)[f"read.answer.{fact}"] is value


DRINKING = """
[facts.daily_use]
type = "yes-no"
ask = "Does the patient drink every day?"
words = ["drink every day", "prior auth approved"]
"""


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("I don't drink and I don't use anything", False),
        ("she never drinks", False),
        ("I drink every day", True),
        ("I drink coffee", None),
        ("Prior auth? Not yet, they said you request it", False),
        ("prior auth: yes", True),
        ("they want prior auth", None),
    ],
)
def test_words_of_a_fact_are_denied_by_what_they_say_less(message: str, value: bool | None) -> None:
    policy_of = playbook.load(playbook.find(LAKESIDE) + DRINKING.encode())
    frame = reading.read(pl.DataFrame({"message": [message]}), policy_of)
    assert frame["read.answer.daily_use"][0] is value


THINNING = """
[facts.blood_thinner]
type = "yes-no"
ask = "Does the patient take a blood thinner?"
words = ["blood thinner", "warfarin"]
"""


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("I was on warfarin years ago but not on any blood thinner now", False),
        ("not on any blood thinner now", False),
        ("I am on warfarin", True),
        ("I take warfarin, no other blood thinner", True),
    ],
)
def test_what_is_over_and_denied_is_not_so_today(message: str, value: bool | None) -> None:
    policy_of = playbook.load(playbook.find(LAKESIDE) + THINNING.encode())
    frame = reading.read(pl.DataFrame({"message": [message]}), policy_of)
    assert frame["read.answer.blood_thinner"][0] is value


SKIN = """
[facts.has_biopsy]
type = "yes-no"
ask = "Has the spot been biopsied?"
words = ["biopsy", "biopsied", "pathology report", "biopsia"]
[facts.blood_thinner]
type = "yes-no"
ask = "Does the patient take a blood thinner?"
words = ["blood thinner", "eliquis", "anticoagulante"]
[facts.pregnant]
type = "yes-no"
ask = "Is the patient pregnant?"
words = ["pregnant", "pregnancy", "embarazada"]
[facts.needs_detox]
type = "yes-no"
ask = "Would stopping make the patient ill?"
words = ["detox"]
[criteria.biopsy]
says = "Surgery needs a biopsy."
when = "has_biopsy"
ask = "Has the spot been biopsied?"
obtainable = true
"""


TOLD = [
    ("has_biopsy", "do I need a biopsy first?", None),
    ("has_biopsy", "can you do the biopsy there?", None),
    ("has_biopsy", "¿necesito biopsia primero?", None),
    ("has_biopsy", "they'll do the biopsy next week", False),
    ("has_biopsy", "biopsy is scheduled for Oct 20", False),
    ("has_biopsy", "I still need to get the biopsy", False),
    ("has_biopsy", "waiting on the pathology report", False),
    ("has_biopsy", "me van a hacer la biopsia el lunes", False),
    ("has_biopsy", "had a biopsy in May, another biopsy is scheduled", True),
    ("has_biopsy", "I will bring my pathology report", True),
    ("has_biopsy", "biopsy done, surgery is scheduled", True),
    ("needs_detox", "he needs detox", True),
    ("has_biopsy", "my sister had a biopsy, I haven't", False),
    ("blood_thinner", "my husband takes eliquis, I take nothing", False),
    ("blood_thinner", "mi esposo toma anticoagulante, yo no tomo nada", False),
    ("blood_thinner", "For my knee. I am 61 and my brother takes eliquis", None),
    ("blood_thinner", "my husband takes eliquis and I do too: eliquis", True),
    ("blood_thinner", "My mom needs an MRI. My mom takes eliquis", True),
    ("blood_thinner", "I take eliquis", True),
    ("pregnant", "rash since my last pregnancy, two years ago", False),
    ("pregnant", "I was pregnant last year", False),
    ("pregnant", "rash since my first pregnancy", None),
    ("pregnant", "estaba embarazada el año pasado", False),
    ("pregnant", "rash during my pregnancy", True),
    ("pregnant", "had it since my last pregnancy and I am pregnant again", True),
]


def _skin(**columns: list[str | None]) -> pl.DataFrame:
    return reading.read(pl.DataFrame(columns), playbook.load(playbook.find(LAKESIDE) + SKIN.encode()))


def test_what_is_to_be_got_a_relatives_or_over_is_not_the_patients() -> None:
    frame = _skin(message=[message for _, message, _ in TOLD])
    said = [(fact, message, frame[f"read.answer.{fact}"][at]) for at, (fact, message, _) in enumerate(TOLD)]
    assert [one for one, right in zip(said, TOLD, strict=True) if one != right] == []


def test_where_a_field_says_for_whom_a_relatives_fact_is_theirs() -> None:
    frame = _skin(message=["For my knee. I am 61 and my brother takes eliquis"] * 2, relationship=[None, "brother"])
    assert frame["read.answer.blood_thinner"].to_list() == [None, True]
    assert [name for name in frame.columns if "theirs" in name] == []


def test_every_column_of_the_contract_is_there_in_its_type() -> None:
    frame = reading.read(pl.DataFrame({"message": ["hello"]}), policy(LAKESIDE))
    for name, kind in contract.READ_VALUES.items():
        assert frame.schema[f"read.{name}"] == kind
    for name in contract.READ_EVIDENCE:
        assert frame.schema[f"read.{name}@"] == contract.EVIDENCE
    for name in contract.READ_MENTIONS:
        assert frame.schema[f"read.{name}"] == pl.List(contract.MENTION)


MESSAGES = [
    "I do not want surgery but my kneés are bone on bone", None, "", "Had an MRI. Need P.T.\nCall me",
    "\u200bciática\u0301 😀", "Dr. Whitby at St. Mary's Hospital", "=cmd|'/c calc'!A1 knee replacement",
    "\x00\x1f mri", "مرحبا mri", "; DROP TABLE leads; mri",
]  # fmt: skip


def test_a_lead_reads_the_same_alone_and_among_others() -> None:
    many = pl.DataFrame({"message": MESSAGES * 150, "received_at": "2026-11-02"})
    together = reading.read(many, policy(LAKESIDE))
    alone = pl.concat([reading.read(many[i : i + 1], policy(LAKESIDE)) for i in range(len(MESSAGES))])
    assert together[: len(MESSAGES)].equals(alone, null_equal=True)
    assert together[-len(MESSAGES) :].equals(alone, null_equal=True)


def test_evidence_is_the_words_at_their_place() -> None:
    frame = reading.read(pl.DataFrame({"message": MESSAGES, "subject": list(reversed(MESSAGES))}), policy(LAKESIDE))
    for lead in frame.to_dicts():
        said = [m for name in contract.READ_MENTIONS for m in lead[f"read.{name}"] or []]
        said += [lead[f"read.{name}@"] for name in contract.READ_EVIDENCE if lead[f"read.{name}@"]]
        for words in said:
            assert lead[words["field"]][words["start"] : words["end"]] == words["text"]


def test_an_empty_list_of_leads_is_read() -> None:
    frame = reading.read(pl.DataFrame(schema={"message": pl.String}), policy(LAKESIDE))
    assert frame.height == 0
    assert "read.services" in frame.columns
