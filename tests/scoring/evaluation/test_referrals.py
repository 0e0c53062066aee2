"""Why a person looks: every ground counted once an applicant, among all, among the honest, and alone."""

from dataclasses import replace

from scoring.decision import Decision, Outcome, Reason
from scoring.evaluation.population import Judged
from scoring.evaluation.referrals import grounds
from tests.scoring import builders
from tests.scoring.evaluation import merchants


def sent(*reasons: Reason, frauds: tuple[str, ...] = ()) -> Judged:
    decision: Decision = replace(builders.decided(), outcome=Outcome.REFERRED, reasons=reasons)
    return Judged(replace(merchants.merchant(0), frauds=frauds), decision)


def refers(code: str, **values: str) -> Reason:
    return Reason(code, "refers", 0, values)


def test_grounds_are_counted_by_applicant_and_the_most_frequent_comes_first() -> None:
    margin, risk = refers("R20", why="check", check="X10"), refers("R20", why="risk")
    approved = Judged(merchants.merchant(1), builders.decided())

    found = grounds(
        [
            sent(margin),
            sent(margin, risk, frauds=("hidden_debt",)),
            sent(refers("R16", missing="rent")),
            approved,
        ]
    )

    told = [(one.name, one.everybody.value, one.honest.value, one.alone.value) for one in found]
    assert told == [("X10", 0.5, 1 / 3, 0.25), ("missing", 0.25, 1 / 3, 0.25), ("risk", 0.25, 0.0, 0.0)]


def test_reasons_that_only_lower_are_no_ground() -> None:
    assert grounds([sent(Reason("R08", "lowers", -3))]) == ()
