"""What colleagues decide: who may when, which decisions take two, and how the merchant is told. Pure.

One colleague decides what stands referred, and may uphold a refusal. Everything else, a changed limit or
grade and an outcome turned round, is proposed by one and confirmed by another.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from conversations import conditions, outcomes, prompts, speaker
from conversations.asking import go_on, refused
from conversations.details import STAGES
from conversations.events import (
    ConditionIssued,
    ConditionSettled,
    Confirmed,
    Event,
    ProposalClosed,
    Proposed,
    Ruled,
)
from conversations.requests import KeepDecision, KeepProposal, SettleProposal
from conversations.session import Proposal, Session, Stage, Turn
from scoring.decision import Outcome

_DECIDED = (*STAGES.values(), Stage.DETAILING)


def acted(session: Session, event: Event) -> Turn:
    """What a colleague decides, proposes or makes depend on something."""
    return ACTS[type(event)](session, event)


def stands(session: Session) -> Outcome:
    """What people decide on top of: what was decided last; referred where nothing could be."""
    if session.decision is None or session.stage is Stage.REFERRED:
        return Outcome.REFERRED
    return session.decision.outcome


def open_to(session: Session) -> bool:
    """Whether people may decide now: something was decided, and nothing is accepted, closed or under way."""
    return session.stage in _DECIDED


def _ruled(session: Session, event: Ruled) -> Turn:
    return _unless(session, (*_in_the_way(session, event.over), *_takes_two(session, event)), event)


def _confirmed(session: Session, event: Confirmed) -> Turn:
    turn = _unless(session, (*_in_the_way(session, event.over), *_not_confirmable(session, event)), event)
    return turn if turn.refused else turn.requesting(_settled(event, "confirmed"))


def _unless(session: Session, reasons: tuple[str, ...], event: Ruled) -> Turn:
    """Decided, unless there is a reason against it."""
    unmet = event.decision.outcome is Outcome.APPROVED and conditions.unmet(session)
    against = (*reasons, *(("desk.refused.unmet",) * unmet))
    return refused(session, against[0]) if against else _decided(session, event)


def _in_the_way(session: Session, over: str | None) -> Iterator[str]:
    """What they had before them must be what stands."""
    if not open_to(session):
        yield "desk.refused.undecidable"
    if over != (session.decision.decision_id if session.decision else None):
        yield "desk.refused.changed"


def _takes_two(session: Session, event: Ruled) -> Iterator[str]:
    named = event.inputs.get("ruling", {})
    changes = named.get("limit") is not None or named.get("grade") is not None
    upheld = stands(session) is event.decision.outcome is Outcome.DECLINED
    if changes or not (upheld or stands(session) is Outcome.REFERRED):
        yield "desk.refused.two"


def _not_confirmable(session: Session, event: Confirmed) -> Iterator[str]:
    proposed = session.proposal
    if proposed is None or proposed.id != event.proposal:
        yield "desk.refused.proposal"
        return
    if proposed.by == event.by:
        yield "desk.refused.own"
    if event.at >= proposed.expires:
        yield "desk.refused.expired"


def _decided(session: Session, event: Ruled) -> Turn:
    """The decision stands, and the merchant is told; whoever decides has nothing more to say than this."""
    made = event.decision
    upheld = session.stage is Stage.DECLINED and made.outcome is Outcome.DECLINED
    after = replace(
        session,
        stage=STAGES[made.outcome],
        decision=made,
        proposal=None,
        person=None,
        detailing=False,
        clarifying=None,
        chosen=None,
        acknowledged=False,
    )
    free = speaker.freed(after) if session.holder == event.by else after
    told = prompts.say("ruled.upheld" if upheld else f"ruled.{made.outcome}")
    turn = go_on(free).preceded_by(told, *outcomes.decision(free))
    return turn.requesting(KeepDecision(made, event.inputs, event.by))


def _proposed(session: Session, event: Proposed) -> Turn:
    """Kept for a second person; nothing changes for the merchant yet. One at a time, as long as it stands."""
    standing = session.proposal
    against = list(_in_the_way(session, event.over))
    if standing is not None and event.at < standing.expires:
        against.append("desk.refused.proposed")
    if against:
        return refused(session, against[0])
    wanted = standing.wanted if standing else session.person
    made = Proposal(event.id, event.by, event.expires, wanted)
    after = replace(session, proposal=made, person="proposal", person_since=event.at)
    kept = KeepProposal(
        event.id, event.by, event.over, event.ruling, event.difference, event.comment, event.expires
    )
    return Turn(after, requests=(kept,))


def _closed(session: Session, event: ProposalClosed) -> Turn:
    proposed = session.proposal
    if proposed is None or proposed.id != event.proposal:
        return refused(session, "desk.refused.proposal")
    if event.withdrawn != (proposed.by == event.by):
        return refused(session, "desk.refused.not_own" if event.withdrawn else "desk.refused.own_refused")
    after = replace(session, proposal=None, person=proposed.wanted)
    return Turn(after, requests=(_settled(event, "withdrawn" if event.withdrawn else "refused"),))


def _settled(event: Confirmed | ProposalClosed, how: str) -> SettleProposal:
    return SettleProposal(event.proposal, event.by, how, event.comment)


ACTS: Mapping[type[Event], Callable[[Session, Any], Turn]] = {
    ConditionIssued: conditions.issued,
    ConditionSettled: conditions.settled,
    Ruled: _ruled,
    Proposed: _proposed,
    Confirmed: _confirmed,
    ProposalClosed: _closed,
}
