"""Was a key mistyped? Whatever an operation does not take is an error that names the key that may be meant.

A filter that is passed over would answer another question than the one that was asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.parser import Parser
from ninja.signature import ViewSignature
from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from leadwell.server.api.problems import Problem

_SLIP: Final = 0.6  # so alike, a key is taken for a slip of the pen
_PLAIN: Final = re.compile(r"[A-Za-z_-]{1,40}")  # anything else may be somebody's words, and is not said back

Operation = Callable[..., Any]


class Strict(Router):
    """A router whose operations refuse query keys that they do not take."""

    def add_api_operation(self, path: str, methods: list[str], view_func: Operation, **more: Any) -> None:
        super().add_api_operation(path, methods, _strict(view_func, frozenset(_taken(path, view_func))), **more)


class OnceParser(Parser):
    """JSON in which a key stands twice is refused: which of its values is meant, nobody knows."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(request.body, object_pairs_hook=_once)
        return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


class StrictBody(Schema):
    """A body that refuses keys which it does not have."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _no_other(cls, values: Any) -> Any:
        given = values if isinstance(values, dict) else {}
        for key in given:
            if key not in cls.model_fields:
                raise PydanticCustomError("unknown_key", "{says}", {"says": _says(key, cls.model_fields)})
        return values


def _taken(path: str, view_func: Operation) -> Iterator[str]:
    for model in ViewSignature(path, view_func).models:
        if model.__ninja_param_source__ == "query":
            yield from model.__ninja_flatten_map__


def _strict(view_func: Operation, taken: frozenset[str]) -> Operation:
    @wraps(view_func)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if twice := [key for key in request.GET if key in taken and len(request.GET.getlist(key)) > 1]:
            errors = [{"at": f"query.{key}", "says": "It stands twice; say it once."} for key in twice]
            raise Problem(422, "The address says a key twice; `errors` says which.", errors=errors)
        if wrong := [key for key in request.GET if key not in taken]:
            errors = [{"at": f"query.{key}" if _PLAIN.fullmatch(key) else "query", "says": _says(key, taken)}
                      for key in wrong]  # fmt: skip
            raise Problem(422, "The address has keys that this operation does not take; `errors` says which.",
                          errors=errors)  # fmt: skip
        return view_func(request, *args, **kwargs)

    # ninja would look for the names of its types among those of this module
    checked.__signature__ = signature(view_func, eval_str=True)  # type: ignore[attr-defined]
    return checked


def _says(key: str, taken: Collection[str]) -> str:
    """What is wrong, with the nearest name; without one, with all that there are."""
    named = f"`{key}` is no key here" if _PLAIN.fullmatch(key) else "There is no such key here"
    if near := get_close_matches(key.lower(), sorted(taken), 1, _SLIP):
        return f"{named}; `{near[0]}` may be meant."
    return f"{named}; there {'are ' + ', '.join(f'`{one}`' for one in sorted(taken)) if taken else 'is none'}."
