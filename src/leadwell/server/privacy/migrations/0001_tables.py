import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("privacy", "0001_initial"), ("privacy", "0002_one_entry_for_a_list")]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrailEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=40)),
                ("action", models.CharField(max_length=40)),
                ("subject", models.CharField(blank=True, default="", max_length=80)),
                ("codes", models.JSONField(default=dict)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "subject"], name="trail_of_subject"),
                    models.Index(fields=["organization", "action", "number"], name="trail_of_action"),
                    models.Index(fields=["organization", "actor", "number"], name="trail_of_actor"),
                    models.Index(fields=["organization", "at"], name="trail_of_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "number"), name="one_number_a_trail_entry")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailShown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="privacy.trailentry")),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "subject"], name="trail_shown_subject")],
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(choices=[("seal", "seal"), ("index", "index")], max_length=8)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("wrapped", models.BinaryField()),
                ("master", models.CharField(max_length=16)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "purpose", "version"), name="one_key_a_version")
                ],
            },
        ),
    ]
