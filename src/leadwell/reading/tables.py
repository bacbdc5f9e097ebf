"""The tables of words (TOML) that lie beside the rules that look for them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def read_table(name: str) -> dict[str, Any]:
    text = resources.files("leadwell.reading").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
