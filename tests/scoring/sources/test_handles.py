"""What merchants type for their account."""

import pytest

from scoring.sources.handles import Handle, handle, ownership_phrase

NAMED = Handle(screen_name="小夏雲味小館")
NUMBERED = Handle(uid="1404376560")


@pytest.mark.parametrize(
    "text",
    [
        "小夏雲味小館",
        "@小夏雲味小館",
        "＠小夏雲味小館 ",
        "@\u200b小夏\u200d雲味小館\ufeff",
        "https://weibo.com/n/小夏雲味小館",
        "weibo.com/n/%E5%B0%8F%E5%A4%8F%E9%9B%B2%E5%91%B3%E5%B0%8F%E9%A4%A8?from=feed",
        "https://www.weibo.com/小夏雲味小館/",
    ],
)
def test_a_nickname_is_read_from(text: str) -> None:
    assert handle(text) == NAMED


@pytest.mark.parametrize(
    "text",
    [
        "1404376560",
        "１４０４３７６５６０",
        "https://weibo.com/u/1404376560",
        "https://weibo.com/1404376560",
        "http://m.weibo.cn/u/1404376560?luicode=1",
        "HTTPS://M.WEIBO.CN/profile/1404376560#top",
    ],
)
def test_a_number_is_read_from(text: str) -> None:
    assert handle(text) == NUMBERED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "夏",
        "x" * 31,
        "123",
        "小夏 雲味",
        "http://169.254.169.254/u/1404376560",
        "https://weibo.com.evil.example/u/1404376560",
        "https://evil.example/?weibo.com/u/1404376560",
        "https://weibo.com/u/abc",
        "https://weibo.com/login",
        "https://weibo.com/n/a%2Fb",
        "javascript:alert(1)",
        "\u200b\u200b",
    ],
)
def test_no_account_is_read_from(text: str) -> None:
    assert handle(text) is None


@pytest.mark.parametrize("names", [{}, {"uid": "1404376560", "screen_name": "zaku"}])
def test_a_handle_is_one_name_and_only_one(names: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="uid or a screen name"):
        Handle(**names)


@pytest.mark.parametrize("description", ["BB-4K7Q", "云南菜馆 ｂｂ－4k 7q 每天营业", "bb-\u200b4k7q"])
def test_the_ownership_phrase_is_found_whatever_its_width_and_spaces(description: str) -> None:
    assert ownership_phrase({"description": description}, "BB-4K7Q")


@pytest.mark.parametrize("user", [{}, {"description": None}, {"description": "BB-4K7"}])
def test_the_ownership_phrase_is_not_invented(user: dict[str, object]) -> None:
    assert not ownership_phrase(user, "BB-4K7Q")


def test_an_empty_phrase_proves_nothing() -> None:
    assert not ownership_phrase({"description": "anything"}, " ")
