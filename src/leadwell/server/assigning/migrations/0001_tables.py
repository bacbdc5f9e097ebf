import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [("assigning", "0001_whose_turn_it_is"), ("assigning", "0002_people_of_another_clinic")]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("access", "__first__"),
        ("leads", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("team", models.TextField(blank=True, default="")),
                ("passed", models.JSONField(default=dict)),
                ("instead", models.JSONField(default=dict)),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "chosen",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="leads.lead"),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lead", "at"], name="decision_of_lead")],
            },
        ),
        migrations.CreateModel(
            name="Turns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("team", models.TextField(blank=True, default="")),
                ("owed", models.JSONField(default=dict)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization", "team"), name="one_row_a_team")],
            },
        ),
    ]
