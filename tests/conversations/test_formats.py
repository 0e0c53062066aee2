"""Conversations that earlier releases have stored load, and go on to their end.

`samples/` holds a folder for each release whose sessions differ, written by that release's own code; a folder
is added when the present release is about to change what it stores: `python -m tests.conversations.samples`.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from conversations import formats
from conversations.fitting import TABLE, fitted
from conversations.session import Answer, Session, Stage, dump, load
from conversations.steps import STEPS
from tests.conversations.talk import DETAILS, NOW, Talk, approved, at, modest

SAMPLES = sorted((Path(__file__).parent / "samples").rglob("*.json"))
EVERY = pytest.mark.parametrize("file", SAMPLES, ids=lambda file: f"{file.parent.name} {file.stem}")


def stored(file: Path) -> Session:
    return load(file.read_text("utf-8"))


def goes_on(talk: Talk) -> None:
    """The golden merchant answers whatever is asked, until nothing is."""
    for _ in range(40):
        if talk.session.stage is Stage.ASSESSING:
            talk.is_decided(modest() if talk.session.detailing else approved())
        elif talk.waiting is None:
            return
        elif talk.session.doubt is not None:
            talk.says("对")
        elif talk.waiting == "offer" and talk.session.decision:
            talk.taps(f"take:{talk.session.decision.offers[0].product}")
        elif STEPS[talk.waiting].block in DETAILS:
            talk.taps("/offers")
        else:
            talk.answers_golden(STEPS[talk.waiting].block)
    raise AssertionError(f"still asked {talk.waiting}")


@EVERY
def test_a_stored_session_loads_in_the_present_format_and_is_stored_again(file: Path) -> None:
    session = stored(file)
    assert session.format == formats.FORMAT
    assert load(dump(session)) == session


@EVERY
def test_a_stored_session_keeps_its_answers_language_and_decision(file: Path) -> None:
    raw, session = json.loads(file.read_text("utf-8")), stored(file)
    assert {step: given["value"] for step, given in raw["answers"].items()} == {
        step: answer.value for step, answer in session.answers.items()
    }
    assert (raw["language"], raw["stage"], raw["waiting"]) == (
        session.language, session.stage, session.waiting,
    )  # fmt: skip
    assert (raw["decision"] or {}).get("limit") == (session.decision.limit if session.decision else None)


@EVERY
def test_a_merchant_of_an_earlier_release_comes_back_and_goes_on_to_the_end(file: Path) -> None:
    session = stored(file)
    talk = Talk(session, max(NOW, session.seen or NOW)).waits(hours=2)
    said = talk.arrives()
    assert said
    if session.stage not in (Stage.REFERRED, Stage.DECLINED, Stage.CLOSED):
        goes_on(talk)
        assert talk.session.stage is Stage.ACCEPTED
    assert session.answers.keys() <= talk.session.answers.keys()


@EVERY
def test_nobody_is_reminded_of_a_silence_from_before_there_were_reminders(file: Path) -> None:
    session = stored(file)
    assert session.reminded == session.seen


def test_every_format_has_a_way_to_the_next() -> None:
    assert sorted(formats._STEPS) == list(range(1, formats.FORMAT))


def test_what_a_later_release_has_added_is_left_out_and_its_number_too() -> None:
    later = json.loads(dump(at("rent").session)) | {"format": formats.FORMAT + 1, "dreams": ["of later"]}
    assert load(json.dumps(later)) == at("rent").session


def test_what_is_no_session_is_refused() -> None:
    with pytest.raises(ValidationError):
        load("{}")
    with pytest.raises(ValidationError):
        load('{"id": "s", "stage": "dreaming", "format": 2}')


def of_another_release(talk: Talk, **changes: object) -> Talk:
    """As a release with another table of steps would have left it."""
    session = replace(talk.session, table="another", **changes)  # type: ignore[arg-type]  # fields by name
    return Talk(session, talk.now).waits(hours=2)


def test_a_question_that_is_gone_is_passed_over_and_its_answer_kept_and_not_shown() -> None:
    gone = Answer("cat", "a cat", NOW)
    answers = {**at("rent").session.answers, "pet": gone}
    talk = of_another_release(at("rent"), answers=answers, waiting="pet_name", doubt={"pet_name": "Tom"})

    assert talk.arrives() == ["recap.news", "ask.rent"]
    assert talk.session.answers["pet"] == gone
    assert talk.session.doubt is None
    assert "pet" not in {row.step for reply in talk.replies for row in reply.rows}
    talk.says("/mydata")
    assert "pet" not in {row.step for reply in talk.replies for row in reply.rows}


def test_a_question_that_is_new_is_asked_before_the_summary_and_the_news_is_told_once() -> None:
    answers = {step: answer for step, answer in at("check").session.answers.items() if step != "rent"}
    talk = of_another_release(at("check"), answers=answers)

    assert talk.arrives() == ["recap.news", "ask.rent"]
    assert talk.waits(hours=2).arrives() == ["recap.applying", "ask.rent"]
    talk.says("一万五")
    assert talk.waiting == "check"


def test_a_summary_shown_by_another_release_is_not_submitted_where_something_new_is_to_be_asked() -> None:
    answers = {step: answer for step, answer in at("check").session.answers.items() if step != "rent"}
    talk = of_another_release(at("check"), answers=answers)

    assert talk.taps("submit", asked="check") == ["stale", "ask.rent"]


def test_the_open_question_stays_open_where_a_new_one_would_come_before_it() -> None:
    answers = {step: answer for step, answer in at("rent").session.answers.items() if step != "licence"}
    talk = of_another_release(at("rent"), answers=answers)

    talk.says("一万五")
    assert talk.value("rent") == 1_500_000
    assert talk.waiting == "licence"


def test_an_answer_that_its_question_no_longer_takes_is_asked_for_again() -> None:
    answers = {**at("rent").session.answers, "trade": Answer("circus", "a circus", NOW)}
    talk = of_another_release(at("rent"), answers=answers)

    talk.says("一万五")
    assert talk.waiting == "trade"
    assert talk.session.revised


def test_details_of_which_none_is_left_are_over() -> None:
    talk = at("offer")
    known = {step: Answer(None, "skip", NOW) for step in STEPS if step not in talk.session.answers}
    detailing = of_another_release(
        talk, answers={**known, **talk.session.answers}, stage=Stage.DETAILING, detailing=True, waiting="gone"
    )
    assert fitted(detailing.session).stage is Stage.OFFERED
    assert detailing.arrives()[-1].startswith("ask.")


def test_a_session_of_this_release_is_left_as_it_is() -> None:
    session = at("rent").session
    assert session.table == TABLE
    assert fitted(session) is session
