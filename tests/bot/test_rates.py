"""A rate counts for a window, and keeps nothing of who has been quiet for longer."""

from bot.rates import Rate
from tests.conversations.toy import ToyClock


def test_whoever_was_quiet_for_a_window_is_forgotten() -> None:
    clock = ToyClock()
    rate = Rate(2, clock)
    for number in range(100):
        rate.allows(str(number))
    clock.pass_by(minutes=1)

    assert rate.allows("newest")
    assert len(rate) == 1


def test_of_too_many_the_quietest_is_forgotten_first() -> None:
    rate = Rate(1, ToyClock(), keys=2)

    assert [rate.allows(key) for key in ("a", "b", "a", "c", "a", "b")] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]
    assert len(rate) == 2
