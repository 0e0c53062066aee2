"""Every program under test answers what it should; how fast it does is no matter here."""

import re
from pathlib import Path

import pytest

from tests import postgres
from tests.benchmarks import load, machine, report, starting
from tests.benchmarks.chats import APPLICATION, ECHO, Script
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.starting import Program

CHATS = 3
PROGRAMS = {
    "product": (Program("product"), APPLICATION),
    "product_no_store": (Program("product_no_store"), APPLICATION),
    "product_one_by_one": (Program("product_one_by_one"), APPLICATION),
    "ptb_echo": (Program("ptb_echo"), ECHO),
    "ptb_conversation": (Program("ptb_conversation", users=10), ECHO),
    "aiogram_fsm": (Program("aiogram_fsm"), ECHO),
    "bare": (Program("bare"), ECHO),
    "bare group": (Program("bare", "group"), ECHO),
    "sqlmodel_session": (Program("sqlmodel_session"), ECHO),
}


async def answered(program: Program, script: Script, folder: Path) -> list[bytes]:
    """Every message of a run in which each chat says everything there is to say."""
    core, _ = machine.cores()
    async with load.opened(script) as talk, starting.running(program, talk.api, folder, core) as bot:
        talk.bodies = []
        warmed = await talk.warm([bot.port], CHATS)
        said = await talk.say(len(script.cycle))
        assert (warmed.wrong, said.wrong) == (0, 0), said.summary
        assert len(said.times) == CHATS * len(script.cycle)
        assert warmed.messages + said.messages == len(talk.bodies)
        return talk.bodies


@pytest.mark.parametrize("name", PROGRAMS)
async def test_every_line_is_answered_with_as_many_messages_as_it_should_be(
    name: str, tmp_path: Path
) -> None:
    program, script = PROGRAMS[name]

    bodies = await answered(program, script, tmp_path)

    assert len({match[1] for body in bodies if (match := re.search(rb"(10000\d)", body))}) == CHATS


@pytest.mark.skipif(not postgres.available(), reason=postgres.MISSING)
async def test_the_bare_loop_on_postgresql_answers_too(tmp_path: Path) -> None:
    with postgres.server() as url:
        program = Program("bare", url.replace("postgresql+asyncpg", "postgresql"))

        assert await answered(program, ECHO, tmp_path)


async def test_a_program_that_ends_before_it_listens_says_why(tmp_path: Path) -> None:
    with pytest.raises(starting.DidNotStart, match="nothing_of_that_name"):
        await answered(Program("nothing_of_that_name"), ECHO, tmp_path)


@pytest.mark.parametrize(
    ("value", "unjudged", "verdict"),
    [
        (2.0, "", "pass"),
        (1.9, "", "MISS"),
        (9.0, "too few cores", "not judged"),
        (float("nan"), "", "not judged"),
    ],
)
def test_a_figure_is_judged_by_its_goal(value: float, unjudged: str, verdict: str) -> None:
    row = Row("turns", "a / b", value, "×", Goal("≥ 2 ×", least=2), unjudged)

    assert row.verdict == verdict
    assert "≥ 2 ×" in report.table([row])
