"""Tells requests of others, made by a referral, from those of the people themselves, also of what came before."""

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef


def mark(apps: Any, schema_editor: Any) -> None:
    """Referrals that are leads, and what a hospital's system sent that joined one: of other mail and files that joined
    it is not known who wrote them."""
    inquiries = apps.get_model("consent", "Inquiry").objects.filter(reply=False)
    leads, joined = apps.get_model("leads", "Lead").objects, apps.get_model("leads", "Joined").objects
    own = leads.filter(pk=OuterRef("lead"), person=OuterRef("person"), type="referral")
    systems = apps.get_model("intake", "Source").objects.filter(kind__in=("hl7v2", "fhir"))
    sent = joined.filter(lead=OuterRef("lead"), person=OuterRef("person"), source__in=systems.values("pk"))
    inquiries.filter(Exists(own)).update(referred=True)
    inquiries.filter(Exists(sent)).update(referred=True)


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0007_answers_give_no_address"),
        ("intake", "0010_how_many_in_each_state"),
        ("leads", "0010_lists_of_a_million"),
    ]

    operations = [
        migrations.AddField(model_name="inquiry", name="referred", field=models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
