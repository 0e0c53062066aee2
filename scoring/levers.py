"""What a merchant can honestly change, and the case as it would be then.

Each lever names the caps it can lift and the answers, accounts and features it touches. Followers, likes and
the number or tone of reviews are touched by none: nothing is advised that money or friends can buy.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from scoring import checks
from scoring.cases import Case, Verdict
from scoring.months import Month
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from scoring.verdicts import FAIL

AHEAD = 12  #: months that waiting is worth being told about
YUAN_1000 = 100_000  #: fen; amounts are advised in such steps
QUIET = 30  #: days without a post after which the account counts as quiet

Values = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Ground:
    """What a lever is applied to, and how a changed case is tried."""

    case: Case
    verdict: Verdict
    model: Scorecard
    policy: Policy
    attempt: Callable[[Case], Verdict]


@dataclass(frozen=True)
class Move:
    """A changed case; `values` are figures for its sentence."""

    case: Case
    values: Values


@dataclass(frozen=True)
class Lever:
    code: str  #: of the reason it answers
    lifts: frozenset[str]  #: caps, "grade" for the score, "products" for what is open to the merchant
    touches: frozenset[str]  #: answers, accounts and features that are changed
    moves: Callable[[Ground], Iterator[Move]]  #: the least effort first


def _repay(ground: Ground) -> Iterator[Move]:
    """The least of the debts whose repayment gives all that repaying everything would."""
    owed, paid = ground.case.application.debt_balance or 0, ground.case.application.debt_payment or 0
    if not owed and not paid:
        return
    best = _repaid(ground.case, owed)
    target = ground.attempt(best).limit
    if target <= ground.verdict.limit:
        return
    step = YUAN_1000 * -(-owed // (64 * YUAN_1000)) or YUAN_1000
    low, high = 0, -(-owed // step)
    while high - low > 1:
        middle = (low + high) // 2
        fits = ground.attempt(_repaid(ground.case, middle * step)).limit >= target
        low, high = (low, middle) if fits else (middle, high)
    repaid = min(owed, high * step)
    yield Move(_repaid(ground.case, repaid), {"repay_fen": repaid})


def _repaid(case: Case, amount: int) -> Case:
    """So much less owed, and as much less of it to be paid each month."""
    owed, paid = case.application.debt_balance or 0, case.application.debt_payment or 0
    left = max(0, owed - amount)
    payment = -(-paid * left // owed) if owed else 0
    return case.with_application(case.application.with_answers(debt_balance=left, debt_payment=payment))


def _wait(ground: Ground) -> Iterator[Move]:
    """The next birthdays of the shop that something depends on, in its own months of opening."""
    opened, months = ground.case.application.opened, ground.case.months_open
    if opened is None or months is None:
        return
    for mark in _marks(ground, months)[:2]:
        older = ground.case.application.with_answers(opened=opened.plus(months - mark))
        yield Move(ground.case.with_application(older), {"until": str(opened.plus(mark))})


def _marks(ground: Ground, months: int) -> list[int]:
    row = ground.model.by_name.get("months_open")
    marks = {product.min_months_open for product in ground.policy.products}
    marks |= {ground.policy.rules.decline_months_open_below}
    marks |= {-int(-cut // 1) for cut in row.cuts} if row else set()
    return sorted(mark for mark in marks if months < mark <= months + AHEAD)


def _post(ground: Ground) -> Iterator[Move]:
    quiet = (ground.case.social.get("brand_days_since_post") or 0) > QUIET
    if quiet and "brand_days_since_post" in ground.model.by_name:
        yield Move(_supposed(ground.case, "brand_days_since_post", 0.0), {})


def _answer(ground: Ground) -> Iterator[Move]:
    share = ground.case.social.get("brand_answered")
    if share is not None and share < 1 and "brand_answered" in ground.model.by_name:
        yield Move(_supposed(ground.case, "brand_answered", 1.0), {})


def _supposed(case: Case, feature: str, value: float) -> Case:
    return replace(case, supposed={**case.supposed, feature: value})


def _brand(ground: Ground) -> Iterator[Move]:
    """An account that is there and says nothing yet: the least it would bring."""
    if not ground.case.has_brand:
        yield Move(replace(ground.case, has_brand=True), {})


def _personal(ground: Ground) -> Iterator[Move]:
    if ground.case.has_brand and not ground.case.has_personal:
        yield Move(replace(ground.case, has_personal=True), {})


def _renew(ground: Ground) -> Iterator[Move]:
    """The lease just long enough for the term asked for."""
    given = ground.case.application
    needed = Month.of(ground.case.day).plus(given.term or 12)
    if given.lease_end is not None and given.lease_end < needed:
        longer = given.with_answers(lease_end=needed)
        yield Move(ground.case.with_application(longer), {"until": str(needed)})


def _verify(ground: Ground) -> Iterator[Move]:
    given = ground.case.application
    stated = given.licence not in (None, "none") and not given.licence_number and not ground.case.enterprise
    if stated:
        yield Move(ground.case.with_application(given.with_answers(licence_number="given")), {})


def _ask_less(ground: Ground) -> Iterator[Move]:
    """As much as the purposes need, where the amount asked for is far above that."""
    monthly = checks.monthly_cost(ground.case.application)
    doubted = any(check.id == "X11" and check.verdict == FAIL for check in ground.verdict.checks)
    if doubted and monthly:
        enough = checks.MOST_MONTHS * monthly // YUAN_1000 * YUAN_1000
        asked = ground.case.application.with_answers(amount=enough)
        yield Move(ground.case.with_application(asked), {"amount_fen": enough})


def _details(ground: Ground) -> Iterator[Move]:
    """The details answered in line with the smallest figure given so far."""
    month, given = ground.verdict.business, ground.case.application
    if month is None or not month.core_only or given.purchases is not None:
        return
    smallest = min(month.reconstructions.values())
    bought = int(smallest * (1 - month.gross_margin))
    if bought > 0:
        yield Move(ground.case.with_application(given.with_answers(purchases=bought)), {})


def _lever(
    code: str, lifts: tuple[str, ...], touches: tuple[str, ...], moves: Callable[[Ground], Iterator[Move]]
) -> Lever:
    return Lever(code, frozenset(lifts), frozenset(touches), moves)


LEVERS = (
    _lever("R13", ("brand_only", "products"), ("personal_account",), _personal),
    _lever("R06", ("thin_file", "products"), ("brand_account",), _brand),
    _lever("R16", ("core_only", "afford", "turnover", "debt_room"), ("purchases",), _details),
    _lever("R03", ("afford", "debt_room", "grade"), ("debt_balance", "debt_payment"), _repay),
    _lever("R11", ("grade",), ("amount",), _ask_less),
    _lever("R12", ("grade",), ("licence_number",), _verify),
    _lever("R10", ("grade",), ("lease_end",), _renew),
    _lever("R05", ("grade",), ("brand_days_since_post",), _post),
    _lever("R08", ("grade",), ("brand_answered",), _answer),
    _lever("R04", ("grade", "products"), ("opened",), _wait),
)
