"""Only what no slip of a pen explains makes somebody plainly another person than whom we know. (promise A8)"""

from __future__ import annotations

import pytest

from leadwell.server.people.another import another

ANA = {"patient_first_name": "Ana", "patient_last_name": "Sample", "patient_birth_date": "1958-03-14",
       "phone": "312-555-0147", "sex": "female"}  # fmt: skip


@pytest.mark.parametrize(("said", "is_another"), [
    ({"patient_first_name": "Anna"}, False),  # a typing error
    ({"patient_last_name": "Quill", "address": "1 Elm Street"}, False),  # a married name
    ({"patient_birth_date": "1971-11-02"}, False),  # a corrected date of birth
    ({"patient_first_name": "Beatrix", "patient_last_name": "Quill", "phone": "312-555-0199"}, True),  # born alike
    ({"patient_first_name": "", "patient_last_name": "", "patient_birth_date": ""}, False),
    ({"patient_first_name": "Beatrix", "patient_birth_date": "1989-09-11"}, True),
    ({"patient_first_name": "Beatrix", "patient_last_name": "Quill", "patient_birth_date": "1971-11-02"}, True),
    ({"patient_first_name": "Beatrix", "patient_last_name": "Quill", "patient_birth_date": "",
      "phone": "312-555-0199"}, True),
])  # fmt: skip
def test_who_is_plainly_another(said: dict[str, str], *, is_another: bool) -> None:
    assert another(ANA | said, [ANA]) is is_another
    assert another(ANA, [ANA | said]) is is_another
    assert not another(ANA | said, [])
