"""One model on one split of one set of data, with what was promised of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """What a figure should come to."""

    #: "auc", "ks", "accuracy", "f1"; of "error" and "ece" (expected calibration error) less is better
    figure: str
    bound: float

    @property
    def at_most(self) -> bool:
        return self.figure in ("error", "ece")

    def met(self, figures: Mapping[str, float]) -> bool:
        """Whether these figures keep the promise; a missing one does not.

        >>> Goal("auc", 0.85).met({"auc": 0.851}), Goal("error", 0.226).met({"error": 0.23})
        (True, False)
        """
        found = figures.get(self.figure)
        return found is not None and (found <= self.bound if self.at_most else found >= self.bound)


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
