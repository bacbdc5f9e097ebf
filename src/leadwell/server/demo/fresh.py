"""Who has asked the demo clinic within the hour? A few, each for another lane of the worklist."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import orjson
from django.utils import timezone

from leadwell.server.access.models import Organization
from leadwell.server.intake.accepting import Delivery, accept
from leadwell.server.intake.models import Submission

# Minutes ago, and what they wrote; all of them are invented.
_ASKED: Final = (
    (31, {"full_name": "Lena Fischbach", "phone": "312-555-0162", "zip": "60614", "age": "12",
          "message": "Joint school course please"}),
    (20, {"full_name": "Dmitri Halloran", "phone": "630-555-0156", "zip": "60506", "message":
          "Physical therapy in Aurora for my ankle. I have Aetna."}),
    (12, {"full_name": "Grace Okonjo", "phone": "312-555-0119", "zip": "60201", "age": "63", "has_referral": "yes",
          "message": "Dr. Feld sent me to have the right knee replaced. I want to be seen within two weeks at "
          "Evanston. Medicare."}),
    (7, {"full_name": "Amara Ilesanmi", "phone": "312-555-0171", "zip": "60606", "age": "41", "has_order": "yes",
         "message": "I need an MRI of my shoulder at the Loop clinic. My doctor sent the order. I have a metal implant "
         "from an old surgery. Blue Cross PPO."}),
    (3, {"full_name": "Piotr Zielinski", "phone": "773-555-0134", "zip": "60657", "age": "58", "message":
         "I need a knee replacement, bone on bone. It is urgent, this week please. I have Medicare. Evanston is "
         "fine."}),
)  # fmt: skip


def ask(organization: Organization, source: int) -> None:
    sent = [Delivery(orjson.dumps(lead), key=f"demo-fresh-{minutes}") for minutes, lead in _ASKED]
    receipts, now = accept(organization.pk, source, sent), timezone.now()
    rows = [
        Submission(pk=one.id, received_at=now - timedelta(minutes=minutes))
        for one, (minutes, _) in zip(receipts, _ASKED, strict=True)
    ]
    Submission.objects.bulk_update(rows, ["received_at"])
