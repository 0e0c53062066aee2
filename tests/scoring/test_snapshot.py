"""Reading stored accounts, whatever they hold."""

import math
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import open_api, snapshot
from scoring.snapshot import Account, Unavailable
from scoring.social import accounts
from tests.scoring import builders


def account(raw: dict[str, Any]) -> Account:
    found = snapshot.read(raw)
    assert isinstance(found, Account)
    return found


def test_no_account_is_none_and_a_failed_source_is_a_fact() -> None:
    assert snapshot.read(None) is None
    assert snapshot.read({"unavailable": "timeout", "at": "2026-11-23"}) == Unavailable(
        "timeout", "2026-11-23"
    )
    assert snapshot.read({"unavailable": None}) == Unavailable("unknown", "")


@pytest.mark.parametrize("raw", [{}, [], "x", 3, {"user": None}, {"user": []}])
def test_what_holds_no_user_is_a_failed_source_and_not_a_small_account(raw: Any) -> None:
    assert isinstance(snapshot.read(raw), Unavailable)


@pytest.mark.parametrize("posts", [None, "x", 7, {}])
def test_an_account_whose_posts_cannot_be_read_was_not_read_whole(posts: Any) -> None:
    assert account({"user": {"id": 1}, "statuses": posts}).partial
    assert account({"user": {"id": 1}}).partial
    assert not account({"user": {"id": 1}, "statuses": []}).partial


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        *((5, 5), ("5", 5), ("12,345", 12_345), (" 7 ", 7), ("0", 0), (2.0, 2), (10**30, 10**11)),
        *(("1.2万", 12_000), ("3亿", 300_000_000), ("１２", 12), ("1.2萬", 12_000), ("10w+", 100_000)),
        *(("5k", 5_000), ("0.5", 0), ("99999999999亿", 10**11), (1e300, 10**11)),
        *((None, None), (True, None), (-3, None), ("-3", None), ("many", None), ("1.2.3", None), ("", None)),
        *(([], None), ({}, None), ("9" * 50, None)),
        *((float("nan"), None), (float("-inf"), None), ("1,2", None), ("12 34", None), ("万", None)),
    ],
)
def test_counts_are_numbers_or_text_and_what_is_no_count_is_unknown(raw: Any, count: int | None) -> None:
    assert account({"user": {"id": 1, "followers_count": raw}}).followers == count


@pytest.mark.parametrize("said", ["nobody", {}, 7, None])
def test_comments_and_mentions_that_cannot_be_read_are_unknown_and_not_none(said: Any) -> None:
    posts = [{"id": 1, "created_at": "Wed Apr 15 12:00:00 +0800 2020", "comments": said}]

    assert account({"user": {"id": 1}, "statuses": posts}).partial
    assert account({"user": {"id": 1}, "statuses": [], "mentions": said}).partial


def test_an_account_too_large_to_be_read_was_not_read_whole() -> None:
    post = {"created_at": "Wed Apr 15 12:00:00 +0800 2020"}
    said = [{"created_at": "Wed Apr 15 12:00:00 +0800 2020", "text": "好吃"}] * snapshot.MOST_COMMENTS

    assert account({"user": {"id": 1}, "statuses": [post] * (snapshot.MOST_POSTS + 1)}).partial
    assert account({"user": {"id": 1}, "statuses": [{**post, "comments": said}]}).partial


def test_an_unknown_number_of_followers_is_not_zero() -> None:
    assert account({"user": {"id": 1}}).followers is None


@pytest.mark.parametrize(
    "raw",
    [
        *("", "yesterday", "Tue Foo 31 17:46:55 +0800 2011", "Tue May 32 17:46:55 +0800 2011"),
        *("Tue May 31 17:46 +0800 2011", "9999-12-31T23:59:59-12:00", "2011-13-01", None, 5, {}),
        *("Tue May 31 24:46:55 +0800 2011", "Tue May 31 17:46:55 +0800 20111", "2008-12-31", "2100-01-02"),
        *("Tue May 31 １７:46:55 +0800 2011", "2011-05-31T" + "1" * 100, True, ["2011-05-31"]),
    ],
)
def test_a_broken_date_or_one_that_cannot_be_is_none(raw: Any) -> None:
    assert open_api.moment(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        *("Tue May 31 04:46:55 -0500 2011", "Tue May 31 17:46:55 +0800 2011"),
        *("2011-05-31T09:46:55+00:00", "2011-05-31T17:46:55", "2011-05-31T09:46:55Z"),
    ],
)
def test_times_of_every_zone_are_read_and_without_one_they_are_chinas(raw: str) -> None:
    assert open_api.moment(raw) == 1_306_835_215


def test_deleted_undated_and_repeated_posts_are_left_out() -> None:
    posts = [
        builders.status(3),
        builders.status(3),
        builders.status(4, deleted="1"),
        builders.status(5, created_at="?"),
        "no post",
    ]

    assert len(account({"user": {"id": 1}, "statuses": posts}).posts) == 1


def test_the_owners_own_words_are_nobodys_remark() -> None:
    remarks = [builders.said("谢谢", author=1), builders.said("好吃", author=2), {"text": "undated"}]
    raw = {
        "user": {"idstr": "1"},
        "statuses": [builders.status(3, remarks)],
        "mentions": [builders.said("来吃", author=1)],
    }

    assert [said.text for said in account(raw).remarks] == ["好吃"]
    assert [said.text for said in account(raw).answers] == ["谢谢", "来吃"]


def test_a_comment_that_comes_twice_is_read_once_and_one_without_an_id_always() -> None:
    twice = [{**builders.said("好吃", author=n), "id": 5} for n in (2, 3)]
    nameless = [builders.said("好吃", author=n) for n in (4, 5)]

    assert len(account({"user": {"id": 1}, "statuses": [builders.status(3, twice + nameless)]}).remarks) == 3


def test_deleted_comments_are_left_out() -> None:
    said = [{**builders.said("好吃"), "deleted": deleted} for deleted in (0, "0", False, None, 1, "1", True)]

    assert len(account({"user": {"id": 1}, "statuses": [builders.status(3, said)]}).remarks) == 4


def test_an_author_is_read_once_and_nobody_unnamed_is_taken_for_another() -> None:
    said = [builders.said("好吃", author=n) for n in (2, 2, 3, 0, 0)]
    found = account({"user": {"id": 1}, "statuses": [builders.status(3, said)]})

    assert found.authors.uid == ("2", "3", "", "")
    assert [remark.author for remark in found.remarks] == [0, 0, 1, 2, 3]


def test_a_huge_snapshot_is_read_up_to_its_bounds() -> None:
    item = builders.said("好吃")
    flood = account(
        {
            "user": {"id": 1},
            "statuses": [builders.status(n / 100, [item] * 30_000) for n in range(4)],
            "mentions": [item] * 6_000,
        }
    )

    assert len(flood.posts) == 4
    assert len(flood.remarks) == snapshot.MOST_COMMENTS + snapshot.MOST_MENTIONS


def test_a_text_is_cut_and_made_writable() -> None:
    assert len(open_api.text("长" * 100_000)) == open_api.LONGEST_TEXT
    assert open_api.text("半\ud800个\0字") == "半?个 字"


def test_the_oldest_sign_of_an_account_may_be_a_post() -> None:
    raw = {"user": {"id": 1, "created_at": builders.at(100)}, "statuses": [builders.status(300)]}

    assert account(raw).first_seen == builders.DAY - timedelta(days=300)
    assert account({"user": {"id": 1}}).first_seen is None


def test_earlier_counts_of_followers_are_kept_in_their_order() -> None:
    history = [
        {"at": "2020-03-01", "followers_count": "1.2万"},
        {"at": "2020-02-01", "followers_count": 11_000},
        {"at": "2020-04-01", "followers_count": None},
        {"at": "?", "followers_count": 3},
        "no count",
    ]

    assert [each.followers for each in account({"user": {"id": 1}, "history": history}).history] == [
        11_000,
        12_000,
    ]


class Watched(dict[str, Any]):
    """Remembers every name that was asked for."""

    asked: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def watched(raw: Any) -> Any:
    if isinstance(raw, dict):
        return Watched({name: watched(value) for name, value in raw.items()})
    return [watched(each) for each in raw] if isinstance(raw, list) else raw


def test_nothing_is_read_that_says_who_somebody_is() -> None:
    raw = builders.account()
    accounts.measure(account(watched(raw)), None, builders.DAY, builders.lender().reader)

    assert Watched.asked >= {"user", "created_at", "followers_count"}
    assert (
        Watched.asked & {"gender", "birthday", "province", "lang", "source", "geo", "avatar_large"} == set()
    )


NAMES = (
    *("user", "statuses", "comments", "mentions", "history", "super_topic", "at", "deleted", "partial"),
    *("created_at", "id", "idstr", "text", "verified", "verified_type", "followers_count", "friends_count"),
    *("statuses_count", "bi_followers_count", "screen_name", "location", "description", "members_count"),
    *("attitudes_count", "comments_count", "reposts_count", "pic_urls", "page_info", "retweeted_status"),
    *("reply_comment", "mentions_read"),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["Tue Mar 31 17:46:55 +0800 2020", "2020-04-01", "1.2万", "好吃", 10**30, "\ud800\0", 7]
    )
)
hostile = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)
dated = st.fixed_dictionaries(
    {"created_at": st.sampled_from([builders.at(n) for n in (-1, 0, 3, 5, 40, 170, 400)])},
    optional={name: LEAVES for name in NAMES if name not in ("created_at", "comments", "user")}
    | {"user": st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=6)},
)
almost = st.fixed_dictionaries(
    {"user": st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=8)},
    optional={
        "statuses": st.lists(
            st.builds(lambda a, b: {**a, "comments": b}, dated, st.lists(dated)), max_size=9
        ),
        "mentions": st.lists(dated, max_size=9),
        "history": st.lists(st.dictionaries(st.sampled_from(NAMES), LEAVES, max_size=3), max_size=9),
    },
)


@settings(deadline=None, max_examples=50)
@given(hostile | almost)
def test_nothing_stored_makes_reading_or_measuring_fail(raw: Any) -> None:
    found = snapshot.read(raw)

    figures = accounts.measure(found, found, builders.DAY, builders.lender().reader)

    assert all(value is None or math.isfinite(value) for value in figures.values())


def test_a_deep_nest_is_no_account_and_no_failure() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    raw = {
        "user": {"id": deep, "location": deep},
        "statuses": [{**builders.status(), "deleted": deep}],
        "mentions": deep,
    }
    assert account(raw).remarks == ()
