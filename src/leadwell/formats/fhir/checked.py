"""Where does a resource deviate from R4? By the models of fhir.resources, to be told to whoever sent it.

The tests hold what we write to them, too. Their R4B is R4 for all that a referral holds.
"""

from __future__ import annotations

from typing import Any, Final

from leadwell.formats.fhir.leniently import Resource, kind

MOST: Final = 20


def deviations(resource: Resource) -> list[str]:
    """Places, never what stands there; empty where it is as the standard has it."""
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415  a quarter of a second
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        get_fhir_model_class(kind(resource)).model_validate(dict(resource))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [f"{_place(kind(resource), one['loc'])}: {one['type'].replace('_', ' ')}" for one in found][:MOST]
    except (KeyError, LookupError, TypeError, ValueError, RecursionError):
        return ["it is no resource of R4"]
    return []


def _place(name: str, at: tuple[Any, ...]) -> str:
    """Elements by their names in the standard; anything else might be somebody's words."""
    parts = [
        f"[{one}]" if isinstance(one, int) else f".{one}" if str(one).isalnum() and len(str(one)) < 40 else ".…"
        for one in at
    ]
    return name + "".join(parts)
