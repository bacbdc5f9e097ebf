"""A list that nobody has taken in yet has a state of its own; before, it needed mending and said so in words."""

from typing import Any

from django.db import migrations, models

WAITED = "a list whose headers somebody should look at"


def tell_apart(apps: Any, editor: Any) -> None:
    submissions = apps.get_model("intake", "Submission").objects.using(editor.connection.alias)
    submissions.filter(state="needs-mending", problem=WAITED).update(state="not-taken", problem="")


def tell_together(apps: Any, editor: Any) -> None:
    submissions = apps.get_model("intake", "Submission").objects.using(editor.connection.alias)
    submissions.filter(state="not-taken").update(state="needs-mending", problem=WAITED)


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_refused_under_a_key"),
    ]

    operations = [
        migrations.AlterField(
            model_name="submission",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
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
        migrations.RunPython(tell_apart, tell_together, hints={"model_name": "submission"}),
    ]
