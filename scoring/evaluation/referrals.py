"""Why applicants are sent to a person: how often each ground arises, and how often alone. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.decision import Outcome, Reason
from scoring.evaluation import intervals
from scoring.evaluation.intervals import Interval
from scoring.evaluation.population import Judged, honesty

MOST = 12  #: grounds that are told


@dataclass(frozen=True)
class Ground:
    """One ground; shares of all applicants, and of those about whom nothing is made up."""

    name: str  #: the check's id, "risk", "size", "missing", or the reason's code
    everybody: Interval
    honest: Interval
    alone: Interval  #: of all applicants, those who are sent for this alone


def grounds(applicants: Sequence[Judged]) -> tuple[Ground, ...]:
    """The grounds that arise, the most frequent first."""
    named = [(one, _of(one)) for one in applicants]
    honest = [names for one, names in named if honesty(one) == "honest"]
    counted = Counter(name for _, names in named for name in names)
    among_honest = Counter(name for names in honest for name in names)
    alone = Counter(min(names) for _, names in named if len(names) == 1)
    return tuple(
        Ground(
            name,
            intervals.share(times, len(named)),
            intervals.share(among_honest[name], len(honest)),
            intervals.share(alone[name], len(named)),
        )
        for name, times in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST]
    )


def _of(one: Judged) -> set[str]:
    if one.decision.outcome is not Outcome.REFERRED:
        return set()
    return {_name(reason) for reason in one.decision.reasons if reason.effect == "refers"}


def _name(reason: Reason) -> str:
    """
    >>> _name(Reason("R20", "refers", 0, {"why": "check", "check": "X10"}))
    'X10'
    """
    check, why = reason.values.get("check"), reason.values.get("why")
    if check or why:
        return str(check or why)
    return "missing" if "missing" in reason.values else reason.code
