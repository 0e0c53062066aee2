"""A few schedules of those that `python -m tests.interleavings` runs by the thousand."""

from tests.interleavings import running


async def test_whatever_happens_at_once_the_promises_of_one_speaker_hold() -> None:
    outcome = await running.run(seed=6, schedules=30)

    assert outcome.broken == []
    assert min(outcome.figures[name] for name in ("takes_over", "hand_backs", "deaths", "words")) > 0


async def test_a_wire_that_does_not_ask_who_has_the_word_is_found_out() -> None:
    outcome = await running.run(seed=6, schedules=20, heedless=True)

    assert any("sent after the word was taken" in fact for fact in outcome.broken)
