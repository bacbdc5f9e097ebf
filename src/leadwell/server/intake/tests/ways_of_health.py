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
        self._place: tuple[Source, str] | None = None

    def deliver(self, source: Source, case: Case) -> Answer:
        given = case["headers"].get("Authorization", "").partition(" ")[2]
        headers = dict(case["headers"])
        if given and given == case["settings"].get("key"):
            headers["Authorization"] = f"Bearer {self.key(source)}"
        self._place = (source, case["case"])
        return super().deliver(source, {**case, "headers": headers})

    def key(self, source: Source) -> str:
        number = source.organization_id
        if number not in self._keys or not ApiKey.objects.filter(organization=number, name="cases").exists():
            self._keys[number] = new_key(source.organization, ["leads:write"], name="cases")
        return self._keys[number]

    def _task(self, case: Case, played: Played, standing: Sequence[Mapping[str, str]]) -> list[str]:
        """The Task of the lead's first order, as its sender reads it."""
        assert self._place is not None
        source = self._place[0]
        first = source_orders(source, case)
        if not first:
            return ["no order of which a Task could tell"]
        said = Client().get(
            f"/fhir/{source.handle}/Task/{first}", headers={"Authorization": f"Bearer {self.key(source)}"}
        )
        told = orjson.loads(said.content)
        business = [one["code"] for one in told.get("businessStatus", {}).get("coding", [])]
        found = []
        if told.get("status") not in _any(case["task"].get("status", told.get("status"))):
            found.append(f"Task is {told.get('status')}")
        if "businessStatus" in case["task"] and not set(business) & set(_any(case["task"]["businessStatus"])):
            found.append(f"business status {business}")
        return found


def source_orders(source: Source, case: Case) -> str:
    """The submission that made the newest lead of the case, or of what it carries on."""
    from leadwell.server.intake.models import Submission  # noqa: PLC0415  beside the models that the table needs

    ours = Submission.objects.of(source.organization_id).filter(source=source.pk).exclude(lead=None)
    newest = ours.order_by("-received_at", "-pk").first()
    return str(newest.pk) if newest else ""


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
        Listener(lambda body: sync_to_async(taken)(source, body)).talk(reader, writer)  # type: ignore[arg-type]
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
