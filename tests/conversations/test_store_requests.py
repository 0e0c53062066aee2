"""What a turn asks to be kept is kept with it; what it asks to be erased is gone."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from conversations import events, requests
from conversations.store import Store, facts, records
from conversations.tables import (
    ACCEPTANCES,
    ANSWERS,
    AUTHORISATIONS,
    CONSENTS,
    DECISIONS,
    JOBS,
    MESSAGES,
    OFFERS,
    OUTBOX,
    SNAPSHOTS,
)
from conversations.tables_desk import RATINGS
from scoring.decision import Decision, Instalment, Offer, Outcome, from_json
from tests.conversations.toy import START, Merchant, ToyClock, count, toy_turns

SNAPSHOT = facts.Snapshot("77", {"user": {"id": 77}}, 12, START)
ACCEPT = requests.KeepAcceptance("d-1", "BBD12")


def _offer(product: str) -> Offer:
    return Offer(
        product=product,
        principal=10_000_000,
        term=1,
        interest_free=1,
        rate=0.0,
        apr=0.0,
        apr_compound=0.0,
        total_interest=0,
        fee=0,
        expires=date(2026, 12, 1),
        instalments=(Instalment(1, date(2026, 12, 23), 10_000_000, 0),),
    )


def _decision(name: str = "d-1") -> requests.KeepDecision:
    made = Decision(
        decision_id=name,
        outcome=Outcome.APPROVED,
        grade="B",
        score=574,
        pd=0.047,
        limit=10_000_000,
        currency="CNY",
        binding="grade",
        model="m",
        policy="p",
        inputs_sha256="0" * 64,
        reasons=(),
        improve=(),
        checks=(),
        offers=(_offer("BBD12"), _offer("BBD6")),
    )
    return requests.KeepDecision(made, {"application": {"rent": 1}, "as_of": "2026-11-23"})


async def _asked(store: Store, *rounds: tuple[requests.Request, ...]) -> str:
    """A conversation in which each round's requests were made by one turn."""
    turns = toy_turns(store, None, **{f"do {n}": asked for n, asked in enumerate(rounds)})
    merchant = Merchant(turns)
    await merchant.agrees()
    return await merchant.says(*(f"do {n}" for n in range(len(rounds))))


async def test_a_decision_is_kept_with_its_inputs_and_its_offers(store: Store) -> None:
    session_id = await _asked(store, (_decision(),))

    row = await store.read(lambda c: c.execute(select(DECISIONS)).one())
    offers = await store.read(lambda c: c.execute(select(OFFERS).order_by(OFFERS.c.id)).all())

    assert (row.session_id, row.attempt, row.decision_id, row.at) == (session_id, 1, "d-1", START)
    assert row.inputs == {"application": {"rent": 1}, "as_of": "2026-11-23"}
    assert from_json(row.decision) == _decision().decision
    assert [(o.product, o.expires, o.offer["principal"]) for o in offers] == [
        ("BBD12", date(2026, 12, 1), 10_000_000),
        ("BBD6", date(2026, 12, 1), 10_000_000),
    ]


async def test_a_decision_without_offers_is_kept_too(store: Store) -> None:
    bare = _decision()
    declined = requests.KeepDecision(
        Decision(**{**vars(bare.decision), "offers": (), "outcome": Outcome.DECLINED}), bare.inputs
    )
    await _asked(store, (declined,))

    assert (await count(store, DECISIONS), await count(store, OFFERS)) == (1, 0)


async def test_accepting_twice_is_accepting_once(store: Store) -> None:
    await _asked(store, (_decision(),), (ACCEPT,), (ACCEPT,), (_decision(),), (ACCEPT,))

    assert await count(store, ACCEPTANCES) == 1
    assert await store.read(lambda c: c.execute(select(DECISIONS.c.attempt)).scalars().all()) == [1, 2]


async def test_the_last_rating_of_a_colleagues_help_counts(store: Store) -> None:
    await _asked(store, (requests.KeepRating(2, "mei"),), (requests.KeepRating(5, "mei"),))

    rows = await store.read(lambda c: c.execute(select(RATINGS.c.score, RATINGS.c.by)).all())
    assert [tuple(row) for row in rows] == [(5, "mei")]


async def test_an_offer_never_made_cannot_be_accepted(store: Store) -> None:
    with pytest.raises(LookupError, match="never made"):
        await _asked(store, (ACCEPT,))

    assert await count(store, ACCEPTANCES) == 0


async def test_withdrawing_keeps_the_record_and_erases_what_was_fetched(store: Store) -> None:
    brand = requests.RecordConsent("brand", "consent.brand")
    token = requests.KeepToken("brand", "77", "sealed")
    turns = toy_turns(store, give=(brand, token), take=(requests.WithdrawConsent("brand"),))
    merchant = Merchant(turns)
    await merchant.agrees()
    session_id = await merchant.says("give")
    await store.write(lambda c: facts.keep(c, session_id, "brand", SNAPSHOT))
    assert (await count(store, SNAPSHOTS), await count(store, AUTHORISATIONS)) == (1, 1)
    assert set(await store.read(lambda c: facts.consents(c, session_id))) == {"application", "brand"}

    await merchant.says("take")

    assert (await count(store, SNAPSHOTS), await count(store, AUTHORISATIONS)) == (0, 0)
    assert set(await store.read(lambda c: facts.consents(c, session_id))) == {"application"}
    assert await count(store, CONSENTS, CONSENTS.c.withdrawn_at.is_not(None)) == 1


async def test_withdrawing_takes_out_every_figure_made_of_the_account(store: Store) -> None:
    made = _decision()
    known = {
        "features": {"brand_followers": 4.6, "personal_followers": 3.5, "cushion": 0.1},
        "social": {"norms": "n", "brand": {"scores": {"scale": 86}}, "personal": {"scores": {"scale": 60}}},
    }
    kept = requests.KeepDecision(replace(made.decision, facts=known), {**made.inputs, "brand": SNAPSHOT.data})
    brand = requests.RecordConsent("brand", "consent.brand")

    await _asked(store, (brand, kept), (requests.WithdrawConsent("brand"),))

    row = await store.read(lambda c: c.execute(select(DECISIONS)).one())
    assert row.decision["facts"] == {
        "features": {"personal_followers": 3.5, "cushion": 0.1},
        "social": {"norms": "n", "personal": {"scores": {"scale": 60}}},
    }
    assert row.inputs["brand"] == {"withdrawn": START.isoformat(timespec="seconds")}


async def test_nothing_fetched_is_kept_once_its_consent_has_gone(store: Store) -> None:
    session_id = await _asked(store, ())

    await store.write(lambda c: facts.keep(c, session_id, "brand", SNAPSHOT))

    assert await count(store, SNAPSHOTS) == 0


async def test_a_consent_given_again_is_a_second_version_and_a_text_never_shown_is_looked_up(
    store: Store,
) -> None:
    give, take = requests.RecordConsent("brand", "consent.brand"), requests.WithdrawConsent("brand")
    await _asked(store, (give,), (take,), (give,))

    query = select(CONSENTS.c.version, CONSENTS.c.withdrawn_at).where(CONSENTS.c.scope == "brand")
    rows = await store.read(lambda c: c.execute(query.order_by(CONSENTS.c.version)).all())

    assert [tuple(row) for row in rows] == [(1, START), (2, None)]


async def test_a_new_token_takes_the_place_of_the_old(store: Store) -> None:
    session_id = await _asked(
        store, (requests.KeepToken("brand", "77", "old"),), (requests.KeepToken("brand", "77", "new"),)
    )

    assert await store.read(lambda c: facts.token(c, session_id, "brand", "77")) == "new"
    assert await store.read(lambda c: facts.token(c, session_id, "brand", "78")) is None


async def test_one_waiting_assessment_is_enough_and_every_handle_is_looked_up(store: Store) -> None:
    look = requests.CheckHandle("brand", "@xia", "bb-1")
    await _asked(store, (requests.Assess(), look), (requests.Assess(), look))

    rows = await store.read(lambda c: c.execute(select(JOBS).order_by(JOBS.c.id)).all())

    assert [row.kind for row in rows] == ["assess", "check_handle", "check_handle"]
    assert rows[1].payload == {"account": "brand", "handle": "@xia", "phrase": "bb-1"}


async def test_erasing_leaves_nothing_but_the_newest_reply(store: Store) -> None:
    asked = (requests.Assess(), _decision(), requests.KeepToken("brand", "77", "sealed"))
    turns = toy_turns(store, everything=asked)
    merchant = Merchant(turns)
    await merchant.agrees()
    session_id = await merchant.says("everything", "3000")
    await store.write(lambda c: facts.keep(c, session_id, "application", SNAPSHOT))

    await merchant.says("delete")

    for table in (ANSWERS, CONSENTS, SNAPSHOTS, AUTHORISATIONS, JOBS, DECISIONS, OFFERS):
        assert await count(store, table) == 0, table.name
    messages = await turns.messages(session_id)
    assert [(m.n, m.text) for m in messages] == [(8, "erased/zh-Hans")]
    assert (await count(store, MESSAGES), await count(store, OUTBOX)) == (1, 1)


async def test_erasing_keeps_what_an_accepted_loan_rests_on(store: Store) -> None:
    turns = toy_turns(store, first=(_decision(),), second=(_decision("d-2"),), accept=(ACCEPT,))
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("first", "second", "accept", "delete")

    decisions = await store.read(lambda c: c.execute(select(DECISIONS.c.decision_id)).scalars().all())
    offers = await store.read(lambda c: c.execute(select(OFFERS.c.product)).scalars().all())

    assert (decisions, offers, await count(store, ACCEPTANCES)) == (["d-1"], ["BBD12"], 1)


async def test_a_merchant_who_was_erased_can_begin_again(store: Store) -> None:
    turns = toy_turns(store, first=(_decision(),), accept=(ACCEPT,), again=(_decision("d-3"),))
    merchant = Merchant(turns)
    await merchant.agrees()
    await merchant.says("first", "accept", "delete")
    await merchant.sends(events.Chose(START, "agree"))
    session_id = await merchant.says("3000", "again")

    query = select(DECISIONS.c.attempt).order_by(DECISIONS.c.attempt)
    assert await store.read(lambda c: c.execute(query).scalars().all()) == [1, 2]
    assert (await turns.messages(session_id))[-1].n == 14


async def test_calls_are_counted_for_an_account_whoever_asked(store: Store) -> None:
    first = await store.write(lambda c: facts.reserve(c, "77", START, 60))
    second = await store.write(lambda c: facts.reserve(c, "77", START, 60))
    await store.write(lambda c: facts.settle(c, first, 20))
    third = await store.write(lambda c: facts.reserve(c, "77", START, 100))
    next_day = datetime(2026, 11, 24, 9, tzinfo=UTC)

    assert (first.n, second.n, third.n) == (60, 40, 40)
    assert (await store.write(lambda c: facts.reserve(c, "77", next_day, 100))).n == 100


async def test_the_newest_snapshot_of_an_account_is_found(store: Store) -> None:
    session_id = await _asked(store, ())
    later = facts.Snapshot("77", {"user": {"id": 77, "more": 1}}, 3, ToyClock().now.replace(hour=10))
    for snapshot in (later, SNAPSHOT):
        await store.write(lambda c, kept=snapshot: facts.keep(c, session_id, "application", kept))  # type: ignore[misc]  # a default only binds the loop's value

    assert await store.read(lambda c: facts.newest(c, session_id, "application", "77")) == later


async def test_a_request_nobody_knows_is_an_error(store: Store) -> None:
    context = records.Context("s", "en", START, str)
    with pytest.raises(TypeError, match="no way to keep str"):
        await store.read(lambda c: records.keep("nonsense", c, context))  # type: ignore[arg-type]  # the mistake under test
