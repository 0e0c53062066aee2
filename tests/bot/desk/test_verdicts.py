"""Decisions by people at the desk: conditions, one who decides, and the record."""

import json
import re

import pytest
from sqlalchemy import select

from bot.access.staff import Role
from bot.replaying import Replay
from conversations.deeds import Deed
from conversations.session import Stage
from conversations.tables import DECISIONS
from conversations.tables_desk import OUTCOMES
from scoring.archive import Archive
from tests.bot.desk.deciding import LOWER, does, facts, over, proposed, state
from tests.bot.desk.merchants import Merchant
from tests.bot.desk.office import Office
from tests.bot.desk.test_conversation import acted, at, told
from tests.conversations.talk import LICENCE

DECLINED = {"outcome": "declined", "R02": "on"}


@pytest.fixture
def merchant(office: Office) -> Merchant:
    return Merchant(office)


# --- the queue and its conditions ---------------------------------------------------------------------------


async def test_what_waits_for_a_decision_has_a_view_of_its_own(office: Office, merchant: Merchant) -> None:
    other = Merchant(office)
    id, asked = await merchant.applies(), await other.asks_for_a_person()
    async with office.at_desk() as browser:
        await acted(browser, id, "condition", code="lease")
        page = await browser.page("/desk?view=decisions")

    assert (at(id) in page, at(asked) in page) == (True, False)
    assert re.search(r'class="conditions">.*?class="issued">asked<', page, re.DOTALL)


async def test_a_condition_is_asked_answered_and_cleared(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk() as browser:
        await acted(browser, id, "condition", code="lease")
        assert "Until when does your lease run" in (await merchant.heard())[-1][1]
        await merchant.says("May 2031, and it will be renewed")
        answered = await browser.page(at(id))
        page = await acted(browser, id, "clear", n="1", text="contract seen")

    assert "May 2031, and it will be renewed" in answered.partition('id="part-conditions"')[2]
    assert 'class="tag why-condition"' in answered
    assert re.search(r'<li class="cleared">.*?contract seen', page, re.DOTALL)
    assert [json.loads(one.facts) for one in await office.record(Deed.CONDITION)] == [
        {"condition": "lease", "state": "issued"},
        {"condition": 1, "state": "cleared"},
    ]


async def test_an_approval_waits_for_a_condition_until_it_is_waived(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.applies()
    async with office.at_desk(Role.REVIEWER) as browser:
        await acted(browser, id, "condition", code="own", text="Who is your partner?")
        early = await does(browser, id, "decide", outcome="approved")
        await acted(browser, id, "waive", n="1", text="known to us")
        await does(browser, id, "decide", outcome="approved")

    assert "still open" in told(early)
    assert (await merchant.session()).stage is Stage.OFFERED
    assert "Who is your partner?" in str(await merchant.heard())


@pytest.mark.parametrize(
    ("act", "given", "why"),
    [
        ("condition", {"code": "made up"}, "choose what to ask"),
        ("condition", {"code": "own", "text": " "}, "nothing to send"),
        ("clear", {"n": "1", "text": ""}, "nothing to send"),
        ("clear", {"n": "7", "text": "x"}, "settled already"),
        ("waive", {"n": "one", "text": "x"}, "choose what to ask"),
        ("decide", {"outcome": "referred"}, "choose an outcome"),
        ("decide", {"outcome": "declined"}, "one to four reasons"),
        ("propose", {**LOWER, "comment": " "}, "nothing to send"),
        ("propose", {**LOWER, "limit": "much"}, "whole yuan"),
        ("propose", {**LOWER, "limit": "30,100"}, "CNY 30,000 at most"),
        ("propose", {**LOWER, "limit": "100"}, "too little"),
        ("propose", {**DECLINED, "limit": "100", "comment": "x"}, "no limit and no grade"),
        ("propose", {**LOWER, "grade": "E"}, "No product is open"),
        ("confirm", {"proposal": "made up"}, "not there any more"),
        ("refuse", {"proposal": "made up", "text": "x"}, "no longer open"),
    ],
)
async def test_what_will_not_do_is_refused_with_the_reason(
    office: Office, merchant: Merchant, act: str, given: dict[str, str], why: str
) -> None:
    id = await merchant.applies()
    async with office.at_desk(Role.REVIEWER) as browser:
        assert why in told(await does(browser, id, act, **given))
    assert (await merchant.session()).stage is Stage.REFERRED


# --- one person ---------------------------------------------------------------------------------------------


async def test_a_person_approves_and_the_merchant_accepts(office: Office, merchant: Merchant) -> None:
    id, rita = await merchant.applies(), await office.member(Role.REVIEWER, "Rita")
    machine = (await merchant.session()).decision
    async with office.at_desk(rita) as browser:
        await does(browser, id, "decide", outcome="approved", P06="on", note="known for years")
        page = await browser.page(at(id))
    heard = [text.split("\n")[0] for _, text in await merchant.heard()]
    await merchant.taps(f"take:{(await merchant.session()).decision.offers[0].product}")  # type: ignore[union-attr]
    await merchant.says(LICENCE)
    await merchant.taps("acknowledge", "accept")

    session = await merchant.session()
    assert "A colleague has looked at your application and approved it." in heard
    assert (session.stage, session.decision.limit) == (Stage.ACCEPTED, machine.limit)  # type: ignore[union-attr]
    assert "known for years" in page
    assert re.search(r"Approved ¥20,000.*? · Rita", page, re.DOTALL)
    assert (await facts(office, Deed.DECIDED)) == {
        "decision": session.decision.decision_id,  # type: ignore[union-attr]
        "outcome": "approved",
        "limit": 2_000_000,
        "grade": machine.grade,  # type: ignore[union-attr]
        "reasons": "P06",
    }


async def test_a_person_declines_and_the_merchant_is_told_why(office: Office, merchant: Merchant) -> None:
    id, rita = await merchant.applies(), await office.member(Role.REVIEWER, "Rita")
    async with office.at_desk(rita) as browser:
        await does(browser, id, "decide", **DECLINED)

    assert (await merchant.session()).stage is Stage.DECLINED
    assert "Turnover comes out quite differently" in (await merchant.heard())[-1][1]
    rows = await office.access.store.read(
        lambda c: c.execute(select(OUTCOMES.c.outcome, OUTCOMES.c.by)).all()
    )
    assert [tuple(row) for row in rows] == [("referred", None), ("declined", rita.account.id)]


async def test_a_form_that_is_sent_twice_decides_once(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk(Role.REVIEWER) as browser:
        seen, once = await over(browser, id), "0123456789abcdef"
        for _ in range(2):
            page = await acted(browser, id, "decide", over=seen, once=once, **DECLINED)

    assert told(page) == ""
    assert len(await office.record(Deed.DECIDED)) == 1


async def test_what_changed_meanwhile_is_looked_at_again(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk(Role.REVIEWER) as one, office.at_desk(Role.REVIEWER) as other:
        seen = await over(other, id)
        await does(one, id, "decide", outcome="approved")
        late = await acted(other, id, "decide", over=seen, **DECLINED)

    assert "has changed" in told(late)
    assert (await merchant.session()).stage is Stage.OFFERED


async def test_an_agent_decides_nothing_alone(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk() as browser:
        page = await browser.page(at(id))
        answer = await browser.post(at(id, "decide"), over=await over(browser, id), **DECLINED)

    assert answer.status == 403
    assert "Approve ¥" not in page
    assert "Propose another outcome" in page


async def test_a_refusal_that_a_person_looks_at_again_is_upheld_or_turned_round_by_two(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.applies()
    async with office.at_desk(Role.REVIEWER) as one, office.at_desk(Role.REVIEWER) as other:
        await does(one, id, "decide", **DECLINED)
        await merchant.taps("/human")
        assert at(id) in await other.page("/desk?view=decisions")
        alone = await does(other, id, "decide", outcome="approved")
        await does(other, id, "decide", outcome="declined", R03="on")
        assert (await merchant.session()).stage is Stage.DECLINED
        which = await proposed(one, id, outcome="approved", limit="")
        await does(other, id, "confirm", proposal=which)

    assert "two people" in told(alone)
    assert (await merchant.session()).stage is Stage.OFFERED


# --- the record ---------------------------------------------------------------------------------------------


async def test_decisions_of_people_are_made_again_to_the_bit(office: Office, merchant: Merchant) -> None:
    other, id = Merchant(office), await merchant.applies()
    second = await other.applies()
    async with office.at_desk() as hers, office.at_desk(Role.REVIEWER) as browser:
        which = await proposed(hers, id)
        await does(browser, id, "confirm", proposal=which)
        await does(browser, second, "decide", **DECLINED)
    bench = office.parts.bench
    found = await Replay(bench.model, bench.policy, Archive({})).run(office.access.store)

    assert (found.same, found.differs) == (4, None)


async def test_who_decided_and_who_confirmed_is_kept_with_the_decision(
    office: Office, merchant: Merchant
) -> None:
    id = await merchant.applies()
    mei, rita = await office.member(name="Mei"), await office.member(Role.REVIEWER, "Rita")
    async with office.at_desk(mei) as hers, office.at_desk(rita) as browser:
        await does(browser, id, "confirm", proposal=await proposed(hers, id))
    kept = await office.access.store.read(lambda c: c.execute(select(DECISIONS.c.inputs)).scalars().all())

    assert kept[-1]["ruling"]["by"] == mei.account.id
    assert kept[-1]["ruling"]["confirmed_by"] == rita.account.id
    assert kept[-1]["application"] == kept[0]["application"]


async def test_what_was_proposed_of_a_merchant_goes_with_them(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk() as hers:
        await proposed(hers, id)
    await merchant.taps("/delete yes")

    assert await state(office) == []


async def test_an_auditor_sees_all_of_it_and_changes_nothing(office: Office, merchant: Merchant) -> None:
    id = await merchant.applies()
    async with office.at_desk() as hers, office.at_desk(Role.AUDITOR) as browser:
        await proposed(hers, id)
        page = await browser.page(at(id))

    case = page.partition('id="case"')[2].partition("</aside>")[0]
    assert "a quiet winter" in case
    assert "<form" not in case
