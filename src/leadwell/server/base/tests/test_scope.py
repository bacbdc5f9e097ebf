"""Every record is reached through its organisation: the code is read for any other way. (promise F32)"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2]
# Not of one organisation, or looked up by a secret that tells which.
UNSCOPED = {
    "Organization",
    "User",
    "SignInKey",
    "Authenticator",
    "SocialAccount",
    "Heartbeat",
    "Recurring",
    "PlaybookVersion",
    "Publication",
}
# Work for all organisations at once: a worker's claim, what comes back by mail, a restore, a check of the whole
# installation, its master key.
FOR_ALL = {
    "intake/claiming.py", "intake/draining.py", "intake/unwritten.py", "backup.py", "doctor.py", "worker.py",
    "outreach/claiming.py", "outreach/returned.py", "access/keys.py", "privacy/keyring.py", "privacy/rotation.py",
}  # fmt: skip
SECRETS = ("handle=handle", "digest=digest")
STARTS = {"of", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
MESSAGE = "reach records with .objects.of(organization), in queries or actions: anything else passes the wall"


def bare(source: str) -> Iterator[int]:
    """Lines on which `X.objects` is used for anything but what names its organisation."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name):
            parent = parents[node]
            scoped = isinstance(parent, ast.Attribute) and parent.attr in STARTS
            if not scoped and node.value.id not in UNSCOPED:
                yield node.lineno


def modules() -> list[Path]:
    found = (p for p in SERVER.rglob("*.py") if "tests" not in p.parts and "migrations" not in p.parts)
    return sorted(p for p in found if str(p.relative_to(SERVER)) not in FOR_ALL and p.name not in ("conftest.py",))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SERVER)))
def test_records_are_reached_through_their_organisation(path: Path) -> None:
    # The look-up of a source by its secret address tells the organisation, and so does an invitation's by its code.
    text = path.read_text().splitlines()
    lines = [n for n in bare(path.read_text()) if not any(secret in text[n - 1] for secret in SECRETS)]
    assert not lines, f"{path.name}, lines {lines}: {MESSAGE}"


@pytest.mark.parametrize(
    "line", ["Lead.objects.get(pk=1)", "Lead.objects.filter(x=1)", "Lead.objects.all()", "x = Lead.objects"]
)
def test_a_bare_look_up_is_found(line: str) -> None:
    assert list(bare(line)) == [1]


@pytest.mark.parametrize(
    "line", ["Lead.objects.of(o).get(pk=1)", "Lead.objects.bulk_create([])", "User.objects.get(pk=1)"]
)
def test_a_scoped_look_up_passes(line: str) -> None:
    assert list(bare(line)) == []
