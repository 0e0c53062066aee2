"""Decisions by people: one alone, or one proposes and another confirms. Each becomes an event."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.access import rights
from bot.access.rights import Right
from bot.access.staff import Role, Staff
from bot.desk import acts, bench
from bot.desk.acts import Fields, Unfit
from bot.desk.bench import Bench
from bot.desk.conversation import Conversation
from bot.desk.looking import Looking
from bot.refusals import Refusal
from conversations.events import Confirmed, Event, Proposed, Ruled
from conversations.replies import Yuan
from conversations.session import Session
from conversations.store import decisions, sessions
from conversations.store import staff as accounts
from conversations.store.desk import proposals
from conversations.store.desk.proposals import Proposal
from scoring import ruling
from scoring.calendar import day
from scoring.decision import Decision
from scoring.ruling import Ruling

LASTS = timedelta(days=3)  #: in which a proposal is to be confirmed
COMMENT = 1000  #: characters


@dataclass(frozen=True)
class Verdicts:
    conversation: Conversation
    bench: Bench

    def routes(self) -> list[web.RouteDef]:
        chat = "/desk/conversations/{id}"
        return [
            web.post(f"{chat}/decide", self.decide),
            web.post(f"{chat}/propose", self.propose),
            web.post(f"{chat}/confirm", self.confirm),
        ]

    async def decide(self, request: web.Request) -> web.Response:
        return await self.conversation.acted(request, "decide", self._ruled)

    async def propose(self, request: web.Request) -> web.Response:
        return await self.conversation.acted(request, "propose", self._proposed)

    async def confirm(self, request: web.Request) -> web.Response:
        return await self.conversation.acted(request, "confirm", self._confirmed)

    async def _ruled(self, where: Looking, given: Fields, me: Staff) -> Event:
        """One colleague's decision: the outcome and its reasons, with the machine's own limit and grade."""
        ruled = replace(bench.read(given, me.id, self._today), limit=None, grade=None)
        made, inputs = await self._made(await self._standing(where), ruled)
        _within(me, made)
        return Ruled(self._now, me.id, made, inputs, given.get("over") or None)

    async def _proposed(self, where: Looking, given: Fields, me: Staff) -> Event:
        standing, ruled = await self._standing(where), bench.read(given, me.id, self._today)
        comment = acts.words({"text": given.get("comment", "")}, COMMENT)
        made, _ = await self._made(standing, ruled)
        return Proposed(
            self._now,
            me.id,
            uuid.uuid4().hex,
            given.get("over") or None,
            ruled.to_json(),
            bench.difference(standing.session.decision, made),
            comment,
            self._now + LASTS,
        )

    async def _confirmed(self, where: Looking, given: Fields, me: Staff) -> Event:
        """What was proposed, made again today: it must come to what the second person was shown."""
        standing = await self._standing(where)
        proposed = next((one for one in standing.proposed if one.id == given.get("proposal")), None)
        if proposed is None:
            raise Unfit("proposal")
        if proposed.proposer not in standing.proposers:
            raise Unfit("proposer")
        ruled = replace(ruling.read(proposed.ruling), day=self._today, confirmed_by=me.id)
        made, inputs = await self._made(standing, ruled)
        if bench.terms(made) != proposed.difference["after"]:
            raise Unfit("moved")
        _within(me, made)
        comment = given.get("comment", "").strip()[:COMMENT]
        return Confirmed(self._now, me.id, made, inputs, proposed.over, proposed.id, comment)

    async def _standing(self, where: Looking) -> "_Standing":
        """
        Raises:
            Refusal: there is no such conversation.
        """
        found = await self.conversation.board.turns.store.read(lambda c: _read(c, str(where.chat)))
        if found is None:
            raise Refusal(404, "missing")
        return found

    async def _made(self, standing: "_Standing", ruled: Ruling) -> tuple[Decision, dict[str, Any]]:
        on = bench.ground(standing.session, standing.inputs, self._today)
        return await asyncio.to_thread(self.bench.made, on, ruled)

    @property
    def _now(self) -> datetime:
        return self.conversation.board.now

    @property
    def _today(self) -> date:
        return day(self._now)


@dataclass(frozen=True)
class _Standing:
    """What people decide on, read in one go; `inputs` are None where nothing was decided."""

    session: Session
    inputs: Mapping[str, Any] | None
    proposed: list[Proposal]
    proposers: frozenset[str]  #: who may propose, still


def _read(connection: Connection, id: str) -> _Standing | None:
    session = sessions.read(connection, id)
    if session is None:
        return None
    made = session.decision
    inputs = decisions.inputs(connection, id, made.decision_id) if made else None
    able = (one for one in accounts.everyone(connection) if one.disabled is None)
    proposers = frozenset(one.id for one in able if rights.may(Role(one.role), Right.PROPOSE))
    return _Standing(session, inputs, proposals.of(connection, id), proposers)


def _within(me: Staff, made: Decision) -> None:
    if not rights.grants(me.role, made.limit):
        raise Unfit("band", most=Yuan(rights.MOST.get(me.role, 0)))
