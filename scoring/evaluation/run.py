"""One evaluation from beginning to end: books and texts of a folder, simulated merchants, attacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from scoring.evaluation import gaming, merchants, population, real, segments
from scoring.evaluation.evaluation import Evaluation, Origin
from scoring.evaluation.gaming import Lender, Moved
from scoring.evaluation.measured import Goal, Measured
from scoring.evaluation.population import Merchant, Population
from scoring.evaluation.real import NothingToMeasure, Progress, Real

SEED = 1_000_003  #: of the merchants evaluated on; no model is fitted on merchants of this seed
MERCHANTS, QUICK_MERCHANTS = 3000, 300
ATTACKED, SHOCKED = 0.025, 0.15  #: of all merchants; an attack takes a hundred decisions
LIBRARIES = ("bangbang", "numpy", "scikit-learn")
ATTACK_GOALS = (Goal("limit_p95", gaming.ALLOWED), Goal("limit_max", gaming.ALLOWED))


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    command: str
    folder: Path | None = None
    quick: bool = False  #: leave out what takes minutes
    seed: int = SEED
    attacked: float = ATTACKED  #: share of merchants
    shocked: float = SHOCKED  #: share of merchants whose sales are halved

    @property
    def split(self) -> str:
        return f"fresh ones, seed {self.seed}"


def evaluate(plan: Plan, applicants: Sequence[Merchant], lender: Lender, progress: Progress) -> Evaluation:
    """Measure everything; raises `NothingToMeasure` where the folder or the merchants give nothing."""
    found = real.measure(plan.folder, progress, quick=plan.quick) if plan.folder else Real()
    with progress("merchants", len(applicants)) as step:
        everybody = Population(population.judged(applicants, lender.model, lender.policy, step))
    if len(set(everybody.outcome.tolist())) < 2:
        raise NothingToMeasure("merchants: should be more, for some to repay and some to default")
    moved = _attacked(plan, everybody, lender, progress)
    return Evaluation(
        origin=Origin(plan.command, plan.seed, _versions(), lender.policy.version),
        model=lender.model,
        measured=(
            *found.measured,
            *merchants.measured(everybody, lender.model, plan.split),
            _name_blindness(plan, everybody, lender, progress),
            *_gaming_measured(moved, plan),
        ),
        heldout=(*found.heldout, merchants.heldout(everybody, plan.split)),
        parts=merchants.halves(everybody, lender.model, plan.split),
        skipped=found.skipped,
        population=everybody,
        grades=tuple(grade.grade for grade in lender.policy.rules.grades),
        segments=segments.compare(everybody, merchants.kinds()),
        stability=_stability(plan, everybody, lender, progress),
        gaming=moved,
    )


def _versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}


def _attacked(plan: Plan, everybody: Population, lender: Lender, progress: Progress) -> tuple[Moved, ...]:
    targets = gaming.attackable(everybody.everybody)[: _part(plan.attacked, everybody)]
    with progress("attacks", len(targets)) as step:
        return gaming.measure(targets, lender, step)


def _part(share: float, everybody: Population) -> int:
    return max(1, round(share * len(everybody.everybody)))


def _gaming_measured(moved: Sequence[Moved], plan: Plan) -> tuple[Measured, ...]:
    """What each budget did; the promise is about the smallest one."""
    return tuple(
        Measured(
            merchants.DATA,
            plan.split,
            f"best attack for CNY {one.budget}",
            one.figures,
            ATTACK_GOALS if one.budget == gaming.BUDGETS[0] else (),
        )
        for one in moved
    )


def _name_blindness(plan: Plan, everybody: Population, lender: Lender, progress: Progress) -> Measured:
    """Some of the merchants decided again under another name."""
    before = Population(everybody.everybody[: _part(plan.shocked, everybody)])
    with progress("other names", len(before.everybody)) as step:
        again = [merchants.renamed(one.merchant) for one in before.everybody]
        after = Population(population.judged(again, lender.model, lender.policy, step))
    return merchants.name_blindness(before, after, plan.split)


def _stability(
    plan: Plan, everybody: Population, lender: Lender, progress: Progress
) -> dict[str, dict[str, float]]:
    """Against one half of the merchants: the other half, and some of them after a shock."""
    half = len(everybody.everybody) // 2
    base, other = Population(everybody.everybody[:half]), Population(everybody.everybody[half:])
    hit = [merchants.shocked(one.merchant) for one in base.everybody[: _part(plan.shocked, everybody)]]
    with progress("halved sales", len(hit)) as step:
        after = Population(population.judged(hit, lender.model, lender.policy, step))
    return merchants.stability(base, {"another sample": other, "sales halved": after}, lender.model)
