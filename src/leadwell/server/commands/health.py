"""Take in what hospitals send where it does not come by HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ssl import SSLContext


def listen_hl7(
    *,
    organization: Annotated[str, typer.Option(help="The short name of the organisation.")],
    source: Annotated[str, typer.Option(help="The number or the name of its source of the kind hl7v2.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 for any that is free.")] = 2575,
    tls_cert: Annotated[Path | None, typer.Option(help="With it and the key, TLS: a PEM file.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, a PEM file.")] = None,
    tls_clients: Annotated[
        Path | None, typer.Option(help="Takes only whom a certificate of this PEM vouches for.")
    ] = None,
) -> None:
    """Take in HL7 v2 messages by MLLP, for one source of the kind hl7v2."""
    from leadwell.server import starting

    tls = tls_of(tls_cert, tls_key, tls_clients)
    starting.start()
    from leadwell.server.commands.asked import hl7_source_of, organization_of
    from leadwell.server.intake.sources.hl7v2.listener import listen

    found = hl7_source_of(organization_of(organization), source)

    def ready(at: int) -> None:
        typer.echo(f"HL7 v2 is taken in at {host}:{at} by MLLP{' with TLS' if tls else ''}. Ctrl-C stops it.")

    try:
        listen(found, host, port, ready=ready, tls=tls)
    except OSError as error:
        typer.echo(f"Nothing can be taken in at {host}:{port}: {error.strerror}.", err=True)
        raise typer.Exit(1) from error


def tls_of(cert: Path | None, key: Path | None, clients: Path | None) -> SSLContext | None:
    """How the port speaks TLS; None where it does not. Ends the command where it cannot."""
    import ssl

    if cert is None:
        if key or clients:
            typer.echo("--tls-key and --tls-clients need --tls-cert.", err=True)
            raise typer.Exit(2)
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(cert, key)
        if clients:
            context.load_verify_locations(clients)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        typer.echo("The certificate or its key cannot be read: they must be PEM files that fit each other.", err=True)
        raise typer.Exit(1) from error
    return context
