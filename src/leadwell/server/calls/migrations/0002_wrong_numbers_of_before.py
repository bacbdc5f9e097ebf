"""Tells the gate of the numbers that were found to be wrong before it was told of them. Done again, it tells nothing
twice."""

from itertools import islice
from typing import Any

from django.db import migrations

_AT_ONCE = 500


def tell(apps: Any, schema_editor: Any) -> None:
    wrong = apps.get_model("consent", "WrongAddress").objects
    found = apps.get_model("calls", "Attempt").objects.filter(result="wrong-number", undone_at=None).exclude(token=b"")
    rows = found.values_list("organization", "person", "token", "at", "pk").iterator(chunk_size=_AT_ONCE)
    while page := list(islice(rows, _AT_ONCE)):
        proofs = [f"attempt/{one}" for *_, one in page]
        told = wrong.filter(organization__in={organization for organization, *_ in page}, proof__in=proofs)
        known = set(told.values_list("proof", flat=True))
        wrong.bulk_create(
            wrong.model(organization_id=organization, person=person, token=token, why="another", at=at, proof=proof)
            for (organization, person, token, at, _), proof in zip(page, proofs, strict=True)
            if proof not in known
        )


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0001_attempts"),
        ("consent", "0005_addresses_known_to_be_wrong"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
