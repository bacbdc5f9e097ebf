from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0003_look_ups"),
    ]

    operations = [
        migrations.AddField(model_name="suppression", name="day", field=models.DateField(null=True)),
    ]
