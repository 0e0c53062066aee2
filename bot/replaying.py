"""`bangbang replay`: every stored decision made again from its inputs, and compared to the bit."""

import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial

from conversations.store import Store, decisions
from conversations.store.decisions import Kept
from scoring import replay
from scoring.archive import Archive
from scoring.policy import Policy
from scoring.scorecard import Scorecard

AT_ONCE = 50  #: decisions held in memory; each carries what its accounts showed

Write = Callable[[str], object]


@dataclass
class Found:
    """What became of the decisions; `missing` counts what those not replayed were made with."""

    same: int = 0
    archived: int = 0  #: of the same ones, made with a model or policy from the archive
    other_code: int = 0  #: of the same ones, made by another release
    withdrawn: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    differs: str | None = None

    def lines(self) -> list[str]:
        """For the operator."""
        told = [f"{self.same} replayed, the same to the bit"]
        if self.archived:
            told.append(f"{self.archived} of them made with another model or policy, from the archive")
        if self.other_code:
            told.append(f"{self.other_code} of them made by another release of the code")
        if self.withdrawn:
            told.append(
                f"{self.withdrawn} not replayable: a consent was withdrawn, and what was read under it erased"
            )
        told += [
            f"{times} not replayed: made with {part}, which is neither loaded nor in the archive (--models)"
            for part, times in sorted(self.missing.items())
        ]
        return [*told, f"DIFFERENT: {self.differs}"] if self.differs else told


@dataclass(frozen=True)
class Replay:
    """Replays with what is loaded, else with what the archive holds."""

    model: Scorecard
    policy: Policy
    archive: Archive

    async def run(self, store: Store, progress: Write | None = None) -> Found:
        """Stops at the first decision that differs; `progress` is told how far it is, for a terminal."""
        found, done = Found(), 0
        total = await store.read(decisions.count)
        async for kept in _all(store):
            self._one(kept, found)
            done += 1
            if progress and (done % 10 == 0 or done == total):
                progress(f"\r{done:,} of {total:,}")
            if found.differs:
                break
        if progress and total:
            progress("\n")
        return found

    def _one(self, kept: Kept, found: Found) -> None:
        if replay.withdrawn(kept.inputs):
            found.withdrawn += 1
            return
        wanted = replay.made_with(kept.decision)
        used = self.archive.find(wanted, (self.model, self.policy))
        if isinstance(used, str):
            found.missing[used] += 1
            return
        model, policy = used
        path = replay.difference(kept.inputs, kept.decision, model=model, policy=policy)
        if path is not None:
            found.differs = f"decision {kept.id} ({kept.decision.get('decision_id')}) at {path}"
            return
        found.same += 1
        found.archived += model is not self.model or policy is not self.policy
        code = kept.decision.get("made_with", {}).get(replay.CODE)
        found.other_code += code != self.policy.made_with[replay.CODE]


async def _all(store: Store) -> AsyncIterator[Kept]:
    last = 0
    while page := await store.read(partial(decisions.after, last=last, most=AT_ONCE)):
        for kept in page:
            yield kept
        last = page[-1].id


def progress() -> Write | None:
    """Where progress is shown: on a terminal, and nowhere in a pipe."""
    return _show if sys.stderr.isatty() else None


def _show(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
