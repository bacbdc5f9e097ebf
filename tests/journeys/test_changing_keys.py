"""Keys are changed while web and worker run, with kill -9 in the middle; everybody still opens and is found. (F33)"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.journeys.running import Installation, until

pytestmark = pytest.mark.slow

MANY = 600


class Program:
    """Posts leads, each under a name of its own, and asks what became of them."""

    def __init__(self, clinic: Installation) -> None:
        self.url = clinic.url
        key = clinic.command("key", "new", "--organization", "lakeside", "--scope", "leads:write,leads:read")
        self.headers = {"Authorization": f"Bearer {key}"}
        self.posted: dict[str, str] = {}

    def post(self, name: str, *, repeat: bool = False) -> None:
        lead = {"full_name": "Anabel Quillfeather", "phone": "312-555-0147", "message": f"a new knee, {name}"}
        said = httpx.post(
            f"{self.url}/api/v1/leads", json=lead, headers={**self.headers, "Idempotency-Key": name}, timeout=60
        ).json()
        assert (said["repeat"], self.posted.setdefault(name, said["id"])) == (repeat, said["id"])

    def post_many(self, name: str, count: int) -> None:
        leads = [{"full_name": "Anabel Quillfeather", "message": f"a new knee, number {n}"} for n in range(count)]
        said = httpx.post(
            f"{self.url}/api/v1/leads", json={"leads": leads}, headers={**self.headers, "Idempotency-Key": name},
            timeout=60,
        ).json()  # fmt: skip
        self.posted |= {f"{name}/{n}": one["id"] for n, one in enumerate(said["submissions"])}

    def became(self, number: str) -> dict[str, Any]:
        said = httpx.get(f"{self.url}/api/v1/submissions/{number}", headers=self.headers, timeout=60).json()
        return dict(said)


def versions(clinic: Installation) -> set[str]:
    return {line.partition(":")[0] for line in clinic.command("rotate", "state").splitlines()}


def whole(clinic: Installation, program: Program) -> None:
    """What was posted first, in the middle and last opens, is found again by its name, and the trail fits."""
    names = list(program.posted)
    for name in (names[0], names[len(names) // 2], names[-1]):
        until(lambda name=name: program.became(program.posted[name])["assessment"], f"what {name} became")
    program.post("first", repeat=True)
    clinic.command("audit", "verify")


def test_keys_are_changed_while_leads_come_and_the_change_is_killed(clinic: Installation) -> None:
    clinic.start_web()
    clinic.start_worker()
    program = Program(clinic)
    program.post("first")
    program.post_many("many", MANY)
    until(lambda: clinic.ledger()["waiting"] == 0, "the leads")
    assert "2 keys were wrapped anew" in clinic.command("rotate", "master", "--make")
    program.post("after the master key")
    clinic.command("rotate", "data")
    program.post("after the data key")
    clinic.start("reseal", "rotate", "reseal")
    until(lambda: b"values" in (clinic.home / "reseal.log").read_bytes(), "the first rows")
    clinic.kill("reseal")
    assert versions(clinic) == {"version 1", "version 2"}
    whole(clinic, program)
    program.post("between")
    # What runs takes the new key within a minute; until then some is sealed under the one before.
    until(lambda: clinic.command("rotate", "reseal") and versions(clinic) == {"version 2"}, "the rest", patience=150)
    whole(clinic, program)
    (clinic.home / "keys" / "master-old.key").unlink()
    clinic.stop()
    clinic.start_web()
    clinic.start_worker()
    program.post("under the new keys")
    whole(clinic, program)
    until(lambda: clinic.ledger()["waiting"] == 0, "the last lead")
    assert clinic.ledger()["difference"] == 0
