import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leadwell.server.base.ids
import leadwell.server.leads.models
from leadwell.server.base.tallies import operation
from leadwell.server.leads.models import COUNTED


class Migration(migrations.Migration):
    replaces = [
        ("leads", "0001_initial"),
        ("leads", "0002_codes_of_any_length"),
        ("leads", "0003_count_what_is_to_work"),
        ("leads", "0004_asked_again"),
        ("leads", "0005_when_it_is_due"),
        ("leads", "0006_what_was_verified"),
        ("leads", "0007_lead_in_hand"),
        ("leads", "0008_where_they_go"),
        ("leads", "0009_what_a_person_looks_through"),
        ("leads", "0010_lists_of_a_million"),
    ]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("access", "__first__"),
        ("people", "0001_tables"),
        ("playbooks", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("as_of", models.DateTimeField()),
                ("disposition", models.TextField(blank=True, default="")),
                ("grade", models.TextField(blank=True, default="")),
                ("score", models.SmallIntegerField(null=True)),
                ("sealed", models.BinaryField()),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                (
                    "playbook",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="playbooks.playbookversion"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("submission", models.UUIDField()),
                ("nth", models.PositiveIntegerField(default=0)),
                ("source", models.PositiveIntegerField()),
                ("received_at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("type", models.TextField(blank=True, default="")),
                ("other", models.TextField(blank=True, default="")),
                ("disposition", models.TextField(blank=True, default="")),
                ("grade", models.TextField(blank=True, default="")),
                ("score", models.SmallIntegerField(null=True)),
                ("readiness", models.TextField(blank=True, default="")),
                ("urgency", models.TextField(blank=True, default="")),
                ("safety", models.TextField(blank=True, default="")),
                ("service", models.TextField(blank=True, default="")),
                ("location", models.TextField(blank=True, default="")),
                ("language", models.TextField(blank=True, default="")),
                ("preferred_channel", models.TextField(blank=True, default="")),
                ("payer_kind", models.TextField(blank=True, default="")),
                ("timeline_band", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                ("queue", models.TextField(blank=True, default="")),
                ("resting", models.TextField(blank=True, default="")),
                ("level", models.PositiveSmallIntegerField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("warns_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("time_zone", models.TextField(blank=True, default="")),
                ("joined", models.PositiveSmallIntegerField(default=0)),
                ("same_person_as", models.UUIDField(null=True)),
                ("may_repeat", models.UUIDField(null=True)),
                ("verified", models.PositiveIntegerField(default=0)),
                ("wanted_by", models.DateField(null=True)),
                ("chosen_location", models.TextField(blank=True, default="")),
                ("conflicts", models.PositiveSmallIntegerField(default=0)),
                ("sampled", models.BooleanField(default=False)),
                ("recovered_at", models.DateTimeField(null=True)),
                ("recovered_by", models.CharField(blank=True, default="", max_length=40)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.CharField(blank=True, default="", max_length=40)),
                (
                    "current",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="leads.assessment"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="people.person"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "-received_at"], name="lead_newest"),
                    models.Index(
                        condition=models.Q(("person__isnull", False)),
                        fields=["organization", "-safety", "-received_at"],
                        name="lead_danger_first",
                    ),
                    models.Index(
                        condition=models.Q(("person__isnull", False)),
                        fields=["organization", "queue", "-safety", "-received_at"],
                        name="lead_of_queue",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.F("disposition"),
                        models.OrderBy(models.F("safety"), descending=True),
                        leadwell.server.leads.models.ByGrade("grade"),
                        models.F("received_at"),
                        models.F("id"),
                        models.F("queue"),
                        condition=models.Q(("person__isnull", False)),
                        name="lead_by_grade",
                    ),
                    models.Index(
                        models.F("organization"),
                        models.OrderBy(models.F("safety"), descending=True),
                        leadwell.server.leads.models.ByGrade("grade"),
                        models.F("received_at"),
                        models.F("id"),
                        models.F("queue"),
                        condition=models.Q(("person__isnull", False), leadwell.server.leads.models.InDanger("safety")),
                        name="lead_in_danger",
                    ),
                    models.Index(
                        condition=models.Q(("person__isnull", True)),
                        fields=["organization", "-safety", "-received_at"],
                        name="lead_erased",
                    ),
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True), ("owner__isnull", False)),
                        fields=["organization", "owner"],
                        name="lead_in_hand",
                    ),
                    models.Index(
                        condition=models.Q(("conflicts__gt", 0), ("person__isnull", False)),
                        fields=["organization", "received_at"],
                        name="lead_in_conflict",
                    ),
                    models.Index(
                        condition=models.Q(("sampled", True)),
                        fields=["organization", "-received_at"],
                        name="lead_sampled",
                    ),
                    models.Index(
                        condition=models.Q(("resting", ""), _negated=True),
                        fields=["organization", "-received_at"],
                        name="lead_at_rest",
                    ),
                    models.Index(
                        condition=models.Q(("recovered_at__isnull", False)),
                        fields=["organization", "-recovered_at"],
                        name="lead_recovered",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("submission", "nth"), name="one_lead_a_submission")],
            },
        ),
        migrations.CreateModel(
            name="Joined",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("submission", models.UUIDField()),
                ("nth", models.PositiveIntegerField(default=0)),
                ("source", models.PositiveIntegerField()),
                ("received_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("new", models.BooleanField()),
                ("sealed", models.BinaryField()),
                ("parted_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                (
                    "person",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="people.person"),
                ),
                (
                    "lead",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="leads.lead"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lead", "at"], name="joined_to_lead")],
                "constraints": [models.UniqueConstraint(fields=("submission", "nth"), name="joined_once")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("codes", models.JSONField(default=dict)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
                ("lead", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="leads.lead")),
            ],
            options={
                "indexes": [models.Index(fields=["lead", "at"], name="event_of_lead")],
            },
        ),
        migrations.CreateModel(
            name="LeadTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organization_id", models.PositiveIntegerField()),
                ("number", models.IntegerField()),
                ("disposition", models.TextField(blank=True, default="")),
                ("safety", models.TextField(blank=True, default="")),
                ("queue", models.TextField(blank=True, default="")),
                ("type", models.TextField(blank=True, default="")),
                ("erased", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["organization_id"], name="leads_tallied")],
            },
        ),
        migrations.CreateModel(
            name="Verified",
            fields=[
                ("id", models.UUIDField(default=leadwell.server.base.ids.new_id, primary_key=True, serialize=False)),
                ("column", models.TextField(blank=True, default="")),
                ("known", models.BooleanField(default=True)),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("call", models.UUIDField(null=True)),
                ("seconds", models.PositiveIntegerField(null=True)),
                ("moved", models.JSONField(default=dict)),
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
                "indexes": [models.Index(fields=["lead", "at"], name="verified_of_lead")],
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="lead",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="leads.lead"),
        ),
        operation(COUNTED, model="lead"),
    ]
