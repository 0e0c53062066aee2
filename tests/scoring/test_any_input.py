"""Whatever JSON comes in: a decision, or one error that names the field; never an exception."""

import json
from dataclasses import fields
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.application import PURPOSES, Application
from scoring.lines import score_line
from tests.scoring import builders

MODEL, LENDER = builders.model(), builders.lender()
SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "2020-04", "9999-12", "restaurant", "1.2万", "\ud800", "昆明", "-1", "0" * 300])
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
likely: dict[str, Any] = {
    each.name: anything | st.integers(0, 10**8) for each in fields(Application) if each.name != "first_loan"
}
likely |= {
    "trade": st.sampled_from(sorted(LENDER.trades)),
    "opened": st.sampled_from(["2020-04", "2019-01", "1900-01", "9999-12"]),
    "purpose": st.lists(st.sampled_from(sorted(PURPOSES)), min_size=1, max_size=3, unique=True),
    "staff_count": st.sampled_from([0, 0.5, 3]),
    "net_margin": st.sampled_from(["lt0", "gt30"]),
    "days_open": st.integers(1, 31),
}
answers = st.fixed_dictionaries({}, optional=likely)
moments = st.sampled_from(
    ["Tue May 31 17:46:55 +0800 2011", "Wed Dec 31 23:59:59 -1200 9999", "2020-01-01", "", "yesterday"]
)
user = st.fixed_dictionaries(
    {},
    optional={
        **{name: anything for name in ("id", "followers_count", "verified_type", "screen_name", "verified")},
        "created_at": moments | anything,
    },
)
comment = st.fixed_dictionaries(
    {}, optional={"created_at": moments | anything, "text": anything, "user": user | anything}
)
status = st.fixed_dictionaries(
    {},
    optional={
        "created_at": moments | anything,
        "comments": st.lists(comment, max_size=2) | anything,
        **{name: anything for name in ("id", "text", "attitudes_count", "comments_count", "deleted")},
    },
)
snapshot = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "user": user | anything,
        "statuses": st.lists(status, max_size=3) | anything,
        "mentions": st.lists(comment, max_size=2) | anything,
        **{name: anything for name in ("fetched_at", "partial", "unavailable", "at", "mentions_read")},
    },
)
how = st.none() | st.fixed_dictionaries({}, optional={"edits": anything, "seconds": anything})


def scored(line: Any) -> dict[str, Any]:
    return score_line(json.dumps(line), 7, model=MODEL, policy=LENDER)


def check(found: dict[str, Any]) -> None:
    if "error" in found:
        assert found["line"] == 7
        assert "should hold" in found["error"] or "should" in found["error"]
        return
    assert found["outcome"] in ("approved", "referred", "declined")
    assert found["limit"] >= 0
    assert found["reasons"] or found["outcome"] == "approved"
    json.dumps(found, allow_nan=False)


@given(answers, snapshot, snapshot, how)
@SETTINGS
def test_any_answers_and_any_snapshots_give_a_decision_or_a_named_error(
    application: Any, brand: Any, personal: Any, conversation: Any
) -> None:
    line = {"application": application, "brand": brand, "personal": personal, "as_of": "2020-04-15"}
    check(scored({**line, "conversation": conversation}))


@given(snapshot, snapshot)
@SETTINGS
def test_no_snapshot_stands_in_the_way_of_readable_answers(brand: Any, personal: Any) -> None:
    line = {"application": builders.answers(), "brand": brand, "personal": personal, "as_of": "2020-04-15"}

    assert "outcome" in scored(line)


@given(anything)
@SETTINGS
def test_any_json_at_all_gives_an_answer(line: Any) -> None:
    check(scored(line))


@given(st.text(max_size=40))
@SETTINGS
def test_any_text_at_all_gives_an_answer(line: str) -> None:
    check(score_line(line, 7, model=MODEL, policy=LENDER))
