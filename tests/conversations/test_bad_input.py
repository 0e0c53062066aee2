"""Words that break programs, at every question: answered sensibly, nothing changed, shown as they are."""

import html
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pages import Pages
from bot.signing import Signer
from bot.telegram import messages as telegram
from bot.webchat import transcript
from conversations import session, wording
from conversations.lines import Lines
from conversations.session import Session
from conversations.store import Message
from conversations.store.clean import clean
from tests.conversations.talk import NOW, PATH, PLACES, Talk, at
from tests.hostile import NAUGHTY, WORDS
from tests.outline import outline

SIGNER = Signer("a secret of the tests, long enough to be one")
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')
OUR_PAGES = "https://shop.example/"
LINES = Lines(wording, lambda _id, link, _now: f"{OUR_PAGES}{link}")
#: questions that any words may answer
TAKES_ANY_WORDS = {"city", "brand_account", "personal_account"}
CHANGED_BY_AN_ANSWER = ("answers", "accounts", "doubt")
NEVER_CHANGED = ("stage", "language", "decision", "chosen", "acknowledged", "holder", "epoch", "reminders")


@cache
def asking(place: str) -> Session:
    return PLACES[place]().session


def facts(known: Session, place: str) -> list[object]:
    """All that an answer, a command or a decision would change."""
    names = NEVER_CHANGED if place in TAKES_ANY_WORDS else (*NEVER_CHANGED, *CHANGED_BY_AN_ANSWER)
    return [getattr(known, name) for name in names]


def said(talk: Talk, text: str) -> list[Message]:
    """The journal of one turn: the words, and what was replied."""
    talk.says(text)
    return LINES.of(talk.turn, 0, clean(text), NOW)


def shown_back(text: str) -> list[Message]:
    """Taken for the name of a city, and shown in every way that an answer is."""
    talk = Talk(asking("city"))
    messages = said(talk, text)
    for asked in ("/mydata", "/edit city", "/edit"):
        messages += said(talk, asked)
    return messages


def web(messages: list[Message]) -> str:
    numbered = [Message(**{**vars(message), "n": n}) for n, message in enumerate(messages, 1)]
    return Pages().fragment("rows.html", "en", talk=transcript.of(numbered))


@pytest.mark.parametrize("place", PLACES)
def test_hostile_words_are_answered_and_change_nothing(place: str) -> None:
    before = asking(place)
    for text in WORDS:
        talk = Talk(before)
        assert talk.says(text), text
        assert facts(talk.session, place) == facts(before, place), text
        assert all(wording.word(reply, "en").text for reply in talk.replies), text
        if talk.session.answers != before.answers:
            assert session.load(session.dump(talk.session)) == talk.session, text


@pytest.mark.parametrize("place", ["consent", "trade", "amount"])
def test_the_next_words_are_understood_as_if_the_hostile_ones_had_not_been(place: str) -> None:
    untouched = at(place)
    untouched.answers_golden(place)
    for text in WORDS:
        talk = Talk(asking(place))
        talk.says(text)
        talk.answers_golden(place)
        assert talk.waiting == untouched.waiting, text
        assert talk.session.answers == untouched.session.answers, text


def test_in_the_browser_words_are_words() -> None:
    told = [[*shown_back("昆明"), *said(Talk(asking("rent")), text)] for text in ("x", "/device")]
    harmless = set.union(*map(outline, map(web, told)))
    for text in WORDS:
        page = web([*shown_back(text), *said(Talk(asking("rent")), text)])
        assert outline(page) <= harmless, text
        assert all(link.startswith(OUR_PAGES) for link in LINK.findall(page)), text


def test_in_telegram_words_are_words() -> None:
    for text in WORDS:
        for message in [*shown_back(text), *said(Talk(asking("rent")), text)]:
            for part in telegram.render(message, "7", SIGNER):
                assert set(re.findall("<[^>]*>", part.text)) <= {"<b>", "</b>"}, text
                assert len(html.unescape(part.text).encode("utf-16-le")) <= 2 * telegram.MAX_TEXT, text
                part.text.encode()


@pytest.mark.parametrize("text", NAUGHTY["long"], ids=lambda text: repr(text[:6]))
@pytest.mark.parametrize("place", ["orders_per_day", "purpose", "licence_number"])
def test_long_words_are_answered_at_once(place: str, text: str) -> None:
    assert at(place).says(text)


@settings(deadline=None, max_examples=60)  # the machine may be busy
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=300), st.sampled_from(tuple(PATH)))
def test_any_text_at_any_question_is_answered(text: str, place: str) -> None:
    talk = at(place)
    assert talk.says(text)
    session.dump(talk.session)
    assert all(wording.word(reply, "en").text for reply in talk.replies)
