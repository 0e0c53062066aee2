"""A group of arrivals: each has its own outcome, those of one conversation are applied in their order."""

import asyncio

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from conversations.events import Arrived, Chose, Said
from conversations.lines import Lines
from conversations.store import Contact, Message, Store
from conversations.tables import INBOX, MESSAGES, SESSIONS
from conversations.taking import Applied, Arrival, Taking
from tests.conversations.toy import SHOP, START, Merchant, ToyFlow, ToySpeech, count, toy_turns

OTHER = Contact("telegram", "4200000000456")


def taking(store: Store) -> Taking:
    lines = Lines(ToySpeech(), lambda *_: "https://bangbang.test")
    return Taking(store, ToyFlow(), lines, lambda: START, frozenset({"telegram"}))


def said(contact: Contact | str, id: str, text: str) -> Arrival:
    return Arrival("telegram", id, Said(START, text), contact)


async def take(store: Store, *arrivals: Arrival) -> list[Applied | Exception]:
    return await store.write(lambda connection: taking(store).take(connection, arrivals))


def fresh(outcomes: list[Applied | Exception]) -> list[bool | type[Exception]]:
    return [one.handled.fresh if isinstance(one, Applied) else type(one) for one in outcomes]


async def words(store: Store, session_id: str) -> list[Message]:
    return [one for one in await toy_turns(store).messages(session_id) if one.sender == "merchant"]


async def test_arrivals_of_one_conversation_are_applied_in_their_order(store: Store) -> None:
    outcomes = await take(
        store,
        Arrival("telegram", "1", Arrived(START), SHOP),
        Arrival("telegram", "2", Chose(START, "agree"), SHOP),
        *[said(SHOP, str(n), f"rent {n}") for n in range(3, 7)],
    )

    assert fresh(outcomes) == [True] * 6
    [session_id] = {one.handled.session_id for one in outcomes if isinstance(one, Applied)}
    assert [one.text for one in await words(store, session_id)][1:] == [f"rent {n}" for n in range(3, 7)]
    numbers = [one.n for one in await toy_turns(store).messages(session_id)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_one_that_fails_hurts_no_other_of_its_group(store: Store) -> None:
    for contact in (SHOP, OTHER):
        await Merchant(toy_turns(store), contact).agrees()
    outcomes = await take(
        store,
        said(SHOP, "s1", "before"),
        said(SHOP, "s2", "crash"),
        said(SHOP, "s3", "after"),
        said(OTHER, "o1", "beside"),
    )

    assert fresh(outcomes) == [True, ZeroDivisionError, True, True]
    assert await count(store, INBOX, INBOX.c.arrival == "s2") == 0
    mine = outcomes[0]
    assert isinstance(mine, Applied)
    assert [one.text for one in await words(store, mine.handled.session_id)][1:] == ["before", "after"]


async def test_a_copy_inside_one_group_changes_nothing(store: Store) -> None:
    await Merchant(toy_turns(store)).agrees()

    outcomes = await take(store, said(SHOP, "7", "rent"), said(SHOP, "7", "rent"), said(OTHER, "7", "rent"))

    assert fresh(outcomes) == [True, False, False]
    assert await count(store, INBOX, INBOX.c.arrival == "7") == 1


async def test_a_contact_and_a_session_id_may_name_the_same_conversation(store: Store) -> None:
    session_id = await Merchant(toy_turns(store)).agrees()

    outcomes = await take(
        store, said(SHOP, "a", "first"), said(session_id, "b", "second"), said(SHOP, "c", "third")
    )

    assert fresh(outcomes) == [True, True, True]
    assert [one.text for one in await words(store, session_id)][1:] == ["first", "second", "third"]


async def test_a_conversation_that_does_not_exist_is_told_alone(store: Store) -> None:
    outcomes = await take(store, said("no such session", "a", "hello"), said(SHOP, "b", "hello"))

    assert fresh(outcomes) == [LookupError, True]
    assert await count(store, SESSIONS) == 1


async def test_what_the_database_refuses_of_one_is_tried_one_by_one(store: Store) -> None:
    """A row in the way of one conversation's next message fails its turn, and none of the others."""
    turns = toy_turns(store)
    session_id = await Merchant(turns).agrees()
    other = await Merchant(turns, OTHER).agrees()
    await store.write(lambda connection: _in_the_way(connection, session_id))

    hurt, well, again = await asyncio.gather(
        turns.handle(SHOP, "s", Said(START, "rent")),
        turns.handle(OTHER, "o", Said(START, "rent")),
        turns.handle(OTHER, "p", Said(START, "more")),
        return_exceptions=True,
    )

    assert isinstance(hurt, IntegrityError)
    assert not isinstance(well, BaseException)
    assert not isinstance(again, BaseException)
    assert await count(store, INBOX, INBOX.c.arrival == "s") == 0
    assert [one.text for one in await words(store, other)][1:] == ["rent", "more"]


def _in_the_way(connection: Connection, session_id: str) -> None:
    """The message after the next one is there already."""
    last = connection.execute(
        select(MESSAGES).where(MESSAGES.c.session_id == session_id).order_by(MESSAGES.c.n.desc()).limit(1)
    ).one()
    connection.execute(MESSAGES.insert(), [dict(last._mapping) | {"n": last.n + 2}])
