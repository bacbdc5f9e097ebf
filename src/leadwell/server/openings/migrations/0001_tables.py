import django.db.models.deletion
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [("openings", "0001_when_clinics_open")]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(null=True)),
                ("hour", models.DateTimeField(null=True)),
                ("full", models.BooleanField(default=False)),
                ("weeks", models.JSONField(default=list)),
                ("as_of", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("service", models.TextField(blank=True, default="")),
                ("location", models.TextField(blank=True, default="")),
                ("visit", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.organization"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "service", "location", "visit"), name="one_opening_a_slot"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stated",
            fields=[
                ("on", models.DateField(null=True)),
                ("hour", models.DateTimeField(null=True)),
                ("full", models.BooleanField(default=False)),
                ("weeks", models.JSONField(default=list)),
                ("as_of", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="openings.opening"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.organization"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["opening", "-version"], name="stated_of_opening")],
            },
        ),
    ]
