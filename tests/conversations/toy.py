"""A toy conversation for tests of the shell: three steps, a handful of words, no products."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from conversations import events, requests
from conversations.events import Event
from conversations.replies import Choice, Colleague, Kind, Reply
from conversations.requests import Request
from conversations.session import Answer, Session, Turn
from conversations.store import Contact, Store
from conversations.turns import Turns

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SHOP = Contact("telegram", "4200000000123")
MEI = Colleague("mei", "Mei")
NOTICE = Reply(
    Kind.ASK,
    "ask.consent",
    step="consent",
    choices=(Choice("agree", "choice.agree"), Choice("/help", "help")),
)


@dataclass
class ToyClock:
    """Stands still unless told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Button:
    id: str
    label: str
    link: str | None


@dataclass(frozen=True)
class Worded:
    text: str
    buttons: tuple[Button, ...]
    data: Mapping[str, Any]


class ToySpeech:
    """Every text is its key with the language behind it."""

    def closest(self, tag: str | None) -> str:
        return "en" if (tag or "").startswith("en") else "zh-Hans"

    def phrase(self, key: str, language: str) -> str:
        return f"{key}/{language}"

    def word(self, reply: Reply, language: str) -> Worded:
        buttons = tuple(Button(c.id, self.phrase(c.key, language), c.link) for c in reply.choices)
        return Worded(self.phrase(reply.key, language), buttons, dict(reply.values))


class ToyFlow:
    """Answers "rent" with any words; words that name a request make it. `asked` maps those words."""

    def __init__(self, **asked: tuple[Request, ...]) -> None:
        self.asked = asked

    def advance(self, session: Session, event: Event) -> Turn:
        if isinstance(event, events.Chose) and event.choice == "agree":
            return _next(
                _answered(session, "consent", "agree", event.at),
                requests.RecordConsent("application", "ask.consent"),
            )
        if isinstance(event, events.Said) and session.known("consent"):
            return self._said(session, event)
        if isinstance(event, events.Decided | events.AssessmentFailed | events.HandleChecked):
            return Turn(session, (Reply(Kind.SAY, f"came.{type(event).__name__}"),))
        return Turn(replace(session, waiting="consent"), (NOTICE,))

    def _said(self, session: Session, event: events.Said) -> Turn:
        if event.text == "crash":
            raise ZeroDivisionError
        if event.text == "take over":
            return Turn(replace(session, holder="mei", epoch=session.epoch + 1))
        if event.text == "staff":
            return Turn(session, (Reply(Kind.STAFF, "staff.hello", by=MEI),))
        if event.text.startswith("edit "):
            return Turn(session, (Reply(Kind.STAFF, "staff.hello", by=MEI, edits=int(event.text[5:])),))
        if event.text == "delete":
            erased = Session(id=session.id, language=session.language, version=session.version)
            return Turn(erased, (Reply(Kind.SAY, "erased"),), (requests.Erase(),))
        if event.text in self.asked:
            return _next(session, *self.asked[event.text])
        return _next(_answered(session, "rent", event.text, event.at))


def _answered(session: Session, step: str, value: str, at: datetime) -> Session:
    return replace(session, answers={**session.answers, step: Answer(value, value, at)})


def _next(session: Session, *asked: Request) -> Turn:
    link = Choice("connect", "choice.connect", link="weibo/brand")
    return Turn(
        replace(session, waiting="rent"), (Reply(Kind.ASK, "ask.rent", choices=(link,), step="rent"),), asked
    )


def toy_turns(store: Store, clock: ToyClock | None = None, **asked: tuple[Request, ...]) -> Turns:
    """Turns over the toy flow; "telegram" is a push channel."""

    def links(session_id: str, link: str, now: datetime) -> str:
        return f"https://bangbang.test/{link}?{session_id}"

    return Turns(store, ToyFlow(**asked), links, clock or ToyClock(), frozenset({"telegram"}), ToySpeech())


class Merchant:
    """Someone who writes from one contact, each time a new arrival."""

    def __init__(self, turns: Turns, contact: Contact = SHOP) -> None:
        self.turns, self.contact, self.sent = turns, contact, 0

    @property
    def arrival(self) -> str:
        return f"{self.contact.address}:{self.sent}"

    async def sends(self, event: Event) -> str:
        self.sent += 1
        handled = await self.turns.handle(self.contact, self.arrival, event)
        return handled.session_id

    async def agrees(self) -> str:
        await self.sends(events.Arrived(START))
        return await self.sends(events.Chose(START, "agree"))

    async def says(self, *texts: str) -> str:
        for text in texts:
            session_id = await self.sends(events.Said(START, text))
        return session_id


async def count(store: Store, table: Table, *conditions: ColumnElement[bool]) -> int:
    """How many rows of a table there are."""
    query = select(func.count()).select_from(table).where(*conditions)
    return int(await store.read(lambda connection: connection.execute(query).scalar_one()))
