"""The `bangbang` command. Exit codes: 0 done, 1 a check failed, 2 wrong usage or unreadable input.

What a command needs is imported when it runs, so that help and mistakes answer at once.
"""

import gc
import io
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

os.environ.setdefault("TYPER_USE_RICH", "0")  # rich is two thirds of the time that --help takes
import typer  # it reads the variable when it is imported

from bot import desk_commands, model_commands
from bot.languages import Language

app = typer.Typer(
    help="幫幫 Bangbang: a chat-based loan assistant for small merchants.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="The database: schema, backup, restore.", no_args_is_help=True)
app.add_typer(database, name="db")
model_commands.attach(app)

Data = Annotated[Path, typer.Option(help="Folder that keeps the database and the secret.")]
HERE = Path("bangbang-data")


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the web chat.")] = 8080,
    data: Data = HERE,
) -> None:
    """Run everything with nothing to configure: web chat, Weibo sandbox, SQLite (Telegram with a token)."""
    with _no_collecting():
        from bot import processes

    _run(processes.demo(port, data))


@app.command()
def serve(
    keep: Annotated[
        bool, typer.Option("--keep", help="Stay beside what serves, and begin it again at once if it dies.")
    ] = False,
) -> None:
    """Run the product from its settings (BANGBANG_... variables or .env)."""
    with _no_collecting():
        from bot import keeper, processes

    with _refusals():
        given, listening = processes.opened()
    if not keep:
        _run(processes.serve(given, listening))
    with _no_collecting():
        processes.load(given)
    kept = keeper.keep(listening)  # from here on in the process that serves, and the next, and the next
    _run(processes.serve(given, listening, kept))


@app.command()
def chat(
    lang: Annotated[Language | None, typer.Option(help="Language to begin in.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    data: Data = HERE,
) -> None:
    """Talk to the assistant in this terminal; reads standard input to its end."""
    from bot import processes

    _run(processes.chat(lang, data, as_json=json))


@app.command()
def score(
    file: Annotated[str, typer.Argument(help="JSON lines of applications, - for standard input.")] = "-",
    lang: Annotated[Language, typer.Option(help="Language of the reasons.")] = Language.ZH_HANS,
) -> None:
    """Decide on applications: JSON lines in, JSON lines out, the same code as the chat."""
    from bot import scoring_lines

    try:
        scoring_lines.score(file, lang)
    except BrokenPipeError:
        raise  # nobody reads on, as in `| head`: typer ends quietly
    except OSError as error:
        _stop(f"{file}: {error.strerror or error}")
    except ValueError as error:
        _stop(str(error))


@app.command()
def replay(
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Whose decisions; BANGBANG_DATABASE_URL without it.")
    ] = None,
    models: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of models and policies that were used before.")
    ] = None,
) -> None:
    """Make every stored decision again from its inputs; exit 1 on the first that differs by a bit."""
    from bot import database_work

    _run(database_work.replay(database, models))


@app.command()
def sandbox(port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on.")] = 8081) -> None:
    """Run the Weibo sandbox alone."""
    from bot import processes

    _run(processes.sandbox(port))


@database.command()
def upgrade() -> None:
    """Bring the schema of BANGBANG_DATABASE_URL up to date."""
    from bot import database_work

    _run(database_work.upgrade())


@database.command()
def check() -> None:
    """Say whether the schema fits this release; exit 1 when it does not."""
    from bot import database_work

    _run(database_work.check())


File = Annotated[Path, typer.Argument(help="The backup.", show_default=False)]


@database.command()
def backup(file: File) -> None:
    """Copy the whole database to a new file while the product serves."""
    from bot import database_work

    _run(database_work.backup(file))


@database.command()
def restore(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="Replace what the database holds.")] = False,
) -> None:
    """Fill the database from a backup; stop the product first."""
    from bot import database_work

    _run(database_work.restore(file, force=force))


@database.command()
def rehearse(
    file: Annotated[Path | None, typer.Argument(help="A backup; without one it is taken now.")] = None,
) -> None:
    """Restore a backup into a throw-away database and compare; exit 1 on a difference."""
    from bot import database_work

    _run(database_work.rehearse(file))


@database.command()
def letters(
    opened: Annotated[int | None, typer.Option("--open", metavar="ID", help="Print what arrived.")] = None,
) -> None:
    """List what arrived and could not be acted on, the newest first: id, when, channel, why."""
    from bot import database_work

    _run(database_work.letters() if opened is None else database_work.letter(opened))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Hardly anything that an import makes is garbage, and looking for some is a tenth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _run(work: Coroutine[Any, Any, int]) -> NoReturn:
    """Run to the end; whatever stops the start is said in one line."""
    import asyncio

    with _refusals():
        try:
            code = asyncio.run(work)
        except KeyboardInterrupt:
            code = 0
    raise typer.Exit(code)


@contextmanager
def _refusals() -> Iterator[None]:
    """Why a command does not run is one line."""
    from bot.commanding import CannotStart

    try:
        yield
    except CannotStart as error:
        _stop(str(error))


def _stop(problem: str) -> NoReturn:
    typer.echo(f"bangbang: {problem}", err=True)
    raise typer.Exit(2)


desk_commands.attach(app, _run)
desk_commands.attach_report(app, _run)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # JSON is UTF-8 whatever the machine's locale; half a character becomes JSON's own \uXXXX
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()
