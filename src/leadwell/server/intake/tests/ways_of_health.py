"""How do health systems reach us? FHIR with a key, HL7 v2 by HTTP, or by MLLP in the reads in which it comes."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client

from leadwell.server.access.keys import new_key
from leadwell.server.access.models import ApiKey
from leadwell.server.intake.actions import change_settings
from leadwell.server.intake.models import Source
from leadwell.server.intake.sources.hl7v2.listener import END, START, Listener, taken
from leadwell.server.intake.tests.playing import WAYS, Answer, Case, Played, Way


def _any(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class _Fhir(Way):
    """The bearer of a case stands for a key of ours."""

    def __init__(self) -> None:
        super().__init__(checks={"outcome": _outcome, "task": self._task})
        self._keys: dict[int, str] = {}
        self._source: Source | None = None

    def deliver(self, source: Source, case: Case) -> Answer:
        given = case["headers"].get("Authorization", "").partition(" ")[2]
        headers = dict(case["headers"])
        if given and given == case["settings"].get("key"):
            headers["Authorization"] = f"Bearer {self.key(source)}"
        self._source = source
        return super().deliver(source, {**case, "headers": headers})

    def key(self, source: Source) -> str:
        number = source.organization_id
        if number not in self._keys or not ApiKey.objects.filter(organization=number, name="cases").exists():
            self._keys[number] = new_key(source.organization, ["leads:write"], name="cases")
        return self._keys[number]

    def _task(self, case: Case, played: Played, standing: Sequence[Mapping[str, str]]) -> list[str]:
        """The Task of the order that the case speaks of, as its sender finds it."""
        assert self._source is not None
        sought = {"identifier": _identifier(orjson.loads(case["body"]))}
        headers = {"Authorization": f"Bearer {self.key(self._source)}"}
        said = Client().get(f"/fhir/{self._source.handle}/Task", sought, headers=headers)
        told = [entry["resource"] for entry in orjson.loads(said.content).get("entry", [])]
        if len(told) != 1:
            return [f"{len(told)} Tasks of its order"]
        business = {one["code"] for one in told[0].get("businessStatus", {}).get("coding", [])}
        expected = case["task"]
        right = told[0]["status"] in _any(expected["status"])
        found = [] if right else [f"Task is {told[0]['status']}"]
        if not business & set(_any(expected["businessStatus"])):
            found.append(f"business status {sorted(business)}")
        return found


def _identifier(body: Mapping[str, Any]) -> str:
    """Of the ServiceRequest or Task in it that bears one, `system|value`."""
    resources = [entry["resource"] for entry in body.get("entry", [])] or [body]
    theirs = [one for one in resources if one["resourceType"] in ("ServiceRequest", "Task") and one.get("identifier")]
    first = theirs[0]["identifier"][0]
    return f"{first['system']}|{first['value']}"


def _outcome(case: Case, played: Played, standing: Sequence[Mapping[str, str]]) -> list[str]:
    if case["outcome"] is None:
        return [f"refused with {played.answer.status}"] if played.answer.status >= 400 else []
    told = orjson.loads(played.answer.body or b"{}")
    codes = {one.get("code") for one in told.get("issue", [])}
    if played.answer.status < 400 and told.get("resourceType") != "OperationOutcome":
        return []
    return [] if codes & set(_any(case["outcome"])) else [f"the outcome says {sorted(map(str, codes))}"]


class _Hl7(Way):
    def __init__(self) -> None:
        super().__init__(checks={"ack": _ack, "framed": _nothing, "reads": _nothing})

    def deliver(self, source: Source, case: Case) -> Answer:
        change_settings(source, {"secrets": [case["settings"]["key"]]})
        if not case.get("framed"):
            return super().deliver(source, case)
        told = async_to_sync(_mllp)(source, [b64decode(one) for one in case["reads"]])
        return Answer(200, told)

    def handle(self, case: Case) -> str:
        return "HANDLE"


class _Writer:
    """What is written, in place of a socket."""

    def __init__(self) -> None:
        self.told = b""

    def write(self, part: bytes) -> None:
        self.told += part

    def close(self) -> None:
        pass

    async def drain(self) -> None:
        pass

    async def wait_closed(self) -> None:
        pass


async def _mllp(source: Source, reads: Sequence[bytes]) -> bytes:
    reader, writer = asyncio.StreamReader(), _Writer()
    talking = asyncio.ensure_future(
        Listener(lambda frame: sync_to_async(taken)(source, frame.body, whole=frame.whole)).talk(
            reader,
            writer,  # type: ignore[arg-type]
        )
    )
    for one in reads:
        reader.feed_data(one)
        await asyncio.sleep(0.01)
    reader.feed_eof()
    await talking
    return writer.told


def _nothing(case: Case, played: Played, standing: Sequence[Mapping[str, str]]) -> list[str]:
    return []


def _ack(case: Case, played: Played, standing: Sequence[Mapping[str, str]]) -> list[str]:
    body = played.answer.body
    told = [one for one in body.split(END) if one.strip()] if case.get("framed") else [body]
    expected = _any(case["ack"])
    if len(told) != len(expected):
        return [f"{len(told)} answers, not {len(expected)}"]
    return [wrong for one, said in zip(told, expected, strict=True) for wrong in _one(one.removeprefix(START), said)]


def _one(told: bytes, said: Mapping[str, Any]) -> list[str]:
    lines = told.decode("utf-8", errors="replace").split("\r")
    sign = lines[0][3:4]
    component = lines[0][4:5]
    header = lines[0].split(sign)
    msa = next((line.split(sign) for line in lines if line.startswith("MSA")), ["", "", ""])
    msa += [""] * (3 - len(msa))
    message = header[8].replace(component, "^")
    found = []
    if msa[1] not in _any(said["code"]):
        found.append(f"MSA-1 {msa[1]}, not {said['code']}")
    if (msa[2] or None) not in _any(said["control_id"]):
        found.append(f"MSA-2 {msa[2]!r}")
    allowed = _any(said["message"])
    if message not in allowed and not ("ACK" in allowed and message.startswith("ACK^")):
        found.append(f"MSH-9 {message}")
    return found


WAYS["fhir"] = _Fhir()
WAYS["hl7v2"] = _Hl7()
