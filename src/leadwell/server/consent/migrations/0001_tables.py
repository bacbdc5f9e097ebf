import django.db.models.deletion
from django.db import migrations, models

import leadwell.server.base.ids


class Migration(migrations.Migration):
    replaces = [
        ("consent", "0001_permissions_and_stops"),
        ("consent", "0002_attempts_taken_back"),
        ("consent", "0003_look_ups"),
        ("consent", "0004_the_day_of_a_listed_stop"),
        ("consent", "0005_addresses_known_to_be_wrong"),
        ("consent", "0006_addresses_confirmed_with_them"),
        ("consent", "0007_answers_give_no_address"),
        ("consent", "0008_requests_by_referral"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("event", models.UUIDField()),
                ("person", models.UUIDField(null=True)),
                ("channel", models.CharField(max_length=5)),
                ("purpose", models.CharField(blank=True, default="", max_length=12)),
                ("at", models.DateTimeField()),
                ("day", models.DateField(null=True)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("text", "a text message"),
                            ("voice", "a telephone call"),
                            ("email-reply", "a reply by e-mail"),
                            ("message", "what they wrote with an enquiry"),
                            ("complaint", "a complaint to their mail provider"),
                            ("link", "the link in a mail"),
                            ("staff", "somebody who works here"),
                            ("api", "a program"),
                            ("import", "an imported list"),
                            ("carrier", "their carrier"),
                        ],
                        max_length=12,
                    ),
                ),
                ("doubt", models.BooleanField(default=False)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person"], name="stop_of_person"),
                    models.Index(fields=["event"], name="stop_by_event"),
                    models.Index(
                        condition=models.Q(("doubt", True), ("lifted_at__isnull", True)),
                        fields=["organization", "at"],
                        name="stop_in_doubt",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuppressedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.BinaryField(max_length=16)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                (
                    "suppression",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="consent.suppression"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "token"], name="stop_of_address")],
            },
        ),
        migrations.CreateModel(
            name="WrongAddress",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField(null=True)),
                ("token", models.BinaryField(max_length=16)),
                ("why", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("proof", models.CharField(max_length=60)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["organization", "token"],
                        name="known_to_be_wrong",
                    ),
                    models.Index(fields=["organization", "proof"], name="wrong_by_proof"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("event", models.UUIDField(unique=True)),
                ("person", models.UUIDField(null=True)),
                ("channel", models.CharField(max_length=5)),
                ("language", models.CharField(blank=True, default="", max_length=8)),
                ("owed_at", models.DateTimeField()),
                ("due_by", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_at__isnull", True)),
                        fields=["organization", "due_by"],
                        name="confirmation_owed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfirmedAddress",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("lead", models.UUIDField()),
                ("fact", models.UUIDField(unique=True)),
                ("kind", models.CharField(max_length=5)),
                ("token", models.BinaryField(max_length=16)),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person"], name="confirmed_of_person"),
                    models.Index(fields=["lead"], name="confirmed_on_lead"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField()),
                ("channel", models.CharField(max_length=5)),
                ("purpose", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=7)),
                ("given_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("version", models.CharField(blank=True, default="", max_length=40)),
                ("source", models.CharField(blank=True, default="", max_length=40)),
                ("language", models.CharField(blank=True, default="", max_length=8)),
                ("token", models.BinaryField(default=b"", max_length=16)),
                ("sealed", models.BinaryField()),
                ("address", models.BinaryField(default=b"")),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person"], name="consent_of_person")],
            },
        ),
        migrations.CreateModel(
            name="ConsentEvent",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField(null=True)),
                ("name", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("codes", models.JSONField(default=dict)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="consent_event_of_person")],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("person", models.UUIDField(null=True)),
                ("token", models.BinaryField(default=b"", max_length=16)),
                ("channel", models.CharField(max_length=5)),
                ("purpose", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("answer", models.CharField(max_length=10)),
                ("rule", models.CharField(max_length=12)),
                ("proof", models.CharField(blank=True, default="", max_length=60)),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-at"], name="contact_of_person"),
                    models.Index(fields=["organization", "token", "-at"], name="contact_of_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("lead", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("channels", models.CharField(max_length=16)),
                ("business", models.BooleanField()),
                ("reply", models.BooleanField(default=False)),
                ("referred", models.BooleanField(default=False)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person"], name="inquiry_of_person")],
            },
        ),
        migrations.CreateModel(
            name="LookUp",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("token", models.BinaryField(max_length=16)),
                ("listed", models.BooleanField(null=True)),
                ("line_type", models.CharField(blank=True, default="", max_length=9)),
                ("checked_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("source", models.CharField(blank=True, default="", max_length=40)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "token", "-checked_at"], name="look_up_of_number")],
            },
        ),
        migrations.CreateModel(
            name="StopList",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("taken", models.PositiveIntegerField()),
                ("known", models.PositiveIntegerField()),
                ("unread", models.PositiveIntegerField()),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "-at"], name="stop_list_newest")],
            },
        ),
    ]
