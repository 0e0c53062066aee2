"""The record as people read it, and the file they take away."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.staff import Role
from bot.desk import cells
from conversations.deeds import Deed, Facts
from tests.bot.desk.office import Office

#: what comparable products let through: plain, behind blanks and controls, as a wider form of the sign
FORMULAS = [
    "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.example\",\"x\")", "+1+cmd", "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "   +1", "\x00=1+1", "\x0b=1", "\x1f-1",
    "\u00a0=1+1", "\u3000=1", "\ufeff=1+1", "\u200b=1+1", "\u202e=1", "＝1+1", "＋1", "－1", "＠SUM(1)",
    " \t\u200b =1", "\x7f=1", "=1+1;\n=2", "%0A-3+3", "=-+@",
]  # fmt: skip


async def fill(office: Office, rows: int) -> None:
    def body(connection: object) -> None:
        for n in range(rows):
            office.access.audit.add(connection, f"s{n % 2}", Deed.VIEWED, f"c{n % 3}", {"count": n})  # type: ignore[arg-type]  # a connection

    await office.access.store.write(body)


async def test_the_newest_stand_first_and_older_ones_are_a_page_away(office: Office) -> None:
    await fill(office, 120)
    async with office.at_desk(Role.AUDITOR) as browser:
        first = await browser.page("/desk/activity")
        assert [f"<b>count</b> {n}<" in first for n in (119, 70, 69)] == [True, True, False]

        second = await browser.page("/desk/activity?before=71")
        assert [f"<b>count</b> {n}<" in second for n in (70, 69, 20, 19)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("who=s1", {1, 3, 5}),
        ("conversation=c2", {2, 5}),
        ("what=viewed", {0, 1, 2, 3, 4, 5}),
        ("what=noted", set()),
        ("from=2026-11-23&to=2026-11-23", {0, 1, 2, 3, 4, 5}),
        ("to=2026-11-22", set()),
        ("from=nonsense&before=x&what=%27%20OR%201=1--", set()),
    ],
)
async def test_it_is_filtered_by_who_what_and_when(office: Office, query: str, there: set[int]) -> None:
    await fill(office, 6)
    async with office.at_desk(Role.AUDITOR) as browser:
        page = await browser.page(f"/desk/activity?{query}")

    assert {n for n in range(6) if f"<b>count</b> {n}<" in page} == there


async def test_facts_are_told_in_the_readers_words(office: Office) -> None:
    ann = await office.member(Role.AUDITOR, name="Ann")
    told: Facts = {
        "staff": ann.account.id,
        "role": "reviewer",
        "two_step": True,
        "step": "rent",
        "odd": "code",
    }
    await office.access.store.write(lambda c: office.access.audit.add(c, "x", Deed.INVITED, facts=told))
    async with office.at_desk(ann) as browser:
        page = await browser.page("/desk/activity")

    shown = ("whom</b> Ann", "role</b> Reviewer", "second step</b> yes", "question</b> ", "odd</b> code")
    assert [words for words in shown if f"<b>{words}" not in page] == []


async def test_the_file_holds_what_was_asked_for_and_taking_it_is_on_record(office: Office) -> None:
    await fill(office, 6)
    ann = await office.member(Role.AUDITOR, name="=Ann")
    async with office.at_desk(ann) as browser:
        answer = await browser.post("/desk/activity/export", who="s1")
        text = (await answer.read()).decode("utf-8-sig")
        whole = (await (await browser.post("/desk/activity/export")).read()).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["n"] for row in rows] == ["6", "4", "2"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    [first, _] = await office.record(Deed.EXPORTED)
    assert first.facts == '{"of":"activity","who":"s1"}'
    assert "'=Ann" in [row["name"] for row in csv.DictReader(io.StringIO(whole))]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_taken_for_a_formula(formula: str) -> None:
    begins = cells.cell(formula)[:1]
    assert begins == "'" or formula.startswith("%")


@given(st.text())
def test_whatever_a_cell_holds_no_program_finds_a_formula_in_front(text: str) -> None:
    """Read back, and stripped of all that a program may strip."""
    [[read]] = csv.reader(io.StringIO(cells.line([text]), newline=""))
    bare = read.lstrip("".join(map(chr, range(33))) + "\u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\x7f")

    assert bare[:1] not in tuple("=+-@＝＋－＠")
    assert not read.startswith(("\t", "\r", "\n", "\x00"))


@given(st.text(alphabet="\t \r\n\x00\u200b=+-@a,;\"'"))
def test_text_survives_its_own_escaping(text: str) -> None:
    [[read]] = csv.reader(io.StringIO(cells.line([text]), newline=""))

    assert read.removeprefix("'") == text.removeprefix("'")
