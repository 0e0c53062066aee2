"""How a colleague's help was: asked once, in one tap, and it holds nothing up."""

import pytest

from conversations.requests import KeepRating
from tests.conversations.test_speaker import MEI, hands_back, held, takes_over, writes


def test_who_was_helped_is_asked_once_how_it_was_and_then_goes_on() -> None:
    talk = held("rent")
    writes(talk, "房租写每个月的就行")
    assert hands_back(talk) == ["colleague.back", "colleague.rate", "ask.rent"]
    assert [choice.id for choice in talk.replies[1].choices] == [f"/rate {score}" for score in range(1, 6)]
    assert talk.taps("/rate 4") == ["colleague.rated", "ask.rent"]
    assert talk.turn.requests == (KeepRating(4, MEI.id),)
    takes_over(talk)
    writes(talk, "还在")
    assert hands_back(talk) == ["colleague.back", "ask.rent"]


def test_nobody_is_asked_about_help_that_did_not_come() -> None:
    talk = held("rent")
    talk.says("在吗")
    hands_back(talk)
    assert talk.taps("/rate 5") == ["ask.rent"]
    assert talk.turn.requests == ()


@pytest.mark.parametrize("score", ["0", "6", "x", "", "44"])
def test_a_rating_is_one_to_five(score: str) -> None:
    talk = held("rent")
    writes(talk, "您好")
    hands_back(talk)
    assert talk.says(f"/rate {score}") == ["ask.rent"]
    assert talk.turn.requests == ()
