import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [
        ("worklist", "0001_who_waits"),
        ("worklist", "0002_given_to_people"),
        ("worklist", "0003_when_people_answer"),
        ("worklist", "0004_who_has_what_waits"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("access", "__first__"),
        ("leads", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answering",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="access.organization",
                    ),
                ),
                ("chances", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Changes",
            fields=[
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="access.organization",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Responsible",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("team", models.TextField(blank=True, default="")),
                ("since", models.DateTimeField()),
                (
                    "by",
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
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lead", "since"], name="responsible_for_lead")],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="waiting",
                        serialize=False,
                        to="leads.lead",
                    ),
                ),
                (
                    "lane",
                    models.CharField(
                        choices=[
                            ("answered", "Answered"),
                            ("safety", "Safety"),
                            ("resting", "Resting"),
                            ("due", "Due now"),
                            ("review", "Review"),
                            ("to-do", "To do"),
                            ("again", "Call again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("cost", models.FloatField()),
                ("holds_until", models.DateTimeField(null=True)),
                ("back_at", models.DateTimeField(null=True)),
                ("give_at", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField(null=True)),
                ("nobody", models.BooleanField(default=False)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "lane", "-cost", "lead"], name="waiting_in_lane"),
                    models.Index(
                        condition=models.Q(("holds_until__isnull", False)),
                        fields=["organization", "holds_until"],
                        name="waiting_to_look_at",
                    ),
                    models.Index(
                        condition=models.Q(("back_at__isnull", False)),
                        fields=["organization", "back_at"],
                        name="waiting_untouched",
                    ),
                    models.Index(
                        condition=models.Q(("give_at__isnull", False)),
                        fields=["organization", "give_at"],
                        name="waiting_to_give",
                    ),
                    models.Index(
                        condition=models.Q(("nobody", True)), fields=["organization"], name="waiting_for_nobody"
                    ),
                    models.Index(
                        condition=models.Q(("owner__isnull", False)),
                        fields=["organization", "owner", "lane"],
                        name="waiting_of_owner",
                    ),
                ],
            },
        ),
    ]
