"""The product is away for ten minutes: what was tapped meanwhile is lost at Telegram, and asked for again."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from bot.outage import PACE
from conversations.phrases import phrase
from conversations.silence import FORGOTTEN
from conversations.store import pulse
from tests.faults import market, past
from tests.faults.bot_api import Shown
from tests.faults.evidence import connected, evidence
from tests.faults.kills import sends
from tests.faults.market import Market
from tests.faults.merchants import LANGUAGE, Merchant
from tests.faults.outcome import Outcome

ACTS = 6  #: of each merchant before the product goes away
MINUTES = 10
AGAIN = phrase("were_away", LANGUAGE)


@dataclass
class Listener:
    """When each chat was asked again, in seconds of the loop's clock."""

    heard: dict[int, float] = field(default_factory=dict)

    def follow(self, world: Market) -> None:
        """Read over the shoulder of every merchant."""
        for merchant in world.merchants:
            world.api.readers[merchant.chat] = partial(self._hear, merchant)

    def _hear(self, merchant: Merchant, shown: Shown) -> None:
        if AGAIN in shown.text:
            self.heard.setdefault(merchant.chat, asyncio.get_running_loop().time())
        merchant.hear(shown)

    @property
    def rate(self) -> float:
        """Chats a second; a page of them goes out at once, and a second belongs to it."""
        return len(self.heard) / (max(self.heard.values()) - min(self.heard.values()) + 1)

    @property
    def fullest_second(self) -> int:
        return max(Counter(int(at) for at in self.heard.values()).values())


async def run(seed: int, *, chats: int) -> Outcome:
    async with market.opened(seed) as world:
        program = world.program()
        world.pace.allowed = chats * ACTS
        await program.start()
        world.enter(chats)
        await world.until(world.is_quiet, patience=300)
        await program.stop()
        lost = await _acts_into_the_void(world)
        expected, listener = _left_open(world), Listener()
        listener.follow(world)
        begun = asyncio.get_running_loop().time()
        await program.start()
        await world.until(lambda: expected <= listener.heard.keys(), patience=60 + chats / PACE)
        taken = max(listener.heard.values()) - begun
        world.pace.allow(None)
        await world.everyone_is_done()
        fast = [f"{listener.rate:.1f} chats a second are asked"] if listener.rate > PACE else []
        broken = await world.close()
        figures = {
            "chats": chats, "taps lost": lost, "asked again": len(listener.heard),
            "last after s": round(taken, 1), "a second": round(listener.rate, 1),
            "fullest second": listener.fullest_second, **sends(world),
        }  # fmt: skip
        return Outcome("ten minutes away", figures, broken + fast)


async def _acts_into_the_void(world: Market) -> int:
    """Half of the merchants go on while nobody listens; Telegram forgets their taps and keeps their words."""
    world.pace.allow(len(world.merchants) // 2)
    past.minutes_ago(world.url, MINUTES)
    world.absences += 1
    by_chat = {merchant.chat: merchant for merchant in world.merchants}
    lost = world.api.mailbox.forget_taps()
    for update in lost:
        by_chat[update.chat].tapped_in_vain()
    return len(lost)


def _left_open(world: Market) -> set[int]:
    """Chats that wait for a tap, and have sent nothing that will still arrive."""
    found = evidence(world)
    engine, long_ago = connected(world.url), datetime.now(UTC) - FORGOTTEN
    with engine.begin() as connection:
        ids = set(pulse.with_open_question(connection, "telegram", long_ago, buttons_only=True))
    engine.dispose()
    words = {update.chat for update in world.api.mailbox.waiting}
    states = {one.chat: found.state(one) for one in world.merchants if one.chat not in words}
    return {chat for chat, state in states.items() if state and state.waiting and state.id in ids}
