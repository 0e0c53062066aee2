"""What a changed fact did to a decision: codes and figures for one sentence. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scoring.decision import Decision, Outcome

Figures = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Difference:
    """Two decisions side by side, the earlier figure first; `cause` says what moved the limit.

    The cause is the cap that held the limit down where it is lower, or no longer holds it where it is higher:
    a name of `limits.CAPS`, "payments" for an affordability that existing payments changed, "rule" where a
    person or a refusal took the limit's place, None where nothing moved.
    """

    changed: tuple[str, ...]  #: the answers that differ, by step
    outcome: tuple[Outcome, Outcome]
    limit: tuple[int, int]  #: fen
    grade: tuple[str | None, str | None]
    binding: tuple[str | None, str | None]
    cause: str | None = None
    figures: Figures = field(default_factory=dict)  #: of the cause, `..._fen` is money

    @property
    def same(self) -> bool:
        """Whether the merchant may borrow what was offered before."""
        return self.limit[0] == self.limit[1] and self.outcome[0] is self.outcome[1]


def explain(before: Decision, after: Decision, changed: Iterable[str]) -> Difference:
    """The difference between two decisions on one merchant, with the answers changed between them."""
    cause, figures = _cause(before, after)
    return Difference(
        tuple(changed),
        (before.outcome, after.outcome),
        (before.limit, after.limit),
        (before.grade, after.grade),
        (before.binding, after.binding),
        cause,
        figures,
    )


def _cause(before: Decision, after: Decision) -> tuple[str | None, Figures]:
    ruled = before.by_person or after.by_person
    if ruled or (after.outcome is not before.outcome and after.outcome is not Outcome.APPROVED):
        return "rule", {}
    if after.limit == before.limit:
        return None, {}
    cap = after.binding if after.limit < before.limit else before.binding
    return _OF_CAP.get(cap or "", _of_cap)(before, after, cap or "")


def _of_cash(before: Decision, after: Decision, cap: str) -> tuple[str | None, Figures]:
    """What affordability is made of: cash left each month, less what is paid already."""
    was, now = before.facts.get("disposable"), after.facts.get("disposable")
    if was is None or now is None:
        return cap, {}
    if was == now:
        return "payments", {}
    return cap, {"was_fen": was, "is_fen": now}


def _of_grade(before: Decision, after: Decision, cap: str) -> tuple[str | None, Figures]:
    if before.grade is None or after.grade is None or before.grade == after.grade:
        return None, {}
    return cap, {"was": before.grade, "is": after.grade}


def _of_sales(before: Decision, after: Decision, cap: str) -> tuple[str | None, Figures]:
    was, now = before.facts.get("sales"), after.facts.get("sales")
    return (cap, {"was_fen": was, "is_fen": now}) if was and now and was != now else (None, {})


def _of_cap(_before: Decision, _after: Decision, cap: str) -> tuple[str | None, Figures]:
    return cap, {}


_OF_CAP = {"afford": _of_cash, "grade": _of_grade, "turnover": _of_sales}
