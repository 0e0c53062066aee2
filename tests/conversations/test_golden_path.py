"""How much the golden merchant is asked before the first limit, and how long that takes at a shop's pace."""

from tests.conversations.talk import GOLDEN, Talk

#: seconds: a tap, a typed answer, and agreeing on Weibo's page, which is three taps
PACE = {"tap": 6, "say": 11, "connect": 18}


def test_fifteen_prompts_and_less_than_three_minutes_lead_to_a_decision() -> None:
    talk, asked, seconds = Talk(), 0, 0
    talk.arrives()
    while talk.waiting is not None:
        how, _ = GOLDEN[talk.waiting]
        asked, seconds = asked + 1, seconds + PACE[how]
        talk.answers_golden(talk.waiting)

    assert [type(request).__name__ for request in talk.turn.requests] == ["Assess"]
    assert asked == 15
    assert seconds == 154
