"""Attacks on a limit: what is bought, what it costs, and that the search only ever does what helps."""

import copy
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from scoring import snapshot
from scoring.decide import decide
from scoring.decision import Outcome
from scoring.evaluation import bought, gaming, population
from scoring.evaluation.gaming import Attack
from scoring.evaluation.population import Judged
from tests.scoring import builders
from tests.scoring.evaluation import merchants

DAY = builders.DAY


@cache
def attacks_on_one() -> tuple[Attack, ...]:
    return gaming.attacks(target(), merchants.lender())


@cache
def target() -> Judged:
    """The first merchant whose limit popularity could move."""
    lender = merchants.lender()
    some = population.judged(merchants.merchants(12), lender.model, lender.policy, lambda: None)
    return gaming.attackable(some)[0]


@pytest.mark.parametrize("good", bought.market().goods)
def test_every_good_of_the_market_has_an_effect_and_leaves_the_snapshot_given_alone(good: str) -> None:
    given = builders.account(positive=3, other=0)
    kept = copy.deepcopy(given)

    after = bought.EFFECTS[good](given, 50, DAY)

    assert after != given
    assert given == kept
    assert isinstance(snapshot.read(after), snapshot.Account)


@pytest.mark.parametrize("good", bought.market().goods)
@pytest.mark.parametrize(
    "odd", [{}, {"user": None}, {"user": {}, "statuses": "none"}, {"statuses": [None, 7]}]
)
def test_an_account_that_shows_nothing_can_be_attacked_without_an_error(good: str, odd: Any) -> None:
    bought.EFFECTS[good](odd, 3, DAY)


def test_counts_rise_by_what_was_bought() -> None:
    given = builders.account(positive=3, other=0)
    likes = sum(post["attitudes_count"] for post in given["statuses"])

    liked = bought.EFFECTS["likes"](given, 101, DAY)
    followed = bought.EFFECTS["fans"](given, 25_000, DAY)

    assert sum(post["attitudes_count"] for post in liked["statuses"]) == likes + 101
    assert followed["user"]["followers_count"] == given["user"]["followers_count"] + 25_000


def test_bought_followers_come_slowly_where_earlier_counts_are_kept() -> None:
    history = [{"at": builders.at(days), "followers_count": "900"} for days in (90, 60, 30)]
    after = bought.EFFECTS["fans"]({**builders.account(), "history": history}, 300, DAY)

    assert [entry["followers_count"] for entry in after["history"]] == [900, 1000, 1100]


def test_bought_reviews_are_many_hands_and_hardly_alike() -> None:
    given = builders.account(positive=0, other=0)
    after = bought.EFFECTS["reviews"](given, 60, DAY)
    comments = [said for post in after["statuses"] for said in post["comments"]]

    assert len(comments) == len({said["user"]["id"] for said in comments}) == 60
    assert len({said["text"] for said in comments}) >= 58
    assert sum(post["comments_count"] for post in after["statuses"]) == 60 + sum(
        post["comments_count"] for post in given["statuses"]
    )


def test_money_buys_as_many_pieces_as_it_pays_for() -> None:
    inputs = target().merchant.inputs
    price = bought.market().goods["mentions"].price

    after = gaming.applied(inputs, {"mentions": 2, "owner_fans": 1}, 100)

    assert inputs.brand is not None
    assert inputs.personal is not None
    assert after.brand is not None
    assert after.personal is not None
    assert len(after.brand["mentions"]) - len(inputs.brand["mentions"]) == int(50 / price)
    gained = after.personal["user"]["followers_count"] - inputs.personal["user"]["followers_count"]
    assert gained == int(25 / bought.market().goods["owner_fans"].price)


def test_the_best_attack_is_decided_by_the_real_code_and_is_no_worse_than_none() -> None:
    lender, one = merchants.lender(), target()

    found = attacks_on_one()

    assert [attack.budget for attack in found] == list(gaming.BUDGETS)
    for attack in found:
        assert sum(attack.mix.values()) <= gaming.PARTS
        assert attack.after.limit >= one.decision.limit
    first = found[0]
    again = decide(
        gaming.applied(one.merchant.inputs, first.mix, first.budget), model=lender.model, policy=lender.policy
    )
    assert again == first.after


def test_more_money_never_does_less() -> None:
    found = attacks_on_one()

    assert [attack.after.limit for attack in found] == sorted(attack.after.limit for attack in found)


def attack(before: int, after: int, pd: float = 0.05) -> Attack:
    held = replace(target().decision, outcome=Outcome.REFERRED, grade="C", limit=before, pd=pd)
    added = held.facts["contributions"]
    facts = {**held.facts, "contributions": {**added, "brand_feedbacks": added["brand_feedbacks"] + 3}}
    better = replace(held, limit=after, pd=pd - 0.01, facts=facts)
    if after > before:
        better = replace(better, grade="B", outcome=Outcome.APPROVED)
    return Attack(100, {"fans": 4}, held, better)


ATTACKS = [
    attack(100, 100),
    attack(100, 103),
    attack(100, 105),
    attack(100, 150),
    attack(0, 10),
    attack(0, 0),
]


def test_the_figures_of_a_budget_count_merchants() -> None:
    found = gaming.moved(100, ATTACKS)

    assert (found.merchants, found.largest, round(found.median, 6)) == (6, 1.0, 0.03)
    assert found.above == pytest.approx(2 / 6)
    assert found.from_nothing == pytest.approx(1 / 6)
    assert found.unmoved == pytest.approx(2 / 6)
    assert found.pd_fell == pytest.approx(0.01)
    assert found.spent == {"fans": 1.0}
    assert found.better_grade == found.approved == pytest.approx(4 / 6)
    assert found.through == {"brand_feedbacks": pytest.approx(3)}
    assert found.largest_from == ("C", "B")


def test_who_could_get_no_loan_however_popular_does_not_make_attacks_look_harmless() -> None:
    one = target()
    poor = replace(one, decision=replace(one.decision, limit=0, binding="afford"))
    risky = replace(one, decision=replace(one.decision, limit=0, binding=None))

    assert gaming.attackable([poor, risky]) == [risky]


def test_who_has_no_account_cannot_be_attacked() -> None:
    lender = merchants.lender()
    without = population.judged(
        [merchants.merchant(5, accounts=False)], lender.model, lender.policy, lambda: None
    )

    assert gaming.attackable([*without, target()]) == [target()]
    assert gaming.measure([], lender, lambda: None) == ()
