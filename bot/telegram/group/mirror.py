"""Tells the group what happens: a topic for each merchant who needs a person, and all that is said, in order.

How far a topic tells is a row, written after each post: what was posted as the process died is posted again.
"""

import asyncio
import html
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from telegram.error import BadRequest

from bot.telegram.group import posts
from bot.telegram.group.posts import Talk
from bot.telegram.group.supergroup import Denied, Gone, Supergroup
from bot.telegram.transport import Flooded
from conversations.crashpoints import crashpoint
from conversations.phrases import phrase
from conversations.rounds import Rounds
from conversations.session import Session
from conversations.store import Store, journal, sessions, telegram_accounts
from conversations.store import staff as accounts
from conversations.store.bell import DESK
from conversations.store.desk import chat, notes, queue, topics
from conversations.store.desk.topics import NOTE, SAID, Due

LULL = 0.5  #: seconds in which words gather before they are told
EVERY = 30.0  #: seconds between looks when no bell rings: what was put aside comes back, what was erased goes
LONGEST_PAUSE = 60.0  #: seconds between tries while the group does not let us
AT_ONCE = 20  #: topics in one round
RECENT = 10  #: messages before a person was wanted that a topic begins with

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """What a topic says of a merchant when it begins."""

    session: Session
    name: str


class Mirror(Rounds):
    """One worker, in the process that leads Telegram; `address` gives a conversation's page at the desk."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        group: Supergroup,
        address: Callable[[str], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(store, DESK)
        self._clock, self._group, self._address, self._sleep = clock, group, address, sleep

    async def round(self) -> float:
        await self._sleep(LULL)
        due = await self._store.read(lambda c: topics.due(c, self._clock(), AT_ONCE))
        try:
            undone = [each for each in due if not await self._done(each)]
        except Flooded as error:
            return error.seconds
        except Denied as error:
            log.error("the group of BANGBANG_TELEGRAM_DESK does not let the bot in or do its work: %s", error)
            return LONGEST_PAUSE
        return 0.0 if undone or len(due) >= AT_ONCE else EVERY

    async def end(self) -> None:
        """Nothing is begun that outlives a round."""

    async def _done(self, due: Due) -> bool:
        """Whether this topic is as it should be now; False where somebody has deleted it meanwhile."""
        try:
            if due.session_id is None:
                await self._delete(due)
            else:
                await self._bring_up(due.session_id, due)
        except Gone:
            await self._forget(due)
            return due.session_id is None
        except BadRequest as error:  # no other topic waits for this one
            log.error("a topic of the group is not up to date: %s", type(error).__name__)
        return True

    async def _delete(self, due: Due) -> None:
        """What a merchant has erased goes; where the bot may not, an operator has to, and others go on."""
        try:
            await self._group.delete(due.thread)
        except Denied as error:
            log.error("an erased topic could not be deleted: may the bot delete messages? (%s)", error)
        else:
            await self._forget(due)

    async def _bring_up(self, id: str, due: Due) -> None:
        language = await self._store.read(telegram_accounts.language) or "zh-Hans"
        if due.topic is None:
            due = await self._made(id, due, language)
        elif due.closed and due.wanted:
            due = await self._reopened(id, due, language)
        if due.told is None:
            due = await self._introduced(id, due, language)
        await self._tell(id, due, language)
        if not due.wanted:
            await self._group.close(due.thread)
            await self._change(due, closed=True)

    async def _made(self, id: str, due: Due, language: str) -> Due:
        known = await self._known(id)
        thread = await self._group.open(posts.title(known.name, _why(known), language))
        crashpoint("topic made")
        topic = await self._store.write(lambda c: topics.made(c, id, known.name, thread))
        return replace(due, topic=topic, thread=thread)

    async def _introduced(self, id: str, due: Due, language: str) -> Due:
        """The first post: why a person is wanted, where the application stands, where to read on."""
        await self._say(due, "desk.group.first", await self._known(id), language, link=self._address(id))
        return await self._come(due, max(0, due.counter - RECENT), due.noted)

    async def _reopened(self, id: str, due: Due, language: str) -> Due:
        await self._group.reopen(due.thread)
        await self._say(due, "desk.group.again", await self._known(id), language)
        await self._change(due, closed=False)
        due = replace(due, closed=False)
        return await self._come(due, max(due.told or 0, due.counter - RECENT), due.noted)

    async def _tell(self, id: str, due: Due, language: str) -> None:
        """What is new by the time there is room for it."""
        await self._group.ready()
        async with self._group.writing:
            counter, talk = await self._store.read(partial(_talk, id=id, due=due))
        for post in posts.posts(talk, language):
            await self._group.tell(due.thread, post.text)
            crashpoint("topic told")
            due = await self._come(due, max(post.n, due.told or 0), max(post.note, due.noted))
        await self._come(due, counter, max((note.id for note in talk.notes), default=due.noted))

    async def _say(self, due: Due, key: str, known: Known, language: str, **values: str) -> None:
        stage = phrase(f"desk.stage.{known.session.stage}", language)
        text = phrase(key, language, why=posts.reason(_why(known), language), stage=stage, **values)
        await self._group.tell(due.thread, html.escape(text, quote=False))

    async def _known(self, id: str) -> Known:
        def body(connection: Connection) -> Known:
            session = sessions.read(connection, id)
            return Known(session or Session(id), queue.named(connection, id))

        return await self._store.read(body)

    async def _come(self, due: Due, told: int, noted: int) -> Due:
        """So far the topic tells."""
        if (told, noted) != (due.told, due.noted):
            await self._change(due, told=told, noted=noted)
        return replace(due, told=told, noted=noted)

    async def _change(self, due: Due, **values: object) -> None:
        topic = due.topic or 0
        await self._store.write(lambda c: topics.change(c, topic, **values))

    async def _forget(self, due: Due) -> None:
        topic = due.topic or 0
        await self._store.write(lambda c: topics.drop(c, topic))


def _why(known: Known) -> str | None:
    return known.session.person


def _talk(connection: Connection, id: str, due: Due) -> tuple[int, Talk]:
    """How far the conversation has come, and what the topic does not say of it yet."""
    said = journal.since(connection, id, due.told or 0)
    noted = [note for note in notes.of(connection, id) if note.id > due.noted]
    own = (
        topics.own(connection, id, SAID, [message.n for message in said]),
        topics.own(connection, id, NOTE, [note.id for note in noted]),
    )
    return chat.newest(connection, id) or 0, Talk(said, noted, accounts.names(connection), *own)
