"""One model on one split of one set of data: what it gave, its figures, and what was promised of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

#: ece is the expected calibration error; limit_... is how far bought popularity moved a limit
LESS_IS_BETTER = frozenset(
    {"error", "ece", "brier", "limit_p95", "limit_max", "limit_above_5", "decisions_changed"}
)


@dataclass(frozen=True)
class Goal:
    """What a figure should come to."""

    #: "auc", "ks", "accuracy", "f1"; of those in `LESS_IS_BETTER` a goal is the most they should be
    figure: str
    bound: float
    most: float | None = None  #: where more than this would be too good to be true

    @property
    def at_most(self) -> bool:
        return self.figure in LESS_IS_BETTER

    def met(self, figures: Mapping[str, float]) -> bool:
        """Whether these figures keep the promise; a missing one does not.

        >>> Goal("auc", 0.85).met({"auc": 0.851}), Goal("error", 0.226).met({"error": 0.23})
        (True, False)
        >>> Goal("auc", 0.74, most=0.77).met({"auc": 0.95})
        False
        """
        found = figures.get(self.figure)
        if found is None:
            return False
        if self.at_most:
            return found <= self.bound
        return self.bound <= found and (self.most is None or found <= self.most)


@dataclass(frozen=True, eq=False)
class Heldout:
    """PDs that a model gave to rows it was not fitted on, with what happened."""

    data: str
    split: str
    model: str
    outcome: NDArray[Any]
    pd: NDArray[Any]


@dataclass(frozen=True)
class Measured:
    data: str  #: "SBAcase", "waimai_10k", "simulated merchants" ...
    split: str  #: how training and test rows were told apart
    model: str  #: "additive scorecard", "WOE logistic scorecard", "boosting" ...
    figures: Mapping[str, float]
    goals: tuple[Goal, ...] = ()
    spread: Mapping[str, float] = field(default_factory=dict)  #: standard deviation over folds, by figure

    @property
    def missed(self) -> tuple[Goal, ...]:
        return tuple(goal for goal in self.goals if not goal.met(self.figures))
