"""How much: every cap on a loan, the one that binds, the price. Amounts in fen, rates as fractions a year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.application import Application
from scoring.policy import Grade, Policy, PolicyFile, Product
from scoring.schedules import Terms, terms_of
from scoring.turnover import Business

#: Every cap by name; where two are equal the earlier one is said to bind.
CAPS = (
    *("afford", "turnover", "grade", "debt_room", "project"),
    *("core_only", "thin_file", "brand_only", "product", "asked"),
)


@dataclass(frozen=True)
class Standing:
    """What limits and prices a merchant besides the products."""

    application: Application
    business: Business
    grade: Grade
    pd: float
    thin_file: bool  #: no account of the shop
    brand_only: bool  #: the shop's account alone, and the policy caps that

    @property
    def small_only(self) -> bool:
        return self.thin_file or self.brand_only


@dataclass(frozen=True)
class Limit:
    """The limit on one product; `principal` is 0 below the product's floor."""

    product: Product
    terms: Terms
    caps: Mapping[str, Decimal]
    binding: str
    principal: int


def cost_covering_rate(policy: PolicyFile, pd: float, term: int) -> Decimal:
    """Funds + costs + margin + expected loss over the average balance-years, (n + 1) / 24.

    At 5 % over 12 months: 9 % + 0.05 x 0.45 / 0.5417 = 13.2 %.
    """
    price = policy.price
    lost = Decimal(str(pd)) * term / 12 * price.loss_given_default * price.exposure_at_default
    return price.funds + price.costs + price.margin + lost / (Decimal(term + 1) / 24)


def highest_rate(policy: PolicyFile, day: date) -> Decimal | None:
    """The highest nominal rate the lender may ask on a day, None where the prime-rate table has a gap.

    A multiple of the prime rate is compared with the contract rate (Supreme People's Court rules on private
    lending, article 25), a fixed cap as its regime says.
    """
    regime = policy.rate_cap
    if regime.lpr_multiple is None:
        return regime.nominal
    prime = policy.prime_rate(day)
    return None if prime is None else regime.lpr_multiple * prime


def price(policy: PolicyFile, product: Product, grade: Grade, pd: float, highest: Decimal) -> Decimal | None:
    """The nominal rate of a product, None where the highest allowed one does not cover its cost."""
    if product.interest_free == product.term:
        return Decimal(0)
    if grade.rate is None or grade.rate <= highest:
        return grade.rate
    return highest if highest >= cost_covering_rate(policy, pd, product.term) else None


def payment_room(standing: Standing, policy: PolicyFile) -> Decimal:
    """What may go into the largest instalment: a share of disposable cash, less what is paid already."""
    application, share = standing.application, policy.payment_share
    part = share.first_loan if application.first_loan else share.repeat_loan
    return max(Decimal(0), part * standing.business.disposable - (application.debt_payment or 0))


def caps(standing: Standing, product: Product, terms: Terms, policy: PolicyFile) -> dict[str, Decimal]:
    """Every cap that applies, by name in the order of `CAPS`, before rounding to steps."""
    found = {
        # A third of a fen lost in the division must not cost a whole step.
        "afford": round(payment_room(standing, policy) / terms.largest_instalment, 6),
        **dict(_of_any_product(standing, policy)),
        "product": lawful_cap(product, policy),
    }
    if standing.application.amount is not None:
        found["asked"] = Decimal(standing.application.amount)
    return found


def _of_any_product(standing: Standing, policy: PolicyFile) -> Iterator[tuple[str, Decimal]]:
    application, sales = standing.application, standing.business.sales
    yield "turnover", policy.turnover_multiple[application.trade or "other"] * sales
    yield "grade", standing.grade.multiple * policy.grade_base
    owed = application.debt_balance or 0
    yield "debt_room", max(Decimal(0), policy.debt_to_annual_sales_max * 12 * sales - owed)
    if application.project_cost is not None and _for_own_project(application, policy):
        yield "project", policy.own_capital.share_max * application.project_cost
    if standing.business.core_only:
        yield "core_only", Decimal(policy.core_only.cap)
    if standing.thin_file:
        yield "thin_file", Decimal(policy.small_cap)
    if standing.brand_only:
        yield "brand_only", Decimal(policy.small_cap)


def _for_own_project(application: Application, policy: PolicyFile) -> bool:
    return bool(application.purpose) and set(application.purpose or ()) <= set(policy.own_capital.purposes)


def lawful_cap(product: Product, policy: PolicyFile) -> Decimal:
    """What nobody may lend more than on a product: its own cap, and the law's for this lender."""
    lawful = policy.lender_types[policy.lender_type].business_cap
    return Decimal(product.cap if lawful is None else min(product.cap, lawful))


def most(application: Application, policy: Policy) -> int:
    """What no limit can exceed, whatever else is changed: the amount asked for, in the best product."""
    return max(_most_of(product, application.amount, policy.rules) for product in policy.products)


def _most_of(product: Product, asked: int | None, policy: PolicyFile) -> int:
    cap = lawful_cap(product, policy)
    return in_steps(cap if asked is None else min(cap, Decimal(asked)), product)


def in_steps(amount: Decimal, product: Product) -> int:
    """An amount rounded down to the product's step."""
    return int(amount // product.step) * product.step


def limit(standing: Standing, product: Product, terms: Terms, policy: PolicyFile) -> Limit:
    """The smallest cap, rounded down to the product's step; nothing below its floor."""
    found = caps(standing, product, terms, policy)
    binding = min(found, key=found.__getitem__)
    principal = in_steps(found[binding], product)
    return Limit(product, terms, found, binding, principal if principal >= product.floor else 0)


def per_product(standing: Standing, policy: Policy, day: date, months_open: int) -> list[Limit]:
    """The limit on every product open to the merchant at a lawful price, also those below their floor."""
    highest = highest_rate(policy.rules, day)
    found = []
    for product in policy.products:
        if highest is None or not _open_to(product, standing, months_open):
            continue
        rate = price(policy.rules, product, standing.grade, standing.pd, highest)
        if rate is not None:
            terms = terms_of(product.method, product.term, product.interest_free, rate)
            found.append(limit(standing, product, terms, policy.rules))
    return found


def _open_to(product: Product, standing: Standing, months_open: int) -> bool:
    fits = standing.grade.grade in product.grades and months_open >= product.min_months_open
    return fits and (product.small or not standing.small_only)


def offered(found: Sequence[Limit]) -> list[Limit]:
    """The products side by side, the small one only where no other reaches its floor."""
    reached = [entry for entry in found if entry.principal]
    return [entry for entry in reached if not entry.product.small] or reached


def largest(found: Sequence[Limit]) -> Limit | None:
    """The limit that is shown: the largest offered, or where none is, the one that came closest."""
    shown = offered(found) or found
    return max(shown, key=lambda entry: (entry.principal, entry.caps[entry.binding]), default=None)
