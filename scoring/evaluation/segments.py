"""Whether parts of the population are treated alike: defaults, approvals, fit of the PD, real gaps. Pure."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scoring.decision import Outcome
from scoring.evaluation import intervals
from scoring.evaluation.intervals import Interval
from scoring.evaluation.population import Judged, Population

LEAST_APPLICANTS, LEAST_DEFAULTS = 50, 5  #: below, a segment is shown and not judged
ALARM = 0.05  #: chance of one false alarm among all segments of a kind

Kinds = Mapping[str, Callable[[Judged], str]]  #: "trade" -> which trade an applicant is in


@dataclass(frozen=True)
class Segment:
    """One part of the population beside all the others.

    The gaps are differences to everybody else, their confidence allows for how many segments are compared.
    """

    kind: str
    name: str
    applicants: int
    defaults: Interval
    approved: Interval
    referred: Interval
    mean_pd: float
    auc: Interval
    default_gap: Interval
    approval_gap: Interval
    good_approval_gap: Interval  #: among those who repaid: the gap that risk cannot explain
    fit: Interval  #: default rate at the confidence of the gaps: holds the mean PD where the PD fits

    @property
    def enough(self) -> bool:
        defaults = round(self.defaults.value * self.applicants) if self.applicants else 0
        compared = not math.isnan(self.good_approval_gap.value)
        return compared and self.applicants >= LEAST_APPLICANTS and defaults >= LEAST_DEFAULTS

    @property
    def treatment(self) -> str:
        """What the gaps say: "few", "alike", "follows_risk", or a real one: "less" or "more"."""
        if not self.enough:
            return "few"
        gap = self.good_approval_gap
        if gap.holds(0):
            return "alike"
        return "follows_risk" if self._riskier(gap.value) else ("less" if gap.value < 0 else "more")

    def _riskier(self, approved_more: float) -> bool:
        """Whether it defaults more, beyond chance, where it is approved less; or the other way round."""
        return not self.default_gap.holds(0) and self.default_gap.value * approved_more < 0

    @property
    def pd_fit(self) -> str:
        """Whether the mean PD fits what happened: "few", "fits", "too_low" or "too_high"."""
        if not self.enough:
            return "few"
        if self.fit.holds(self.mean_pd):
            return "fits"
        return "too_low" if self.mean_pd < self.fit.low else "too_high"

    @property
    def striking(self) -> bool:
        return self.treatment in ("less", "more") or self.pd_fit in ("too_low", "too_high")


def compare(population: Population, kinds: Kinds) -> tuple[Segment, ...]:
    """Every segment of every kind, the largest first."""
    return tuple(segment for kind, of in kinds.items() for segment in _of_kind(population, kind, of))


def _of_kind(population: Population, kind: str, of: Callable[[Judged], str]) -> Iterator[Segment]:
    names = [of(one) for one in population.scored]
    for name in sorted(set(names), key=lambda name: (-names.count(name), name)):
        confidence = 1 - ALARM / len(set(names))
        inside, outside = _parted(population, of, name)
        yield _segment((kind, name), inside, outside, confidence)


def _parted(population: Population, of: Callable[[Judged], str], name: str) -> tuple[Population, Population]:
    """Those of a segment, and all others."""
    return population.only(lambda one: of(one) == name), population.only(lambda one: of(one) != name)


def _segment(title: tuple[str, str], inside: Population, outside: Population, confidence: float) -> Segment:
    def gap(count: Callable[[Population], tuple[int, int]]) -> Interval:
        return intervals.difference(count(inside), count(outside), confidence)

    return Segment(
        *title,
        applicants=len(inside.scored),
        defaults=intervals.share(*_defaults(inside)),
        approved=intervals.share(*_approved(inside)),
        referred=inside.share_of(Outcome.REFERRED.value),
        mean_pd=math.fsum(inside.pd) / len(inside.pd),
        auc=intervals.auc(inside.outcome, inside.pd),
        default_gap=gap(_defaults),
        approval_gap=gap(_approved),
        good_approval_gap=gap(_good_approved),
        fit=intervals.share(*_defaults(inside), confidence),
    )


def _defaults(part: Population) -> tuple[int, int]:
    return int(part.outcome.sum()), len(part.scored)


def _approved(part: Population) -> tuple[int, int]:
    return sum(map(_is_approved, part.scored)), len(part.scored)


def _good_approved(part: Population) -> tuple[int, int]:
    good = [one for one in part.scored if not one.merchant.defaulted]
    return sum(map(_is_approved, good)), len(good)


def _is_approved(one: Judged) -> bool:
    return one.decision.outcome is Outcome.APPROVED
