"""Pages: what a person wrote shows as text, cards carry every figure, and only living buttons are shown."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from bot import figures
from bot.pages import Pages
from bot.rates import Rate
from bot.webchat import transcript
from conversations import phrases, wording
from conversations.store import Message
from tests.bot import sample_messages as samples
from tests.conversations.toy import ToyClock


class Reading(HTMLParser):
    """A page as a browser sees it: its elements and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, name: str) -> list[str | None]:
        return [attrs["value"] for tag, attrs in self.tags if tag == "button" and attrs.get("name") == name]


def chat(messages: list[Message], language: str = "zh-Hans", *, sandbox: bool = False) -> Reading:
    talk = transcript.of(messages)
    return Reading(
        Pages("http://127.0.0.1:1" if sandbox else None).fragment(
            "chat.html", language, talk=talk, begin=False, busy=False
        )
    )


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize(
    "messages", [samples.TALK, samples.SUMMARY, samples.DECIDED, samples.ACCEPTED, samples.PURPOSE, []]
)
def test_every_kind_of_message_has_a_page_in_every_language(messages: list[Message], language: str) -> None:
    page = chat(messages, language)

    assert ("html", {"lang": language}) in page.tags
    assert len([tag for tag, attrs in page.tags if "data-n" in attrs]) <= len(messages)


def test_a_colleague_is_named_with_what_they_answer_and_settles_the_buttons() -> None:
    data = {"name": "小李", "quoted": "租金是多少"}
    told = samples.message(6, "staff", "一万五", sender="staff-1", data=data)
    page = chat([*samples.PURPOSE, told])

    assert "小李 · 人工客服" in page.words
    assert "租金是多少" in page.words
    assert "staff-1" not in page.words + str(page.tags)
    assert page.values("choice") == chat([]).values("choice")  # the menu's alone


def test_an_edited_message_stands_in_its_place_and_says_so() -> None:
    told = samples.message(6, "staff", "一万", sender="staff-1", data={"name": "小李"})
    edit = samples.message(8, "staff", "一万五", sender="staff-1", data={"name": "小李", "edits": 6})
    between = samples.message(7, "say", "算好了", sender="merchant")
    page = chat([*samples.PURPOSE, told, between, edit])

    assert "一万五" in page.words
    assert "一万\n" not in page.words
    assert "已修改" in page.words
    assert page.words.index("一万五") < page.words.index("算好了")


def test_markup_in_a_merchant_s_words_is_text() -> None:
    page = chat(samples.SUMMARY)

    assert samples.POLYGLOT in page.words
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert [attrs["src"] for tag, attrs in page.tags if tag == "script"] != []
    assert not [tag for tag, _ in page.tags if tag == "img"]


@pytest.mark.parametrize("part", ["text", "label", "url", "row", "reason", "lender", "code"])
def test_markup_anywhere_in_a_message_is_text(part: str) -> None:
    bad = samples.POLYGLOT
    offer = samples.LONG | {"lender": bad, "name": bad, "product": bad, "expires": bad}
    messages = {
        "text": samples.message(1, "say", bad),
        "label": samples.message(1, "ask", "?", step="trade", choices={bad: bad}),
        "url": samples.linked(1, bad),
        "row": samples.message(1, "summary", "?", data={"rows": [{"step": bad, "label": bad, "value": bad}]}),
        "reason": samples.message(
            1, "decision", bad, data=samples.DECISION | {"reasons": [samples.reason("R", "raises", 1, bad)]}
        ),
        "lender": samples.message(1, "offer", bad, data=offer),
        "code": samples.message(1, "receipt", bad, data={"offer": offer, "code": bad}),
    }

    page = chat([messages[part]])

    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert not [attrs for tag, attrs in page.tags if tag == "a" and (attrs["href"] or "").startswith("jav")]
    assert [tag for tag, _ in page.tags if tag in ("img", "style")] == []


def test_only_the_newest_question_has_buttons() -> None:
    choices = chat(samples.SUMMARY).values("choice")

    assert "submit" in choices
    assert "restaurant" not in choices


def test_what_is_said_before_the_question_keeps_buttons_that_work_at_any_time() -> None:
    rated = samples.message(2, "say", "帮得怎么样？", choices={"/rate 1": "1 分", "/rate 5": "5 分"})
    asked = samples.message(3, "ask", "身份？", step="role", choices={"owner": "老板"})

    choices = chat([rated, asked]).values("choice")
    assert {"/rate 1", "/rate 5", "owner"} <= set(choices)


def test_once_something_was_said_to_it_they_are_gone() -> None:
    rated = samples.message(1, "say", "帮得怎么样？", choices={"/rate 1": "1 分", "/rate 5": "5 分"})
    said = samples.message(2, "said", "5 分", sender="merchant")
    asked = samples.message(3, "ask", "身份？", step="role", choices={"owner": "老板"})

    choices = chat([rated, said, asked]).values("choice")
    assert "owner" in choices
    assert "/rate 5" not in choices


def test_each_row_of_the_summary_can_be_changed() -> None:
    choices = chat(samples.SUMMARY).values("choice")

    assert [f"/edit {row['step']}" for row in samples.ROWS] == [
        c for c in choices if (c or "").startswith("/edit ")
    ]


@pytest.mark.parametrize(
    ("said", "shown"),
    [("/human", "找人工"), ("/language en", "切换语言"), ("/nothing", "/nothing"), ("/", "/")],
)
def test_a_tap_in_the_menu_reads_as_words(said: str, shown: str) -> None:
    card = transcript.of([samples.message(1, "say", said, sender="merchant")]).rows[0].cards[0]
    words = wording.phrase(f"web.command.{card.command}", "zh-Hans") if card.command else card.headline

    assert words == shown


def test_an_offer_is_chosen_on_its_card_and_only_there() -> None:
    choices = chat(samples.DECIDED).values("choice")

    assert choices.count("take:BBD12") == choices.count("take:BBD6") == 1
    assert "think" in choices


def test_offers_shown_before_an_earlier_question_have_no_button_any_more() -> None:
    asked_again = samples.message(12, "ask", "?", step="offer", choices={"take:BBD12": "选"})
    rows = transcript.of([*samples.DECIDED, asked_again]).rows

    assert [card.inside for row in rows if row.kind == "offer" for card in row.cards] == [{}, {}]
    assert [choice["id"] for choice in rows[-1].cards[0].choices] == ["take:BBD12"]


def test_offers_stand_side_by_side_and_the_cost_statement_alone() -> None:
    statement = samples.message(11, "offer", "?", step="acknowledge", data=samples.LONG)
    rows = transcript.of([*samples.DECIDED[:-1], statement]).rows

    assert [len(row.cards) for row in rows if row.kind == "offer"] == [2, 1]


def test_the_annual_rate_comes_before_every_other_figure_of_an_offer() -> None:
    page = chat([samples.message(1, "offer", "…", data=samples.LONG)]).words

    assert page.index("年化利率（单利）") < page.index("3.86%") < page.index("100,000")
    assert "前 6 期免息，第 7 期起年利率 14.4%" in page
    assert page.count("8,333.33") == 17, "principal and total of every instalment, to the cent"


@pytest.mark.parametrize(
    "part", ["出借与收费方", "手续费等费用", "其他收费", "逾期", "提前还款", "应还总额", "可以选到"]
)
def test_the_cost_card_has_every_field(part: str) -> None:
    assert part in chat([samples.message(1, "offer", "…", data=samples.LONG)]).words


def test_a_loan_without_interest_says_so_and_what_then() -> None:
    assert (
        "6 期全部免息，之后没有其他期数" in chat([samples.message(1, "offer", "…", data=samples.SHORT)]).words
    )


def test_a_loan_with_interest_throughout_names_its_rate() -> None:
    plain = samples.LONG | {"interest_free": 0}
    assert "每期按年利率 14.4% 计息" in chat([samples.message(1, "offer", "…", data=plain)]).words


def test_a_refusal_shows_its_reasons_without_a_limit() -> None:
    declined = samples.DECISION | {"outcome": "declined", "limit": 0, "grade": None, "score": None}
    page = chat([samples.message(1, "decision", "很抱歉。", data=declined)]).words

    assert "可借额度" not in page
    assert "每月可支配的现金不够覆盖更高的月供" in page


def test_a_decision_draws_where_the_shop_s_account_stands() -> None:
    page = chat([samples.message(1, "decision", "…", data=samples.DECISION)])

    drawn = [(attrs["aria-label"], attrs["value"]) for tag, attrs in page.tags if tag == "meter"]
    assert drawn == [("影响力", "86"), ("口碑", "67")]
    assert "按 12,400 计" in page.words


def test_a_decision_kept_before_there_were_scores_is_drawn_without() -> None:
    old = {name: value for name, value in samples.DECISION.items() if name != "standing"}

    assert not [
        tag for tag, _ in chat([samples.message(1, "decision", "…", data=old)]).tags if tag == "meter"
    ]


def test_the_cost_statement_s_confirmation_waits() -> None:
    asked = samples.message(
        1, "offer", "请看完", step="acknowledge", data=samples.LONG, choices={"acknowledge": "我已看完"}
    )

    waiting = [attrs["value"] for _, attrs in chat([asked]).tags if attrs.get("data-wait") == "10"]
    assert waiting == ["acknowledge"]


def test_several_purposes_are_ticked() -> None:
    boxes = [attrs for tag, attrs in chat(samples.PURPOSE).tags if attrs.get("type") == "checkbox"]

    assert [box["value"] for box in boxes] == ["进货/原料", "房租", "工资", "税款"]


def test_the_sandbox_says_that_it_is_one() -> None:
    assert "人物均为虚构" in chat([], sandbox=True).words
    assert "人物均为虚构" not in chat([]).words


def test_progress_is_shown_while_there_is_some() -> None:
    assert "第 4 / 15 项" in chat(samples.TALK).words
    assert "第 15 / 15 项" not in chat(samples.DECIDED).words


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize(
    "key",
    [
        "decision.approved",
        "decision.referred",
        "decision.declined",
        "offer.card",
        "ask.acknowledge",
        "receipt.card",
    ],
)
def test_what_is_said_above_a_card_is_one_line(key: str, language: str) -> None:
    assert "\n" not in phrases.sentences(language)[key]


def test_a_rate_forgets_who_has_been_idle_for_longest() -> None:
    rate = Rate(1, ToyClock(), keys=2)

    assert [rate.allows(key) for key in ("a", "b", "a", "c", "b")] == [True, True, False, True, True]


def test_a_rate_counts_within_its_window() -> None:
    clock = ToyClock()
    rate = Rate(2, clock, window=timedelta(seconds=10))
    first = [rate.allows("a"), rate.allows("a"), rate.allows("a")]
    clock.pass_by(seconds=10)

    assert first == [True, True, False]
    assert rate.allows("a")


def test_the_time_shown_is_china_s() -> None:
    assert figures.clock(datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == "00:30"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.test", ""])
def test_only_web_addresses_are_links(url: str) -> None:
    assert figures.safe_url(url) == ""
