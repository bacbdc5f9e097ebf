import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("teams", "0001_who_works_in_which_team")]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("teams", models.JSONField(default=list)),
                ("hours", models.CharField(blank=True, default="", max_length=200)),
                ("share", models.FloatField(default=1.0)),
                ("most_open", models.PositiveSmallIntegerField(null=True)),
                ("types", models.JSONField(null=True)),
                ("services", models.JSONField(null=True)),
                ("locations", models.JSONField(null=True)),
                ("languages", models.JSONField(null=True)),
                ("states", models.JSONField(null=True)),
                ("stands_in", models.BooleanField(default=False)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duty", to="access.membership"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "because",
                    models.CharField(
                        choices=[("out", "Out"), ("time-off", "Time off"), ("elsewhere", "Other duties")], max_length=10
                    ),
                ),
                ("planned_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="access.membership"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "until"], name="absence_until")],
            },
        ),
    ]
