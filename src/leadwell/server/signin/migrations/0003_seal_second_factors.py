"""Seals the secrets of authenticator apps and recovery codes that were kept before they were sealed."""

from typing import Any

from django.db import migrations

from leadwell.server.privacy.sealing import Unopenable
from leadwell.server.signin.factors import SealedFactors

_SECRETS = ("secret", "seed")


def seal_plain(apps: Any, schema_editor: Any) -> None:
    adapter = SealedFactors()
    for one in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn"):
        for name in _SECRETS:
            text = one.data.get(name)
            if text is None:
                continue
            try:
                adapter.decrypt(text)
            except Unopenable:
                one.data[name] = adapter.encrypt(text)
                one.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("signin", "0002_drafts"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal_plain, migrations.RunPython.noop)]
