"""Has everybody be found by their second telephone number, too. Page by page, each by itself: begun again, it goes on
where it was."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import migrations, transaction

from leadwell.contact import phone_text
from leadwell.server.privacy.sealing import if_opens, unseal_json
from leadwell.server.privacy.tokens import Blind

_PAGE = 500


def mark(apps: Any, schema_editor: Any) -> None:
    people, tokens = (apps.get_model("people", name).objects for name in ("Person", "PersonToken"))
    for organization in apps.get_model("access", "Organization").objects.order_by("pk").values_list("pk", flat=True):
        ours, last = people.filter(organization=organization).order_by("pk"), None
        while page := list((ours.filter(pk__gt=last) if last else ours)[:_PAGE]):
            last = page[-1].pk
            _write(ours, tokens, organization, page)


def _write(people: Any, tokens: Any, organization: int, page: Sequence[Any]) -> None:
    found = list(_marks(organization, page))
    with transaction.atomic():
        held = set(
            people.filter(pk__in=[person for person, _ in found]).select_for_update().values_list("pk", flat=True)
        )
        marks = [(person, token) for person, token in found if person in held]  # but who was erased meanwhile
        there = tokens.filter(person__in=[person for person, _ in marks], kind="phone").values_list("person", "token")
        known = {(person, bytes(token)) for person, token in there}
        new = [one for one in marks if one not in known]
        tokens.bulk_create(
            tokens.model(organization_id=organization, person_id=person, kind="phone", token=token)
            for person, token in new
        )


def _marks(organization: int, page: Sequence[Any]) -> Iterator[tuple[Any, bytes]]:
    """Of whoever has a second number that can be read."""
    blind = Blind(organization)
    for one in page:
        said = if_opens(unseal_json, organization, one.sealed, place=f"people.person/{one.pk}") or {}
        number = phone_text.read(said["phone_2"]).e164 if said.get("phone_2") else None
        if number:
            yield one.pk, blind.token("phone", number)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("people", "0007_holders_index"),
        ("privacy", "0002_one_entry_for_a_list"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
