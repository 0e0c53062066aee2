"""Every state meets every event, hostile words and walks at random; no promise is ever broken."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import prompts, session
from conversations.commands import PUBLIC
from conversations.events import (
    Arrived,
    AssessmentFailed,
    Chose,
    Connected,
    ConnectFailed,
    Decided,
    Edited,
    Event,
    HandleChecked,
    LinkFailed,
    MovedHere,
    Said,
    Shared,
    WereAway,
)
from conversations.phrases import LANGUAGES
from conversations.replies import Kind, Reply
from conversations.requests import (
    Assess,
    CheckHandle,
    KeepAcceptance,
    KeepToken,
)
from conversations.session import Session, Stage
from conversations.steps import STEPS, Choice
from conversations.wording import word
from tests.conversations.talk import (
    NOW,
    PATH,
    PLACES,
    Talk,
    approved,
    at,
    declined,
    modest,
    referred,
)

EVENTS: tuple[Event, ...] = (
    Arrived(NOW, "en"),
    MovedHere(NOW),
    MovedHere(NOW, 7),
    LinkFailed(NOW),
    Said(NOW, "13万"),
    Said(NOW, "为什么"),
    Said(NOW, "不知道"),
    Said(NOW, "???"),
    Chose(NOW, "agree", "consent"),
    Chose(NOW, "skip"),
    Chose(NOW, "no such choice", "no such step"),
    Shared(NOW, "sticker"),
    Shared(NOW, "poll"),
    Edited(NOW, "14万"),
    HandleChecked(NOW, "brand", "小夏", None, "7", "小夏"),
    HandleChecked(NOW, "personal", "小夏", "not_found"),
    Connected(NOW, "brand", "7", "小夏", "sealed"),
    ConnectFailed(NOW, "brand", "refused"),
    ConnectFailed(NOW, "personal", "timeout"),
    Decided(NOW, approved(), {}),
    Decided(NOW, modest(), {}),
    Decided(NOW, declined(), {}),
    Decided(NOW, referred(), {}),
    AssessmentFailed(NOW, "model"),
    WereAway(NOW, NOW),
)
HOSTILE = (
    "",
    " ",
    "长" * 4096,
    "9" * 4096,
    "💥🥲👨‍👩‍👧",
    "\u202egnp.exe",
    "\u200b\u200b\ufeff",
    "{consent} {0} {{}} %s %(x)s ${x}",
    "{{ 7*7 }} <%= 1 %>",
    "'; DROP TABLE sessions; --",
    "<script>alert(1)</script>",
    '=cmd|"/c calc"!A1',
    "\x00",
    "\ud800",
    "a\ud800b\x00c",
    "../../etc/passwd",
    "http://127.0.0.1/",
    "١٢٣",
    "NaN",
    "1e400",
    "\r\n\r\n",
    "/",
    "//",
    "/nosuch",
    "/edit nosuch",
    "/withdraw nosuch",
    "/language nosuch",
)
COULD_BE_A_CITY = ("\u202egnp.exe", "NaN")


def worded(replies: tuple[Reply, ...]) -> list[str]:
    """The replies in every language: nothing is left without its text."""
    return [word(reply, language).text for reply in replies for language in LANGUAGES]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{type(event).__name__}")
@pytest.mark.parametrize("place", PLACES)
def test_every_event_is_handled_in_every_state(place: str, event: Event) -> None:
    talk = PLACES[place]()
    talk.hears(event)
    assert session.load(session.dump(talk.session)) == talk.session
    assert all(worded(talk.replies))
    assert talk.waiting is None or talk.waiting in STEPS


@pytest.mark.parametrize(
    ("place", "text"),
    [(place, text) for place in PLACES for text in HOSTILE if place != "city" or text not in COULD_BE_A_CITY],
    ids=lambda value: repr(value[:12]),
)
def test_hostile_words_are_answered_and_change_no_answer(place: str, text: str) -> None:
    talk = PLACES[place]()
    before = talk.session.answers
    assert talk.says(text)
    assert talk.session.answers == before
    assert talk.waiting is None or talk.waiting in STEPS
    assert session.load(session.dump(talk.session)) == talk.session
    assert all(worded(talk.replies))


@pytest.mark.parametrize("text", ["长" * 4096, "9" * 4096, "1," * 2048, "三四万" * 1365, "a " * 2048])
@pytest.mark.parametrize("place", ["city", "brand_account", "orders_per_day", "purpose", "licence_number"])
def test_long_words_are_answered_at_once(place: str, text: str) -> None:
    talk = at(place)
    assert talk.says(text)


def test_nothing_is_done_about_a_merchant_before_consent() -> None:
    talk = Talk()
    for event in EVENTS:
        if not isinstance(event, Chose):
            talk.hears(event)
    assert talk.waiting == "consent"
    assert not talk.session.answers
    assert not talk.session.accounts
    assert not talk.requests


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("place", ["rent", "check", "assessing", "brand_account"])
def test_while_a_person_has_the_word_the_bot_is_silent(place: str, event: Event) -> None:
    talk = PLACES[place]()
    talk.session = replace(talk.session, holder="mei", epoch=1)
    assert talk.hears(event) == []
    assert talk.session.holder == "mei"


WORDS = (
    *(words for how, words in PATH.values() if how == "say"),
    *(
        "没有",
        "不知道",
        "对",
        "不对",
        "大概3万",
        "1",
        "为什么",
        "xyzzy",
        "2030年1月",
        "@小夏",
        "买房",
        "同意",
        "接受",
    ),
    *(f"/{command}" for command in PUBLIC),
    *("/edit rent", "/edit brand_account", "/restart yes", "/delete yes", "/withdraw brand", "/language en"),
    *("/offers", "/details", "先到这里", "七成", "7月最旺"),
)
TAPS = sorted(
    {what for how, what in PATH.values() if how == "tap"}
    | {option for step in STEPS.values() if isinstance(step.reads, Choice) for option in step.reads.options}
    | {"skip", "none", "connect", "check_again", "unproven", "yes", "no", "6", "12", "rent", "/offers"}
)
ACTS = st.one_of(
    st.just(("golden", "")),
    st.just(("golden", "")),
    st.tuples(st.just("say"), st.sampled_from(WORDS)),
    st.tuples(st.just("tap"), st.sampled_from(TAPS)),
    st.tuples(st.just("event"), st.sampled_from(EVENTS)),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 60 * 24 * 40])),
)


def act(talk: Talk, what: str, how: str | int | Event) -> None:
    if what == "wait":
        talk.waits(minutes=float(str(how)))
    elif what == "golden" and talk.waiting:
        talk.answers_golden(STEPS[talk.waiting].block)
    elif isinstance(how, str):
        talk.taps(how) if what == "tap" else talk.says(how)
    else:
        talk.hears(replace(how, at=talk.now))  # type: ignore[type-var, arg-type] # every event has a time


def check_invariants(talk: Talk, before: Session) -> None:
    now = talk.session
    assert now.waiting is None or now.waiting in STEPS
    if "consent" not in now.answers:
        assert not now.answers
        assert not now.accounts
    if now.waiting:
        asking = (Stage.APPLYING, Stage.DETAILING, Stage.OFFERED)
        assert now.stage in asking or now.known(now.waiting)
        assert prompts.ask(now, now.waiting).kind is not Kind.SAY
    if now.stage is Stage.ACCEPTED:
        assert now.decision is not None
        assert now.chosen in {offer.product for offer in now.decision.offers}
        assert now.acknowledged
    consented = "consent" in before.answers or "consent" in now.answers
    work = (CheckHandle, Assess, KeepToken)
    assert consented or not any(isinstance(request, work) for request in talk.turn.requests)
    if before.stage is Stage.ACCEPTED:
        assert not any(isinstance(request, KeepAcceptance) for request in talk.turn.requests)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTS, min_size=5, max_size=60))
def test_a_walk_at_random_never_breaks_a_promise(acts: list[tuple[str, str | int | Event]]) -> None:
    talk = Talk()
    for what, how in acts:
        before = talk.session
        act(talk, what, how)
        check_invariants(talk, before)
    assert session.load(session.dump(talk.session)) == talk.session


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=300), st.sampled_from(tuple(PATH)))
def test_any_text_at_any_step_is_answered(text: str, step: str) -> None:
    talk = at(step)
    assert talk.says(text)
    session.dump(talk.session)
    worded(talk.replies)
