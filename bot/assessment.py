"""The work behind an assessment: read what was agreed to, decide, and come back with an event.

Nothing is asked of a network for an account without a standing consent and shown ownership. A source that
fails becomes a fact in the inputs; a decision that cannot be made becomes `AssessmentFailed`.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, Protocol, TypeVar, cast

from bot.signing import BadSignature, Signer
from conversations.crashpoints import crashpoint
from conversations.events import AssessmentFailed, Decided, HandleChecked
from conversations.jobs import Handler
from conversations.session import Account, Session
from conversations.store import Store, facts, journal, sessions
from conversations.store.clean import clean
from conversations.store.facts import Agreed
from conversations.store.work import Job
from conversations.turns import Clock
from scoring import decide
from scoring.calendar import day
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from scoring.sources.consent import Consent
from scoring.sources.handles import Handle, handle, ownership_phrase
from scoring.sources.unavailable import Fact, SourceUnavailable
from scoring.sources.weibo import Snapshot
from scoring.sources.weibo_wire import DAILY_CALLS

FRESH = timedelta(hours=24)  #: a younger snapshot is used again
CALM = 1.0  #: seconds after which nobody waits for the start any more
LOOK_UP = 3  #: calls set aside for one look-up: its tries
SEALED_FOR = "weibo-token"

Json = dict[str, Any]
Kind = Literal["brand", "personal"]
T = TypeVar("T")

log = logging.getLogger(__name__)


class Weibo(Protocol):
    """What an assessment needs of `scoring.sources.weibo.WeiboClient`."""

    async def user(self, account: Handle, *, consent: Consent | None, token: str | None = None) -> Json: ...

    async def snapshot(
        self, account: Handle, *, consent: Consent | None, budget: int, token: str | None = None
    ) -> Snapshot: ...


class Watch(Protocol):
    """What an assessment tells; `bot.metrics.Metrics` counts it."""

    def source(self, source: str, outcome: str, seconds: float) -> None: ...
    def decided(self, outcome: str, grade: str | None, seconds: float) -> None: ...


class Unwatched:
    """Nobody watches."""

    def source(self, source: str, outcome: str, seconds: float) -> None: ...
    def decided(self, outcome: str, grade: str | None, seconds: float) -> None: ...


UNWATCHED: Watch = Unwatched()


@dataclass(frozen=True)
class Assessor:
    """The handlers of both kinds of work."""

    store: Store
    weibo: Weibo
    policy: Policy
    model: Scorecard
    signer: Signer
    clock: Clock
    watch: Watch = UNWATCHED

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {"assess": self.assess, "check_handle": self.check_handle}

    async def prepare(self) -> None:
        """Load what the first decision needs, after the start and before a merchant waits for it."""
        await asyncio.sleep(CALM)
        nobody = decide.Inputs({}, {"user": {}}, None, day(self.clock()))
        await asyncio.to_thread(decide.decide, nobody, model=self.model, policy=self.policy)

    async def assess(self, job: Job) -> Decided | AssessmentFailed | None:
        """The decision on the session as it is now."""
        session = await self.store.read(partial(sessions.read, session_id=job.session_id))
        if session is None:
            return None
        agreed = await self.store.read(partial(facts.consents, session_id=session.id))
        brand, personal = await asyncio.gather(
            self._source(session, "brand", agreed), self._source(session, "personal", agreed)
        )
        application = {step: answer.value for step, answer in session.answers.items()}
        pace = await self.store.read(partial(journal.pace, session_id=session.id))
        made = await self._decide(decide.Inputs(application, brand, personal, day(self.clock()), pace))
        return replace(made, assessment=session.assessment) if isinstance(made, Decided) else made

    async def check_handle(self, job: Job) -> HandleChecked:
        """Whether the typed account exists, and whether its profile shows that it is the merchant's."""
        kind, typed = cast(Kind, job.payload["account"]), str(job.payload["handle"])
        checked = partial(HandleChecked, account=kind, handle=typed)
        agreed = await self.store.read(partial(facts.consents, session_id=job.session_id))
        account = handle(typed)
        if account is None or kind not in agreed or handle(agreed[kind].account or "") != account:
            return checked(self.clock(), fact=(Fact.NOT_PERMITTED if account else Fact.NOT_FOUND).value)
        reserved = await self._reserve(account, LOOK_UP)
        crashpoint("look-up set aside")
        if reserved.n < LOOK_UP:
            await self.store.write(partial(facts.settle, reserved=reserved, used=0))
            return checked(self.clock(), fact=Fact.RATE_LIMITED.value)
        try:
            user = await self._asked(self.weibo.user(account, consent=_consent(kind, account, agreed[kind])))
        except SourceUnavailable as refused:
            return checked(self.clock(), fact=refused.unavailable.fact.value)
        crashpoint("profile read")
        return checked(
            self.clock(),
            uid=str(user.get("idstr") or user["id"]),
            screen_name=str(user.get("screen_name") or typed),
            proven=ownership_phrase(user, str(job.payload["phrase"])),
        )

    async def _decide(self, inputs: decide.Inputs) -> Decided | AssessmentFailed:
        begun = time.perf_counter()
        try:
            made = await asyncio.to_thread(decide.decide, inputs, model=self.model, policy=self.policy)
        except Exception as error:  # the same inputs would fail again: a person decides
            self.watch.decided("failed", None, time.perf_counter() - begun)
            log.exception("an application could not be decided")
            return AssessmentFailed(self.clock(), type(error).__name__)
        crashpoint("decided")
        self.watch.decided(made.outcome, made.grade, time.perf_counter() - begun)
        return Decided(self.clock(), made, inputs.to_json())

    async def _source(self, session: Session, kind: Kind, agreed: Mapping[str, Agreed]) -> Json | None:
        """What the account shows, why it cannot be shown, or None where nobody may look."""
        account = session.accounts.get(kind)
        if account is None or kind not in agreed or not _meant(agreed[kind], account):
            return None
        if account.uid is None or not (account.proven or account.connected):
            return self._unavailable(account.unavailable) if account.unavailable else None
        try:
            return await self._snapshot(session.id, kind, account, agreed[kind])
        except SourceUnavailable as refused:
            return refused.unavailable.to_json()
        except BadSignature:
            return self._unavailable(Fact.TOKEN_EXPIRED)
        except Exception:
            log.exception("the %s account could not be read", kind)
            return self._unavailable(Fact.SERVICE_UNAVAILABLE)

    async def _snapshot(self, session_id: str, kind: Kind, account: Account, agreed: Agreed) -> Json:
        uid, now = str(account.uid), self.clock()
        kept = await self.store.read(partial(facts.newest, session_id=session_id, account=kind, uid=uid))
        if kept is not None and now - kept.fetched_at < FRESH and _serves(kept, account):
            return dict(kept.data)
        if (same := await self._read_for_another(account, uid, now)) is not None:
            await self.store.write(partial(facts.keep, session_id=session_id, account=kind, snapshot=same))
            return dict(same.data)
        target, token = Handle(uid=uid), await self._token(session_id, kind, uid)
        reserved = await self._reserve(target, DAILY_CALLS)
        crashpoint("calls set aside")
        if not reserved.n:
            return self._unavailable(Fact.RATE_LIMITED)
        consent = _consent(kind, target, agreed)
        try:
            found = await self._asked(
                self.weibo.snapshot(target, consent=consent, budget=reserved.n, token=token)
            )
        except SourceUnavailable as refused:
            if refused.calls is not None:
                await self.store.write(partial(facts.settle, reserved=reserved, used=refused.calls))
            raise
        crashpoint("source fetched")
        await self.store.write(partial(facts.settle, reserved=reserved, used=found.calls))
        data = clean(found.data)
        row = facts.Snapshot(uid, data, found.calls, self.clock())
        crashpoint("calls settled")
        await self.store.write(partial(facts.keep, session_id=session_id, account=kind, snapshot=row))
        crashpoint("source kept")
        return data

    async def _asked(self, question: Awaitable[T]) -> T:
        """The source's answer; how long it took and what stood in its way is told."""
        begun, outcome = time.perf_counter(), "failed"
        try:
            answer = await question
            outcome = "ok"
            return answer
        except SourceUnavailable as refused:
            outcome = str(refused.unavailable.fact)
            raise
        finally:
            self.watch.source("weibo", outcome, time.perf_counter() - begun)

    async def _reserve(self, account: Handle, wanted: int) -> facts.Reserved:
        return await self.store.write(
            partial(facts.reserve, account=_counted(account), now=self.clock(), wanted=wanted)
        )

    async def _read_for_another(self, account: Account, uid: str, now: datetime) -> facts.Snapshot | None:
        """The same owner in another conversation: what Weibo allows to read in a day is spent once.

        Mentions come only with the owner's token; a connected account is not served without them.
        """
        same = await self.store.read(partial(facts.shared, uid=uid, since=now - FRESH))
        return same if same is not None and _serves(same, account) else None

    async def _token(self, session_id: str, kind: Kind, uid: str) -> str | None:
        sealed = await self.store.read(partial(facts.token, session_id=session_id, account=kind, uid=uid))
        return None if sealed is None else self.signer.unseal(SEALED_FOR, sealed)

    def _unavailable(self, fact: str) -> Json:
        return {"unavailable": str(fact), "at": self.clock().isoformat(timespec="seconds")}


def _serves(kept: facts.Snapshot, account: Account) -> bool:
    """Whether a snapshot is whole, with its mentions where their owner has opened them."""
    unread = kept.data.get("mentions_read") is False
    return not kept.data.get("partial") and not (account.connected and unread)


def _meant(agreed: Agreed, account: Account) -> bool:
    """Whether the account of the conversation is the one that was agreed to."""
    return agreed.account is not None and agreed.account in (
        account.uid,
        account.screen_name,
        account.handle,
    )


def _counted(account: Handle) -> str:
    """What an account's calls are counted under; a name is kept only as its digest."""
    return account.uid or hashlib.sha256(str(account).casefold().encode()).hexdigest()


def _consent(kind: Kind, account: Handle, agreed: Agreed) -> Consent:
    return Consent(kind, account, agreed.at)
