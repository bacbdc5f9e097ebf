"""Each patient whom a mail lists is a lead of their own, found by their name, whoever sent it. (promises A3, B8)"""

from __future__ import annotations

import pytest

from leadwell.server.leads.tests.test_referring import Arriving, arriving, stays_anas_own  # noqa: F401  a fixture
from leadwell.server.people.finding import found, understood

pytestmark = pytest.mark.django_db(databases="__all__")

CORA = "Cora Lindqvist <cora@millbrook.example.org>"
MAILS = {
    "Hi all, three for you this week:\n1. Lavinia Stroud, 3/2/1950, knee replacement, 773-555-0110\n"
    "2. Osbert Kemp, 4/4/1949, hip replacement, 773-555-0111\n3. Muriel Tate, 5/5/1960, MRI shoulder, 773-555-0112\n"
    "Thanks, Cora": {
        "Lavinia Stroud": "+17735550110",
        "Osbert Kemp": "+17735550111",
        "Muriel Tate": "+17735550112",
    },
    "Patients to schedule:\n- Phineas Grout\nknee replacement\nMedicare\n- Drucilla Marsh\nhip replacement\nMedicare": {
        "Phineas Grout": "",
        "Drucilla Marsh": "",
    },
    "Please schedule Gideon and Prudence Ashcombe, both for knee replacement": {
        "Gideon Ashcombe": "",
        "Prudence Ashcombe": "",
    },
    "Please schedule Mr. and Mrs. Bartholomew for knee replacement consults. Cora": {
        "Mr. Bartholomew": "",
        "Mrs. Bartholomew": "",
    },
    "Please see Cornelius Wray for a knee replacement. Also Euphemia Wray, his wife, for her hip.": {
        "Cornelius Wray": "",
        "Euphemia Wray": "",
    },
    "Buenos días, por favor citen a la Sra. Rosalinda Urrutia para reemplazo de rodilla y a su hermana Edelmira "
    "Urrutia para la cadera.": {"Rosalinda Urrutia": "", "Edelmira Urrutia": ""},
    "Please cancel the referral for Ignatius Pell, he went elsewhere. But Josiah Pell, his brother, wants a knee "
    "replacement.": {"Ignatius Pell": "", "Josiah Pell": ""},
}


def test_each_whom_a_mail_lists_is_a_lead_and_found_by_name(arriving: Arriving) -> None:  # noqa: F811
    for text in MAILS:
        arriving.mail(text, sender=CORA)
    leads = arriving.leads()
    each = {name: phone for told in MAILS.values() for name, phone in told.items()}
    assert {one.get("patient_full_name"): one["dialled"] for one in leads} == each
    assert len(leads) == len(each)
    assert {(one.get("referrer_email"), one.get("email")) for one in leads} == {("cora@millbrook.example.org", None)}
    for name in each:
        sought = found(arriving.organization.pk, understood(name.removeprefix("Mr. ").removeprefix("Mrs. ")))
        assert sought.people, name
    (josiah,) = (one for one in leads if one["patient_full_name"] == "Josiah Pell")
    assert "elsewhere" not in josiah["message"]


@pytest.mark.parametrize(
    "text",
    [
        "I want a knee replacement, my knee hurts. My doctors:\n- Ann Ray, knee surgeon\n- Bob Lee, family physician",
        "I want a knee replacement. My medicines:\n- Metformin Hydrochloride 500 mg\n- Lisinopril Tablets 10 mg",
        "I want a knee replacement, my husband Bob Ruiz and I can come:\n- Monday, December 7\n- Tuesday, December 8",
        "I want a knee replacement. Emergency contacts:\n1. Bob Ruiz, husband, 773-555-0101\n2. Eva Ruiz, 773-555-0102",
    ],
)
def test_a_list_of_anything_else_in_a_patients_mail_leaves_it_theirs(arriving: Arriving, text: str) -> None:  # noqa: F811
    stays_anas_own(arriving, text)
