"""Every update up to ten times, late, and in any order across the chats; then numbers that begin lower."""

from tests.faults import market
from tests.faults.kills import sends
from tests.faults.outcome import Outcome

LOWER = 1_000  #: where Telegram's numbers go on after a quiet week


async def run(seed: int, *, chats: int, mode: str, late: float = 5.0) -> Outcome:
    async with market.opened(seed, mode) as world:
        world.api.mailbox.copies, world.api.pusher.late = 10, late
        program = world.program()
        await program.start()
        world.enter(chats // 2)
        await world.everyone_is_done()
        world.api.mailbox.restart_numbers(LOWER)
        world.enter(chats - chats // 2)
        await world.everyone_is_done()
        await world.api.pusher.copied()
        await world.until(lambda: not world.api.mailbox.late)
        broken = await world.close()
        figures = {"chats": chats, "updates": len(world.api.mailbox.sent), **sends(world)}
        return Outcome(f"each update 1 to 10 times, {mode}", figures, broken)
