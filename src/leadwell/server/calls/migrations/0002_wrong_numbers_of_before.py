"""Tells the gate of the numbers that were found to be wrong before it was told of them."""

from typing import Any

from django.db import migrations

_AT_ONCE = 500


def tell(apps: Any, schema_editor: Any) -> None:
    wrong = apps.get_model("consent", "WrongAddress").objects
    found = apps.get_model("calls", "Attempt").objects.filter(result="wrong-number", undone_at=None).exclude(token=b"")
    rows = found.values_list("organization", "person", "token", "at", "pk").iterator(chunk_size=_AT_ONCE)
    wrong.bulk_create(
        (
            wrong.model(
                organization_id=organization, person=person, token=token, why="another", at=at, proof=f"attempt/{one}"
            )
            for organization, person, token, at, one in rows
        ),
        batch_size=_AT_ONCE,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0001_attempts"),
        ("consent", "0005_addresses_known_to_be_wrong"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
