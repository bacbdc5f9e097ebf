import django.db.models.deletion
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [
        ("outreach", "0001_messages"),
        ("outreach", "0002_the_attempt_of_a_try"),
        ("outreach", "0003_why_an_address_is_good"),
        ("outreach", "0004_whether_it_may_have_left"),
        ("outreach", "0005_what_may_have_left_before"),
        ("outreach", "0006_mail_that_came_back_before"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField(null=True)),
                ("lead", models.UUIDField(null=True)),
                ("channel", models.CharField(max_length=5)),
                ("purpose", models.CharField(max_length=12)),
                ("template", models.CharField(max_length=80)),
                ("confirms", models.UUIDField(null=True)),
                ("message_id", models.CharField(blank=True, default="", max_length=320)),
                ("key", models.BinaryField(max_length=16)),
                ("token", models.BinaryField(max_length=16)),
                ("domain", models.BinaryField(max_length=16)),
                ("sealed", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waits"),
                            ("sending", "Being sent"),
                            ("deferred", "Put off"),
                            ("sent", "Sent"),
                            ("bounced", "Came back"),
                            ("cancelled", "Not sent"),
                            ("dead", "Needs somebody"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=40)),
                ("status", models.CharField(blank=True, default="", max_length=12)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("lease", models.UUIDField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("unsure", models.BooleanField(default=False)),
                ("unknowns", models.PositiveSmallIntegerField(default=0)),
                ("first_tried_at", models.DateTimeField(null=True)),
                ("handed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=10)),
                ("rule", models.CharField(blank=True, default="", max_length=12)),
                ("proof", models.CharField(blank=True, default="", max_length=60)),
                ("says", models.TextField(blank=True, default="")),
                ("asked_at", models.DateTimeField(null=True)),
                ("contact", models.UUIDField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "deferred", "sending"))),
                        fields=["due_at"],
                        name="message_due",
                    ),
                    models.Index(fields=["organization", "state", "-created_at"], name="message_in_state"),
                    models.Index(fields=["organization", "token"], name="message_to_address"),
                    models.Index(fields=["person"], name="message_to_person"),
                ],
                "constraints": [models.UniqueConstraint(fields=("organization", "key"), name="one_message_a_key")],
            },
        ),
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.BinaryField(max_length=16)),
                ("next_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization", "domain"), name="one_pace_a_domain")],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("token", models.BinaryField(max_length=16)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=12)),
                ("via", models.CharField(max_length=6)),
                ("status", models.CharField(blank=True, default="", max_length=12)),
                ("why", models.CharField(blank=True, default="", max_length=12)),
                ("message", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="outreach.message")),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "token", "-at"], name="result_of_address"),
                    models.Index(fields=["message", "at"], name="result_of_message"),
                ],
            },
        ),
    ]
