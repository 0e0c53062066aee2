"""Every state that a conversation can come to: found by trying what merchants may do, from the first word on.

Two sessions are the same state when the same is open: the stage, the question, what of it is still asked, and
whether something is read back, put right, clarified or closed. One session stands for each state.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from conversations import steps
from conversations.events import (
    Arrived,
    AssessmentFailed,
    Chose,
    ConditionIssued,
    ConditionSettled,
    Confirmed,
    Connected,
    ConnectFailed,
    Decided,
    Edited,
    Event,
    HandedBack,
    HandleChecked,
    LinkFailed,
    MovedHere,
    ProposalClosed,
    Proposed,
    Released,
    Ruled,
    Said,
    Shared,
    Snoozed,
    StaffAnswered,
    StaffEdited,
    StaffSaid,
    TakenOver,
    TimeCame,
    Transferred,
    WereAway,
)
from conversations.session import Session, Stage
from tests.conversations.talk import (
    DETAILS,
    NOW,
    PATH,
    Talk,
    approved,
    declined,
    flow,
    modest,
    referred,
)

#: every kind of event, and of some the ones that differ
EVENTS: tuple[Event, ...] = (
    Arrived(NOW, "en"),
    MovedHere(NOW),
    MovedHere(NOW, 7),
    LinkFailed(NOW),
    Said(NOW, "13万"),
    Said(NOW, "为什么"),
    Said(NOW, "不知道"),
    Said(NOW, "???"),
    Chose(NOW, "agree", "consent"),
    Chose(NOW, "skip"),
    Chose(NOW, "no such choice", "no such step"),
    Shared(NOW, "sticker"),
    Shared(NOW, "poll"),
    Edited(NOW, "14万"),
    HandleChecked(NOW, "brand", "小夏", None, "7", "小夏"),
    HandleChecked(NOW, "personal", "小夏", "not_found"),
    Connected(NOW, "brand", "7", "小夏", "sealed"),
    ConnectFailed(NOW, "brand", "refused"),
    ConnectFailed(NOW, "personal", "timeout"),
    Decided(NOW, approved(), {}),
    Decided(NOW, modest(), {}),
    Decided(NOW, declined(), {}),
    Decided(NOW, referred(), {}),
    AssessmentFailed(NOW, "model"),
    WereAway(NOW, NOW),
    TimeCame(NOW, "nudge"),
    TimeCame(NOW, "lapse"),
    TimeCame(NOW, "silent"),
    TimeCame(NOW, "no such timer"),
    TakenOver(NOW, "mei", "Mei"),
    StaffSaid(NOW, "mei", "Mei", "你好"),
    StaffEdited(NOW, "mei", "Mei", 1, "您好"),
    HandedBack(NOW, "mei"),
    Released(NOW, "mei"),
    Transferred(NOW, "mei", "ann", "Ann"),
    StaffAnswered(NOW, "mei", "Mei", "rent", "1万5"),
    Snoozed(NOW, "mei", None),
    ConditionIssued(NOW, "mei", "Mei", "lease"),
    ConditionSettled(NOW, "mei", 1, False, "seen"),
    Ruled(NOW, "mei", declined(), {"ruling": {}}, referred().decision_id),
    Proposed(NOW, "mei", "p", approved().decision_id, {}, {}, "why", NOW + timedelta(days=1)),
    Confirmed(NOW, "ann", modest(), {}, approved().decision_id, "p"),
    ProposalClosed(NOW, "ann", "p"),
)
#: beside the answers and the buttons that are shown
COMMANDS = ("/edit", "/back", "/cancel", "/continue", "/human", "/details", "/offers", "/restart", "/delete")
#: what does not answer the open question, or takes an answer back
TURNING = ("/", "tap /", "tap no:", "tap back", "tap think", "tap decline", "told", "vague")
_UNSURE = "大概3万左右"
_DECISIONS = (approved, modest, declined, referred)

Key = tuple[object, ...]


@dataclass(frozen=True)
class Step:
    """What was done in a state, where it led, and how many more answers were known there."""

    did: str
    to: Key
    gain: int
    answers: bool  #: whether it answers the open question, and takes nothing back


@dataclass
class State:
    session: Session
    path: tuple[str, ...]  #: how it was come to
    offered: tuple[str, ...]  #: the buttons shown last
    steps: list[Step] = field(default_factory=list)


def key(session: Session) -> Key:
    waiting = session.waiting
    asked = tuple(step.id for step in steps.asked(session, waiting)) if waiting else ()
    return (
        session.stage, waiting, asked, bool(session.doubt), session.clarifying, session.detailing,
        session.chosen, session.acknowledged, bool(session.accounts), "consent" in session.answers,
    )  # fmt: skip


@cache
def states() -> Mapping[Key, State]:
    """All of them, those nearest to the beginning first."""
    begun = Talk()
    begun.arrives()
    found = {key(begun.session): State(begun.session, ("arrived",), _buttons(begun))}
    open_ = deque(found)
    while open_:
        here = open_.popleft()
        state = found[here]
        for did, event in _possible(state):
            talk = Talk(state.session)
            talk.hears(event)
            there = key(talk.session)
            gain = len(talk.session.answers) - len(state.session.answers)
            state.steps.append(Step(did, there, gain, answers=not did.startswith(TURNING)))
            if there not in found:
                found[there] = State(talk.session, (*state.path, did), _buttons(talk))
                open_.append(there)
    return found


def _buttons(talk: Talk) -> tuple[str, ...]:
    return tuple(choice.id for reply in talk.replies for choice in reply.choices)


def _possible(state: State) -> Iterator[tuple[str, Event]]:
    for choice in dict.fromkeys(state.offered):
        yield f"tap {choice}", Chose(NOW, choice)
    for command in COMMANDS:
        yield command, Said(NOW, command)
    waiting = state.session.waiting
    if waiting is not None:
        yield "vague", Said(NOW, _UNSURE)
        yield from _golden(steps.STEPS[waiting].block)
    if state.session.stage is Stage.ASSESSING:
        yield from ((f"told {made.__name__}", Decided(NOW, made(), {})) for made in _DECISIONS)
        yield "told failed", AssessmentFailed(NOW, "model")
    if state.session.stage is Stage.REFERRED:
        yield "told to show the lease", ConditionIssued(NOW, "mei", "Mei", "lease")


def _golden(block: str) -> Iterator[tuple[str, Event]]:
    how, what = {**PATH, **DETAILS, "condition": ("say", "合同在房东那里")}[block]
    if how == "connect":
        yield f"connect {what}", Connected(NOW, what, "1001" if what == "brand" else "1002", "小夏", "sealed")
        yield "say a handle", Said(NOW, "@小夏雲味小館")
    elif how == "say":
        yield f"say {what}", Said(NOW, what)


def circles(found: Mapping[Key, State]) -> list[str]:
    """Two answers after which nothing more is known than before them, and the same question is open."""
    return [
        f"{' > '.join(state.path)} > {one.did} > {other.did}"
        for here, state in found.items()
        for one in state.steps
        if one.answers and one.to != here
        for other in found[one.to].steps
        if other.answers and other.to == here and one.gain + other.gain <= 0
    ]


def advanced(session: Session, event: Event) -> Talk:
    """What becomes of one event in a state."""
    talk = Talk(session)
    talk.turn = flow().advance(session, event)
    talk.session = talk.turn.session
    return talk
