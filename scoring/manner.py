"""How the answers were given: signs that a figure was not looked up, for a person to know. Never scored."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.application import Application, ApplicationError

REUSED = 3  #: times that one amount stands under different questions
EDITS = 3  #: changes of mind that are nobody's business
QUICK = 60  #: seconds in which nobody reads the questions
FEWEST = 5  #: figures below which nothing is said about them

ANSWERS = (
    *("sales_last_month", "rent", "payroll", "debt_balance", "debt_payment", "purchases", "pre_shock_sales"),
    *("good_day", "normal_day", "bad_day", "other_costs", "household_spend", "other_income", "invested"),
    *("taken_out", "stock_value", "cash", "receivables", "fit_out_value"),
)


@dataclass(frozen=True)
class Conversation:
    """What the journal says of the answers; None where there was none, as in a file of applications."""

    edits: int | None = None
    seconds: int | None = None


UNKNOWN = Conversation()


def read(raw: Mapping[str, Any] | None) -> Conversation:
    """Read the optional part of the inputs; raises `ApplicationError` naming the field."""
    given = dict(raw or {})
    found = {name: _whole(name, given.pop(name, None)) for name in ("edits", "seconds")}
    if given:
        raise ApplicationError(f"conversation.{min(given)}"[:60], "nothing: only edits and seconds are known")
    return Conversation(**found)


def _whole(name: str, value: Any) -> int | None:
    if value is not None and (type(value) is not int or not 0 <= value <= 10**9):
        raise ApplicationError(f"conversation.{name}", "a whole number from 0 to 1000000000")
    return value


def signs(application: Application, conversation: Conversation) -> list[str] | None:
    """X13: "reused", "edited", "quick", "round"; None where there is too little to say anything."""
    amounts = [amount for name in ANSWERS if (amount := getattr(application, name))]
    if len(amounts) < FEWEST and conversation == UNKNOWN:
        return None
    enough = len(amounts) >= FEWEST
    found = {
        "reused": enough and _most_alike(amounts) >= REUSED,
        "edited": (conversation.edits or 0) > EDITS,
        "quick": conversation.seconds is not None and conversation.seconds < QUICK,
        "round": enough and all(map(_is_round, amounts)),
    }
    return [name for name, seen in found.items() if seen]


def _most_alike(amounts: list[int]) -> int:
    few_repeat = len(amounts) - len(set(amounts)) < REUSED - 1  # seen at once, and so it nearly always is
    return 1 if few_repeat else max(Counter(amounts).values())


def _is_round(amount: int) -> bool:
    """A single digit before the zeros: 20,000 and not 25,000.

    >>> _is_round(2_000_000), _is_round(2_500_000)
    (True, False)
    """
    return len(str(amount).rstrip("0")) == 1
