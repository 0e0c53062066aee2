"""What a journal row looks like in Telegram."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram import messages
from bot.telegram.callback_data import Tap, unpack
from bot.telegram.messages import Part
from conversations.replies import Kind
from conversations.store import Message
from tests.bot.telegram.builders import SIGNER, journal


def render(message: Message) -> list[Part]:
    return messages.render(message, "7", SIGNER)


def labels(keyboard: messages.Rows | None) -> list[list[str]]:
    return [[button["text"] for button in row] for row in keyboard or ()]


def test_a_question_is_one_message_with_its_choices() -> None:
    [part] = render(journal("租金多少？", choices=({"id": "skip", "label": "跳过"},)))

    assert part.text == "租金多少？"
    assert labels(part.keyboard) == [["跳过"]]


def test_a_button_carries_its_choice_and_the_step_it_answers() -> None:
    [part] = render(journal(choices=({"id": "take:BBD12", "label": "x"},), step="offer"))

    assert part.keyboard is not None
    data = part.keyboard[0][0]["callback_data"]
    assert unpack(SIGNER, "7", str(data)) == Tap("take:BBD12", "offer")


def test_a_message_without_choices_has_no_keyboard() -> None:
    assert render(journal("好的")) == [Part("好的", None)]


def test_a_colleague_s_message_stands_under_their_name_with_what_it_answers() -> None:
    data = {"name": "小李 <3", "quoted": "租金\n是多少"}
    [part] = render(journal("一万五", sender="staff-1", kind="staff", data=data))

    assert part.text == "<b>小李 &lt;3</b>\n&gt; 租金 是多少\n一万五"


def test_what_people_wrote_is_escaped() -> None:
    [part] = render(journal("<b>5 > 3 & 2</b>"))

    assert part.text == "&lt;b&gt;5 &gt; 3 &amp; 2&lt;/b&gt;"


def test_a_card_begins_with_a_bold_heading() -> None:
    [part] = render(journal("年利率 < 4%\n第一期", kind="offer"))

    assert part.text == "<b>年利率 &lt; 4%</b>\n第一期"


def test_a_card_of_one_line_is_all_heading() -> None:
    assert render(journal("收到", kind="receipt")) == [Part("<b>收到</b>")]


def test_a_first_line_too_long_for_a_heading_is_broken_nowhere() -> None:
    [part] = render(journal("x" * 250, kind="decision"))

    assert part.text == "x" * 250


def test_an_empty_message_is_not_sent() -> None:
    assert render(journal("  ")) == []
    assert render(journal("", kind="summary")) == []


def test_the_keyboard_stands_under_the_last_part() -> None:
    first, last = render(journal("word " * 1000, choices=({"id": "ok", "label": "OK"},)))

    assert first.keyboard is None
    assert labels(last.keyboard) == [["OK"]]


def test_the_summary_has_its_changes_two_a_row() -> None:
    changes = tuple({"id": f"/edit s{n}", "label": f"改 {n}"} for n in range(3))
    [part] = render(journal("请核对", kind="summary", choices=({"id": "submit", "label": "提交"}, *changes)))

    assert labels(part.keyboard) == [["提交"], ["改 0", "改 1"], ["改 2"]]


def test_a_public_link_is_a_button_that_opens_it() -> None:
    link = {"id": "connect", "label": "连接微博", "url": "https://loans.example.cn/weibo/connect/x"}
    [part] = render(journal("微博？", choices=(link,)))

    assert part.keyboard is not None
    assert part.keyboard[0][0]["url"] == link["url"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "[::1]", "192.168.1.5", "shop.local", "host"]
)
def test_a_link_telegram_would_refuse_stands_in_the_text(host: str) -> None:
    link = {"id": "connect", "label": "连接微博", "url": f"http://{host}/weibo/connect/x?a=1&b=2"}
    [part] = render(journal("微博？", choices=(link, {"id": "skip", "label": "跳过"})))

    assert part.text == f"微博？\n\n连接微博: http://{host}/weibo/connect/x?a=1&amp;b=2"
    assert labels(part.keyboard) == [["跳过"]]


@pytest.mark.parametrize(
    ("given_labels", "expected"),
    [
        ([], []),
        (["a"], [1]),
        (["餐馆", "健身房", "咖啡馆", "零售"], [3, 1]),
        (["six months", "12 months"], [2]),
        (["a", "b", "a label that takes a row of its own"], [2, 1]),
        (["我的店今年刚刚开张还没有", "a", "b"], [1, 2]),
    ],
)
def test_rows_hold_as_many_buttons_as_can_be_read(given_labels: list[str], expected: list[int]) -> None:
    assert messages.rows(given_labels) == expected


@given(st.text(st.sampled_from("a 店😀&<\n\ud800"), max_size=9000), st.sampled_from([*Kind]))
def test_no_part_is_too_long_and_nothing_is_lost(text: str, kind: Kind) -> None:
    parts = render(journal(text, kind=kind.value))

    assert all(0 < len(part.text.encode("utf-16-le")) // 2 <= 4096 for part in parts)
    shown = "".join(html.unescape(re.sub("</?b>", "", part.text)) for part in parts)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text.replace("\ud800", "?"))


def test_nothing_but_blanks_is_no_piece() -> None:
    assert list(messages.split("  \n")) == []


def test_a_text_is_cut_between_lines_where_that_is_possible() -> None:
    assert list(messages.split("one\ntwo two\nthree", 12)) == ["one\ntwo two", "three"]
    assert list(messages.split("😀" * 5, 4)) == ["😀😀", "😀😀", "😀"]
