import django.db.models.deletion
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [("outcomes", "0001_what_became_of_leads"), ("outcomes", "0002_count_what_was_booked")]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("leads", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outcome",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("became", models.TextField(blank=True, default="")),
                ("ends", models.BooleanField()),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "ease",
                    models.CharField(
                        blank=True, choices=[("easy", "Easy"), ("hard", "Hard")], default="", max_length=4
                    ),
                ),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("sealed", models.BinaryField(default=b"")),
                ("corrects", models.UUIDField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, default="", max_length=40)),
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
                "indexes": [
                    models.Index(fields=["lead", "at"], name="outcome_of_lead"),
                    models.Index(
                        condition=models.Q(("became", "booked"), ("undone_at__isnull", True)),
                        fields=["organization", "at"],
                        name="outcome_booked",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends", False), ("reason", "")),
                            models.Q(("ends", True), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="an_end_has_a_reason",
                    )
                ],
            },
        ),
    ]
