"""Does what colleagues write in the group: to the merchant, to each other, and who has the word.

By the same rules and on the same record as at the desk. Who is not known there reaches nobody.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy import Connection

from bot.access import linking, rights
from bot.access.access import Access
from bot.access.rights import Right
from bot.access.staff import Role, Staff
from bot.desk import acts, guarding, mentioning
from bot.desk.acts import Fields, Unfit
from bot.telegram.courtesy import Once
from bot.telegram.group.answers import Answers
from bot.telegram.updates import CHANNEL, AtDesk
from conversations import wording
from conversations.deeds import Deed
from conversations.gathering import Busy
from conversations.guard.known import Lender
from conversations.session import Session
from conversations.store import telegram_accounts
from conversations.store.bell import DESK
from conversations.store.database import AWAY
from conversations.store.desk import chat, notes, topics
from conversations.store.desk.notes import New
from conversations.turns import Turns

ACTS: Mapping[str, str] = {
    "claim": "take",
    "back": "hand-back",
    "release": "release",
}  #: as the desk has them
NOTE = "//"

_COMMAND = re.compile(r"/([a-z][a-z0-9_]*)(?:\s+(.*))?", re.DOTALL)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Office:
    """What the group needs of the product: turns, who is who, what may be quoted, and the desk's address."""

    turns: Turns
    access: Access
    lender: Lender
    url: str

    def page(self, session_id: str) -> str:
        """A conversation at the desk."""
        return f"{self.url}/desk/conversations/{session_id}"


@dataclass(frozen=True)
class Writing:
    """Words of a known colleague in a merchant's topic."""

    words: AtDesk
    session_id: str
    me: Staff
    language: str

    @property
    def arrival(self) -> str:
        return self.words.arrival


_Doing: TypeAlias = Callable[[Writing], Awaitable[object]]


class Colleagues:
    """The `Desk` of the intake."""

    def __init__(self, office: Office, answers: Answers) -> None:
        self._office, self._answers = office, answers
        self._turns, self._store, self._access = office.turns, office.access.store, office.access
        self._told = Once(1_000)  # strangers

    async def hear(self, words: AtDesk) -> None:
        """Returns once the effect is durable.

        Raises:
            Busy, or what the store raises while it is away: the update has to come again.
        """
        try:
            await self._hear(words)
        except (*AWAY, Busy):
            raise
        except Exception as error:  # redelivered for a day it would hold up the whole group
            log.error("update %s of the group failed with %s", words.arrival, type(error).__name__)
            self._answers.say(words, "desk.group.trouble", wording.closest(words.language))

    async def _hear(self, words: AtDesk) -> None:
        command, rest = _command(words.text)
        if command == "link" and not words.corrected:
            return await self._link(words, rest)
        thread = words.thread
        id = await self._store.read(lambda c: topics.whose(c, thread)) if thread else None
        if id is None:
            return None  # colleagues may talk with each other
        account = await self._store.read(lambda c: telegram_accounts.whose(c, words.by))
        if account is None:
            return self._stranger(words)
        me = Staff(account.id, account.name, Role(account.role))
        writing = Writing(words, id, me, account.language or wording.closest(words.language))
        if not rights.may(me.role, Right.TALK):
            return await self._denied(writing)
        try:
            await self._doing(writing, command)(writing)
        except Unfit as unfit:
            self._answers.say(words, f"desk.unfit.{unfit.code}", writing.language)

    def _doing(self, writing: Writing, command: str) -> _Doing:
        """What these words ask for."""
        text = writing.words.text
        if writing.words.corrected:
            return self._correct
        if text.startswith(NOTE):
            return self._note
        if command in ACTS:
            return partial(self._act, ACTS[command], {})
        if command == "send":
            return self._insist
        if not text or text.startswith("/"):
            return partial(self._cannot, "unknown" if text else "only_text")
        return self._say

    async def _say(self, writing: Writing) -> None:
        if await self._passes(writing, writing.words.text, insisting=False):
            await self._said(writing, writing.words.text, writing.words.message)

    async def _insist(self, writing: Writing) -> None:
        """What the guard has warned of is sent all the same, on the record."""
        meant = writing.words.answered
        if meant is None or meant.by != writing.words.by or meant.text.startswith("/"):
            return await self._cannot("nothing_to_send", writing)
        if await self._store.read(lambda c: topics.written(c, writing.session_id, meant.message)):
            return None  # it is sent already
        if await self._passes(writing, meant.text, insisting=True):
            await self._said(writing, meant.text, meant.message)
        return None

    async def _said(self, writing: Writing, text: str, message: int) -> None:
        id, me = writing.session_id, writing.me.id
        async with self._answers.writing:
            if await self._act("say", {"text": text}, writing):
                await self._store.write(lambda c: topics.wrote(c, id, me, message))

    async def _correct(self, writing: Writing) -> None:
        """What went to the merchant is put right there, too."""
        words, id = writing.words, writing.session_id
        was = await self._store.read(lambda c: topics.written(c, id, words.message))
        if was is None or was[0] != topics.SAID or was[2] != writing.me.id:
            return await self._cannot("fixed", writing)
        if await self._passes(writing, words.text, insisting=False):
            await self._act("edit", {"n": str(was[1]), "text": words.text}, writing)
        return None

    async def _note(self, writing: Writing) -> None:
        text = acts.words({"text": writing.words.text.removeprefix(NOTE)}, acts.NOTE)
        id, me, now = writing.session_id, writing.me.id, self._access.now()

        def body(connection: Connection) -> bool:
            if not topics.first(connection, CHANNEL, writing.arrival, now):
                return False
            note = mentioning.noted(connection, self._access.audit, New(id, me, text, now))
            topics.keep(connection, id, (topics.NOTE, note), me, writing.words.message)
            return True

        if await self._store.write(body):
            self._store.announce(DESK)
            self._answers.done(writing.words)

    async def _act(self, name: str, fields: Fields, writing: Writing) -> bool:
        """Apply one of the desk's acts; whether it is new, and not refused."""
        event = acts.ACTS[name](self._access.now(), writing.me, fields)
        handled = await self._turns.handle_session(writing.session_id, CHANNEL, writing.arrival, event)
        if handled.refused is not None:
            refusal = wording.word(handled.refused, writing.language).text
            self._answers.tell(writing.words, refusal)
        elif handled.fresh:
            self._answers.done(writing.words)
            await self._read(writing)
        return handled.fresh and handled.refused is None

    async def _read(self, writing: Writing) -> None:
        """Whoever acts has read what was said so far, which the desk shows them as read."""
        id, me = writing.session_id, writing.me.id
        await self._store.write(lambda c: notes.read(c, id, me, chat.newest(c, id) or 0))
        self._store.announce(DESK)

    async def _passes(self, writing: Writing, text: str, *, insisting: bool) -> bool:
        """Whether the guard lets this go out; otherwise its reasons are told."""
        session = await self._turns.session(writing.session_id)
        found = guarding.objection(text, session, self._office.lender)
        if session is None or found is None:
            return True
        if insisting and not found.final:
            await self._overrode(writing, session)
            return True
        key = "desk.group.held_back" if found.final or writing.words.corrected else "desk.group.warned"
        self._answers.say(writing.words, key, writing.language, why=found.reasons(writing.language))
        return False

    async def _overrode(self, writing: Writing, session: Session) -> None:
        """On record before it is sent, once; but not where it is going to be refused."""
        if not session.yields_to(writing.me.id):
            return
        arrival, now = f"{writing.arrival} insists", self._access.now()

        def body(connection: Connection) -> None:
            if topics.first(connection, CHANNEL, arrival, now):
                self._access.audit.add(connection, writing.me.id, Deed.OVERRODE, writing.session_id)

        await self._store.write(body)

    async def _link(self, words: AtDesk, code: str) -> None:
        account = await linking.link(self._access, code, words.by)
        self._answers.remove(words)
        if account is None:
            link = f"{self._office.url}/desk/account"
            return self._answers.say(words, "desk.group.no_code", wording.closest(words.language), link=link)
        language = account.language or wording.closest(words.language)
        return self._answers.say(words, "desk.group.linked", language, name=account.name)

    async def _denied(self, writing: Writing) -> None:
        facts = {"route": CHANNEL}
        me, id = writing.me.id, writing.session_id
        await self._store.write(lambda c: self._access.audit.add(c, me, Deed.DENIED, id, facts))
        self._answers.say(writing.words, "desk.group.may_not", writing.language)

    async def _cannot(self, what: str, writing: Writing) -> None:
        self._answers.say(writing.words, f"desk.group.{what}", writing.language)

    def _stranger(self, words: AtDesk) -> None:
        """Told once: somebody who only reads along need not hear it again and again."""
        if self._told.first(str(words.by)):
            link = f"{self._office.url}/desk/account"
            self._answers.say(words, "desk.group.stranger", wording.closest(words.language), link=link)


def _command(text: str) -> tuple[str, str]:
    """The command and what follows it.

    >>> _command("/link ab cd"), _command("hello"), _command("// a note")
    (('link', 'ab cd'), ('', ''), ('', ''))
    """
    found = _COMMAND.fullmatch(text.strip())
    return (found[1], found[2] or "") if found else ("", "")
