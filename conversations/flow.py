"""One turn of the conversation as a pure function: session and event in, session, replies and requests out.

No clock, no chance, no I/O: time and results arrive with the event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from conversations import (
    accounts,
    answering,
    cofilling,
    commands,
    details,
    duty,
    hearing,
    outcomes,
    prompts,
    returning,
    rulings,
    silence,
    speaker,
    timers,
    urgency,
)
from conversations.asides import aside
from conversations.asking import ask_again, go_on, unclear, unlike_before, where_it_stands
from conversations.events import (
    Arrived,
    AssessmentFailed,
    Chose,
    Connected,
    ConnectFailed,
    Decided,
    Edited,
    Event,
    HandleChecked,
    LinkFailed,
    MovedHere,
    Said,
    Shared,
    StaffAnswered,
    TimeCame,
    WereAway,
)
from conversations.fitting import fitted
from conversations.judging import Ground
from conversations.replies import Kind, Percent, Value, Yuan
from conversations.requests import KeepDecision
from conversations.session import BOT, Session, Stage, Turn, remembering
from conversations.silence import FORGOTTEN
from conversations.steps import STEPS
from conversations.timers import RHYTHM, Rhythm
from conversations.unspoken import is_unspoken
from conversations.vocabulary import Vocabulary
from scoring.decision import Decision
from scoring.policy import Policy

QUIET = timedelta(minutes=10)  #: a page opened again this soon needs no recap
_MERCHANT = (Arrived, MovedHere, LinkFailed, Said, Chose, Shared, Edited)


@dataclass(frozen=True)
class Flow:
    """The conversation's rules: what a lender's policy and people's words leave open is decided here."""

    policy: Policy
    words: Vocabulary
    rhythm: Rhythm = RHYTHM

    def advance(self, session: Session, event: Event) -> Turn:
        """What one event does to a session. Total: every event is handled in every state."""
        known = fitted(session)
        turn = returning.decided_anew(self._moved(known, event), event.at)
        turn = returning.caught_up(known, turn, event.at)
        changed = timers.changed(session, turn.session, event, self.rhythm)
        return replace(turn, timers=changed) if changed else turn

    def _moved(self, session: Session, event: Event) -> Turn:
        heard = session
        if isinstance(event, _MERCHANT):
            heard = replace(session, seen=event.at, snoozed_until=None)
        turn = self._turn(session, heard, event)
        turn = replace(turn, session=remembering(heard, turn.session))
        turn = speaker.settled(session, turn, event.at)
        turn = duty.honest(turn, event.at, self.rhythm.hours)
        quoted = tuple(replace(reply, values={**self.terms, **reply.values}) for reply in turn.replies)
        return replace(turn, replies=quoted)

    def _turn(self, session: Session, heard: Session, event: Event) -> Turn:
        """What the bot makes of it; while a person has the word, the merchant's are for them."""
        if session.holder == BOT:
            turn = _HANDLERS[type(event)](self, heard, event, session.seen)
            return unlike_before(session, turn) if isinstance(event, _MERCHANT) else turn
        if isinstance(event, _MERCHANT):
            return speaker.heard(heard, event)
        turn = _HANDLERS[type(event)](self, heard, event, session.seen)
        return turn if turn.session.holder == BOT else speaker.silenced(session, turn)

    @cached_property
    def terms(self) -> Mapping[str, Value]:
        """The policy's figures that any sentence may quote."""
        rates = [float(grade.rate) for grade in self.policy.rules.grades if grade.rate is not None]
        return {
            "small_cap": Yuan(self.policy.rules.small_cap),
            "product_cap": Yuan(max(product.cap for product in self.policy.products)),
            "rate_low": Percent(min(rates)),
            "rate_high": Percent(max(rates)),
        }


def _arrived(_flow: Flow, session: Session, event: Arrived, seen: datetime | None) -> Turn:
    if seen is not None and event.at - seen < QUIET and session.waiting:
        return Turn(session)
    return commands.start(session, "", event.at)


def _moved_here(_flow: Flow, session: Session, event: MovedHere, _seen: datetime | None) -> Turn:
    """A device that has shown nothing yet: what waits for an answer is shown whole."""
    shown = commands.offers if session.waiting == "offer" else commands.start
    turn = shown(session, "", event.at)
    if session.stage is Stage.ACCEPTED:
        turn = Turn(session, (outcomes.receipt(session),))
    return turn.preceded_by(prompts.moved_here(event.left))


def _link_failed(_flow: Flow, session: Session, event: LinkFailed, _seen: datetime | None) -> Turn:
    return commands.start(session, "", event.at).preceded_by(prompts.say("device.link_failed"))


def _said(flow: Flow, session: Session, event: Said, _seen: datetime | None) -> Turn:
    text = event.text.encode("utf-8", "replace").decode().replace("\x00", "").strip()  # what can be stored
    leaving, session = session.leaving, replace(session, leaving=False)
    if text.startswith("/"):
        return commands.run(session, text, event.at)
    if leaving:
        return duty.message(session, text)
    if session.waiting is None and not session.answers:
        return commands.start(session, "", event.at)
    ground = Ground(flow.policy, flow.words, event.at)
    turn = None
    if not is_unspoken(text):
        turn = hearing.said(session, text, ground) or aside(session, text, ground)
    if turn is None and session.waiting is None:
        return Turn(session, (where_it_stands(session),))
    return turn or unclear(session)


def _chose(flow: Flow, session: Session, event: Chose, _seen: datetime | None) -> Turn:
    session = replace(session, leaving=False)
    if event.choice.startswith("/"):
        return commands.run(session, event.choice, event.at)
    if session.waiting is None:
        return _late_tap(session, event)
    if event.asked in STEPS and STEPS[event.asked].block != STEPS[session.waiting].block:
        return ask_again(session, prompts.say("stale"))
    ground = Ground(flow.policy, flow.words, event.at)
    return answering.tapped(session, event.choice, ground) or ask_again(session, prompts.say("stale"))


def _late_tap(session: Session, event: Chose) -> Turn:
    """A button of an earlier question; accepting a second time shows the same receipt."""
    if session.stage is Stage.ACCEPTED and event.choice == "accept":
        return Turn(session, (outcomes.receipt(session),))
    if not session.answers:
        return commands.start(session, "", event.at)
    return Turn(session, (prompts.say("stale"), where_it_stands(session)))


def _shared(_flow: Flow, session: Session, event: Shared, _seen: datetime | None) -> Turn:
    known = (
        event.what
        if event.what in ("sticker", "photo", "voice", "video", "document", "location")
        else "other"
    )
    return ask_again(session, prompts.say(f"cannot_read.{known}"))


def _edited(_flow: Flow, session: Session, _event: Edited, _seen: datetime | None) -> Turn:
    return ask_again(session, prompts.say("edited_message", prompts.EDIT))


def _decided(flow: Flow, session: Session, event: Decided, _seen: datetime | None) -> Turn:
    late = event.assessment is not None and event.assessment != session.assessment
    if session.stage is not Stage.ASSESSING or late:
        return Turn(session)  # an answer changed meanwhile: the next assessment counts
    made = event.decision
    stage = details.STAGES[made.outcome]
    person = urgency.still_wanted(session)
    if stage is Stage.REFERRED:
        person = person or urgency.of_decision(made)
    after = replace(
        session, stage=stage, decision=made, chosen=None, acknowledged=False, person=person, proposal=None
    )
    turn = _told(flow, after, session.decision).requesting(KeepDecision(made, event.inputs))
    return replace(turn, session=replace(turn.session, was={}))


def _told(flow: Flow, session: Session, before: Decision | None) -> Turn:
    """A decision as it is said: in full, or what it changes while details are being asked."""
    if session.detailing:
        return details.decided(session, before)
    cards = outcomes.decision(session)
    if before and (told := outcomes.difference(session, before)):
        cards = (told, *cards)
    if asked := details.first(session, flow.policy):
        return asked.preceded_by(*cards[: 1 + (cards[0].kind is not Kind.DECISION)])
    return go_on(session).preceded_by(*cards)


def _assessment_failed(
    _flow: Flow, session: Session, _event: AssessmentFailed, _seen: datetime | None
) -> Turn:
    if session.stage is not Stage.ASSESSING:
        return Turn(session)
    person = urgency.still_wanted(session) or "assessment_failed"
    referred = replace(session, stage=Stage.REFERRED, person=person, detailing=False, proposal=None)
    return Turn(referred, (prompts.say("referred.failed", *prompts.ways_on(Stage.REFERRED)),))


def left_open(session: Session, now: datetime, since: datetime) -> bool:
    """Whether an answer to the open question may have been lost before `since`."""
    seen = session.seen
    return session.waiting is not None and seen is not None and now - FORGOTTEN <= seen <= since


def _were_away(_flow: Flow, session: Session, event: WereAway, _seen: datetime | None) -> Turn:
    if session.holder != BOT or not left_open(session, event.at, event.since):
        return Turn(session)
    again = ask_again(session)
    return replace(again, replies=(replace(again.replies[0], opening="were_away"), *again.replies[1:]))


def _acted(_flow: Flow, session: Session, event: Event, _seen: datetime | None) -> Turn:
    return speaker.acted(session, event)


def _staff_answered(flow: Flow, session: Session, event: StaffAnswered, _seen: datetime | None) -> Turn:
    return cofilling.answered(session, event, Ground(flow.policy, flow.words, event.at))


Handler = Callable[[Flow, Session, Any, datetime | None], Turn]
_HANDLERS: Mapping[type[Event], Handler] = {
    Arrived: _arrived,
    MovedHere: _moved_here,
    LinkFailed: _link_failed,
    Said: _said,
    Chose: _chose,
    Shared: _shared,
    Edited: _edited,
    HandleChecked: lambda _flow, session, event, _seen: accounts.checked(session, event),
    Connected: lambda _flow, session, event, _seen: accounts.connected(session, event),
    ConnectFailed: lambda _flow, session, event, _seen: accounts.failed(session, event),
    Decided: _decided,
    AssessmentFailed: _assessment_failed,
    WereAway: _were_away,
    TimeCame: lambda flow, session, event, _seen: silence.came(session, event, flow.rhythm),
    StaffAnswered: _staff_answered,
    **dict.fromkeys(speaker.ACTS, _acted),
    **dict.fromkeys(rulings.ACTS, lambda _flow, session, event, _seen: rulings.acted(session, event)),
}
