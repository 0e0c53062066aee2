"""Turns on Telegram: the whole product on SQLite against bots that people would otherwise write."""

from tests.benchmarks import rounds
from tests.benchmarks.chats import APPLICATION
from tests.benchmarks.load import Measured
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Entrant, Plan, Results
from tests.benchmarks.starting import Program

PRODUCT = Entrant("product", Program("product"), APPLICATION)
NO_STORE = Entrant(
    "product without a durable store", Program("product_no_store"), APPLICATION, in_memory=True
)
ECHO = Entrant("python-telegram-bot echo", Program("ptb_echo"))
SQLMODEL = Entrant("SQLModel session a turn", Program("sqlmodel_session"))
AIOGRAM = Entrant("aiogram states in memory", Program("aiogram_fsm"))
BARE = Entrant("bare aiohttp echo", Program("bare"))
GROUP = Entrant("bare aiohttp, SQLite group commit", Program("bare", "group"))
PICKLE = tuple(
    Entrant(f"ConversationHandler + pickle, {users:,} users", Program("ptb_conversation", users=users))
    for users in (0, 1_000, 10_000)
)
OPEN_RATE = 400.0  #: turns a second

_GOALS = {
    ECHO.name: Goal("≥ 2 ×", least=2),
    NO_STORE.name: Goal("≥ 0.7 ×", least=0.7),
    SQLMODEL.name: Goal("≥ 3 ×", least=3),
}
_NOTES = {
    NO_STORE.name: "SQLite without syncs in memory stands for a store that does nothing",
    PICKLE[0].name: "written every second; by default every minute",
}


def rate(measured: Measured) -> float:
    return measured.rate


def median(measured: Measured) -> float:
    return measured.percentile(50)


def ninety_ninth(measured: Measured) -> float:
    return measured.percentile(99)


async def closed(plan: Plan) -> list[Row]:
    """All chats at once: turns a second, and the product's ratio to each other program."""
    entrants = (PRODUCT, ECHO, NO_STORE, SQLMODEL, AIOGRAM, BARE, GROUP, *PICKLE)
    results = await rounds.run(entrants, plan, rounds.closed(plan))
    rows = [_rate(results, entrant) for entrant in entrants]
    rows += [_ratio(results, entrant) for entrant in entrants[1:]]
    times = results.median(PRODUCT.name, rate) / RASA
    note = f"Rasa 3.6 on SQLite: {RASA:.0f}/s is quoted, not run here"
    return [*rows, Row("turns", "product / Rasa", times, "×", Goal("≥ 20 ×"), "quoted", note)]


RASA = 85.0  #: turns a second, as the goals quote it


def _rate(results: Results, entrant: Entrant) -> Row:
    durable = f"fdatasync {results.sync:.2f} ms" if entrant in (PRODUCT, SQLMODEL, GROUP) else ""
    notes = [durable, _NOTES.get(entrant.name, ""), results.note if entrant is PRODUCT else ""]
    note = "; ".join(filter(None, notes))
    return Row("turns", entrant.name, results.median(entrant.name, rate), "/s", note=note)


def _ratio(results: Results, entrant: Entrant) -> Row:
    times = results.ratio(PRODUCT.name, entrant.name, rate)
    return Row("turns", f"product / {entrant.name}", times, "×", _GOALS.get(entrant.name))


async def alone(plan: Plan) -> list[Row]:
    """One chat by itself: how long a turn takes."""
    entrants = (PRODUCT, ECHO)
    results = await rounds.run(entrants, plan, rounds.alone(plan))
    rows = [
        Row("alone", f"{each.name}, p50", results.median(each.name, median), "ms", note=_disk(each, results))
        for each in entrants
    ]
    times = results.ratio(PRODUCT.name, ECHO.name, median)
    return [
        *rows,
        Row("alone", "product / echo, p50", times, "×", Goal("≤ 2 ×", most=2), note=results.note),
    ]


async def opened(plan: Plan) -> list[Row]:
    """A fixed rate: how long the slowest turns take."""
    entrants = (PRODUCT, ECHO)
    results = await rounds.run(entrants, plan, rounds.opened(plan, OPEN_RATE))
    rows = [
        Row(
            "400/s",
            f"{each.name}, {name}",
            results.median(each.name, figure),
            "ms",
            note=_disk(each, results),
        )
        for each in entrants
        for name, figure in (("p50", median), ("p99", ninety_ninth))
    ]
    times = results.ratio(PRODUCT.name, ECHO.name, ninety_ninth)
    return [
        *rows,
        Row("400/s", "product / echo, p99", times, "×", Goal("≤ 0.5 ×", most=0.5), note=results.note),
    ]


def _disk(entrant: Entrant, results: Results) -> str:
    return f"fdatasync {results.sync:.2f} ms" if entrant is PRODUCT else ""
