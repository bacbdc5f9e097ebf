"""What does the OpenAPI document say that the signatures do not? What a lead may hold, and how errors are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from leadwell import contract
from leadwell.server.base.problems import MEDIA_TYPE

MOST_AT_ONCE: Final = 1_000

_PLAIN: Final = ["string", "number", "boolean"]
_VALUE: Final = {"type": [*_PLAIN, "array", "null"], "items": {"type": _PLAIN}}
_LEAD: Final = {
    "type": "object",
    "title": "Lead",
    "description": "A flat object of the columns of docs/lead.md, or of names understood as the headers of a list are; "
    "`answer.<key>` are answers to questions of the playbook, and whatever else is there is carried along. "
    "At least one column says something.",
    "properties": dict.fromkeys(contract.INCOMING, _VALUE),
    "additionalProperties": _VALUE,
    "minProperties": 1,
}
_MANY: Final = {
    "type": "object",
    "title": "Leads",
    "properties": {"leads": {"type": "array", "items": _LEAD, "maxItems": MOST_AT_ONCE}},
    "required": ["leads"],
}
_ONE_EXAMPLE: Final = {
    "first_name": "Sample",
    "last_name": "Person",
    "phone": "312-555-0147",
    "message": "I need a knee replacement consult, mornings are best",
    "source": "website",
    "answer.insurance": "yes",
}
LEADS: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [_MANY, _LEAD]},
                "examples": {
                    "one": {"summary": "One lead", "value": _ONE_EXAMPLE},
                    "many": {
                        "summary": "Several leads",
                        "value": {"leads": [_ONE_EXAMPLE, {"email": "sample@example.com", "message": "MRI of a knee"}]},
                    },
                },
            }
        },
    }
}


def examples(of: Mapping[str, Any]) -> dict[str, Any]:
    """What a body may look like, for `openapi_extra`."""
    return {"requestBody": {"content": {"application/json": {"examples": dict(of)}}}}


class Documented(NinjaAPI):
    """Errors are of their own media type, which ninja cannot say of a response."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for path in schema["paths"].values():
            for operation in path.values():
                _typed_errors(operation["responses"])
        return schema


def _typed_errors(responses: dict[int, dict[str, Any]]) -> None:
    for status, response in responses.items():
        if int(status) >= 400 and "application/json" in response.get("content", {}):
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
