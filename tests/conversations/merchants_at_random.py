"""Merchants who do anything at any moment, and what must hold after each thing they do.

`python -m tests.conversations.merchants_at_random 5000` sends so many of them through the conversation.
"""

import sys
import time
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from conversations import prompts, session
from conversations.commands import PUBLIC
from conversations.events import Event, HandedBack, StaffSaid, TakenOver, Transferred
from conversations.phrases import LANGUAGES
from conversations.replies import Kind
from conversations.requests import Assess, CheckHandle, KeepAcceptance, KeepToken
from conversations.session import BOT, Stage
from conversations.steps import STEPS, Choice
from conversations.wording import word
from tests.conversations.graph import EVENTS
from tests.conversations.talk import DETAILS, PATH, Talk
from tests.hostile import WORDS as HOSTILE

STEPS_EACH = 40
TAKE_THE_WORD = (TakenOver, StaffSaid, Transferred)
WORDS = (
    *(words for how, words in {**PATH, **DETAILS}.values() if how == "say"),
    "没有", "不知道", "对", "不对", "大概3万", "1",
    "为什么", "xyzzy", "2030年1月", "@小夏", "买房", "同意", "接受",
    "不是3万，是3万5", "房租改成一万六", "换手机", "先到这里",
    "七成", "7月最旺", "what is the rate", "go back",
    *(f"/{command}" for command in PUBLIC),
    "/edit rent", "/edit brand_account", "/restart yes", "/delete yes", "/withdraw brand", "/language en",
    "/offers", "/details",
)  # fmt: skip
TAPS = sorted(
    {what for how, what in PATH.values() if how == "tap"}
    | {option for step in STEPS.values() if isinstance(step.reads, Choice) for option in step.reads.options}
    | {"skip", "none", "connect", "check_again", "unproven", "yes", "no", "6", "12", "rent", "/offers"}
)
WORK = (CheckHandle, Assess, KeepToken)


class MerchantAtRandom(RuleBasedStateMachine):
    """One merchant, and whoever else has a part in the conversation."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.before = self.talk.session

    def _begin(self) -> None:
        self.before = self.talk.session

    @rule()
    def answers_what_is_asked(self) -> None:
        self._begin()
        if self.talk.waiting:
            self.talk.answers_golden(STEPS[self.talk.waiting].block)

    @rule(text=st.sampled_from(WORDS))
    def says(self, text: str) -> None:
        self._begin()
        self.talk.says(text)

    @rule(text=st.sampled_from(HOSTILE))
    def says_what_breaks_programs(self, text: str) -> None:
        self._begin()
        self.talk.says(text)

    @rule(text=st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
    def says_anything(self, text: str) -> None:
        self._begin()
        self.talk.says(text)

    @rule(choice=st.sampled_from(TAPS))
    def taps_any_button_there_is(self, choice: str) -> None:
        self._begin()
        self.talk.taps(choice)

    @rule(data=st.data())
    def taps_a_button_that_is_shown(self, data: st.DataObject) -> None:
        self._begin()
        shown = [choice.id for reply in self.talk.replies for choice in reply.choices]
        if shown:
            self.talk.taps(data.draw(st.sampled_from(shown)))

    @rule(event=st.sampled_from(EVENTS))
    def meets(self, event: Event) -> None:
        self._begin()
        self.talk.hears(replace(event, at=self.talk.now))

    @precondition(lambda self: self.talk.session.holder != BOT)
    @rule()
    def is_handed_back(self) -> None:
        self._begin()
        self.talk.hears(HandedBack(self.talk.now, self.talk.session.holder))

    @rule(minutes=st.sampled_from((1, 30, 60 * 24 * 40)))
    def waits(self, minutes: int) -> None:
        self._begin()
        self.talk.waits(minutes=minutes)

    @invariant()
    def what_is_open_is_a_question(self) -> None:
        now = self.talk.session
        assert now.waiting is None or now.waiting in STEPS
        if now.waiting:
            assert now.stage in (Stage.APPLYING, Stage.DETAILING, Stage.OFFERED) or now.known(now.waiting)
            assert prompts.ask(now, now.waiting).kind is not Kind.SAY

    @invariant()
    def nothing_is_kept_or_done_before_consent(self) -> None:
        now = self.talk.session
        if "consent" not in now.answers:
            assert not now.answers
            assert not now.accounts
        consented = "consent" in self.before.answers or "consent" in now.answers
        assert consented or not any(isinstance(request, WORK) for request in self.talk.turn.requests)

    @invariant()
    def a_loan_was_read_and_offered_and_is_accepted_once(self) -> None:
        now = self.talk.session
        if now.stage is Stage.ACCEPTED:
            assert now.decision is not None
            assert now.chosen in {offer.product for offer in now.decision.offers}
            assert now.acknowledged
        if self.before.stage is Stage.ACCEPTED and self.before is not now:
            assert not any(isinstance(request, KeepAcceptance) for request in self.talk.turn.requests)

    @invariant()
    def the_word_passes_by_acts_of_colleagues_alone(self) -> None:
        assert self.talk.session.epoch >= self.before.epoch
        if self.talk.session.holder != self.before.holder:
            assert self.talk.session.epoch > self.before.epoch

    @invariant()
    def what_was_said_can_be_said_in_every_language_and_stored(self) -> None:
        for reply in self.talk.replies:
            assert all(word(reply, language).text.encode() for language in LANGUAGES)
        assert session.load(session.dump(self.talk.session)) == self.talk.session


def send(merchants: int) -> None:
    """Send so many through; the first that breaks a promise is told step by step."""
    how = settings(
        max_examples=merchants,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(MerchantAtRandom, settings=how)


if __name__ == "__main__":
    began, count = time.monotonic(), int(sys.argv[1])
    send(count)
    sys.stdout.write(
        f"{count} merchants, up to {STEPS_EACH} acts each, {time.monotonic() - began:.0f} s:"
        " every promise held\n"
    )
