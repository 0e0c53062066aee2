"""Reading stored accounts, whatever they hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import features, snapshot
from scoring.snapshot import Account, Unavailable
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


@pytest.mark.parametrize(
    ("raw", "count"),
    [(5, 5), ("5", 5), ("many", 0), (None, 0), (-3, 0), (10**30, 10**11), (2.0, 2), (True, 0), ("9" * 50, 0)],
)
def test_counts_may_be_numbers_or_text(raw: Any, count: int) -> None:
    assert account({"user": {"id": 1, "followers_count": raw}}).followers == count


def test_an_unknown_number_of_followers_is_not_zero() -> None:
    assert account({"user": {"id": 1}}).followers is None


@pytest.mark.parametrize(
    "raw",
    [
        *("", "yesterday", "Tue Foo 31 17:46:55 +0800 2011", "Tue May 32 17:46:55 +0800 2011"),
        *("Tue May 31 17:46 +0800 2011", "9999-12-31T23:59:59-12:00", "2011-13-01", None, 5, {}),
    ],
)
def test_a_broken_date_is_none(raw: Any) -> None:
    assert snapshot.moment(raw) is None


def test_times_are_read_into_chinas_zone() -> None:
    for raw in ("Tue May 31 04:46:55 -0500 2011", "2011-05-31T09:46:55+00:00", "2011-05-31T17:46:55"):
        moment = snapshot.moment(raw)
        assert moment is not None
        assert moment.isoformat() == "2011-05-31T17:46:55+08:00"


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

    assert [said.text for said in account(raw).remarks()] == ["好吃"]


hostile = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.just("Tue May 31 17:46:55 +0800 2011"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "user",
                    "statuses",
                    "comments",
                    "mentions",
                    "created_at",
                    "id",
                    "text",
                    "verified_type",
                    "followers_count",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(hostile)
def test_nothing_stored_makes_reading_or_measuring_fail(raw: Any) -> None:
    found = snapshot.read(raw)

    features.measure(found, found, builders.DAY, builders.lender().reader)
