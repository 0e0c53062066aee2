"""What would help: every step is one that a merchant can take, and taking it gives what was said."""

from dataclasses import dataclass, field, fields, replace
from decimal import Context, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import registry
from scoring.application import Application
from scoring.cases import Case
from scoring.decide import decide_case
from scoring.decision import Decision, Improvement, Step
from scoring.improve import MOST, RUNS, suggestions
from scoring.judge import judge
from scoring.levers import LEVERS
from scoring.months import Month
from scoring.scorecard import Scorecard, Scored
from tests.scoring import builders

MODEL, LENDER = builders.model(), builders.lender()
LICENCE = "91350100M000100Y43"
#: features that money, friends or patience with a keyboard can buy
BOUGHT = (
    registry.names()
    - {"brand_days_since_post", "brand_answered"}
    - {each.name for each in fields(Application)}
)
#: answers that may be changed by doing something, not by saying something else
DONE = {
    *("brand_account", "personal_account", "debt_balance", "debt_payment", "amount", "licence_number"),
    *("lease_end", "opened", "purchases", "brand_days_since_post", "brand_answered"),
}


def advised(case: Case) -> tuple[Improvement, ...]:
    with localcontext(Context(prec=28)):
        return suggestions(case, judge(case, MODEL, LENDER), MODEL, LENDER)


def limit(case: Case) -> int:
    with localcontext(Context(prec=28)):
        return judge(case, MODEL, LENDER).limit


def done(case: Case, step: Step | Improvement) -> Case:
    """The case of a merchant who has done what was said."""
    values = step.values
    match step.code:
        case "R05":
            return replace(case, supposed={**case.supposed, "brand_days_since_post": 0.0})
        case "R06" | "R13":
            return replace(case, has_brand=True, has_personal=case.has_personal or step.code == "R13")
        case "R16":
            return _with_purchases(case)
        case "R03":
            said = _repaid(case.application, int(values["repay_fen"]))
        case "R04":
            said = _waited(case, Month.read(str(values["until"])))
        case _:
            said = _answered(step)
    return replace(case, application=replace(case.application, **said))


def _answered(step: Step | Improvement) -> dict[str, Any]:
    until, amount = step.values.get("until"), step.values.get("amount_fen")
    answers: dict[str, dict[str, Any]] = {
        "R10": {"lease_end": until and Month.read(str(until))},
        "R11": {"amount": amount},
        "R12": {"licence_number": LICENCE},
    }
    return answers[step.code]


def _repaid(given: Application, amount: int) -> dict[str, Any]:
    owed, paid = given.debt_balance or 0, given.debt_payment or 0
    left = owed - amount
    return {"debt_balance": left, "debt_payment": (paid * left + owed - 1) // owed if owed else 0}


def _waited(case: Case, until: Month) -> dict[str, Any]:
    assert case.application.opened
    return {"opened": case.application.opened.plus(-Month.of(case.day).until(until))}


def _with_purchases(case: Case) -> Case:
    """Purchases that give the smallest figure so far once more."""
    month = judge(case, MODEL, LENDER).business
    assert month
    bought = int(min(month.reconstructions.values()) * (1 - month.gross_margin))
    return replace(case, application=replace(case.application, purchases=bought))


core_or_full = st.booleans()
changes = st.fixed_dictionaries(
    {},
    optional={
        "debt_balance": st.integers(0, 60_000_000),
        "debt_payment": st.integers(0, 1_500_000),
        "opened": st.sampled_from(["2020-03", "2019-11", "2019-07", "2018-09", "2017-02", "2012-01"]),
        "lease_end": st.sampled_from(["2020-05", "2020-12", "2022-01"]),
        "amount": st.integers(500_000, 90_000_000),
        "pre_shock_sales": st.sampled_from([13_000_000, 21_000_000, 40_000_000]),
        "other_costs": st.integers(0, 2_500_000),
        "capacity": st.sampled_from([4, 16]),
        "licence": st.sampled_from(["company", "none"]),
    },
)
known = st.fixed_dictionaries(
    {"has_brand": st.booleans(), "has_personal": st.booleans(), "enterprise": st.booleans()},
    optional={"supposed": st.just({"brand_days_since_post": 60.0})},
)


def situation(core: bool, answers: dict[str, Any], accounts: dict[str, Any]) -> Case:
    answered = builders.core_answers(**answers) if core else builders.answers(**answers)
    accounts = dict(accounts)
    quiet = accounts.pop("supposed", None)
    case = builders.case(answered, **accounts)
    return replace(case, social={**case.social, **quiet}) if quiet else case


@given(core_or_full, changes, known)
@settings(deadline=None)
def test_doing_what_is_advised_gives_what_was_said(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    case = situation(core, answers, accounts)
    before = limit(case)
    for better in advised(case):
        after = done(case, better)
        with localcontext(Context(prec=28)):
            after = done(after, better.also) if better.also else after

        assert limit(after) == better.limit_after > before
        assert better.gain == better.limit_after - before


@given(core_or_full, changes, known)
@settings(deadline=None)
def test_single_steps_come_best_first_and_a_pair_only_for_more_than_any_of_them(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    found = advised(situation(core, answers, accounts))
    singles, pairs = [b for b in found if not b.also], [b for b in found if b.also]

    assert len(singles) <= MOST
    assert len(pairs) <= 1
    assert [b.limit_after for b in singles] == sorted((b.limit_after for b in singles), reverse=True)
    assert len({b.code for b in singles}) == len(singles)
    for pair in pairs:
        assert found[-1] == pair
        assert all(pair.limit_after > single.limit_after for single in singles)


@dataclass(frozen=True)
class Counting(Scorecard):
    """A points table that counts how often it is asked."""

    asked: list[int] = field(default_factory=list)

    def score(self, values: Any) -> Scored:
        self.asked.append(1)
        return super().score(values)


@given(core_or_full, changes, known)
@settings(deadline=None, max_examples=40)
def test_a_search_tries_a_limited_number_of_cases(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    case, model = situation(core, answers, accounts), Counting(MODEL.table, MODEL.name)
    with localcontext(Context(prec=28)):
        verdict = judge(case, model, LENDER)
        model.asked.clear()
        suggestions(case, verdict, model, LENDER)

    assert len(model.asked) <= RUNS


def decision(case: Case) -> Decision:
    with localcontext(Context(prec=28)):
        return decide_case(case, "0" * 64, model=MODEL, policy=LENDER)


def test_the_golden_merchant_needs_no_search() -> None:
    assert decision(builders.measured()).improve == ()


def test_no_more_is_repaid_than_what_lifts_the_limit() -> None:
    case = builders.case(builders.answers(debt_balance=8_000_000, debt_payment=600_000))
    better = next(better for better in advised(case) if better.code == "R03")
    repaid = int(better.values["repay_fen"])
    less = replace(better, values={"repay_fen": repaid - 200_000})

    assert 0 < repaid < 8_000_000
    assert repaid % 100_000 == 0
    assert (
        limit(done(case, less))
        < better.limit_after
        == limit(done(case, Step("R03", {"repay_fen": 8_000_000})))
    )


def test_two_accounts_help_where_neither_alone_does() -> None:
    case = builders.case(builders.answers(pre_shock_sales=None), has_brand=False, has_personal=False)
    found = advised(case)

    assert [(better.code, better.also) for better in found if better.also] == [("R06", Step("R13", {}))]
    assert found[-1].limit_after > 2_000_000


def test_an_amount_far_above_its_purpose_is_better_asked_smaller() -> None:
    case = builders.case(builders.answers(amount=70_000_000))
    [move] = [move for lever in LEVERS if lever.code == "R11" for move in lever.moves(_ground(case))]

    assert move.values == {"amount_fen": 59_900_000}  # six months of 99,900
    assert limit(move.case) >= limit(case)


def test_a_lease_is_renewed_to_the_last_instalment() -> None:
    row = MODEL.by_name["lease_left"]
    case = builders.case(builders.answers(lease_end="2020-06", pre_shock_sales=20_000_000))

    assert row.bins[0].points < 0
    moves = [move for lever in LEVERS if lever.code == "R10" for move in lever.moves(_ground(case))]
    assert [move.values for move in moves] == [{"until": "2021-04"}]


def test_comments_are_answered_only_where_the_model_asks_for_it() -> None:
    quiet = replace(builders.measured(), social={**builders.measured().social, "brand_answered": 0.2})
    lever = next(lever for lever in LEVERS if lever.code == "R08")
    row = MODEL.table.features[0].model_copy(update={"name": "brand_answered"})
    table = MODEL.table.model_copy(update={"features": (*MODEL.table.features, row)})

    assert list(lever.moves(_ground(quiet))) == []
    [move] = lever.moves(_ground(quiet, Scorecard(table, "asks")))
    assert move.case.supposed == {"brand_answered": 1.0}


def _ground(case: Case, model: Scorecard = MODEL) -> Any:
    from scoring.levers import Ground

    with localcontext(Context(prec=28)):
        return Ground(case, judge(case, MODEL, LENDER), model, LENDER, lambda c: judge(c, MODEL, LENDER))


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.code)
def test_no_lever_touches_what_can_be_bought(lever: Any) -> None:
    assert lever.touches <= DONE
    assert not lever.touches & BOUGHT


def test_no_two_levers_have_one_code() -> None:
    assert len({lever.code for lever in LEVERS}) == len(LEVERS)


@given(core_or_full, changes, known)
@settings(deadline=None)
def test_a_lever_changes_nothing_but_what_it_says(
    core: bool, answers: dict[str, Any], accounts: dict[str, Any]
) -> None:
    case = situation(core, answers, accounts)
    for lever in LEVERS:
        for move in lever.moves(_ground(case)):
            assert _changed(case, move.case) <= lever.touches


def _changed(before: Case, after: Case) -> set[str]:
    asked, said = before.application, after.application
    found = {
        each.name for each in fields(Application) if getattr(asked, each.name) != getattr(said, each.name)
    }
    found |= set(after.supposed) - set(before.supposed)
    found |= {"brand_account"} if before.has_brand != after.has_brand else set()
    return found | ({"personal_account"} if before.has_personal != after.has_personal else set())
