"""THE TABLE: every step of the conversation, what reads its answer, and with which others it is asked.

The order in which a merchant meets the steps is computed from this table and from what is already known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from conversations.session import Session, Stage

WHITE_PURPOSES = (
    "stock_purchase", "rent", "payroll", "renovation", "equipment", "marketing", "deposit_for_platform",
    "utilities", "tax",
)  # fmt: skip
BLACK_PURPOSES = (
    "house_purchase", "mortgage_repayment", "stock", "bond", "futures", "derivative", "equity_invest",
    "wealth_product", "crypto", "gambling", "relend", "repay_other_loan", "personal_luxury",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One of the options, tapped, named or numbered."""

    options: tuple[str, ...]


@dataclass(frozen=True)
class Many:
    """Up to `most` of the options; `refused` are recognised and turned down with the reason."""

    options: tuple[str, ...]
    most: int
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A number between `least` and `most`, in yuan when it is money."""

    kinds: tuple[str, ...]
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(10_000_000)
    grain: Decimal = Decimal("0.01")  #: the smallest step that makes sense
    among: tuple[int, ...] = ()

    @property
    def money(self) -> bool:
        return self.kinds == ("money",)


@dataclass(frozen=True)
class Place:
    """A city or county, as written."""


@dataclass(frozen=True)
class Calendar:
    """A year and a month."""

    ahead: bool = False  #: may lie in the future


@dataclass(frozen=True)
class Band:
    """A percentage, of which only the band it falls into is kept; `edges` are the upper ends but the last."""

    options: tuple[str, ...]
    edges: tuple[int, ...]


@dataclass(frozen=True)
class Seasons:
    """The best months, the weakest ones, and what share of the best the weakest bring."""


@dataclass(frozen=True)
class Handle:
    """A Weibo account, connected or named."""

    account: str


@dataclass(frozen=True)
class Licence:
    """A unified social credit code with its check character."""


@dataclass(frozen=True)
class Words:
    """Whatever the merchant writes."""


Reads: TypeAlias = Choice | Many | Figure | Place | Calendar | Handle | Licence | Band | Seasons | Words


@dataclass(frozen=True)
class Step:
    """One question. `block` is the step that leads the prompt in which it is asked."""

    id: str
    reads: Reads
    block: str
    skip: bool = False  #: may be skipped, with its consequence said
    assumed: bool = False  #: has a usual value when left out
    seconds: int = 11  #: what a person needs for the prompt it leads: 6 for a tap, 11 for typing
    trades: frozenset[str] | None = None  #: in which it means something; None for all
    rests_on: str | None = None  #: the step whose change puts its answer in question


MONEY = ("money",)
_ONE = Decimal(1)


def _money(least: int = 0, most: int = 10_000_000) -> Figure:
    return Figure(MONEY, Decimal(least), Decimal(most))


def _count(*kinds: str, least: int = 0, most: int = 100_000) -> Figure:
    return Figure(kinds, Decimal(least), Decimal(most), _ONE)


CORE: tuple[Step, ...] = (
    Step("consent", Choice(("agree", "more", "under_18")), "consent", seconds=6),
    Step("role", Choice(("owner", "partner", "manager")), "role", seconds=6),
    Step(
        "trade",
        Choice(("restaurant", "cafe", "gym", "beauty", "retail", "homestay", "travel", "other")),
        "trade",
        seconds=6,
    ),
    Step("city", Place(), "city"),
    Step("opened", Calendar(), "city"),
    Step("licence", Choice(("individual_business", "company", "none")), "licence", seconds=6),
    Step("brand_account", Handle("brand"), "brand_account", skip=True, seconds=6),
    Step("personal_account", Handle("personal"), "personal_account", skip=True, seconds=6),
    Step("sales_last_month", _money(1), "sales_last_month"),
    Step("orders_per_day", _count("orders", "people", least=1), "orders_per_day", skip=True),
    Step("average_ticket", _money(1, 1_000_000), "orders_per_day", skip=True),
    Step("days_open", _count("days", least=1, most=31), "orders_per_day", skip=True, assumed=True),
    Step("rent", _money(), "rent", skip=True),
    Step(
        "staff_count",
        Figure(("people",), Decimal(0), Decimal(1_000), Decimal("0.5")),
        "staff_count",
        skip=True,
    ),
    Step("payroll", _money(), "staff_count", skip=True),
    Step("debt_balance", _money(), "debt_balance"),
    Step("debt_payment", _money(), "debt_balance"),
    Step("amount", _money(1), "amount"),
    Step("term", Figure(("months", "years"), _ONE, Decimal(120), _ONE, among=(6, 12)), "amount", seconds=6),
    Step("purpose", Many(WHITE_PURPOSES, 3, BLACK_PURPOSES), "purpose", seconds=6),
    Step("check", Choice(("submit",)), "check", seconds=6),
)


def _detail(id: str, reads: Reads, block: str, trades: frozenset[str] | None = None) -> Step:
    seconds = 6 if isinstance(reads, Band) else 11
    return Step(
        id, reads, block, skip=True, seconds=seconds, trades=trades, rests_on="trade" if trades else None
    )


_MARGINS = Band(("lt0", "0_5", "5_10", "10_20", "20_30", "gt30"), (0, 5, 10, 20, 30))
COUNTED = frozenset({"restaurant", "gym", "beauty", "homestay"})  #: tables, members, chairs, rooms
PREPAID = frozenset({"gym", "beauty", "travel"})  #: trades that sell cards and deposits in advance

#: Asked after a first limit, for a larger one or where figures do not fit together; each may be left out.
DETAILS: tuple[Step, ...] = (
    _detail("capacity", _count("orders", "people", least=1), "capacity", COUNTED),
    _detail("good_day", _money(0, 1_000_000), "good_day"),
    _detail("normal_day", _money(0, 1_000_000), "good_day"),
    _detail("bad_day", _money(0, 1_000_000), "good_day"),
    _detail("good_days_per_week", _count("days", most=7), "good_day"),
    _detail("bad_days_per_week", _count("days", most=7), "good_day"),
    _detail("net_margin", _MARGINS, "net_margin"),
    _detail("purchases", _money(), "purchases"),
    _detail("best_seller_price", _money(1, 1_000_000), "purchases"),
    _detail("best_seller_cost", _money(0, 1_000_000), "purchases"),
    _detail("peak_months", Seasons(), "peak_months"),
    _detail("low_months", Seasons(), "peak_months"),
    _detail("low_season_share", Seasons(), "peak_months"),
    _detail("pre_shock_sales", _money(1), "pre_shock_sales"),
    _detail("lease_end", Calendar(ahead=True), "lease_end"),
    _detail("other_costs", _money(), "other_costs"),
    _detail("household_spend", _money(), "household_spend"),
    _detail("other_income", _money(), "household_spend"),
    _detail("invested", _money(0, 100_000_000), "invested"),
    _detail("invested_borrowed", _money(0, 100_000_000), "invested"),
    _detail("taken_out", _money(0, 100_000_000), "invested"),
    _detail("stock_value", _money(0, 100_000_000), "stock_value"),
    _detail("cash", _money(0, 100_000_000), "stock_value"),
    _detail("receivables", _money(0, 100_000_000), "stock_value"),
    _detail("fit_out_value", _money(0, 100_000_000), "stock_value"),
    _detail("prepaid_balance", _money(0, 100_000_000), "prepaid_balance", PREPAID),
)
CLOSING: tuple[Step, ...] = (
    Step("offer", Choice(("take:BBD12", "take:BBD6", "take:BBDS", "think", "decline")), "offer", seconds=6),
    Step("licence_number", Licence(), "licence_number", rests_on="licence"),
    Step("acknowledge", Choice(("acknowledge", "back", "decline")), "acknowledge", seconds=6),
    Step("accept", Choice(("accept", "think", "decline")), "accept", seconds=6),
)
#: asked while a colleague decides; the words themselves come from them
CONDITION = Step("condition", Words(), "condition")
STEPS = {step.id: step for step in (*CORE, *DETAILS, *CLOSING, CONDITION)}
BLOCKS = tuple(dict.fromkeys(step.block for step in CORE))  #: the core prompts, in order
DETAIL_BLOCKS = tuple(dict.fromkeys(step.block for step in DETAILS))


_MEMBERS = {
    block: tuple(step for step in STEPS.values() if step.block == block)
    for block in {step.block for step in STEPS.values()}
}


def members(block: str) -> tuple[Step, ...]:
    """The steps that one prompt asks together."""
    return _MEMBERS[block]


def open_steps(session: Session, block: str) -> tuple[Step, ...]:
    """What this prompt still has to ask; a step with a usual value is not asked again on its own."""
    steps = tuple([step for step in _MEMBERS[block] if step.id not in session.answers])
    if not steps or all(step.assumed for step in steps) or not _means_something(session, block):
        return ()
    return steps


def _means_something(session: Session, block: str) -> bool:
    """Whether a shop of this trade has what the prompt asks about."""
    trades = STEPS[block].trades
    return trades is None or session.value("trade") in trades


def details_of(session: Session) -> tuple[str, ...]:
    """The detail prompts that mean something for this shop."""
    return tuple(block for block in DETAIL_BLOCKS if _means_something(session, block))


def open_details(session: Session) -> tuple[str, ...]:
    """The detail prompts that this shop has not answered yet."""
    return tuple(block for block in DETAIL_BLOCKS if open_steps(session, block))


def open_core(session: Session) -> bool:
    """Whether an answer is missing that every application needs."""
    return any(open_steps(session, block) for block in BLOCKS if block != "check")


def asked(session: Session, waiting: str) -> tuple[Step, ...]:
    """The steps that an answer may fill now: those being corrected, or all open ones of the prompt."""
    if session.known(waiting):
        return tuple(STEPS[step] for step in session.again) or (STEPS[waiting],)
    return open_steps(session, STEPS[waiting].block) or (STEPS[waiting],)


def pending(session: Session) -> str | None:
    """The step to ask next, or None when the bot waits for no answer."""
    if session.stage in (Stage.APPLYING, Stage.DETAILING):
        blocks = BLOCKS if session.stage is Stage.APPLYING else DETAIL_BLOCKS
        return next((step.id for block in blocks for step in open_steps(session, block)), None)
    if session.stage is Stage.REFERRED and session.unanswered_condition:
        return CONDITION.id
    return next(_closing(session)) if session.stage is Stage.OFFERED else None


def _closing(session: Session) -> Iterator[str]:
    if session.chosen is None:
        yield "offer"
    if not session.known("licence_number"):
        yield "licence_number"
    if not session.acknowledged:
        yield "acknowledge"
    yield "accept"


def answered(session: Session) -> tuple[Step, ...]:
    """The steps a merchant may change: known ones in order, without consent and the card itself."""
    return tuple(
        step for step in (*CORE, *DETAILS, STEPS["licence_number"])
        if session.known(step.id) and step.id not in ("consent", "check")
    )  # fmt: skip
