"""Figures that do not fit together: which answers a failed check compares, and how often we ask."""

from collections.abc import Mapping

from conversations.session import Session

MOST = 2  #: clarifying questions in one application; then a person looks

#: the answers that each check sets side by side
COMPARED: Mapping[str, tuple[str, ...]] = {
    "X1": ("sales_last_month", "orders_per_day", "average_ticket"),
    "X1b": ("sales_last_month", "orders_per_day", "average_ticket", "purchases"),
    "X2": ("best_seller_price", "best_seller_cost"),
    "X3": ("orders_per_day", "capacity"),
    "X4": ("rent", "sales_last_month"),
    "X5": ("staff_count", "payroll"),
    "X6": ("invested", "taken_out", "cash", "debt_balance"),
    "X7": ("stock_value", "receivables"),
    "X8": ("debt_payment", "amount"),
    "X9": ("sales_last_month", "pre_shock_sales"),
    "X10": ("net_margin", "other_costs"),
    "X11": ("amount", "purpose"),
    "X12": ("opened", "city", "trade"),
}


def doubtful(session: Session) -> str | None:
    """The failed check to ask about next; each once, and no more than two in all."""
    if session.decision is None or len(session.clarified) >= MOST:
        return None
    failed = (check.id for check in session.decision.checks if check.verdict == "fail")
    return next(
        (each for each in failed if each not in session.clarified and len(compared(session, each)) > 1), None
    )


def compared(session: Session, check: str) -> tuple[str, ...]:
    """The answers given that this check compares."""
    return tuple(step for step in COMPARED.get(check, ()) if session.value(step) is not None)
