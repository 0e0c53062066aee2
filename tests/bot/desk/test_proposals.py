"""Decisions that take two: one colleague proposes, another compares and confirms, and nobody does both."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bot.access.staff import Role
from bot.replaying import Replay
from conversations.deeds import Deed
from conversations.events import AssessmentFailed
from conversations.session import Stage, dump
from conversations.store import staff as accounts
from conversations.tables import SESSIONS
from conversations.tables_desk import PROPOSALS
from scoring.archive import Archive
from tests.bot.desk.deciding import does, facts, over, proposed, state
from tests.bot.desk.merchants import OPENING, Merchant
from tests.bot.desk.office import Office
from tests.bot.desk.test_conversation import acted, at, told


@pytest.fixture
def merchant(office: Office) -> Merchant:
    return Merchant(office)


async def test_a_lower_limit_is_proposed_by_one_and_confirmed_by_another(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.applies()
    mei, rita = await office.member(name="Mei"), await office.member(Role.REVIEWER, "Rita")
    async with office.at_desk(mei) as hers, office.at_desk(rita) as browser:
        before = len(await merchant.heard())
        which = await proposed(hers, id)
        said = len(await merchant.heard())
        page = await browser.page(at(id))
        own = await hers.post(at(id, "confirm"), over="", proposal=which)
        queue = await browser.page("/desk")
        done = await does(browser, id, "confirm", proposal=which, comment="agreed")

    compared = page.partition('class="compared"')[2].partition("</table>")[0]
    assert re.search(r"Limit</th>\s*<td>¥20,000</td>\s*<td>¥15,000</td>", compared)
    assert "a quiet winter" in page
    assert own.status == 403
    assert 'class="tag why-proposal' in queue
    assert said == before
    session = await merchant.session()
    assert (session.stage, session.decision.limit) == (Stage.OFFERED, 1_500_000)  # type: ignore[union-attr]
    assert "Earlier proposals (1)" in done
    told_of = await facts(office, Deed.CONFIRMED_PROPOSAL)
    assert (told_of["proposal"], told_of["by"], told_of["limit"]) == (which, mei.account.id, 1_500_000)
    assert await state(office) == ["confirmed"]


async def test_of_all_who_settle_a_proposal_at_once_one_does(office: Office, merchant: Merchant) -> None:
    id, mei = await merchant.applies(), await office.member(name="Mei")
    async with (
        office.at_desk(mei) as hers,
        office.at_desk(Role.REVIEWER) as one,
        office.at_desk(Role.REVIEWER) as other,
        office.at_desk(Role.REVIEWER) as third,
    ):
        which, seen = await proposed(hers, id), await over(hers, id)
        pages = await asyncio.gather(
            acted(hers, id, "withdraw", over=seen, proposal=which),
            acted(one, id, "confirm", over=seen, proposal=which),
            acted(other, id, "confirm", over=seen, proposal=which),
            acted(third, id, "refuse", over=seen, proposal=which, text="no"),
        )

    settled = [Deed.CONFIRMED_PROPOSAL, Deed.REFUSED_PROPOSAL]
    assert sum([len(await office.record(deed)) for deed in settled]) == 1
    assert sorted(bool(told(page)) for page in pages) == [False, True, True, True]
    [became] = await state(office)
    stage = (await merchant.session()).stage
    assert (became == "confirmed") is (stage is Stage.OFFERED)


async def test_nobody_confirms_their_own_proposal(office: Office, merchant: Merchant) -> None:
    id, rita = await merchant.applies(), await office.member(Role.REVIEWER, "Rita")
    async with office.at_desk(rita) as browser:
        which = await proposed(browser, id)
        page = await browser.page(at(id))
        refused = await does(browser, id, "confirm", proposal=which)
        taken_back = await does(browser, id, "withdraw", proposal=which)

    assert "Confirm and tell" not in page
    assert "own proposal" in told(refused)
    assert told(taken_back) == ""
    assert await state(office) == ["withdrawn"]


async def test_the_database_itself_takes_two_people(office: Office, merchant: Merchant) -> None:
    id, rita = await merchant.applies(), await office.member(Role.REVIEWER, "Rita")
    async with office.at_desk(rita) as browser:
        await proposed(browser, id)
    for settler in (rita.account.id, None):
        became = update(PROPOSALS).values(state="confirmed", settler=settler)
        with pytest.raises(IntegrityError):
            await office.access.store.write(lambda c, became=became: c.execute(became))  # type: ignore[misc]

    assert await state(office) == ["open"]


async def test_an_expired_proposal_is_not_confirmed(office: Office, merchant: Merchant) -> None:
    id, rita = await merchant.applies(), await office.member(Role.REVIEWER, "Rita")
    async with office.at_desk() as hers:
        which = await proposed(hers, id)
    office.clock.pass_by(days=3)
    async with office.at_desk(rita) as browser:
        page = await browser.page(at(id))
        refused = await does(browser, id, "confirm", proposal=which)

    assert "Confirm and tell" not in page
    assert "has expired" in told(refused)
    assert (await merchant.session()).stage is Stage.REFERRED


async def test_a_second_person_refuses_with_the_reason(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk() as hers, office.at_desk(Role.REVIEWER) as browser:
        which = await proposed(hers, id)
        others = await does(browser, id, "withdraw", proposal=which)
        page = await does(browser, id, "refuse", proposal=which, text="too much debt")

    assert "whoever made it" in told(others)
    assert "too much debt" in page
    assert await state(office) == ["refused"]
    assert 'class="tag why-referred"' in page


async def test_who_may_not_propose_any_more_has_proposed_nothing(office: Office, merchant: Merchant) -> None:
    id, mei = await merchant.applies(), await office.member(name="Mei")
    async with office.at_desk(mei) as hers, office.at_desk(Role.REVIEWER) as browser:
        which = await proposed(hers, id)
        await office.access.store.write(
            lambda c: accounts.change(c, mei.account.id, disabled=office.clock.now)
        )
        assert "propose it anew" in told(await does(browser, id, "confirm", proposal=which))
    assert (await merchant.session()).stage is Stage.REFERRED


async def test_what_would_come_to_something_else_today_is_not_confirmed(
    office: Office, merchant: Merchant
) -> None:
    """Whoever alters what was proposed alters what the second person was shown, or finds that it differs."""
    id = await merchant.applies()
    async with office.at_desk() as hers, office.at_desk(Role.REVIEWER) as browser:
        which = await proposed(hers, id)

        def altered(connection: Any) -> None:
            ruling = connection.execute(select(PROPOSALS.c.ruling)).scalar_one()
            connection.execute(update(PROPOSALS).values(ruling={**ruling, "limit": 2_000_000}))

        await office.access.store.write(altered)
        assert "something else today" in told(await does(browser, id, "confirm", proposal=which))
    assert (await merchant.session()).stage is Stage.REFERRED


async def test_what_the_merchant_changes_overtakes_a_proposal(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk() as hers, office.at_desk(Role.REVIEWER) as browser:
        which = await proposed(hers, id)
        await merchant.says("/edit rent", "16000")
        await merchant.is_decided()
        refused = await does(browser, id, "confirm", proposal=which)
        page = await browser.page(at(id))

    assert "has changed" in told(refused)
    assert "Overtaken" in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
async def test_each_role_grants_up_to_its_own_amount(office: Office, merchant: Merchant, role: Role) -> None:
    id = await merchant.applies(amount="15万 12期")
    above = {"outcome": "approved", "limit": "120000", "grade": "A+", "comment": "two shops"}
    async with office.at_desk() as hers, office.at_desk(role) as browser:
        which = await proposed(hers, id, **above)
        page = await does(browser, id, "confirm", proposal=which)

    reviewer = role is Role.REVIEWER
    assert ("CNY 100,000" in told(page)) is reviewer
    assert ((await merchant.session()).stage is Stage.OFFERED) is not reviewer


async def test_where_the_machine_came_to_nothing_two_people_name_limit_and_grade(
    office: Office, merchant: Merchant
) -> None:
    await merchant.taps(*OPENING[:3])
    session = replace(await merchant.session(), stage=Stage.ASSESSING, waiting=None)
    await office.access.store.write(lambda c: c.execute(update(SESSIONS).values(state=dump(session))))
    failed = AssessmentFailed(office.clock.now, "model")
    await office.parts.turns.handle_session(merchant.id, "test", "failed", failed)
    given = {"outcome": "approved", "limit": "10000", "grade": "C", "comment": "seen on paper"}
    async with office.at_desk() as hers, office.at_desk(Role.REVIEWER) as browser:
        page = await browser.page(at(merchant.id))
        alone = await does(browser, merchant.id, "decide", outcome="approved")
        which = await proposed(hers, merchant.id, **given)
        await does(browser, merchant.id, "confirm", proposal=which)

    assert "Approve ¥" not in page
    assert "propose one" in told(alone)
    made = (await merchant.session()).decision
    assert made is not None
    assert (made.limit, made.grade, made.score) == (1_000_000, "C", None)
    bench = office.parts.bench
    found = await Replay(bench.model, bench.policy, Archive({})).run(office.access.store)
    assert (found.same, found.differs) == (1, None)
