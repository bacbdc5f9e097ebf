import django.db.models.deletion
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [
        ("calls", "0001_attempts"),
        ("calls", "0002_wrong_numbers_of_before"),
        ("calls", "0003_tries_of_a_person"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("leads", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField(null=True)),
                ("channel", models.CharField(max_length=5)),
                (
                    "direction",
                    models.CharField(choices=[("out", "by us"), ("in", "by them")], default="out", max_length=3),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reached", "Reached"),
                            ("voicemail", "Voicemail"),
                            ("no-answer", "No answer"),
                            ("busy", "Busy"),
                            ("wrong-number", "Wrong number"),
                            ("asked-to-stop", "Asked to stop"),
                            ("callback", "Call back"),
                        ],
                        default="",
                        max_length=13,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("begun", models.BooleanField(default=False)),
                ("seconds", models.PositiveIntegerField(null=True)),
                ("by", models.CharField(max_length=40)),
                ("callback_at", models.DateTimeField(null=True)),
                ("callback_zone", models.CharField(blank=True, default="", max_length=64)),
                ("sealed", models.BinaryField(default=b"")),
                ("token", models.BinaryField(default=b"", max_length=16)),
                ("contact", models.UUIDField(null=True)),
                ("stop", models.UUIDField(null=True)),
                ("verified", models.UUIDField(null=True)),
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
                    models.Index(fields=["lead", "at"], name="attempt_on_lead"),
                    models.Index(fields=["person"], name="attempt_of_person"),
                    models.Index(
                        condition=models.Q(("result", "wrong-number"), ("undone_at__isnull", True)),
                        fields=["organization", "token"],
                        name="wrong_number",
                    ),
                    models.Index(
                        condition=models.Q(("callback_at__isnull", False), ("undone_at__isnull", True)),
                        fields=["organization", "callback_at"],
                        name="callback_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("result", ""), ("undone_at__isnull", True)),
                        fields=("lead", "by"),
                        name="one_call_at_a_time",
                    )
                ],
            },
        ),
    ]
