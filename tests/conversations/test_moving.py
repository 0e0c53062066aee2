"""A conversation that goes on on another device: one journal, and nothing left out of reach."""

from conversations import events
from conversations.session import Session
from conversations.store import Contact, Store
from conversations.turns import Turns
from tests.conversations.talk import flow
from tests.conversations.toy import START, ToyClock

PHONE = Contact("telegram", "4200000000123")
LAPTOP, DESKTOP = Contact("web", "ab12"), Contact("web", "cd34")


class Talkative:
    """Merchants of one store, who may hold several devices each."""

    def __init__(self, store: Store) -> None:
        self.turns = Turns(store, flow(), lambda _id, link, _now: f"/{link}", ToyClock(), frozenset())
        self.sent = 0

    async def hears(self, contact: Contact, event: events.Event) -> str:
        self.sent += 1
        return (await self.turns.handle(contact, str(self.sent), event)).session_id

    async def begins(self, contact: Contact, role: str) -> str:
        """An application with one answer in it."""
        await self.hears(contact, events.Chose(START, "agree"))
        await self.hears(contact, events.Chose(START, "agree"))
        return await self.hears(contact, events.Chose(START, role))

    async def moves(self, contact: Contact, session_id: str) -> bool:
        self.sent += 1
        return (await self.turns.move(contact, "device", str(self.sent), session_id, START)).fresh

    async def goes_back(self, contact: Contact) -> str:
        return await self.hears(contact, events.Said(START, "/device other"))

    async def held(self, contact: Contact) -> Session:
        found = await self.turns.session_of(contact)
        assert found is not None
        return found


async def test_a_device_that_is_new_here_holds_the_conversation_it_was_brought(store: Store) -> None:
    talk = Talkative(store)
    begun = await talk.begins(LAPTOP, "owner")

    assert await talk.moves(PHONE, begun)
    assert (await talk.held(PHONE)).id == (await talk.held(LAPTOP)).id == begun


async def test_both_devices_write_into_one_order(store: Store) -> None:
    talk = Talkative(store)
    begun = await talk.begins(LAPTOP, "owner")
    await talk.moves(PHONE, begun)
    await talk.hears(PHONE, events.Chose(START, "cafe"))
    await talk.hears(LAPTOP, events.Said(START, "昆明 2017年2月"))

    numbers = [message.n for message in await talk.turns.messages(begun)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert (await talk.held(PHONE)).waiting == "licence"


async def test_the_same_link_moves_nothing_twice(store: Store) -> None:
    talk = Talkative(store)
    begun = await talk.begins(LAPTOP, "owner")
    await talk.turns.move(PHONE, "device", "a link", begun, START)
    again = await talk.turns.move(DESKTOP, "device", "a link", begun, START)

    assert not again.fresh
    assert await talk.turns.session_of(DESKTOP) is None


async def test_going_back_and_forth_loses_neither_application(store: Store) -> None:
    talk = Talkative(store)
    begun, own = await talk.begins(LAPTOP, "owner"), await talk.begins(PHONE, "partner")
    await talk.moves(PHONE, begun)

    assert await talk.goes_back(PHONE) == own
    assert (await talk.held(PHONE)).value("role") == "partner"
    assert await talk.goes_back(PHONE) == begun


async def test_of_three_applications_the_one_that_no_other_device_holds_is_gone_back_to(store: Store) -> None:
    talk = Talkative(store)
    own = await talk.begins(PHONE, "partner")
    for browser in (LAPTOP, DESKTOP):
        await talk.moves(PHONE, await talk.begins(browser, "owner"))

    assert await talk.goes_back(PHONE) == own


async def test_a_conversation_in_which_nothing_was_answered_is_not_gone_back_to(store: Store) -> None:
    talk = Talkative(store)
    await talk.hears(PHONE, events.Arrived(START))
    begun = await talk.begins(LAPTOP, "owner")
    await talk.moves(PHONE, begun)

    assert await talk.goes_back(PHONE) == begun
    assert [m.key for m in await talk.turns.messages(begun)][-2:] == ["device.no_other", "ask.trade"]
