"""Two records, one person or two? The cases of identity_pairs.toml, each in a list of its own, in both orders."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leadwell import identity

CASES = tomllib.loads(Path(__file__).with_name("identity_pairs.toml").read_text(encoding="utf-8"))["case"]


def listed(*records: dict[str, Any]) -> pl.DataFrame:
    rows = []
    for row, record in enumerate(records, start=1):
        asker = (record.get("asker") or " ").split(" ", 1)
        rows.append(
            {name: record.get(name) for name in ("given", "family", "sex", "address", "city", "zip", "state")}
            | {"row": row, "birth_date": date.fromisoformat(record["birth"]) if "birth" in record else None}
            | {"born_year": record.get("born_year"), "adult": record.get("adult")}
            | {"phones": [record["phone"]] if "phone" in record else None}
            | {"emails": [record["email"]] if "email" in record else None}
            | {"given_2": asker[0] or None, "family_2": asker[1] or None}
        )
    kinds = {name: kind for name, kind in identity.PEOPLE.items() if name in rows[0]}
    return pl.DataFrame(rows, schema=kinds)


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_two_records_are_one_person_or_two(case: dict[str, Any]) -> None:
    assert _kind(case["a"], case["b"]) == case["is"]
    assert _kind(case["b"], case["a"]) == case["is"]


def _kind(a: dict[str, Any], b: dict[str, Any]) -> str:
    links = identity.link(listed(a, b))
    return "none" if links.pairs.is_empty() else links.pairs["link"].item()


def test_what_speaks_for_and_against_adds_up_to_the_weight() -> None:
    twins = next(case for case in CASES if case["says"].startswith("a referral with a clipped"))
    pair = identity.link(listed(twins["a"], twins["b"])).pairs.row(0, named=True)
    assert sum(part["weight"] for part in pair["because"]) == pytest.approx(pair["weight"], abs=0.1)
    assert any(sentence.startswith("same family name (+") for sentence in identity.explain(pair))
    assert any("household (−" in sentence for sentence in identity.explain(pair))
