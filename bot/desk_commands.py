"""Commands of the desk: `bangbang staff ...`, `bangbang audit verify` for the record, `bangbang report`."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

Run = Callable[[Coroutine[Any, Any, int]], None]


class Role(StrEnum):
    """The roles by name; what each may do is in `bot.access.rights`."""

    AGENT = "agent"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


Data = Annotated[
    Path | None,
    typer.Option(help="Folder of a demonstration; the settings' database without it.", show_default=False),
]
Name = Annotated[str, typer.Argument(help="Name of the account.", show_default=False)]


def _day(option: str, help: str) -> Any:
    return typer.Option(option, formats=["%Y-%m-%d"], metavar="DATE", help=help, show_default=False)


def attach(app: typer.Typer, run: Run) -> None:
    """Add the commands; `run` runs one to its end."""
    staff = typer.Typer(help="Accounts of the staff desk.", no_args_is_help=True)
    record = typer.Typer(help="The record of what staff do.", no_args_is_help=True)
    app.add_typer(staff, name="staff")
    app.add_typer(record, name="audit")

    @staff.command()
    def add(
        name: Name,
        role: Annotated[Role, typer.Option(help="What they may do.", show_default=False)],
        data: Data = None,
    ) -> None:
        """Print a link by which somebody joins: it opens once, for 24 hours."""
        from bot import desk_work

        run(desk_work.invite(name, role.value, data))

    @staff.command("list")
    def everyone(data: Data = None) -> None:
        """List the accounts and open links: name, role, state, id."""
        from bot import desk_work

        run(desk_work.everyone(data))

    @staff.command()
    def disable(name: Name, data: Data = None) -> None:
        """Close an account: its sessions end at once."""
        from bot import desk_work

        run(desk_work.disable(name, data))

    @staff.command()
    def reset(name: Name, data: Data = None) -> None:
        """Print a link to new secrets for an account; the old ones are worthless, a closed account opens."""
        from bot import desk_work

        run(desk_work.reset(name, data))

    @record.command()
    def verify(
        anchor: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Also check against this file, and add the head to it."),
        ] = None,
        data: Data = None,
    ) -> None:
        """Look at every row of the record; exit 1 and name the first that is not what it was."""
        from bot import desk_work

        run(desk_work.verify(anchor, data))


def attach_report(app: typer.Typer, run: Run) -> None:
    """Add the command that tells where merchants leave."""

    @app.command()
    def report(
        since: Annotated[datetime | None, _day("--from", "First day; thirty days ago without it.")] = None,
        until: Annotated[datetime | None, _day("--to", "Last day; today without it.")] = None,
        csv: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Write the figures there as well.", show_default=False),
        ] = None,
        data: Data = None,
    ) -> None:
        """Question by question: how many saw it, answered it and left at it, and how long it took."""
        from bot import desk_work

        run(desk_work.report(since and since.date(), until and until.date(), csv, data))
