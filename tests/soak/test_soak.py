"""The soak in small: a few chats for a few seconds, and the process ended while they talk."""

from tests.soak import soak
from tests.soak.samples import Sample
from tests.soak.verdict import fitted


async def test_a_crowd_talks_and_nothing_acknowledged_is_lost_when_the_process_ends() -> None:
    outcome = await soak.run(6, 12, thinking=(0.05, 0.2), every=0.5)

    assert outcome.broken == []
    assert outcome.figures["finished"]["browsers"] > 0
    assert outcome.figures["finished"]["telegram"] > 0
    assert outcome.figures["exit_code"] == 0


def test_growth_is_the_slope_after_the_warm_up() -> None:
    rss = [10, 60, 100, 101, 102, 103, 104, 105]
    samples = [Sample(n * 60.0, mebi, 0, 0, 0, 0, {}) for n, mebi in enumerate(rss)]

    assert fitted(samples) == (60.0, 5.0)
