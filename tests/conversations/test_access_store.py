"""Accounts, links and tries on both databases, above all where two come at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.access import lockout
from conversations.store import Store, invitations, staff, staff_sessions, telegram_accounts, tries
from conversations.store.invitations import Invitation
from conversations.store.staff import Account
from conversations.store.staff_sessions import StaffSession
from tests.conversations.toy import START

ANN = Account("a1", "ann", "Ann", "agent", "hash", START)
KEYS = ("account:x", "address:y")


@pytest.fixture
async def ann(store: Store) -> Account:
    await store.write(lambda connection: staff.add(connection, ANN))
    return ANN


async def test_a_code_taken_by_two_at_once_lets_one_in(store: Store, ann: Account) -> None:
    """And the code of an earlier step lets nobody in after it."""
    await store.write(lambda connection: staff.set_codes(connection, ann.id, ["one", "two"]))

    def step(connection: Connection) -> bool:
        return staff.use_step(connection, ann.id, 100)

    def code(connection: Connection) -> bool:
        return staff.use_code(connection, ann.id, "one")

    for once in (step, code):
        assert sorted(await asyncio.gather(*(store.write(once) for _ in range(6)))) == [False] * 5 + [True]
    assert not await store.write(lambda connection: staff.use_step(connection, ann.id, 99))
    assert await store.read(lambda connection: staff.codes_left(connection, ann.id)) == 1


async def test_a_link_opened_by_two_at_once_opens_for_one(store: Store) -> None:
    link = Invitation("token", "agent", START, "Bob")
    await store.write(lambda connection: invitations.make(connection, link))

    def use(connection: Connection) -> bool:
        return invitations.use(connection, "token")

    assert sorted(await asyncio.gather(*(store.write(use) for _ in range(6)))) == [False] * 5 + [True]


async def test_tries_at_once_are_counted_one_by_one(store: Store) -> None:
    def begin(connection: Connection) -> bool:
        return lockout.begin(connection, KEYS, START)

    begun = await asyncio.gather(*(store.write(begin) for _ in range(20)))

    assert sum(begun) == 5


async def test_keys_in_any_order_never_wait_for_each_other(store: Store) -> None:
    def begin(connection: Connection, keys: tuple[str, str]) -> bool:
        return lockout.begin(connection, keys, START)

    orders = (KEYS, KEYS[::-1]) * 5
    async with asyncio.timeout(30):
        await asyncio.gather(*(store.write(partial(begin, keys=keys)) for keys in orders))


async def test_an_account_has_one_link_at_a_time_and_gone_ones_are_forgotten(
    store: Store, ann: Account
) -> None:
    for token in ("first", "second"):
        link = Invitation(token, "agent", START + timedelta(hours=24), "Ann", ann.id)
        await store.write(partial(invitations.make, invitation=link))

    assert await store.read(lambda c: invitations.find(c, "first", START)) is None
    assert await store.read(lambda c: invitations.find(c, "second", START)) is not None
    later = START + timedelta(hours=24)
    assert await store.read(lambda c: invitations.find(c, "second", later)) is None
    assert await store.write(lambda c: invitations.forget(c, later + timedelta(seconds=1), 10)) == 1


async def test_a_session_is_found_with_whose_it_is_until_they_are_disabled(
    store: Store, ann: Account
) -> None:
    session = StaffSession("token", ann.id, "Firefox", START, START, START)
    await store.write(lambda c: staff_sessions.begin(c, session))
    assert await store.read(lambda c: staff_sessions.find(c, "token")) == (session, ann)

    await store.write(lambda c: staff.change(c, ann.id, disabled=START))

    assert await store.read(lambda c: staff_sessions.find(c, "token")) is None
    assert await store.write(lambda c: staff_sessions.forget(c, START + timedelta(seconds=1), 10)) == 1


async def test_what_nobody_tried_for_long_is_forgotten(store: Store) -> None:
    await store.write(lambda c: lockout.begin(c, KEYS, START))

    assert await store.write(lambda c: tries.forget(c, START, 10)) == 0
    assert await store.write(lambda c: tries.forget(c, START + timedelta(seconds=1), 1)) == 1
    assert await store.write(lambda c: tries.forget(c, START + timedelta(seconds=1), 10)) == 1


async def test_a_code_for_telegram_is_whoever_is_first(store: Store, ann: Account) -> None:
    """The newest one only, and not when its time is up."""
    for code in ("old", "new"):
        await store.write(partial(telegram_accounts.offer, staff=ann.id, code=code, expires=START))
    before = START - timedelta(seconds=1)

    def use(code: str, connection: Connection) -> str | None:
        return telegram_accounts.use(connection, code, before)

    assert await store.write(partial(use, "old")) is None
    found = await asyncio.gather(*(store.write(partial(use, "new")) for _ in range(6)))
    assert sorted(found, key=str) == [None] * 5 + [ann.id]
    await store.write(lambda c: telegram_accounts.offer(c, ann.id, "late", START))
    assert await store.write(lambda c: telegram_accounts.use(c, "late", START)) is None


async def test_an_account_of_telegram_is_one_colleague_s(store: Store, ann: Account) -> None:
    bob = replace(ANN, id="b1", login="bob", name="Bob", language="en")
    await store.write(lambda c: staff.add(c, bob))
    for user, who in ((7, "a1"), (8, "a1"), (8, "b1")):
        await store.write(partial(telegram_accounts.link, user=user, staff=who, now=START))

    assert [await store.read(partial(telegram_accounts.whose, user=n)) for n in (7, 8)] == [None, bob]
    assert await store.read(telegram_accounts.language) == "en"
    await store.write(lambda c: staff.change(c, "b1", disabled=START))
    assert await store.read(lambda c: telegram_accounts.whose(c, 8)) is None


async def test_codes_for_telegram_are_forgotten_some_at_a_time(store: Store, ann: Account) -> None:
    await store.write(lambda c: telegram_accounts.offer(c, ann.id, "code", START))
    gone = [
        await store.write(partial(telegram_accounts.forget, before=before, most=10))
        for before in (START, START + timedelta(seconds=1))
    ]

    assert gone == [0, 1]
