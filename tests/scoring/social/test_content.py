"""What is posted: own or repeated, about the shop, with pictures, with advertisements."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.social import content, grams, topics
from tests.scoring import builders
from tests.scoring.builders import Json
from tests.scoring.social.shops import figure, shop

MENU = "汽锅鸡 过桥米线 酸汤鱼 黑三剁 包烧鱼 老奶洋芋 薄荷排骨 玫瑰鲜花饼 野生菌火锅 小锅米线".split()  # noqa: SIM905
OTHER = (
    "今天股市大跌三百点",
    "球队又输了比赛真难过",
    "周末去爬了一座高山",
    "新买的手机很好用啊",
    "孩子期末考试结束了",
)


def posted(*texts: str, first: int = 3, **changes: Any) -> Json:
    return shop([builders.status(first + n, text=text, **changes) for n, text in enumerate(texts)])


def test_reposts_are_no_originals() -> None:
    posts = [builders.status(103), builders.status(104, retweeted_status={"id": 5})]

    assert figure("originals", shop(posts)) == pytest.approx(content.ORIGINAL.drawn(1, 2))
    assert figure("originals", shop()) is None


@pytest.mark.parametrize(
    "shows",
    [
        {"thumbnail_pic": "http://…"},
        {"pic_urls": [{"thumbnail_pic": "http://…"}]},
        {"page_info": {"type": "video"}},
        {"text": "小夏的微博视频 http://t.cn/a"},
    ],
)
def test_pictures_and_films_are_seen(shows: Json) -> None:
    posts = shop([builders.status(103, **shows), builders.status(104, pic_urls=[])])

    assert figure("pictured", posts) == pytest.approx(content.PICTURED.drawn(1, 2))


@pytest.mark.parametrize("habit", ["pictured", "originals", "linked_posts"])
def test_a_habit_is_of_the_year_before_the_last_season(habit: str) -> None:
    """Twenty posts that an agency writes today change nothing in what eighty bare reposts say."""
    bare = [
        builders.status(91 + 3 * n, text="转 http://t.cn/a", retweeted_status={"id": 5}) for n in range(80)
    ]
    bought = [builders.status(1 + 4 * n, pic_urls=[{"thumbnail_pic": "http://…"}]) for n in range(20)]

    assert figure(habit, shop([*bought, *bare])) == figure(habit, shop(bare)) is not None
    assert figure("pictured", shop([*bought, *bare])) == pytest.approx((0 + 0.6 * 40) / (80 + 40))
    assert figure(habit, shop([*bought, builders.status(90), builders.status(366)])) is None


def test_the_length_of_the_middle_post_is_taken() -> None:
    assert figure("post_length", posted("一", "一二三", "一" * 100)) == pytest.approx(1.386294361)


def test_posts_about_one_thing_fit_better_than_posts_about_anything() -> None:
    kept = posted(*(f"今天的{dish}准备好了，欢迎来店里坐坐" for dish in MENU[:5]))

    assert (figure("topic_fit", kept) or 0) > 0.5
    assert figure("topic_fit", posted(*OTHER)) == pytest.approx(0, abs=0.05)
    assert figure("topic_fit", posted("只有一条", "两条")) is None


def test_one_topic_has_no_diversity_and_many_have_all() -> None:
    assert topics.diversity(topics.weighed(["今天的汽锅鸡准备好了"] * 12)) == 0
    assert topics.diversity(topics.weighed([*OTHER, *MENU])) > 0.6


def test_a_balance_of_topics_is_best_in_the_middle() -> None:
    assert figure("topic_balance", posted(*["今天的汽锅鸡准备好了"] * 12)) == -0.5
    assert -0.5 <= (figure("topic_balance", posted(*OTHER, *MENU)) or 0) < 0
    assert figure("topic_balance", posted(*OTHER)) is None


def test_posts_that_repeat_one_another_are_counted() -> None:
    again = "本周八折，汽锅鸡、过桥米线、酸汤鱼都参加，欢迎光临"

    assert (
        figure("repeated_posts", posted(again, again + "！", "打烊前的灯光，一天辛苦了，晚安", "早")) == 0.5
    )


def test_links_elsewhere_count_and_links_within_weibo_do_not() -> None:
    links = ("买 http://t.cn/abc", "看 https://weibo.com/1/2", "#广告# 好物", "复制淘口令", "没有链接")

    assert figure("linked_posts", posted(*links, first=103)) == pytest.approx(content.LINKED.drawn(3, 5))


def test_punctuation_case_signs_and_names_make_no_difference() -> None:
    texts = ["Great coffee and a warm welcome", "great COFFEE, and a warm welcome!! [心] @somebody"]

    assert grams.near_duplicates(texts).all()


def test_short_words_that_many_say_are_no_copies() -> None:
    assert not grams.near_duplicates(["很好吃，下次还来"] * 5).any()


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=30))
def test_copies_are_found_of_any_texts_and_in_any_order(texts: list[str]) -> None:
    found = grams.near_duplicates(texts)
    turned = grams.near_duplicates(texts[::-1])

    assert len(found) == len(texts)
    assert found.sum() != 1
    assert (found == turned[::-1]).all()


@settings(deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=12), min_size=1
    )
)
def test_a_text_said_twice_is_always_a_copy(texts: list[str]) -> None:
    assert grams.near_duplicates(texts * 2).all()


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
def test_fit_and_diversity_stay_in_their_ranges(texts: list[str]) -> None:
    found = topics.weighed(texts)
    if found.texts:
        assert -1e-9 <= topics.fit(found) <= 1 + 1e-9 or found.texts < 2
        assert 0 <= topics.diversity(found) <= 1 + 1e-9
