"""A hospital's interface engine is answered once its message is safe, however it comes over the wire. (promise A2)"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import typer
from asgiref.sync import async_to_sync, sync_to_async
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.db import OperationalError
from typer.testing import CliRunner

from leadwell.server.commands import health
from leadwell.server.conftest import Clinic
from leadwell.server.intake.actions import add_source, close
from leadwell.server.intake.draining import drain
from leadwell.server.intake.models import Source, State, Submission
from leadwell.server.intake.sources.hl7v2 import listener
from leadwell.server.intake.sources.hl7v2.listener import END, START, Listener, taken
from leadwell.server.leads.happenings import happenings
from leadwell.server.leads.models import Event, Joined, Lead

pytestmark = pytest.mark.django_db(databases="__all__")

MESSAGE = (Path(__file__).parent / "captured" / "hl7v2.hl7").read_bytes()


@pytest.fixture
def source(lakeside: Clinic) -> Source:
    return add_source(lakeside.organization, "hl7v2", "North")


def framed(message: bytes) -> bytes:
    return START + message + END


def numbered(number: str, change: str = "I12") -> bytes:
    return MESSAGE.replace(b"M-17", number.encode()).replace(b"REF^I12", f"REF^{change}".encode())


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def talk(source: Source, says: Talk, *, take: Callable[..., bytes | None] = taken) -> None:
    """A listener on a port of its own, and somebody who speaks to it."""

    async def both() -> None:
        ours = Listener(lambda frame: sync_to_async(take)(source, frame.body, whole=frame.whole))
        server = await asyncio.start_server(ours.talk, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            try:
                async with asyncio.timeout(20):
                    await says(reader, writer)
            finally:
                writer.close()
                await ours.stop()

    async_to_sync(both)()


async def answer(reader: asyncio.StreamReader) -> list[list[str]]:
    told = await reader.readuntil(END)
    assert told.startswith(START)
    return [line.split("|") for line in told[1 : -len(END)].decode().split("\r") if line]


def test_a_message_in_many_reads_is_one_lead(source: Source) -> None:
    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        whole = framed(MESSAGE)
        for start in range(0, len(whole), 97):
            writer.write(whole[start : start + 97])
            await writer.drain()
            await asyncio.sleep(0)
        header, msa, *_ = await answer(reader)
        assert (header[8], msa[1:3]) == ("RRI^I12^RRI_I12", ["AA", "M-17"])

    talk(source, says)
    drain()
    assert (Lead.objects.count(), Lead.objects.get().type) == (1, "referral")


def test_several_messages_in_one_read_are_answered_in_order(source: Source) -> None:
    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            framed(numbered("A")) + b"\r\n" + framed(b"no HL7") + framed(numbered("B").replace(b"R-17", b"R-18"))
        )
        told = [(await answer(reader))[1] for _ in range(3)]
        assert [[*msa, "", ""][1:3] for msa in told] == [["AA", "A"], ["AR", ""], ["AA", "B"]]

    talk(source, says)
    drain()
    assert Lead.objects.count() + Joined.objects.count() == 2  # the same patient and need: one lead with both


def test_the_same_again_is_told_the_same_and_makes_no_second_lead(source: Source) -> None:
    told: list[object] = []

    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for time in (b"20261120090000-0600", b"20261120090500-0600"):
            writer.write(framed(MESSAGE.replace(b"20261120090000-0600", time)))
            told.append(await answer(reader))

    talk(source, says)
    drain()
    assert told[0] == told[1]
    assert (Lead.objects.count(), Submission.objects.filter(state=State.REPEAT).count()) == (1, 1)


def test_another_message_under_the_same_control_id_is_not_lost(source: Source) -> None:
    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for referral in (b"R-17", b"R-99"):
            writer.write(framed(MESSAGE.replace(b"R-17", referral)))
            assert (await answer(reader))[1][1] == "AA"

    talk(source, says)
    drain()
    assert Lead.objects.count() + Joined.objects.count() == 2  # the same patient and need: one lead with both


def test_a_change_a_question_and_a_withdrawal_belong_to_the_first(source: Source) -> None:
    told: dict[str, list[list[str]]] = {}

    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for change in ("I12", "I13", "I14", "I15"):
            message = numbered(change, change).replace(
                b"312-555-0149", b"312-555-0150" if change != "I12" else b"312-555-0149"
            )
            writer.write(framed(message))
            told[change] = await answer(reader)
            await sync_to_async(drain)()

    talk(source, says)
    events = list(Event.objects.filter(name__startswith="referral").order_by("at").values_list("name", "codes"))
    first = str(Submission.objects.order_by("received_at").first().pk)  # type: ignore[union-attr]
    assert events == [("referral.changed", {"of": first, "changed": "phone_2"}), ("referral.withdrawn", {"of": first})]
    said = [one.says for one in happenings(source.organization_id, Lead.objects.get().pk)]
    assert {"The referrer withdrew it", "The referrer sent it again; changed: Phone 2"} <= set(said)
    assert (Lead.objects.count(), told["I12"][2][1], told["I15"][2][1]) == (1, "P", "E")
    assert told["I15"][0][8] == "RRI^I15^RRI_I12"
    assert Submission.objects.get(problem="asks how a referral stands").state == State.NOT_A_LEAD


def test_a_withdrawal_of_what_never_came_waits_for_somebody(source: Source) -> None:
    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(numbered("W", "I14")))
        assert (await answer(reader))[1][1] == "AA"

    talk(source, says)
    drain()
    assert (Lead.objects.count(), Submission.objects.get().state) == (0, State.NEEDS_MENDING)


@pytest.mark.parametrize("lost", ["the rest", "only its end"])
@pytest.mark.parametrize("reads", ["one", "two"])
def test_a_frame_without_an_end_is_ended_by_the_next_and_waits_for_somebody(
    source: Source, lost: str, reads: str
) -> None:
    first = MESSAGE[: MESSAGE.index(b"OBX|")] if lost == "the rest" else MESSAGE

    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(START + first)
        if reads == "two":
            await writer.drain()
            await asyncio.sleep(0.05)
        writer.write(START + framed(MESSAGE) + framed(numbered("B", "I13")))
        told = [await answer(reader) for _ in range(3)]
        assert [one[1][1:3] for one in told] == [["AE", "M-17"], ["AA", "M-17"], ["AA", "B"]]
        assert told[0][0][8].startswith("ACK")

    talk(source, says)
    while drain().submissions:
        pass
    broken, *whole = Submission.objects.order_by("pk")
    assert (broken.state, broken.problem) == (State.NEEDS_MENDING, "its frame has no end")
    assert [one.state for one in whole] == [State.ASSESSED, State.JOINED]


def test_what_asks_how_a_referral_stands_is_told_what_nobody_has_read_yet(source: Source) -> None:
    told: list[str] = []

    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for change in ("I12", "I14", "I15", "I12", "I15"):
            writer.write(framed(numbered(f"{change}-{len(told)}", change).replace(b"20110402", b"19580314")))
            said = await answer(reader)
            if change == "I15":
                told.append(said[2][1])
            if change == "I12" and not told:
                await sync_to_async(drain)()

    talk(source, says)
    assert told == ["E", "P"]


def test_what_could_not_be_kept_is_not_acknowledged(source: Source) -> None:
    def fails(source: Source, body: bytes, *, whole: bool) -> bytes | None:
        try:
            raise OperationalError
        except OperationalError:
            return None

    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(MESSAGE))
        assert await reader.read() == b""

    talk(source, says, take=fails)


def test_a_closed_source_takes_nothing(source: Source) -> None:
    close(source)
    assert taken(source, MESSAGE) is None
    assert not Submission.objects.exists()


@pytest.mark.parametrize("slow", ["SLOWEST", "MOST_BYTES"])
def test_who_is_too_slow_or_too_long_is_let_go(source: Source, slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, slow, 0.05 if slow == "SLOWEST" else 100)

    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(MESSAGE)[:400])
        assert await reader.read() == b""

    talk(source, says)
    assert not Submission.objects.exists()


def test_a_line_break_of_whoever_typed_a_text_ends_no_frame(source: Source) -> None:
    """Some word processors write the very byte that begins a frame."""

    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(framed(MESSAGE + b"NTE|1||first line\x0bsecond line\r"))
        assert (await answer(reader))[1][1] == "AA"

    talk(source, says)
    while drain().submissions:
        pass
    assert Submission.objects.get().state == State.ASSESSED


def test_no_more_connections_are_held_than_are_allowed(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 1)

    async def both() -> None:
        ours = Listener(lambda frame: sync_to_async(taken)(source, frame.body, whole=frame.whole))
        async with await asyncio.start_server(ours.talk, "127.0.0.1", 0) as server:
            at = server.sockets[0].getsockname()
            first, second = await asyncio.open_connection(*at), None
            first[1].write(START)
            await asyncio.sleep(0.05)
            second = await asyncio.open_connection(*at)
            assert await second[0].read() == b""
            for one in (first, second):
                one[1].close()
            await ours.stop()

    async_to_sync(both)()


def test_stopping_ends_what_waits_and_answers_what_is_in_hand(source: Source) -> None:
    async def both() -> None:
        ours = Listener(lambda frame: sync_to_async(taken)(source, frame.body, whole=frame.whole))
        async with await asyncio.start_server(ours.talk, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(framed(MESSAGE))
            while not ours._busy:
                await asyncio.sleep(0.001)
            await ours.stop()
            assert (await answer(reader))[1][1] == "AA"
            assert await reader.read() == b""
            writer.close()

    async_to_sync(both)()
    assert Submission.objects.count() == 1


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Of 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "listener.example.org")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    )
    local = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = builder.add_extension(local, critical=False).sign(key, hashes.SHA256())
    cert_at, key_at = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_at.write_bytes(made.public_bytes(Encoding.PEM))
    key_at.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return cert_at, key_at


def test_with_a_certificate_it_speaks_tls_until_it_is_stopped(
    source: Source, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "close_old_connections", lambda: None)  # this test's own is in a transaction

    async def both() -> None:
        stopping, at = asyncio.Event(), asyncio.get_running_loop().create_future()
        tls = health.tls_of(*certificate, None)
        serving = asyncio.ensure_future(
            listener.serve(source, "127.0.0.1", 0, ready=at.set_result, stopping=stopping, tls=tls)
        )
        trusted = ssl.create_default_context(cafile=str(certificate[0]))
        reader, writer = await asyncio.open_connection("127.0.0.1", await at, ssl=trusted)
        writer.write(framed(MESSAGE))
        assert (await answer(reader))[1][1] == "AA"
        stopping.set()
        await asyncio.wait_for(serving, 10)
        assert await reader.read() == b""
        writer.close()

    async_to_sync(both)()


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        (["--source", "North", "--tls-key", "key.pem"], 2, "need --tls-cert"),
        (["--source", "North", "--tls-cert", "none.pem"], 1, "PEM files that fit each other"),
        (["--source", "South"], 1, "there is: "),
    ],
)
def test_what_is_typed_wrong_is_said(source: Source, typed: list[str], status: int, says: str) -> None:
    done = CliRunner().invoke(_command(), ["--organization", "lakeside", *typed])
    assert (done.exit_code, says in done.output) == (status, True)


def _command() -> typer.Typer:
    app = typer.Typer()
    app.command()(health.listen_hl7)
    return app
