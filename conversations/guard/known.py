"""What a message of one chat may quote: standing offers, the lender's terms, the merchant's accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from conversations.session import Session
from scoring.decision import Offer, Outcome
from scoring.policy import Policy

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Lender:
    """What may be said to anybody: amounts in fen, rates in per cent, numbers of instalments."""

    amounts: frozenset[int] = frozenset()
    rates: frozenset[Decimal] = frozenset()
    terms: frozenset[int] = frozenset()
    free: frozenset[int] = frozenset()

    @classmethod
    def of(cls, policy: Policy) -> "Lender":
        rules, products = policy.rules, policy.products
        of_grades = {int(grade.multiple * rules.grade_base) for grade in rules.grades}
        caps = {rules.small_cap, rules.core_only.cap, rules.grade_base, *(each.cap for each in products)}
        return cls(
            frozenset(caps | of_grades),
            frozenset(_per_cent(float(grade.rate)) for grade in rules.grades if grade.rate is not None),
            frozenset(product.term for product in products),
            frozenset(product.interest_free for product in products if product.interest_free),
        )


@dataclass(frozen=True)
class Known:
    """One chat. Without offers nothing may be said to be granted."""

    lender: Lender = field(default_factory=Lender)
    offers: tuple[Offer, ...] = ()
    limit: int = 0  #: fen; 0 when none was given
    prospects: frozenset[int] = frozenset()  #: limits that some change would give, fen
    handles: frozenset[str] = frozenset()  #: accounts of this merchant, as they are written
    contacts: frozenset[str] = frozenset()  #: numbers and addresses of the lender's own that may be given

    @classmethod
    def of(cls, session: Session, lender: Lender, contacts: frozenset[str] = frozenset()) -> "Known":
        """What may be said in a session: a limit that a person has still to confirm is none."""
        made = session.decision
        granted = made is not None and made.outcome is Outcome.APPROVED
        names = {
            name for each in session.accounts.values() for name in (each.handle, each.screen_name) if name
        }
        return cls(
            lender,
            made.offers if made else (),
            made.limit if made and granted else 0,
            frozenset(better.limit_after for better in made.improve) if made else frozenset(),
            frozenset(names),
            contacts,
        )

    @cached_property
    def principals(self) -> frozenset[int]:
        return frozenset({offer.principal for offer in self.offers} | ({self.limit} if self.limit else set()))

    @cached_property
    def instalments(self) -> frozenset[int]:
        return frozenset(each.total for offer in self.offers for each in offer.instalments)

    @cached_property
    def totals(self) -> frozenset[int]:
        return frozenset(total for offer in self.offers for total in (offer.total, offer.total_interest))

    @cached_property
    def fees(self) -> frozenset[int]:
        return frozenset({0, *(offer.fee for offer in self.offers)})

    @cached_property
    def rates(self) -> frozenset[Decimal]:
        """In per cent, as people read them. Before there is an offer, those of the lender's grades."""
        quoted = {
            _per_cent(rate) for offer in self.offers for rate in (offer.rate, offer.apr, offer.apr_compound)
        }
        return frozenset({Decimal(0), *quoted}) if self.offers else self.lender.rates | {Decimal(0)}

    @cached_property
    def terms(self) -> frozenset[int]:
        return frozenset(offer.term for offer in self.offers) or self.lender.terms

    @cached_property
    def free(self) -> frozenset[int]:
        """How many first instalments may be said to be free of interest."""
        return frozenset(offer.interest_free for offer in self.offers) or self.lender.free

    @cached_property
    def paying(self) -> frozenset[int]:
        """The first instalments that may be said to carry interest; from the very first on is no promise."""
        return frozenset({1, *(count + 1 for count in self.free)})

    @cached_property
    def wholly_free(self) -> frozenset[int]:
        """The terms of which every instalment is free of interest."""
        if not self.offers:
            return self.lender.terms & self.lender.free
        return frozenset(offer.term for offer in self.offers if offer.interest_free == offer.term)

    def held(self, kind: str) -> frozenset[int]:
        """Amounts in fen, or numbers of instalments, by the kind of claim that they would back."""
        match kind:
            case "principal":
                return self.principals
            case "instalment":
                return self.instalments
            case "total":
                return self.totals
            case "fee":
                return self.fees
            case _:
                return self._counts(kind)

    def _counts(self, kind: str) -> frozenset[int]:
        counts = {
            "term": self.terms,
            "free": self.free,
            "wholly_free": self.wholly_free,
            "paying": self.paying,
        }
        return counts[kind]

    @cached_property
    def expiries(self) -> frozenset[date]:
        return frozenset(offer.expires for offer in self.offers)

    @cached_property
    def dues(self) -> Mapping[int, frozenset[date]]:
        """When the instalment of each number falls due; -1 is the last one."""
        found: dict[int, set[date]] = {}
        for offer in self.offers:
            for each in offer.instalments:
                found.setdefault(each.n, set()).add(each.due)
            found.setdefault(-1, set()).add(offer.instalments[-1].due)
        return {n: frozenset(days) for n, days in found.items()}


def _per_cent(rate: float) -> Decimal:
    return (Decimal(str(rate)) * 100).quantize(_HUNDREDTH)
