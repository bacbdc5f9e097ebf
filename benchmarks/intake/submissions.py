"""What is sent? Invented leads, each of a person of its own, so that none may join another's."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import leads

PATH = "/api/v1/leads"
_APART = 3_607  # so many numbers lie between two loads: telephones and birth dates are no other load's
_NAMED = ("first_name", "last_name", "zip")
_COLUMNS = ("first_name", "last_name", "birth_date", "zip", "service", "payer", "message")


@dataclass(frozen=True, slots=True)
class Submission:
    """`email` is nobody else's: by it the lead that became of the submission is known again."""

    number: int
    key: str
    email: str
    body: bytes


def made(count: int, *, seed: int) -> list[Submission]:
    return [_submission(number, row, seed) for number, row in enumerate(rows(count, seed=seed))]


def rows(count: int, *, seed: int) -> list[dict[str, Any]]:
    """`count` leads with the words of the bench's lists, and an address and number of their own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        leads.write(path, count + count // 10 + 10, seed=seed)
        frame = pl.read_csv(path, infer_schema=False).unique(_NAMED, keep="first", maintain_order=True)
    told = enumerate(frame.head(count).select(_COLUMNS).to_dicts(), start=seed * _APART)
    return [{**_said(row, own), "email": _email(n, seed), "phone": _phone(own)} for n, (own, row) in enumerate(told)]


def _said(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Each is born on a day of their own."""
    said = {name: value for name, value in row.items() if value}
    if "birth_date" in said:
        said["birth_date"] = (date(1945, 1, 1) + timedelta(days=number * 37 % 20_011)).isoformat()
    return said


def _submission(number: int, row: dict[str, Any], seed: int) -> Submission:
    body = json.dumps(row, ensure_ascii=False).encode()
    return Submission(number, f"load-{seed}-{number}", str(row["email"]), body)


def _email(number: int, seed: int) -> str:
    return f"lead{number}.{seed}@example.com"


def _phone(number: int) -> str:
    """One of the hundred fictional numbers of an exchange, in some area."""
    area = 201 + (number // 100) % 700
    return f"{area}-555-01{number % 100:02d}"
