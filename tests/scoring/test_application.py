"""Reading answers: what is taken, what is refused and how the refusal is worded."""

from contextlib import suppress
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.application import PURPOSES, Application, ApplicationError, read
from scoring.months import Month
from tests.scoring import builders

WRONG_AMOUNTS: tuple[Any, ...] = (-1, 1.5, "3000", True, 10**13, [1], {}, float("nan"))


def test_every_answer_of_the_golden_case_is_read() -> None:
    application = read(builders.answers())

    assert application.opened == Month(2017, 2)
    assert application.staff_count == Decimal("6.5")
    assert application.purpose == ("stock_purchase", "payroll", "rent")
    assert application.low_season_share == Decimal("0.7")


def test_an_answer_not_given_is_none_and_never_zero() -> None:
    application = read({"rent": None})

    assert all(
        getattr(application, field.name) is None
        for field in fields(Application)
        if field.name != "first_loan"
    )
    assert application.opening_days == 28


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("rent", bad) for bad in WRONG_AMOUNTS),
        *(("opened", bad) for bad in ("2020", "2020-13", 202001, "二〇二〇", None.__class__)),
        *(("role", bad) for bad in ("boss", 1, ["owner"], {"a": 1})),
        *(("term", bad) for bad in (0, 24, 6.0, True, "twelve")),
        *(("purpose", bad) for bad in ([], ["rent"] * 4, ["yacht"], 3, [["rent"]], "yacht")),
        *(("staff_count", bad) for bad in (1.25, -1, "two", float("inf"), float("nan"), True)),
        *(("low_season_share", bad) for bad in (1.1, -0.1, "70%", float("nan"))),
        *(("peak_months", bad) for bad in ([0], [13], [1.5], "7", [], list(range(13)))),
        *(("days_open", bad) for bad in (0, 32, 28.0)),
        *(("licence_number", bad) for bad in ("91350100M000100Y40", 9, "")),
        *(("first_loan", bad) for bad in (0, "yes")),
        *(("city", bad) for bad in (5, "x" * 201)),
        *(("capacity", bad) for bad in (0, -3)),
    ],
)
def test_a_wrong_answer_is_refused_with_its_field_and_what_it_should_hold(field: str, value: Any) -> None:
    with pytest.raises(ApplicationError, match=f"^{field}: should hold ") as refusal:
        read({field: value})

    assert refusal.value.field == field
    assert refusal.value.expected


def test_an_unknown_question_is_refused() -> None:
    with pytest.raises(ApplicationError, match="no such question"):
        read({"shoe_size": 42})


@pytest.mark.parametrize("last", "Y0123456789ABCDEFGHJKLMNPQRTUWX")
def test_a_licence_number_needs_its_true_check_character(last: str) -> None:
    number = "91350100M000100Y4" + "3"
    assert read({"licence_number": number}).licence_number == number

    if last != "3":
        with pytest.raises(ApplicationError):
            read({"licence_number": number[:-1] + last})


def test_one_purpose_may_stand_without_a_list_and_twice_is_once() -> None:
    assert read({"purpose": "rent"}).purpose == ("rent",)
    assert read({"purpose": ["rent", "rent"]}).purpose == ("rent",)


@given(
    st.dictionaries(
        st.sampled_from([field.name for field in fields(Application)]),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text()
            | st.sampled_from(sorted(PURPOSES)),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_whatever_is_answered_it_is_read_or_refused(answers: dict[str, Any]) -> None:
    with suppress(ApplicationError):
        application = read(answers)
        assert all(
            getattr(application, name) is not None for name, value in answers.items() if value is not None
        )
