"""Who has to wait after Telegram asked for patience, and for how long."""

import pytest

from bot.telegram.pace import CAREFUL, GAP, Pace


class Time:
    """Passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(lambda: time.now, time.sleep)


def test_a_chat_that_was_told_to_wait_holds_up_no_other(pace: Pace, time: Time) -> None:
    pace.flooded("a", 7)

    assert (pace.wait("a"), pace.wait("b")) == (7, 0)
    time.now += 7
    assert pace.wait("a") == 0


def test_several_chats_at_once_hold_everybody_up_as_long_as_the_least_of_them(pace: Pace) -> None:
    for chat, seconds in (("a", 30), ("b", 5), ("c", 9)):
        pace.flooded(chat, seconds)

    assert [pace.wait(chat) for chat in "abcx"] == [30, 5, 9, 5]


def test_one_chat_told_often_and_chats_told_far_apart_are_no_storm(pace: Pace, time: Time) -> None:
    for chat in "aaab":
        pace.flooded(chat, 60)
    time.now += 2
    pace.flooded("c", 60)

    assert pace.wait("x") == 0


def test_a_few_chats_told_to_wait_among_many_written_to_are_no_storm(pace: Pace, time: Time) -> None:
    for chat in "abcd":
        pace.sent()
        pace.flooded(chat, 60)

    assert pace.wait("x") == 0

    time.now += 1.5  # what went out is long ago
    for chat in "efg":
        pace.flooded(chat, 60)

    assert pace.wait("x") == 60


async def test_after_a_storm_messages_go_out_evenly_and_then_freely_again(pace: Pace, time: Time) -> None:
    for chat in "abc":
        pace.flooded(chat, 1)
    time.now += 1
    began = time.now
    for _ in range(26):
        await pace.turn()

    assert time.now - began == pytest.approx(25 * GAP)
    time.now += CAREFUL
    before = time.now
    for _ in range(100):
        await pace.turn()
    assert time.now == before
