"""One decision on a merchant already measured, the points table alone, and measuring a busy merchant."""

import itertools
import statistics
from collections.abc import Callable
from decimal import Context, localcontext
from importlib import resources
from time import perf_counter_ns
from typing import Any

from scoring import policy, scorecard
from scoring.decide import Inputs, build_case, decide, decide_case
from scoring.decision import Decision
from scoring.features import Measured
from scoring.judge import judge
from scoring.lines import read_inputs
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from scoring.simulation.merchants import Simulation
from scoring.snapshot import read
from scoring.social.accounts import measure
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan, Wrong

LEAST = 200  #: calls, however short the time
MERCHANTS = 200
POSTS, COMMENTS = 200, 1_000  #: of one busy merchant


async def run(plan: Plan) -> list[Row]:
    """The worked example, decided again and again in this process."""
    inputs = read_inputs(resources.files("scoring").joinpath("examples/xiaoxia.json").read_text("utf-8"))
    rules, model = policy.load(), scorecard.load()
    return [
        *_decided(inputs, rules, model, plan.seconds),
        *_of_many(rules, model),
        *_measured(inputs, rules, plan.seconds),
    ]


def _decided(inputs: Inputs, rules: Policy, model: Scorecard, seconds: float) -> list[Row]:
    """From the features in memory to score, limit, reasons, advice, offers and facts."""
    case, fingerprint = build_case(inputs, rules), inputs.sha256()
    points = judge(case, model=model, policy=rules).features

    def decided() -> Decision:
        with localcontext(Context(prec=28)):
            return decide_case(case, fingerprint, model=model, policy=rules)

    if decided() != decide(inputs, model=model, policy=rules):
        raise Wrong("the decision measured is not the one the product makes")
    whole, alone = _times(decided, seconds), _times(lambda: model.score(points), seconds)
    return [
        Row("decision", "whole, p50", _percentile(whole, 50) / 1e6, "ms", Goal("≤ 0.5 ms", most=0.5)),
        Row("decision", "whole, p99", _percentile(whole, 99) / 1e6, "ms", Goal("≤ 2 ms", most=2)),
        Row("decision", "points alone, p50", _percentile(alone, 50) / 1e3, "µs", Goal("≤ 10 µs", most=10)),
    ]


def _of_many(rules: Policy, model: Scorecard) -> list[Row]:
    """Each invented merchant once: most ask for more than they get, and a search finds what would help."""
    asked = [read_inputs(merchant.line()) for merchant in Simulation().merchants(MERCHANTS)]
    times = []
    for inputs in asked:
        with localcontext(Context(prec=28)):
            case = build_case(inputs, rules)
            begun = perf_counter_ns()
            decide_case(case, "", model=model, policy=rules)
        times.append(perf_counter_ns() - begun)
    note = f"{MERCHANTS} invented merchants, once each"
    return [
        Row("decision", "of many, p50", _percentile(times, 50) / 1e6, "ms", note=note),
        Row(
            "decision", "of many, p99", _percentile(times, 99) / 1e6, "ms", Goal("≤ 2 ms", most=2), note=note
        ),
    ]


def _measured(inputs: Inputs, rules: Policy, seconds: float) -> list[Row]:
    """From a stored snapshot to features: its JSON values are read, and every text."""
    snapshot = _busy(inputs)

    def features() -> Measured:
        return measure(read(snapshot), None, inputs.as_of, rules.reader)

    times = _times(features, seconds)
    note = f"{POSTS} posts, {COMMENTS:,} comments, from JSON values"
    goal = Goal("≤ 30 ms", most=30)
    return [
        Row("features", "one merchant, p50", _percentile(times, 50) / 1e6, "ms", goal, note=note),
        Row("features", "one merchant, p99", _percentile(times, 99) / 1e6, "ms"),
    ]


def _busy(inputs: Inputs) -> dict[str, Any]:
    """The example's account with more posts and comments: its own, again and again under other ids.

    Two of three comments are by somebody who wrote nothing else, as under the example's own posts.
    """
    account = dict(inputs.brand or {})
    posts = account["statuses"]
    comments = [comment for post in posts for comment in post["comments"]]
    each = COMMENTS // POSTS
    said = map(_anew, itertools.count(1), itertools.cycle(comments))
    account["statuses"] = [
        {**post, "id": number, "idstr": str(number), "comments": list(itertools.islice(said, each))}
        for number, post in enumerate(itertools.islice(itertools.cycle(posts), POSTS), 1)
    ]
    return account


def _anew(number: int, comment: dict[str, Any]) -> dict[str, Any]:
    author = comment["user"] if number % 3 == 0 else {**comment["user"], "idstr": f"99{number}"}
    return {**comment, "id": number, "user": author}


def _times(work: Callable[[], object], seconds: float) -> list[int]:
    """Nanoseconds of each call, for about so long."""
    for _ in range(LEAST // 4):
        work()
    times: list[int] = []
    end = perf_counter_ns() + int(seconds * 1e9)
    for number in itertools.count():
        begun = perf_counter_ns()
        if number >= LEAST and begun > end:
            break
        work()
        times.append(perf_counter_ns() - begun)
    return times


def _percentile(times: list[int], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]
