from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_a_password_that_was_given"),
        ("people", "0009_marks_that_were_confirmed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="personlink",
            index=models.Index(fields=["one"], name="link_from_the_one"),
        ),
    ]
