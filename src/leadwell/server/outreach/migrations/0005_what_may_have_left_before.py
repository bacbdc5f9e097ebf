"""Says of what nobody answered, or waited in a backup, before `unsure` was kept, that it may have left."""

from typing import Any

from django.db import migrations
from django.db.models import Q


def may_have_left(apps: Any, schema_editor: Any) -> None:
    unknown = Q(unknowns__gt=0) | Q(problem__in=("unanswered", "restored"))
    apps.get_model("outreach", "Message").objects.filter(unknown).update(unsure=True)


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0004_whether_it_may_have_left"),
    ]

    operations = [migrations.RunPython(may_have_left, migrations.RunPython.noop)]
