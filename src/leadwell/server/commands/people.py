"""People who work here."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Organisations and the people who work there.")


@app.callback()
def _root() -> None:
    pass


@app.command()
def new(
    email: Annotated[str, typer.Argument(help="With it they sign in.")],
    organization: Annotated[str, typer.Option(help="Its short name; made where there is none.")],
    role: Annotated[
        str,
        typer.Option(help="coordinator, intake-lead, manager, marketing, analyst, privacy-officer or administrator."),
    ],
    name: Annotated[str, typer.Option(help="How they are called.")] = "",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="At least 12 characters.")
    ] = "",
) -> None:
    """Add somebody, or give them another role. Whoever has an account already is invited."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.access.actions import KnownAlready, Refused, add_member
    from leadwell.server.privacy.trail import record

    try:
        made = add_member(organization, email, role=role, name=name, password=password)
    except KnownAlready:
        typer.echo(_invite(organization, email, role, name))
        return
    except Refused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    record(made.organization_id, "command", "member.added", made.actor, {"role": made.role})
    typer.echo(f"Added, as {role} of {organization}.")


def _invite(slug: str, email: str, role: str, name: str) -> str:
    from leadwell.server.access.actions import add_organization
    from leadwell.server.access.invitations import invite
    from leadwell.server.privacy.trail import record

    organization = add_organization(slug)
    invitation, code = invite(organization, email, role=role, name=name)
    record(organization.pk, "command", "member.invited", f"invitation/{invitation.pk}", {"role": role})
    return f"They have an account already, so they accept it themselves: signed in, on the page /join, with {code}"


@app.command()
def password(email: Annotated[str, typer.Argument(help="With it they sign in.")]) -> None:
    """Make somebody a new password and print it. It is shown this once, and kept nowhere. They choose their own when
    they sign in with it."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.access.actions import new_password_of
    from leadwell.server.access.choosing import memberships
    from leadwell.server.access.queries import user_by_email
    from leadwell.server.administration.passwords import password_was_given

    user = user_by_email(email)
    if user is None:
        typer.echo("Nobody here has this address.", err=True)
        raise typer.Exit(1)
    typer.echo(new_password_of(user))
    for member in memberships(user):
        password_was_given(member, by="command")


@app.command("reset")
def reset_factor(
    email: Annotated[str, typer.Argument(help="With it they sign in.")],
    reason: Annotated[str, typer.Option(help="lost, stolen, new-device or broken.")],
) -> None:
    """Take away the second factor of somebody who has lost it. They set up a new one when they sign in next."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.access.actions import Refused, reset_second_factor_of
    from leadwell.server.access.choosing import memberships
    from leadwell.server.access.queries import user_by_email
    from leadwell.server.administration.factors import REASONS, second_factor_was_reset

    user = user_by_email(email)
    if user is None or reason not in REASONS:
        typer.echo("Nobody here has this address." if user is None else f"Why? {', '.join(REASONS)}.", err=True)
        raise typer.Exit(1 if user is None else 2)
    try:
        reset_second_factor_of(user)
    except Refused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for member in memberships(user):
        second_factor_was_reset(member, by="command", reason=reason)
    typer.echo("Reset. They set up a new one when they sign in next; the privacy officer is told.")


@app.command()
def join(
    email: Annotated[str, typer.Argument(help="With it they are known here.")],
    subject: Annotated[str, typer.Argument(help="What the provider's tokens say of them in `sub`.")],
) -> None:
    """Say who somebody is at the provider of single sign-on, where it verifies no e-mail addresses."""
    from leadwell.server import starting

    starting.resume()
    from django.conf import settings

    from leadwell.server.access.choosing import memberships
    from leadwell.server.access.queries import user_by_email
    from leadwell.server.privacy.trail import record
    from leadwell.server.signin.actions import join as join_to

    user = user_by_email(email)
    if user is None or not settings.SOCIALACCOUNT_PROVIDERS:
        typer.echo("Nobody here has this address." if user is None else "LEADWELL_SSO_ISSUER is not set.", err=True)
        raise typer.Exit(1)
    join_to(user, subject)
    for member in memberships(user):
        record(member.organization_id, "command", "member.recognised", member.actor)
    typer.echo("Joined. They can sign in by way of their organisation.")


@app.command()
def code(name: Annotated[str, typer.Argument(help="Their first name, or their e-mail address.")]) -> None:
    """Print the six digits with which somebody of the demo signs in."""
    from leadwell.server import starting

    starting.resume()
    from leadwell.server.demo import NotOfTheDemo
    from leadwell.server.demo import code as code_of

    try:
        digits, seconds = code_of(name)
    except NotOfTheDemo as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{digits}   for {seconds} more seconds; each works once")
