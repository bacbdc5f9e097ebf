import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("alerts", "0001_alerts")]

    initial = True

    dependencies = [
        ("access", "0001_tables"),
        ("access", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
                ("size", models.PositiveIntegerField(default=1)),
                ("codes", models.JSONField(default=dict)),
                ("raised_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("dealt_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "dealt_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="access.organization"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("organization", "kind", "about"),
                        name="one_alert_a_cause",
                    )
                ],
            },
        ),
    ]
