import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_emergency"),
        ("people", "0003_emergency_of_one_session"),
        ("people", "0004_links"),
        ("people", "0005_who_may_be_one"),
        ("people", "0006_learned_weights"),
        ("people", "0007_holders_index"),
        ("people", "0008_marks_of_second_numbers"),
        ("people", "0009_marks_that_were_confirmed"),
        ("people", "0010_links_are_found_from_either_side"),
        ("people", "0011_marks_tell_whose"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("access", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="LearnedWeights",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("people", models.PositiveIntegerField()),
                ("told", models.JSONField()),
                (
                    "organization",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="access.organization"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "id"], name="person_of_organization")],
            },
        ),
        migrations.CreateModel(
            name="PersonLink",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("one", models.UUIDField()),
                ("other", models.UUIDField()),
                ("linked_at", models.DateTimeField()),
                ("linked_by", models.CharField(max_length=40)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, default="", max_length=40)),
                ("codes", models.CharField(blank=True, default="", max_length=200)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["one"], name="link_from_the_one"),
                    models.Index(fields=["other"], name="link_from_the_other"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("organization", "one", "other"),
                        name="one_link_a_pair",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=5)),
                ("token", models.BinaryField(max_length=16)),
                ("confirmed", models.BooleanField(db_default=False, default=False)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="people.person")),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "token", "person"], name="person_by_mark")],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asks_for", to="people.person"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asked_by", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("one", models.UUIDField()),
                ("other", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("codes", models.CharField(blank=True, default="", max_length=200)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "said",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "They are one person"),
                            ("two", "They are two"),
                            ("household", "They are two of one household"),
                        ],
                        default="",
                        max_length=9,
                    ),
                ),
                ("said_at", models.DateTimeField(null=True)),
                ("said_by", models.CharField(blank=True, default="", max_length=40)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("said", "")), fields=["organization", "at"], name="doubt_waiting"),
                    models.Index(fields=["other"], name="doubt_from_the_other"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "one", "other"), name="one_doubt_a_pair")
                ],
            },
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("opened_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("session", models.CharField(default="", max_length=64)),
                ("sealed", models.BinaryField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "user", "-until"], name="emergency_of_user")],
            },
        ),
    ]
