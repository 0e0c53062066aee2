"""Question by question: held to conversations counted by hand, and to one that really took place."""

from datetime import date, timedelta

import pytest

from bot.desk.numbers import Period
from bot.desk.questions import Question, questions
from bot.desk.report import Spread
from conversations.store.desk import questions as store
from conversations.store.desk.questions import Conversation, Given, Line
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Office
from tests.conversations.toy import START

TODAY = date(2026, 11, 23)
LATER = START + timedelta(days=3)


def asked(seconds: float, step: str, *, unclear: bool = False) -> Line:
    return Line(START + timedelta(seconds=seconds), step, unclear)


def said(seconds: float) -> Line:
    return Line(START + timedelta(seconds=seconds), merchant=True)


SUBMITTED = Conversation(
    "assessing",
    (asked(0, "rent"), said(10), asked(10, "check"), said(40)),
    (Given("rent"), Given("check")),
)
CORRECTED = Conversation(
    "applying",
    (
        *(asked(0, "rent"), said(5), Line(START + timedelta(seconds=5), unclear=True), asked(5, "rent")),
        *(said(30), asked(30, "check"), said(50), asked(50, "rent"), said(60), asked(60, "check")),
    ),
    (Given("rent"), Given("rent", again=True)),
)
SILENT = Conversation("applying", (asked(0, "rent"),), ())


def test_each_question_is_counted_once_in_a_conversation() -> None:
    rent, check = questions([SUBMITTED, CORRECTED, SILENT], LATER)

    assert (rent.seen, rent.answered) == (3, 2)
    assert (check.seen, check.answered) == (2, 1)


def test_who_is_silent_for_a_day_has_left_at_the_question_that_is_open() -> None:
    assert [one.left for one in questions([SUBMITTED, CORRECTED, SILENT], LATER)] == [1, 1]
    assert [one.left for one in questions([SUBMITTED, CORRECTED, SILENT], START)] == [0, 0]


def test_time_runs_from_the_question_to_what_settled_it() -> None:
    """Rent: 10 and 30 seconds; the summary: 30 and 20. Whoever said nothing took no time."""
    rent, check = questions([SUBMITTED, CORRECTED, SILENT], LATER)

    assert rent.time == Spread(median=20, ninetieth=30, n=2)
    assert check.time == Spread(median=25, ninetieth=30, n=2)


def test_corrections_and_unclear_answers_count_at_their_question() -> None:
    rent, check = questions([SUBMITTED, CORRECTED, SILENT], LATER)

    assert (rent.corrected, rent.unclear) == (1, 1)
    assert (check.corrected, check.unclear) == (0, 0)


def test_a_step_that_is_gone_is_passed_over() -> None:
    assert questions([Conversation("applying", (asked(0, "gone"),), (Given("gone"),))], LATER) == ()


def test_cells_are_in_the_order_of_their_names() -> None:
    spent = Spread(median=12.4, ninetieth=30, n=2)

    assert Question("rent", 9, 8, 1, spent, 2, 3).cells() == ("rent", "9", "8", "1", "12", "2", "3")


@pytest.fixture
async def merchant(office: Office) -> Merchant:
    """Takes ten seconds for each answer, is unclear about the trade once, and puts the role right."""
    one = Merchant(office)
    for choice in ("agree", "owner"):
        await one.taps(choice)
        office.clock.pass_by(seconds=10)
    await one.says("xyzzy")
    office.clock.pass_by(seconds=10)
    await one.taps("restaurant", "/edit role", "partner")
    return one


async def test_what_took_place_is_counted(office: Office, merchant: Merchant) -> None:
    span = Period(TODAY, TODAY).span()
    found = await office.access.store.read(lambda c: store.conversations(c, span))

    made = {one.step: one for one in questions(found, office.clock.now + timedelta(days=2))}

    assert list(made) == ["consent", "role", "trade", "city"]
    assert (made["trade"].seen, made["trade"].answered, made["trade"].unclear) == (1, 1, 1)
    assert made["role"].corrected == 1
    assert [step for step, one in made.items() if one.left] == ["city"]
    assert made["role"].time == Spread(median=10, ninetieth=10, n=1)


async def test_the_page_of_figures_shows_the_same(office: Office, merchant: Merchant) -> None:
    async with office.at_desk() as browser:
        page = await browser.page("/desk/numbers")

    assert "Question by question" in page
    assert '<th scope="row"><code>trade</code></th><td>1</td><td>1</td><td>0</td><td>20 s</td>' in page
