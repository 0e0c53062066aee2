"""Whether an answer can be, seen beside the others and the lender's bands: impossible, unusual or neither."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from conversations import naming
from conversations.answers import Problem, together
from conversations.intents.intent import Intents
from conversations.intents.packaged import Packaged
from conversations.naming import Names
from conversations.replies import Yuan
from conversations.session import Answer, Given, Session
from conversations.steps import STEPS
from conversations.vocabulary import Vocabulary
from scoring.policy import Policy


@dataclass(frozen=True)
class Ground:
    """What answers are judged against: the lender's bands, people's words, the moment."""

    policy: Policy
    words: Vocabulary
    at: datetime
    names: Names = field(default_factory=naming.load)
    intents: Intents = field(default_factory=Packaged)

    def answer(self, value: Given, said: str) -> Answer:
        return Answer(value, said, self.at)


#: a step whose nothing means that there is nothing of the other either
_NOTHING = {"debt_balance": "debt_payment", "staff_count": "payroll"}


def with_implied(values: Mapping[str, Given]) -> dict[str, Given]:
    """The values with what follows from them: who owes nothing pays nothing back."""
    implied: dict[str, Given] = {
        other: 0 for step, other in _NOTHING.items() if values.get(step) == 0 and other not in values
    }
    return {**values, **implied}


def in_question(before: Session, after: Session, ground: Ground) -> tuple[str, ...]:
    """The answers that cannot stand beside changed ones, so that they are asked for again."""
    values = {step: after.value(step) for step in after.filled}
    changed = {
        step for step in after.filled if before.known(step) and before.value(step) != after.value(step)
    }
    others = {
        step: given for step, given in _known(after).items() if step not in values and given is not None
    }
    found = [step for step in others if STEPS[step].rests_on in changed]
    found += [step for step, given in others.items() if together({**values, step: given})]
    found += [other for step, other in _NOTHING.items() if step in changed and others.get(other) == 0]
    if "trade" in changed and _never_sold(after, others.get("sales_last_month"), ground.policy):
        found.append("sales_last_month")
    return tuple(step for step in STEPS if step in found)


def impossible(session: Session, values: Mapping[str, Given], ground: Ground) -> Problem | None:
    """Why these values cannot be, seen with the other answers and the lender's bands."""
    return (
        together({**_standing(session, values), **values})
        or _not_lent(values.get("amount"), ground.policy)
        or _never_sold(session, values.get("sales_last_month"), ground.policy)
    )


def _not_lent(amount: Given, policy: Policy) -> Problem | None:
    """An amount that no product of this lender lends."""
    if not isinstance(amount, int):
        return None
    least = min(product.floor for product in policy.products)
    most = max(product.cap for product in policy.products)
    if amount < least:
        return Problem("problem.too_small", {"least": Yuan(least)})
    return Problem("problem.too_large", {"most": Yuan(most)}) if amount > most else None


def _never_sold(session: Session, sales: Given, policy: Policy) -> Problem | None:
    """Sales that no shop of the trade makes."""
    trade = policy.trades.get(str(session.value("trade")))
    if trade is None or trade.sales.hard is None or not isinstance(sales, int):
        return None
    least, most = trade.sales.hard
    if least <= Decimal(sales) / 100 <= most:
        return None
    return Problem("problem.sales", {"least": Yuan(int(least * 100)), "most": Yuan(int(most * 100))})


def unusual(session: Session, values: Mapping[str, Given], ground: Ground) -> str | None:
    """What few shops of the trade have: read back once, nobody is accused."""
    known = {**_known(session), **values}
    trade = ground.policy.trades.get(str(known.get("trade")))
    sales = known.get("sales_last_month")
    if trade is None or not isinstance(sales, int):
        return None
    low, high = trade.sales.soft
    if "sales_last_month" in values and not low <= Decimal(sales) / 100 <= high:
        return "doubt.unusual"
    costs = [values.get(step) for step in ("rent", "payroll", "debt_payment")]
    return "doubt.unusual" if any(isinstance(cost, int) and cost > sales for cost in costs) else None


def _standing(session: Session, values: Mapping[str, Given]) -> dict[str, Given]:
    """What is known and stays so: beside a corrected answer, those that contradict it do not."""
    if not any(session.known(step) for step in values):
        return _known(session)
    return {step: given for step, given in _known(session).items() if not together({**values, step: given})}


def _known(session: Session) -> dict[str, Given]:
    return {step: answer.value for step, answer in session.answers.items()}
