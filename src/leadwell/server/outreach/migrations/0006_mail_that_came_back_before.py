"""Tells the gate of the addresses from which mail came back for good before it was told of them. Page by page, each by
itself: begun again, it tells nothing twice."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import migrations, transaction
from django.db.models import Max

_AT_ONCE = ("address-bad", "no-domain")
_FULL, _TIMES, _FOR = "mailbox-full", 3, timedelta(days=14)
_REOPENED = "reopened"
_PAGE = 500  # addresses


def tell(apps: Any, schema_editor: Any) -> None:
    for organization in apps.get_model("access", "Organization").objects.order_by("pk").values_list("pk", flat=True):
        for tokens in _pages(apps, organization):
            with transaction.atomic():
                _write(apps, organization, tokens)


def _pages(apps: Any, organization: int) -> Iterator[list[bytes]]:
    results = apps.get_model("outreach", "Result").objects.filter(organization=organization)
    bad = results.filter(kind__in=(*_AT_ONCE, _FULL)).exclude(token=b"").order_by("token")
    tokens, last = bad.values_list("token", flat=True).distinct(), b""
    while page := [bytes(one) for one in tokens.filter(token__gt=last)[:_PAGE]]:
        yield page
        last = page[-1]


def _write(apps: Any, organization: int, tokens: Collection[bytes]) -> None:
    wrong = apps.get_model("consent", "WrongAddress").objects
    known = wrong.filter(organization=organization, token__in=tokens, why="returned").values_list("token", flat=True)
    told = {bytes(token) for token in known}
    wrong.bulk_create(
        wrong.model(
            organization_id=organization, person=one.message.person, token=token, why="returned", at=one.at,
            proof=f"message/{one.message_id}",
        )
        for token, one in _bad(apps, organization, tokens)
        if token not in told
    )  # fmt: skip


def _bad(apps: Any, organization: int, tokens: Collection[bytes]) -> Iterator[tuple[bytes, Any]]:
    """Addresses that are bad, each with the result that made it so."""
    results, messages = (
        apps.get_model("outreach", name).objects.filter(organization=organization, token__in=tokens)
        for name in ("Result", "Message")
    )
    theirs = defaultdict[bytes, list[Any]](list)
    told = results.filter(kind__in=(*_AT_ONCE, _FULL, _REOPENED)).select_related("message")
    for one in told.order_by("at"):
        theirs[bytes(one.token)].append(one)
    sent = messages.filter(state="sent").order_by().values_list("token").annotate(Max("sent_at"))
    taken = {bytes(token): at for token, at in sent}
    for token, said in theirs.items():
        since = max((at for at, one in enumerate(said, 1) if one.kind == _REOPENED), default=0)
        if (last := _last(said[since:], taken.get(token))) is not None:
            yield token, last


def _last(results: Sequence[Any], taken: Any) -> Any:
    """The result by which it is bad; None where it is not."""
    at_once = next((one for one in results if one.kind in _AT_ONCE), None)
    if at_once is not None:
        return at_once
    times = [one for one in results if taken is None or one.at > taken]
    bad = len(times) >= _TIMES and times[-1].at - times[0].at >= _FOR
    return times[-1] if bad else None


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("outreach", "0005_what_may_have_left_before"),
        ("consent", "0005_addresses_known_to_be_wrong"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
