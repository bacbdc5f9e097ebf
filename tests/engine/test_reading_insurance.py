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


@pytest.mark.parametrize("fact", EXAMPLES)
def test_insurance_reads_its_examples(fact: str) -> None:
    assert wrong(fact, EXAMPLES[fact]) == []


@pytest.mark.parametrize("fact", EXAMPLES)
def test_the_evidence_is_in_the_message(fact: str) -> None:
    assert misquoted(fact, [f"Año nuevo: {message}" for message, _ in EXAMPLES[fact]]) == []


def test_a_payer_is_named_as_the_playbook_accepts_it() -> None:
    payers = Payers(accepted=("Blue Cross Blue Shield of IL", "aetna", "Lakeshore Mutual"), self_pay=True)
    by = replace(policy(), payers=payers, version="payers-of-another-spelling@000000")
    messages = ["I have BCBS", "blue cross blue shield of il", "Aetna PPO", "we have Lakeshore Mutual", "Cigna"]
    said = told(messages, by=by)
    accepted = ["Blue Cross Blue Shield of IL"] * 2 + ["aetna", "Lakeshore Mutual", "cigna"]
    assert said["read.payer"].to_list() == accepted
