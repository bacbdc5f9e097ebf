import django.db.models.deletion
from django.db import migrations, models

import leadwell.server.base.ids
from leadwell.server.base.tallies import operation
from leadwell.server.intake.models import COUNTED


class Migration(migrations.Migration):
    replaces = [
        ("intake", "0001_initial"),
        ("intake", "0002_lease_is_the_due_time"),
        ("intake", "0003_a_boundary_fits_in_the_media_type"),
        ("intake", "0004_a_mailbox_in_trouble"),
        ("intake", "0005_struck_rows"),
        ("intake", "0006_refused_under_a_key"),
        ("intake", "0007_lists_not_taken_in"),
        ("intake", "0008_answers_that_others_know"),
        ("intake", "0009_addresses_in_what_is_no_lead"),
        ("intake", "0010_how_many_in_each_state"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=100)),
                ("handle", models.CharField(max_length=32, unique=True)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                ("trouble", models.CharField(blank=True, default="", max_length=100)),
                ("troubles", models.PositiveIntegerField(default=0)),
                ("ask_again_at", models.DateTimeField(null=True)),
                ("seen", models.JSONField(default=dict)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("organization_id", models.PositiveIntegerField()),
                ("source", models.PositiveIntegerField()),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("awaiting", "Awaits answers"),
                            ("assessed", "Assessed"),
                            ("needs-mending", "Needs mending"),
                            ("set-aside", "Set aside"),
                            ("not-taken", "Not taken in yet"),
                            ("refused", "Refused"),
                            ("joined", "Joined a lead"),
                            ("not-a-lead", "Not a lead"),
                            ("repeat", "Repeat"),
                        ],
                        default="received",
                        max_length=13,
                    ),
                ),
                ("key", models.BinaryField(max_length=16, null=True)),
                ("refused_key", models.BinaryField(max_length=16, null=True)),
                ("content", models.BinaryField(max_length=16)),
                ("media_type", models.CharField(default="application/json", max_length=255)),
                ("size", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                ("fetched", models.BinaryField(null=True)),
                ("mended", models.BinaryField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("repeat_of", models.UUIDField(null=True)),
                ("lead", models.UUIDField(null=True)),
                ("leads", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("assessed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "received")), fields=["due_at"], name="submission_due"),
                    models.Index(fields=["organization_id", "content", "received_at"], name="submission_by_content"),
                    models.Index(fields=["organization_id", "state", "-received_at"], name="submission_in_state"),
                    models.Index(fields=["organization_id", "-received_at"], name="submission_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key__isnull", False)),
                        fields=("organization_id", "key"),
                        name="one_submission_a_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organization_id", models.PositiveIntegerField()),
                ("number", models.IntegerField()),
                ("state", models.CharField(max_length=13)),
            ],
            options={
                "indexes": [models.Index(fields=["organization_id"], name="submissions_tallied")],
            },
        ),
        migrations.CreateModel(
            name="MailRef",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.BinaryField(max_length=16)),
                ("lead", models.UUIDField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization", "token"), name="one_lead_a_mail")],
            },
        ),
        migrations.CreateModel(
            name="Mentioned",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.BinaryField(max_length=16)),
                ("submission", models.UUIDField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["submission"], name="mentioned_in")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "token", "submission"), name="mentioned_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Struck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submission", models.UUIDField()),
                ("nth", models.PositiveIntegerField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "submission", "nth"), name="struck_once")
                ],
            },
        ),
        operation(COUNTED, model="submission"),
    ]
