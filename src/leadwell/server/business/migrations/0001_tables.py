import django.db.models.deletion
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [("business", "0001_organizations_and_meetings"), ("business", "0002_meetings_of_a_colleague")]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("leads", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Colleague",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField(null=True)),
                ("decides", models.BooleanField()),
                ("called", models.BooleanField(default=False)),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
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
                    models.Index(fields=["lead", "at"], name="colleague_of_lead"),
                    models.Index(fields=["person"], name="colleague_is_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("called", True), ("undone_at__isnull", True)),
                        fields=("lead",),
                        name="one_colleague_is_called",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.BinaryField(max_length=16)),
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
                "indexes": [models.Index(fields=["organization", "token"], name="leads_of_organization")],
                "constraints": [models.UniqueConstraint(fields=("lead", "token"), name="organization_marked_once")],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("zone", models.CharField(max_length=64)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("person", models.UUIDField(null=True)),
                ("sealed", models.BinaryField()),
                ("noted_at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                (
                    "result",
                    models.CharField(
                        blank=True, choices=[("held", "Held"), ("not-held", "Not held")], default="", max_length=8
                    ),
                ),
                ("result_at", models.DateTimeField(null=True)),
                ("result_by", models.CharField(blank=True, default="", max_length=40)),
                ("moved_to", models.UUIDField(null=True)),
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
                "indexes": [models.Index(fields=["lead", "noted_at"], name="meeting_of_lead")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("moved_to__isnull", True), ("result", ""), ("undone_at__isnull", True)),
                        fields=("lead",),
                        name="one_meeting_ahead",
                    )
                ],
            },
        ),
    ]
