"""What the guard says of one text: which rule, how grave, where, and why."""

from dataclasses import replace
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import wording
from conversations.guard.checking import RULES, check
from conversations.guard.finding import Severity, blocked
from conversations.guard.folding import fold
from conversations.guard.known import Known, Lender
from conversations.phrases import LANGUAGES, phrase, sentences, show
from conversations.replies import Percent, Value, Yuan
from tests.conversations.guard.chat import HANDLES, known
from tests.conversations.guard.measure import HALVES, lines
from tests.conversations.talk import PLACES
from tests.scoring import builders

CHAT = known()
NOBODY = Known(Lender.of(builders.lender()))
WORDS = sorted({line.text for half in HALVES for language in ("zh", "en") for line in lines(half, language)})

#: texts that no merchant reads, and terms explained, which promise nothing
FOR_STAFF = ("guard.", "desk.", "deskpages.", "glossary.")
#: a name that stands on a card: what it lacks stands in the card's other lines
PARTS = {"product.BBD12"}
OFFER: dict[str, Value] = {
    "apr": Percent(0.03855), "compound": Percent(0.03924), "rate": Percent(0.144), "free": 6, "next": 7,
    "n": 7, "term": 12, "rate_low": Percent(0.108), "rate_high": Percent(0.216), "code": "A1B2C3",
    "small_cap": Yuan(2_000_000), "product_cap": Yuan(20_000_000), "cap_fen": Yuan(2_000_000),
    "total": Yuan(10_212_088), "interest": Yuan(212_088), "fee": Yuan(0), "handle": "小夏雲味小館",
    "due": CHAT.offers[1].instalments[6].due, "first": CHAT.offers[1].instalments[0].due,
    "last": CHAT.offers[1].instalments[-1].due, "expires": CHAT.offers[1].expires,
    **dict.fromkeys(("limit", "limit_fen", "amount", "principal", "before", "now"), Yuan(10_000_000)),
}  # fmt: skip
OF_KEY: dict[str, dict[str, Value]] = {
    "offer.rate_zero": {"apr": Percent(0), "term": 6},
    "offer.instalment": {"amount": Yuan(868_682)},
}


def rules(text: str, chat: Known = CHAT) -> set[str]:
    return {finding.rule for finding in check(text, chat)}


@pytest.mark.parametrize(
    "text", ["必\u200b过", "必　过", "必*过*", "ＧＵＡＲＡＮＴＥＥＤ approval", "必過", "保 证 通 过"]
)
def test_hiding_a_word_does_not_help(text: str) -> None:
    assert rules(text) == {"promise"}


def test_a_finding_shows_the_words_as_they_were_written() -> None:
    text = "您好,\u200b 小夏, 您的額度是１５ 万。"
    [finding] = check(text, CHAT)

    assert text[slice(*finding.span)] == "１５ 万"
    assert (finding.why, finding.severity) == ("guard.figure.principal", Severity.BLOCK)


def test_what_a_sentence_denies_is_not_said() -> None:
    assert rules("我不能保证通过") == rules("I can't promise that it is approved") == set()
    assert rules("我不担心，保证通过") == rules("Don't worry, I promise that it is approved") == {"promise"}


def test_an_unconditional_yes_stays_one_whatever_comes_before() -> None:
    assert rules("不看流水也一定能批") == {"promise"}


def test_free_instalments_need_to_be_counted_and_followed_by_the_rate() -> None:
    bare, partial, whole = (check(text, CHAT) for text in ("免息", "前6期免息", "全部6期免息"))

    assert [(each.why, each.severity) for each in bare] == [("guard.zero", Severity.BLOCK)]
    assert [(each.why, each.severity) for each in partial] == [("guard.zero.then", Severity.WARN)]
    assert whole == ()
    assert rules("前6期免息，第7期起年化14.4%") == set()


def test_a_daily_rate_may_follow_an_annual_one_and_not_precede_it() -> None:
    assert rules("年化14.4%，相当于日利率0.04%") == set()
    assert rules("日利率0.04%，相当于年化14.4%") == {"small_rate"}


@pytest.mark.parametrize(
    "text", ["您的额度是10万", "您的额度是5.6万", "You can borrow 100,000", "最高可以借20万"]
)
def test_what_an_offer_holds_or_the_lender_says_to_all_may_be_said(text: str) -> None:
    assert rules(text) == set()


@pytest.mark.parametrize("text", ["您的额度是10万", "批了5万", "You can borrow 100,000"])
def test_without_an_offer_nothing_is_granted(text: str) -> None:
    assert rules(text, NOBODY) == {"figure"}


def test_what_a_person_has_still_to_confirm_is_no_limit_yet() -> None:
    from tests.conversations.talk import after, referred

    session = after(replace(referred(), limit=10_000_000)).session
    assert rules("您的额度是10万", Known.of(session, NOBODY.lender)) == {"figure"}


def test_a_number_of_the_lenders_own_may_be_given() -> None:
    ours = replace(CHAT, contacts=frozenset({"400-820-0000", "13800001234"}))

    assert rules("请打 138 0000 1234", ours) == set()
    assert rules("请打 138 0000 1234") == {"personal"}


def test_the_merchants_own_accounts_may_be_named() -> None:
    assert all(rules(f"@{handle} 已连接") == set() for handle in HANDLES)
    assert [each.severity for each in check("@别家小馆 也在用", CHAT)] == [Severity.WARN]


def test_the_graver_of_two_findings_on_the_same_words_stands() -> None:
    assert [finding.rule for finding in check("先交200元手续费", CHAT)] == ["transfer"]


def test_a_text_is_blocked_by_one_grave_finding() -> None:
    assert blocked(check("必过！", CHAT))
    assert not blocked(check("名额有限", CHAT))
    assert not blocked(())


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=4).map("".join)))
@settings(max_examples=150, deadline=None)
def test_every_text_is_answered_with_places_within_it_that_do_not_overlap(text: str) -> None:
    findings = check(text, CHAT)
    ends = 0
    for finding in findings:
        assert ends <= finding.span[0] < finding.span[1] <= len(text)
        assert finding.rule in RULES
        ends = finding.span[1]


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once.text).text == once.text
    assert len(once.places) == len(once.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_a_text_of_every_language(language: str) -> None:
    found = {finding.why for text in WORDS for finding in check(text, CHAT)}
    assert found <= set(sentences(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_bot_passes(language: str) -> None:
    said = {key: text for key, text in sentences(language).items() if not key.startswith(FOR_STAFF)}
    held = {key for key, text in said.items() if check(_filled(key, text, language), CHAT)}
    assert held <= PARTS


def _filled(key: str, text: str, language: str) -> str:
    given = {**OFFER, **OF_KEY.get(key, {})}
    named = {name for _, name, _, _ in Formatter().parse(text) if name}
    if not named:
        return text
    return text.format_map({name: show(given.get(name, "…"), language) for name in named})


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_the_bot_says_on_the_way_passes_as_a_whole(place: str, language: str) -> None:
    talk = PLACES[place]()
    chat = Known.of(talk.session, NOBODY.lender)
    for reply in talk.replies:
        text = wording.word(reply, language).text
        assert check(text, chat) == (), text


def test_a_reason_can_be_worded() -> None:
    assert phrase("guard.promise", "en").startswith("No promise")
