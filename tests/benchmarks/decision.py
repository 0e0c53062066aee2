"""One decision with its inputs in memory, and the points table alone."""

import itertools
import statistics
from collections.abc import Callable
from importlib import resources
from time import perf_counter_ns

from scoring import policy, scorecard
from scoring.decide import build_case, decide
from scoring.decision import Decision
from scoring.judge import judge
from scoring.lines import read_inputs
from tests.benchmarks.report import Goal, Row
from tests.benchmarks.rounds import Plan

LEAST = 200  #: calls, however short the time


async def run(plan: Plan) -> list[Row]:
    """The worked example, decided again and again in this process."""
    inputs = read_inputs(resources.files("scoring").joinpath("examples/xiaoxia.json").read_text("utf-8"))
    rules, model = policy.load(), scorecard.load()
    features = judge(build_case(inputs, rules), model=model, policy=rules).features

    def decided() -> Decision:
        return decide(inputs, model=model, policy=rules)

    whole = _times(decided, plan.seconds)
    points = _times(lambda: model.score(features), plan.seconds)
    return [
        Row("decision", "whole, p50", _percentile(whole, 50) / 1e6, "ms", Goal("≤ 0.5 ms", most=0.5)),
        Row("decision", "whole, p99", _percentile(whole, 99) / 1e6, "ms", Goal("≤ 2 ms", most=2)),
        Row("decision", "points alone, p50", _percentile(points, 50) / 1e3, "µs", Goal("≤ 10 µs", most=10)),
    ]


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
