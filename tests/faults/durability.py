"""How often the product makes its disk keep what it acknowledges, counted by the kernel's own calls."""

import shutil

from tests.faults import market
from tests.faults.outcome import Outcome

MISSING = "strace is not installed: apt-get install strace counts what reaches the disk"


def available() -> bool:
    return shutil.which("strace") is not None


async def run(seed: int) -> Outcome:
    """One merchant alone: no two of the updates share a commit, so each must have reached the disk itself."""
    async with market.opened(seed) as world:
        calls = world.folder / "calls"
        program = world.program("strace", "-f", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(calls))
        world.pace.allowed = 0
        await program.start()
        world.enter(1, accounts=False)
        before = _count(calls.read_text()) if calls.exists() else 0
        world.pace.allow(None)
        await world.everyone_is_done()
        synced = _count(calls.read_text()) - before
        updates = len(world.api.mailbox.confirmed)
        broken = await world.close()
    few = [f"{synced} times to the disk for {updates} acknowledged updates"] if synced < updates else []
    return Outcome("every commit reaches the disk", {"updates": updates, "syncs": synced}, broken + few)


def _count(calls: str) -> int:
    return sum("sync(" in line and "resumed" not in line for line in calls.splitlines())
