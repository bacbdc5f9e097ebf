"""Tells what people asked us from what they answered us later: whatever came after the first of a lead is an answer."""

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef


def mark(apps: Any, schema_editor: Any) -> None:
    inquiries = apps.get_model("consent", "Inquiry").objects
    first = inquiries.filter(person=OuterRef("person"), lead=OuterRef("lead"), at__lt=OuterRef("at"))
    inquiries.filter(Exists(first)).update(reply=True)


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0006_addresses_confirmed_with_them"),
    ]

    operations = [
        migrations.AddField(model_name="inquiry", name="reply", field=models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
