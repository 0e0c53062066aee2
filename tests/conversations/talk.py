"""A merchant in conversation with the flow alone: no store, no channel, a clock that the test moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from conversations import vocabulary
from conversations.events import Arrived, Chose, Connected, Decided, Event, Said
from conversations.flow import Flow
from conversations.replies import Reply
from conversations.requests import Request
from conversations.session import Answer, Session, Turn
from scoring import policy
from scoring.decision import Decision
from tests.scoring import builders

NOW = datetime(2020, 4, 15, 4, 0, tzinfo=UTC)
LICENCE = "91350100M000100Y43"

#: What the golden merchant does at each prompt: a tap, or words.
GOLDEN: Mapping[str, tuple[str, str]] = {
    "consent": ("tap", "agree"),
    "role": ("tap", "owner"),
    "trade": ("tap", "restaurant"),
    "city": ("say", "昆明 2017年2月"),
    "licence": ("tap", "individual_business"),
    "brand_account": ("connect", "brand"),
    "personal_account": ("connect", "personal"),
    "sales_last_month": ("say", "13万"),
    "orders_per_day": ("say", "37单 120元 30天"),
    "rent": ("say", "一万五"),
    "staff_count": ("say", "6.5人 29900"),
    "debt_balance": ("say", "50000 3000"),
    "amount": ("say", "10万 12期"),
    "purpose": ("say", "进货、工资"),
    "check": ("tap", "submit"),
}
CLOSING: Mapping[str, tuple[str, str]] = {
    "offer": ("tap", "take:BBD12"),
    "licence_number": ("say", LICENCE),
    "acknowledge": ("tap", "acknowledge"),
    "accept": ("tap", "accept"),
}
#: What she says where the details are asked.
DETAILS: Mapping[str, tuple[str, str]] = {
    "capacity": ("say", "16张"),
    "good_day": ("say", "5600、4400、3000；2天好，1天差"),
    "net_margin": ("tap", "10_20"),
    "purchases": ("say", "55000；售价75，成本33"),
    "peak_months": ("say", "7、8、10月最旺，1、2月最淡，七成"),
    "pre_shock_sales": ("say", "21万"),
    "lease_end": ("say", "2022年1月"),
    "other_costs": ("say", "6500"),
    "household_spend": ("say", "8000，其他收入4000"),
    "invested": ("say", "32万、0、25万"),
    "stock_value": ("say", "2万、9万6、6000、15万"),
}
PATH = {**GOLDEN, **CLOSING}


@cache
def flow() -> Flow:
    return Flow(policy.load(), vocabulary.load())


@cache
def approved() -> Decision:
    """The golden case's decision: approved, with both offers."""
    return builders.decided()


@cache
def declined() -> Decision:
    return builders.decided(builders.answers(opened="2020-03"))


@cache
def referred() -> Decision:
    return builders.decided(builders.answers(licence="none"))


@dataclass
class Talk:
    """One conversation; `turn` is what the last event did."""

    session: Session = field(default_factory=lambda: Session("0123456789abcdef"))
    now: datetime = NOW
    turn: Turn = field(default_factory=lambda: Turn(Session("0123456789abcdef")))
    requests: list[Request] = field(default_factory=list)
    flow: Flow = field(default_factory=flow)

    def hears(self, event: Event) -> list[str]:
        """Let something happen; the keys of what is said."""
        self.turn = self.flow.advance(self.session, event)
        self.session = self.turn.session
        self.requests += self.turn.requests
        return [reply.key for reply in self.turn.replies]

    def arrives(self) -> list[str]:
        return self.hears(Arrived(self.now))

    def says(self, text: str) -> list[str]:
        return self.hears(Said(self.now, text))

    def taps(self, choice: str, asked: str | None = None) -> list[str]:
        return self.hears(Chose(self.now, choice, asked))

    def connects(self, account: str) -> list[str]:
        uid = {"brand": "1001", "personal": "1002"}[account]
        return self.hears(Connected(self.now, account, uid, f"小夏{account}", "sealed"))

    def is_decided(self, decision: Decision) -> list[str]:
        return self.hears(Decided(self.now, decision, {}))

    def answers_golden(self, step: str) -> list[str]:
        """What the golden merchant does at a step."""
        how, what = {**PATH, **DETAILS}[step]
        if how == "connect":
            return self.connects(what)
        return self.taps(what) if how == "tap" else self.says(what)

    def waits(self, **span: float) -> "Talk":
        self.now += timedelta(**span)
        return self

    @property
    def waiting(self) -> str | None:
        return self.session.waiting

    @property
    def replies(self) -> tuple[Reply, ...]:
        return self.turn.replies

    def value(self, step: str) -> Any:
        return self.session.value(step)


def at(step: str) -> Talk:
    """A talk in which the golden merchant is being asked this step."""
    talk = Talk()
    talk.arrives()
    return _led(talk, step, approved())


def _led(talk: Talk, step: str, decision: Decision) -> Talk:
    """The golden merchant answers until this step is asked; whatever is decided is decided so."""
    while talk.waiting != step:
        if talk.waiting is None:
            talk.is_decided(decision)
        else:
            talk.answers_golden(talk.waiting)
    talk.requests.clear()
    return talk


def asked_alone(step: str) -> Talk:
    """A talk in which everything but this step of its prompt is known, so that it is asked alone."""
    talk = at("check")
    kept = {known: answer for known, answer in talk.session.answers.items() if known != step}
    talk.session = replace(talk.session, answers=kept, waiting=step)
    return talk


def given(**values: Any) -> dict[str, Answer]:
    return {step: Answer(value, str(value), NOW) for step, value in values.items()}


def assessing() -> Talk:
    talk = at("check")
    talk.taps("submit")
    return talk


def after(decision: Decision) -> Talk:
    """A talk that has just been decided."""
    talk = assessing()
    talk.is_decided(decision)
    return talk


@cache
def modest() -> Decision:
    """What the core answers alone carry: less than the golden merchant wants."""
    return replace(approved(), limit=1_800_000, offers=approved().offers[:1])


def detailing(step: str) -> Talk:
    """A talk in which the golden merchant, with a first limit, is being asked this detail."""
    return _led(after(modest()), step, modest())


def accepted() -> Talk:
    talk = at("accept")
    talk.taps("accept")
    return talk


#: A talk in each state that a conversation can be in.
PLACES: Mapping[str, Callable[[], Talk]] = {
    **{step: partial(at, step) for step in PATH},
    **{step: partial(detailing, step) for step in DETAILS},
    "new": Talk,
    "assessing": assessing,
    "referred": lambda: after(referred()),
    "declined": lambda: after(declined()),
    "accepted": accepted,
}
