"""Features of invented merchants, measured from answers and raw accounts by the scorer's own functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, localcontext

from scoring import checks, decide, judge, turnover
from scoring.money import round_fen
from scoring.policy import Policy
from scoring.simulation.merchants import Merchant
from scoring.turnover import Business
from scoring.verdicts import FAIL

Figures = Mapping[str, float | None]


@dataclass(frozen=True)
class MeasuredMerchant:
    """What the score sees of a merchant, and what a limit needs besides."""

    merchant: Merchant
    operating: Figures
    social: Figures
    business: Business | None
    failed_checks: int

    @property
    def features(self) -> Figures:
        return {**self.operating, **self.social}

    @property
    def full(self) -> bool:
        """Every way to rebuild the sales was answered, and both accounts are shown."""
        rebuilt = self.business is not None and not self.business.core_only
        return rebuilt and self.merchant.brand is not None and self.merchant.personal is not None

    @property
    def thin(self) -> bool:
        """Only the core questions were answered, and the shop's account is shown."""
        return bool(self.business and self.business.core_only) and self.merchant.brand is not None

    def amounts(self) -> Mapping[str, int | None]:
        """Whole fen a month: sales as rebuilt and cash left, None where they could not be."""
        if self.business is None:
            return {"sales": None, "disposable": None}
        return {
            "sales": round_fen(self.business.sales),
            "disposable": round_fen(self.business.disposable),
        }


_EXACT = Context(prec=28)  #: the decimal context of a decision


def measure(merchant: Merchant, policy: Policy) -> MeasuredMerchant:
    """Read and measure one merchant exactly as a decision would."""
    inputs = decide.Inputs(merchant.application, merchant.brand, merchant.personal, merchant.as_of)
    with localcontext(_EXACT):
        case = decide.build_case(inputs, policy)
        trade = policy.trades.get(case.application.trade or "")
        business = turnover.rebuild(case.application, trade, policy) if trade else None
        if trade is None or business is None:
            return MeasuredMerchant(merchant, {}, case.social, None, 0)
        found = checks.run(checks.Case(case.application, trade, business, case.day))
        operating = judge.operating_features(case, business, found)
    failed = sum(check.verdict == FAIL for check in found)
    return MeasuredMerchant(merchant, operating, case.social, business, failed)
