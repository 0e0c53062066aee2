"""What the desk's page shows: read in one go, rendered pane by pane, so that each can be renewed alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.access import rights
from bot.access.rights import Right
from bot.access.staff import Role, Staff
from bot.desk import canned, case, charts, deciding, masking, transcript
from bot.desk.case import Reading
from bot.desk.looking import Looking
from conversations.session import BOT, Session
from conversations.store import Store
from conversations.store import staff as accounts
from conversations.store.desk import canned as kept
from conversations.store.desk import chat, labels, proposals, queue
from conversations.store.desk.chat import Chat
from conversations.store.desk.queue import Line, Page, View

#: pane -> its template; the page holds each in an element with this id
LIST: Mapping[str, str] = {"views": "desk/views.html", "list": "desk/list.html"}
CHAT: Mapping[str, str] = {
    "head": "desk/head.html",
    "log": "desk/log.html",
    "composer": "desk/composer.html",
    "case": "desk/case.html",
}


@dataclass(frozen=True)
class Word:
    """Who has the word in a conversation, seen by one colleague."""

    holder: str
    name: str  #: of the colleague who has it
    mine: bool
    since: datetime | None

    @property
    def free(self) -> bool:
        return self.holder == BOT

    @property
    def theirs(self) -> bool:
        """Another colleague has it."""
        return not self.free and not self.mine


@dataclass(frozen=True)
class Reader:
    """Reads for one colleague at one moment."""

    store: Store
    me: Staff
    now: datetime
    language: str

    async def look(self, looking: Looking, found: Page | None = None) -> dict[str, Any]:
        """Values for the templates; `found` takes the place of the view's own page."""
        return await self.store.read(lambda connection: self._read(connection, looking, found))

    def _read(self, connection: Connection, looking: Looking, found: Page | None) -> dict[str, Any]:
        me, now = self.me.id, self.now
        shown: dict[str, Any] = {
            "looking": looking,
            "now": now,
            "me": self.me,
            "names": accounts.names(connection),
            "counts": queue.counts(connection, me, now),
            "most": queue.MOST,
            "overdue": queue.overdue(connection, now),
            "views": list(View),
            "known_labels": labels.known(connection),
            "mask": self._mask,
            "mask_name": self._mask_of_names,
            "chat": None,
        }
        if found is not None or not looking.found:
            shown["page"] = found or queue.page(connection, looking.asked, me, now)
        held = chat.read(connection, looking.chat, whole=looking.whole) if looking.chat else None
        return shown if held is None else shown | self._chat(connection, held)

    def _chat(self, connection: Connection, held: Chat) -> dict[str, Any]:
        session = held.session
        merchant = queue.named(connection, session.id)
        values = canned.values(session, self.me.name, merchant)
        replies = canned.ready(kept.every(connection), session.language)
        where = session.value("trade")
        facts = session.decision.facts if session.decision else {}
        return {
            "chat": held,
            "session": session,
            "name": self._mask_of_names(merchant),
            "word": word(session, self.me),
            "talk": transcript.lines(held, self._mask),
            "answers": case.answers(session, held.given, Reading(self.language, self._reveals)),
            "missing": case.missing(session),
            "case": case.case(session, self.language),
            "deciding": deciding.deciding(
                session, proposals.of(connection, session.id), self.me, self.now, self.language
            ),
            "strips": {
                side: charts.strips(facts, side, where if isinstance(where, str) else None)
                for side in ("brand", "personal")
            },
            "canned": [(one.short, canned.filled(one.text, values), one.own) for one in replies],
            "colleagues": _who_talk(connection, self.me),
        }

    @property
    def _reveals(self) -> bool:
        return rights.may(self.me.role, Right.REVEAL)

    def _mask(self, text: str) -> str:
        return masking.words(text, reveals=self._reveals)

    def _mask_of_names(self, name: str) -> str:
        """A shop's name is needed to talk to it, and by nobody else."""
        return name if self._reveals else masking.name(name)


def word(session: Session, me: Staff) -> Word:
    return Word(session.holder, session.holder_name, session.holder == me.id, session.held_since)


def waits(line: Line, now: datetime) -> int:
    """Whole minutes for which somebody has been waiting for a person."""
    return max(0, int((now - (line.person_since or now)).total_seconds() // 60))


def _who_talk(connection: Connection, me: Staff) -> list[tuple[str, str]]:
    """The colleagues who may take a conversation, by id and name."""
    able = (one for one in accounts.everyone(connection) if one.id != me.id and one.disabled is None)
    return [(one.id, one.name) for one in able if rights.may(Role(one.role), Right.TALK)]
