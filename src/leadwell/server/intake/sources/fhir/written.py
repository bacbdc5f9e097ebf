"""Which FHIR resources do we write? What we can do, what is wrong, how a referral stands, and answers to Bundles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from django.http import HttpResponse

from leadwell.server.base.problems import FHIR_MEDIA_TYPE
from leadwell.server.intake.models import Submission
from leadwell.server.intake.referred import Standing, latest, table

FHIR: Final = "4.0.1"
RELEASED: Final = "2026-11-27"  # when what it says last changed
_TYPES: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
_TASKS: Final = "http://hl7.org/fhir/CodeSystem/task-code"
Json = dict[str, Any]


def answer(resource: Json | None, status: int = 200, **headers: str) -> HttpResponse:
    body = orjson.dumps(resource) if resource is not None else b""
    told = HttpResponse(body, status=status, content_type=FHIR_MEDIA_TYPE)
    for name, value in headers.items():
        told[name.replace("_", "-")] = value
    told["Cache-Control"] = "no-store"
    return told


def outcome(*issues: tuple[str, str, str]) -> Json:
    """Each issue: its severity, its code, and what is wrong."""
    told = [{"severity": severity, "code": code, "diagnostics": says} for severity, code, says in issues]
    return {"resourceType": "OperationOutcome", "issue": told}


def capability(base: str) -> Json:
    order = _can(
        "ServiceRequest", ["create", "read", "update", "search-type"], [("identifier", "token"), ("_id", "token")]
    )
    order |= {"conditionalCreate": True}
    task = _can(
        "Task",
        ["read", "update", "patch", "search-type"],
        [("focus", "reference"), ("identifier", "token"), ("_id", "token")],
    ) | {"conditionalUpdate": True}
    says = "Bearer API key of the organisation with the scope leads:write, or Basic with it as the password"
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": RELEASED,
        "publisher": "Leadwell",
        "kind": "instance",
        "software": {"name": "Leadwell"},
        "implementation": {"description": "Referrals are taken in here", "url": base},
        "fhirVersion": FHIR,
        "format": ["application/fhir+json", "json"],
        "patchFormat": ["application/json-patch+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": says},
                "resource": [order, task],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
        "messaging": [{"documentation": "A message Bundle with a ServiceRequest is posted to the base."}],
    }


def _can(kind: str, interactions: Sequence[str], searches: Sequence[tuple[str, str]]) -> Json:
    return {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "versioning": "no-version",
        "searchParam": [{"name": name, "type": type_} for name, type_ in searches],
    }


def order(request: Mapping[str, Any], submission: Submission, stands: Standing) -> Json:
    """The ServiceRequest as it came, under our id, with the status that it has now."""
    meta = {**(request.get("meta") or {}), "lastUpdated": _instant(stands.at)}
    status = stands.step.order if stands.step.order != "active" else request.get("status", "active")
    return {**request, "resourceType": "ServiceRequest", "id": str(submission.pk), "meta": meta, "status": status}


def task(
    request: Mapping[str, Any], submission: Submission, stands: Standing, settings: Mapping[str, Any], owner: str
) -> Json:
    number, placed = str(submission.pk), request.get("identifier")
    filler = {"type": {"coding": [{"system": _TYPES, "code": "FILL"}]}, "value": number}
    told: Json = {
        "resourceType": "Task",
        "id": number,
        "meta": {"lastUpdated": _instant(stands.at)},
        "identifier": [*(placed if isinstance(placed, list) else []), filler],
        "status": stands.step.task,
        "intent": "order",
        "code": {"coding": [{"system": _TASKS, "code": "fulfill"}]},
        "focus": {"reference": f"ServiceRequest/{number}"},
        "authoredOn": _instant(submission.received_at),
        "lastModified": _instant(stands.at),
        "owner": {"display": owner},
    }
    for name, ours in (("subject", "for"), ("requester", "requester")):
        reference = request.get(name)
        if isinstance(reference, dict) and not str(reference.get("reference", "")).startswith("#"):
            told[ours] = reference
    return told | _business(stands, str(settings.get("version") or latest()))


def _business(stands: Standing, version: str) -> Json:
    found: Json = {}
    if code := stands.step.business.get(version):
        coding = {"system": table()["system"], "version": version, "code": code, "display": stands.step.display}
        found["businessStatus"] = {"coding": [coding]}
    if stands.why:
        found["statusReason"] = {"text": stands.why}
    return found


def found(resources: Sequence[Json], base: str, address: str) -> Json:
    entries = [
        {"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one, "search": {"mode": "match"}}
        for one in resources
    ]
    told: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return told | {"link": [{"relation": "self", "url": address}]} | ({"entry": entries} if entries else {})


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
