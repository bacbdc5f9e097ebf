"""Is it known which plan they have, of which kind, or that they pay themselves?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from reading_examples import misquoted, policy, told, wrong

from leadwell.playbook.model import Payers

EXAMPLES: Final[dict[str, list[tuple[str, Any]]]] = {
    "payer": [
        ("I have Blue Cross Blue Shield.", "bcbs"),
        ("Insurance is Anthem", "bcbs"),
        ("UHC Medicare Advantage", "united"),
        ("UnitedHealthcare HMO, have the referral", "united"),
        ("tengo ambetter y quiero cita", "ambetter"),
        ("do you take Aetna?", "aetna"),
        ("¿Aceptan el seguro Molina?", "molina"),
        ("My dad is 84, Medicare plus a Cigna supplement", "medicare"),
        ("We just switched from Humana to UHC", "united"),
        ("I have Kaiser but will pay out of pocket", "kaiser"),
        ("do you take Aetna or Cigna?", None),
        ("I lost my Aetna in May", None),
        ("I don't have Medicaid", None),
        ("waiting on Medicaid to approve me", None),
        ("estoy esperando el Medicaid", None),
        ("anywhere in the United States", None),
        ("Soy Oscar Molina, quiero cita", None),
    ],
    "plan_kind": [
        ("BCBS HMO", "hmo"),
        ("bcbs ppo, migraines", "ppo"),
        ("she has Humana Medicare Advantage", "medicare-advantage"),
        ("on Medicare, 71", "medicare"),
        ("i got medicaid", "medicaid"),
        ("No insurance, paying cash", "none"),
        ("is it an HMO or a PPO? I never know", None),
    ],
    "payment": [
        ("49 años, nunca he fumado, pago de contado", "self"),
        ("Es para mi hermana, ella no habla inglés. Paga en efectivo.", "self"),
        ("I never smoked, paying cash", "self"),
        ("I'll just pay for it, I want therapy", "self"),
        ("¿Aceptan efectivo?", None),
        ("do you take cash?", None),
        ("no voy a pagar de contado", None),
        ("sin seguro, ¿cuánto cuesta?", "self"),
        ("a mi marido le urge el dentista, pagamos nosotros", "self"),
        ("I don't have insurance", "self"),
        ("¿aceptan mi seguro?", "plan"),
        ("what would my out of pocket cost be", None),
        ("35, cash, knee pain", "self"),
        ("voy a pagar yo", "self"),
        ("for now I pay for everything myself", "self"),
        ("No insurance, waiting for Medicaid", None),
        ("no tengo aseguranza, estoy esperando el Medicaid", None),
        ("waiting for Medicaid, until then I pay cash", "self"),
        ("my cash flow is poor", None),
    ],
}

# Who names a plan and cannot pay themselves, asks whether they must, or did so once is asked of the plan.
NOT_THEMSELVES: Final = [
    "I have Humana, can't self pay",
    "Kaiser, and I can't afford to pay out of pocket",
    "would I have to pay out of pocket? I have Humana",
    "how much would I pay out of pocket with Cigna",
    "is it all out of pocket? I'm with Cigna",
    "tired of paying out of pocket, now I have Cigna",
    "We used to self pay, just got BCBS",
    "I was without insurance last year, I have Aetna now",
    "not without insurance, I have Aetna",
    "Uninsured until last month, now I'm on Medicaid",
    "Out of pocket is too much for us. Ambetter",
    "We're on Medicaid and unable to pay for an MRI out of pocket",
    "no puedo pagar de mi bolsillo, tengo Medicaid",
    "no podemos pagar en efectivo, tenemos Ambetter",
    "¿tendría que pagar de mi bolsillo? tengo Humana",
    "cansada de pagar de mi bolsillo, ahora tengo Aetna",
]
# Who will pay, whatever else they cannot, does.
THEMSELVES: Final = [
    "I have Kaiser but will pay out of pocket",
    "can't use insurance, so paying cash",
    "I can't wait and will pay out of pocket",
    "can't afford insurance, paying cash",
    "I don't want to use insurance, I'll pay cash",
    "I lost my Aetna, now I pay cash",
    "Aetna denied it so I pay myself",
    "I have to pay out of pocket since Aetna dropped me",
    "no tengo seguro y no puedo pagar mucho",
    "no puedo usar mi seguro, pago en efectivo",
]


@pytest.mark.parametrize("fact", EXAMPLES)
def test_insurance_reads_its_examples(fact: str) -> None:
    assert wrong(fact, EXAMPLES[fact]) == []


@pytest.mark.parametrize("fact", EXAMPLES)
def test_the_evidence_is_in_the_message(fact: str) -> None:
    assert misquoted(fact, [f"Año nuevo: {message}" for message, _ in EXAMPLES[fact]]) == []


def test_who_does_not_pay_themselves_is_not_said_to() -> None:
    said = told(NOT_THEMSELVES)
    plain = said["read.payment"].ne_missing("self") & said["read.payer"].is_not_null()
    assert [message for message, right in zip(NOT_THEMSELVES, plain, strict=True) if not right] == []


def test_who_pays_themselves_does_whatever_they_cannot() -> None:
    assert wrong("payment", [(message, "self") for message in THEMSELVES]) == []


def test_a_payer_is_named_as_the_playbook_accepts_it() -> None:
    payers = Payers(accepted=("Blue Cross Blue Shield of IL", "aetna", "Lakeshore Mutual"), self_pay=True)
    by = replace(policy(), payers=payers, version="payers-of-another-spelling@000000")
    messages = ["I have BCBS", "blue cross blue shield of il", "Aetna PPO", "we have Lakeshore Mutual", "Cigna"]
    said = told(messages, by=by)
    accepted = ["Blue Cross Blue Shield of IL"] * 2 + ["aetna", "Lakeshore Mutual", "cigna"]
    assert said["read.payer"].to_list() == accepted
