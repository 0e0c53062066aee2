"""Commands that make models and measure them: `simulate`, `train`, `evaluate`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

FOUND = Path("bangbang-evaluation")


def attach(app: typer.Typer) -> None:
    """Let the program know them."""
    for command in (simulate, train, evaluate):
        app.command()(command)


@contextmanager
def _told_plainly(file: Path) -> Iterator[None]:
    """What cannot be read or written is said in one line; exit 2."""
    try:
        yield
    except OSError as error:
        problem = f"{error.filename or file}: {error.strerror or error}"
    except ValueError as error:
        problem = str(error)
    else:
        return
    typer.echo(f"bangbang: {problem}", err=True)
    raise typer.Exit(2)


def simulate(  # noqa: PLR0913, PLR0917 -- each is an option
    merchants: Annotated[int, typer.Option(min=1, help="How many.")],
    out: Annotated[Path, typer.Option(help="FILE.jsonl for what `score` reads, FILE.parquet for a table.")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other merchants.")] = 0,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day they apply on.")] = None,
    measured: Annotated[
        int | None, typer.Option(min=1, help="Rows of a table to measure; the rest are drawn from them.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the work.")] = 1,
) -> None:
    """Invent merchants: answers, raw Weibo accounts and what became of the loan."""
    from bot import simulation

    with _told_plainly(out):
        simulation.simulate(merchants, out, seed, as_of.date() if as_of else None, measured, processes)


def train(  # noqa: PLR0913, PLR0917 -- each is an option
    data: Annotated[Path | None, typer.Option(help="Loan book to fit on: .parquet or .csv.")] = None,
    target: Annotated[str | None, typer.Option(help="Column that says how each loan ended.")] = None,
    texts: Annotated[
        Path | None, typer.Option(help="Folder of texts: fit the reader of texts instead.")
    ] = None,
    phrases: Annotated[
        bool,
        typer.Option("--phrases", help="Fit the reader of what merchants want, on the phrases kept here."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="File for what is fitted; a folder where nothing else is given.")
    ] = None,
    bad: Annotated[
        str | None, typer.Option(help="Value of the target that is a default; 1 of 0 and 1.")
    ] = None,
    drop: Annotated[str, typer.Option(help="Columns to leave alone: A,B,C.")] = "",
    categories: Annotated[str, typer.Option(help="Columns of numbers that are categories: A,B,C.")] = "",
    directions: Annotated[
        Path | None, typer.Option(help="TOML: NAME = 1 where more of it is better, -1 where worse.")
    ] = None,
    pairs: Annotated[int, typer.Option(min=0, max=60, help="How many pairs of columns to tell apart.")] = 0,
    merchants: Annotated[
        int, typer.Option(min=500, help="Invented merchants to fit on, where no book is given.")
    ] = 16_000,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="The same one gives the same table.")] = 0,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that invent merchants.")] = 1,
) -> None:
    """Fit a points table on a loan book, or, without one, what is bundled on invented merchants."""
    if (data is None) != (target is None):
        raise typer.BadParameter("--data and --target belong together")
    if out is None:
        raise typer.BadParameter("--out: should say where what is fitted goes")
    from bot import training
    from scoring.training.book import Asked

    with _told_plainly(out):
        if phrases:
            training.phrases(out)
        elif texts:
            training.reader(texts, out)
        elif data and target:
            asked = Asked(data, target, bad, _names(drop), _names(categories), seed)
            training.train(training.Plan(asked, out, directions, pairs))
        else:
            training.bundled(merchants, out, seed, processes)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def evaluate(
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of loan books and texts; without it only merchants are simulated."),
    ] = None,
    merchants: Annotated[int | None, typer.Option(min=50, help="How many to simulate.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the report, the figures and the model card.")] = FOUND,
    card: Annotated[Path | None, typer.Option(help="Write the model card to this file instead.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer merchants and attacks: a glance.")] = False,
) -> None:
    """Measure the scoring on loan books, reviews and simulated merchants; write a report with pictures."""
    from bot import evaluating

    with _told_plainly(out):
        evaluating.evaluate(evaluating.Asked(data, merchants, out, card, quick))
