"""What holds in every state that a conversation can come to: a person is near, nothing runs in circles."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.telegram import commands as telegram_commands
from conversations import diagram, session
from conversations.events import Arrived, Chose, Edited, Event, LinkFailed, MovedHere, Said, Shared
from conversations.phrases import LANGUAGES
from conversations.replies import Reply
from conversations.session import Stage
from conversations.steps import STEPS
from conversations.wording import word
from tests.conversations.graph import EVENTS, Key, State, Step, advanced, circles, states
from tests.conversations.talk import NOW, PLACES, at
from tests.test_architecture import ROOT

TAKES_ANY_WORDS = {"city", "brand_account", "personal_account"}
MERCHANTS = (Arrived, MovedHere, LinkFailed, Said, Chose, Shared, Edited)
OWED = ("device.", "human.here")  #: what the bot tells whoever talks to a person


def worded(replies: tuple[Reply, ...]) -> list[str]:
    """The replies in every language: nothing is left without its text."""
    return [word(reply, language).text for reply in replies for language in LANGUAGES]


def test_every_stage_and_every_question_is_among_the_states() -> None:
    found = [state.session for state in states().values()]

    assert {one.stage for one in found} == set(Stage)
    # asked of a gym, a salon or an agency only, as its own tests show
    assert {STEPS[one.waiting].block for one in found if one.waiting} == {
        step.block for step in STEPS.values()
    } - {"prepaid_balance"}


def test_a_person_is_at_most_two_taps_away_in_every_state() -> None:
    """One tap in the browser, where the button always shows; in Telegram the menu and the command in it."""
    assert 'command(t, "/human"' in (ROOT / "bot" / "templates" / "chat.html").read_text("utf-8")
    assert "human" in telegram_commands.NAMES
    for state in states().values():
        talk = advanced(state.session, Chose(NOW, "/human"))
        assert talk.session.person is not None, state.path
        assert talk.replies, state.path


def test_nobody_is_led_in_a_circle() -> None:
    assert circles(states()) == []


def test_a_circle_would_be_found() -> None:
    begun = advanced(at("rent").session, Said(NOW, "?")).session
    here: Key = ("here",)
    there: Key = ("there",)
    planted = {
        here: State(begun, ("arrived",), (), [Step("say yes", there, gain=1, answers=True)]),
        there: State(begun, ("arrived",), (), [Step("say no", here, gain=-1, answers=True)]),
    }
    assert len(circles(planted)) == 2


def test_what_is_not_understood_is_never_answered_twice_alike_and_brings_a_person() -> None:
    for state in states().values():
        said, known = list[list[str]](), state.session
        for _ in range(3):
            talk = advanced(known, Said(NOW, "xyzzy"))
            said.append(worded(talk.replies))
            known = talk.session
        assert all(said), state.path
        assert said[0] != said[1] != said[2], state.path
        asks = state.session.waiting is not None and state.session.waiting not in TAKES_ANY_WORDS
        assert known.person is not None or not asks, state.path


def test_every_kind_of_event_is_tried() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Event))


def test_every_event_is_handled_in_every_state() -> None:
    told: set[str] = set()
    for event in EVENTS:
        for state in states().values():
            talk = advanced(state.session, event)
            assert talk.waiting is None or talk.waiting in STEPS, (event, state.path)
            if new := [reply for reply in talk.replies if reply.key not in told]:
                told |= {reply.key for reply in new}
                assert all(worded(tuple(new))), (event, state.path)
                assert session.load(session.dump(talk.session)) == talk.session, (event, state.path)


@pytest.mark.parametrize("place", ["rent", "check", "assessing", "brand_account", "offer"])
def test_while_a_person_has_the_word_the_bot_is_silent(place: str) -> None:
    held = replace(PLACES[place]().session, holder="mei", epoch=1)
    for event in EVENTS:
        if isinstance(event, MERCHANTS):
            talk = advanced(held, event)
            assert [reply.key for reply in talk.replies if not reply.key.startswith(OWED)] == [], event
            assert talk.session.holder == "mei"


def test_the_readme_shows_the_table_as_it_is() -> None:
    assert diagram.main(["--check"]) == 0


def test_a_changed_table_would_be_noticed() -> None:
    page = diagram.TARGET.read_text("utf-8")

    assert diagram.drawn(page.replace("consent --> role", "consent --> trade")) == page
    with pytest.raises(ValueError, match="no place"):
        diagram.drawn("a page without marks")
