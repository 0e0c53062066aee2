"""What holds however the acts of a schedule interleave. Each fact tells what broke it."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from conversations.session import BOT, Session, Stage, Turn
from conversations.steps import STEPS
from conversations.store import Message, journal, outbox, sessions
from conversations.tables import OUTBOX, SESSIONS, TIMERS
from tests.conversations.talk import CLOSING, DETAILS, GOLDEN
from tests.interleavings.schedule import LIN, MEI, Schedule

TAKES = ("colleague.joined", "colleague.said", "colleague.transferred")
GIVES = ("colleague.back", "colleague.back_filled", "colleague.left", "colleague.silent")
#: what the bot owes a merchant whoever has the word
OWED = ("stop.done", "language.changed", "human.here")
PEOPLE = (BOT, MEI.id, LIN.id)


@dataclass(frozen=True)
class Owned:
    """Whose a conversation is, by all that tells of it at one moment."""

    row: Row[Any]
    state: Mapping[str, Any]
    timers: Collection[str]


@dataclass(frozen=True)
class Kept:
    """What was said in a conversation, and what became of it."""

    epoch: int
    journal: Sequence[Message]
    outbox: Sequence[Row[Any]]

    @property
    def settled(self) -> bool:
        return not any(row.state in outbox.UNSETTLED for row in self.outbox)


async def owned(one: Schedule) -> Owned:
    def body(connection: Connection) -> Owned:
        row = connection.execute(select(SESSIONS).where(SESSIONS.c.id == one.id)).one()
        timers = connection.execute(select(TIMERS.c.name).where(TIMERS.c.session_id == one.id))
        return Owned(row, json.loads(row.state), timers.scalars().all())

    return await one.world.ask(lambda process: process.store.read(body))


async def kept(one: Schedule) -> Kept:
    def body(connection: Connection) -> Kept:
        found = sessions.read(connection, one.id)
        assert found is not None
        rows = connection.execute(select(OUTBOX).where(OUTBOX.c.session_id == one.id)).all()
        return Kept(found.epoch, journal.since(connection, one.id, 0), rows)

    return await one.world.ask(lambda process: process.store.read(body))


def somebody_has_it(owned: Owned) -> Iterator[str]:
    """A conversation is somebody's, and a merchant who waits for a person will not do so for ever."""
    row, state = owned.row, owned.state
    if row.holder not in PEOPLE or state["holder"] != row.holder:
        yield f"owner: {state['holder']!r} has it, and the queue says {row.holder!r}"
    if row.holder == BOT and state["person"] and row.answer_by is None:
        yield "owner: a person is wanted, and the queue does not show it"
    if row.holder == BOT and (state["unanswered"] or state["held_since"] or state["holder_name"]):
        yield "owner: the bot has it, and it is still marked as a colleague's"
    if row.holder != BOT and state["unanswered"] and "silent" not in owned.timers:
        yield "owner: a colleague may leave the merchant without an answer for ever"


def nobody_is_left_alone(owned: Owned, *, held: bool) -> Iterator[str]:
    """After a silence the bot goes on, and somebody else is called where a colleague had the word."""
    if owned.row.holder != BOT or (held and owned.row.answer_by is None):
        yield f"owner: left alone with {owned.row.holder}, wanted {owned.row.person}"


def the_bot_is_silent_beside_a_person(one: Schedule, kept: Kept) -> Iterator[str]:
    """In the journal, and on the wire from the moment the takeover was known."""
    held = False
    for line in kept.journal:
        if line.sender == BOT and held and line.key not in (*OWED, *GIVES):
            yield f"bot: {line.key} stands in the journal beside a person"
        held = (held or (line.voice == "staff" and line.key in TAKES)) and line.key not in GIVES
    begun = one.world.wire.begun[one.contact.address]
    epochs = {row.n: row.epoch for row in kept.outbox if row.sender == BOT}
    for tick, n in begun:
        if n in epochs and any(known < tick and epoch > epochs[n] for known, epoch in one.taken):
            yield f"bot: message {n} was sent after the word was taken"


def nothing_is_lost(one: Schedule, kept: Kept) -> Iterator[str]:
    """What the merchant and colleagues wrote is kept once, and whatever was due has been sent."""
    words = Counter(line.text for line in kept.journal if line.sender == "merchant")
    if lacking := one.words - words:
        yield f"merchant: lost {dict(lacking)}"
    if twice := {text: words[text] for text in one.words if words[text] > one.words[text]}:
        yield f"merchant: kept twice {twice}"
    said = Counter(line.text for line in kept.journal if line.key == "colleague.said")
    for text, taken in one.lines.items():
        if said[text] > 1 or taken not in (None, said[text] == 1):
            yield f"staff: {text!r}, taken: {taken}, is kept {said[text]} times"
    begun = {n for _, n in one.world.wire.begun[one.contact.address]}
    for row in kept.outbox:
        if row.n not in begun and (row.sender != BOT or row.epoch == kept.epoch):
            yield f"sent: message {row.n} of {row.sender} never was ({row.state})"


def went_on_where_it_stood(before: Session, turn: Turn) -> Iterator[str]:
    """Handed back: a line that says so, and last what the merchant is asked: the first thing missing."""
    first, last, asked = turn.replies[0], turn.replies[-1], turn.session.waiting
    if not first.key.startswith("colleague.back") or first.values.get("name") != before.holder_name:
        yield f"back: no recap, but {first.key}"
    expected = first_missing(turn.session)
    if (asked and STEPS[asked].block) != expected:
        yield f"back: asks {asked}, and {expected} is missing"
    if asked is None and turn.session.stage in (Stage.APPLYING, Stage.DETAILING):
        yield "back: nothing is missing, and nothing is decided"
    if last.step != asked or len(turn.replies) == 1:
        yield f"back: says {[reply.key for reply in turn.replies]}, and waits for {asked}"


def first_missing(session: Session) -> str | None:
    """The prompt that a merchant of this trade meets next, by the order in which the golden case does."""
    match session.stage:
        case Stage.APPLYING:
            return next(filter(lambda prompt: _open(session, prompt), GOLDEN), None)
        case Stage.DETAILING:
            details = (prompt for prompt in DETAILS if _means_something(session, prompt))
            return next(filter(lambda prompt: _open(session, prompt), details), None)
        case Stage.OFFERED if session.chosen is None:
            return "offer"
        case Stage.OFFERED:
            shut = {"offer", *session.answers, *(["acknowledge"] if session.acknowledged else [])}
            return next(prompt for prompt in CLOSING if prompt not in shut)
    return None


def _open(session: Session, prompt: str) -> bool:
    steps = (step for step in STEPS.values() if step.block == prompt and not step.assumed)
    return any(step.id not in session.answers for step in steps)


def _means_something(session: Session, prompt: str) -> bool:
    return prompt != "capacity" or session.value("trade") != "cafe"
