"""Tells the gate of the addresses from which mail came back for good before it was told of them."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import Max

_AT_ONCE = ("address-bad", "no-domain")
_FULL, _TIMES, _FOR = "mailbox-full", 3, timedelta(days=14)


def tell(apps: Any, schema_editor: Any) -> None:
    results, messages = (apps.get_model("outreach", name).objects for name in ("Result", "Message"))
    wrong = apps.get_model("consent", "WrongAddress").objects
    some = results.filter(kind__in=(*_AT_ONCE, _FULL)).exclude(token=b"")
    for organization, token in some.values_list("organization", "token").distinct():
        theirs = results.filter(organization=organization, token=token)
        reopened = theirs.filter(kind="reopened").aggregate(last=Max("at"))["last"]
        since = theirs.filter(at__gt=reopened) if reopened else theirs
        taken = messages.filter(organization=organization, token=token, state="sent").aggregate(last=Max("sent_at"))
        last = _last(since, taken["last"])
        if last is not None:
            wrong.create(
                organization_id=organization, person=last.message.person, token=token, why="returned", at=last.at,
                proof=f"message/{last.message_id}",
            )  # fmt: skip


def _last(results: Any, taken: Any) -> Any:
    """The result by which it is bad; None where it is not."""
    at_once = results.filter(kind__in=_AT_ONCE).order_by("at").first()
    if at_once is not None:
        return at_once
    full = results.filter(kind=_FULL).order_by("at")
    times = list(full.filter(at__gt=taken) if taken else full)
    bad = len(times) >= _TIMES and times[-1].at - times[0].at >= _FOR
    return times[-1] if bad else None


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0005_what_may_have_left_before"),
        ("consent", "0005_addresses_known_to_be_wrong"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
