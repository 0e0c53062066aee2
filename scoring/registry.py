"""Which features there are: the points table of a lender may score by these and by nothing else."""

from collections.abc import Iterable
from pathlib import Path

from scoring import business, scorecard
from scoring.declared import FORBIDDEN
from scoring.forms import PolicyError
from scoring.scorecard import Scorecard


def names() -> frozenset[str]:
    """Every declared feature by the name that a points table uses."""
    # measuring loads numpy, which a start does not wait for
    from scoring.social.table import TABLE

    return business.NAMES | {f"{side}_{line.feature.name}" for line in TABLE for side in line.accounts}


def refuse_undeclared(label: str, scored: Iterable[str], declared: Iterable[str]) -> None:
    """Raises `PolicyError` with a line for every name that is not declared, or that nobody is scored by."""
    known = frozenset(declared)
    lines = [f"{label}: features: {name}: {_fault(name)}" for name in scored if name not in known]
    if lines:
        raise PolicyError("\n".join(lines))


def _fault(name: str) -> str:
    forbidden = FORBIDDEN & set(name.lower().split("_"))
    if forbidden:
        return f"nobody is scored by {', '.join(sorted(forbidden))}"
    return "should be a declared feature; docs list them by name"


def model(path: Path | None = None) -> Scorecard:
    """The lender's points table, the packaged one unless given.

    Raises `PolicyError` where the file is wrong, or scores by what is not declared.
    """
    loaded = scorecard.load(path)
    if path is not None:  # the packaged one is held against the declarations before it is packaged
        refuse_undeclared(str(path), (row.name for row in loaded.table.features), names())
    return loaded
