"""Which deeds of staff an event was, told from the event and what it changed; what was refused is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations.deeds import SYSTEM, Deed, Facts
from conversations.events import (
    ConditionIssued,
    ConditionSettled,
    Confirmed,
    Event,
    HandedBack,
    ProposalClosed,
    Proposed,
    Released,
    Ruled,
    Snoozed,
    StaffAnswered,
    StaffEdited,
    StaffSaid,
    TakenOver,
    TimeCame,
    Transferred,
)
from conversations.session import BOT, Session, Turn


@dataclass(frozen=True)
class Done:
    """One line of the record: who did what; codes and figures, never words."""

    who: str
    what: Deed
    facts: Facts = field(default_factory=dict)


def deeds(before: Session, event: Event, turn: Turn) -> tuple[Done, ...]:
    """What goes on record when this turn is kept."""
    after = turn.session
    if isinstance(event, TimeCame):
        silent = before.holder != BOT and after.holder == BOT
        return (Done(SYSTEM, Deed.FELL_SILENT, {"staff": before.holder}),) if silent else ()
    if type(event) not in TOLD or turn.refused is not None:
        return ()
    what, facts = TOLD[type(event)]
    who: str = getattr(event, "by")  # noqa: B009  # every event of the table has it, as a test makes sure
    taken = after.holder == who != before.holder
    took = (Done(who, Deed.TAKEN_OVER, {"epoch": after.epoch}),) if taken else ()
    return took if what is Deed.TAKEN_OVER else (*took, Done(who, what, facts(event)))


def _nothing(_event: Event) -> Facts:
    return {}


def _of_a_decision(event: Ruled) -> Facts:
    """Which decision, and what it comes to; fen."""
    made = event.decision
    found = {"decision": made.decision_id, "outcome": made.outcome.value, "limit": made.limit}
    return {**found, "grade": made.grade, "reasons": ",".join(event.inputs["ruling"]["reasons"])}


def _of_a_proposal(event: Proposed) -> Facts:
    """What is proposed; an unnamed limit or grade stays the machine's."""
    ruling = event.ruling
    named = {name: ruling[name] for name in ("outcome", "limit", "grade")}
    return {"proposal": event.id, **named, "reasons": ",".join(ruling["reasons"])}


def _of_a_confirmation(event: Confirmed) -> Facts:
    return {"proposal": event.proposal, "by": event.inputs["ruling"]["by"], **_of_a_decision(event)}


#: what each deed is called, and which of its codes and figures are told
TOLD: Mapping[type[Event], tuple[Deed, Callable[[Any], Facts]]] = {
    TakenOver: (Deed.TAKEN_OVER, _nothing),
    StaffSaid: (Deed.WROTE, lambda event: {"characters": len(event.text)}),
    StaffEdited: (Deed.EDITED, lambda event: {"n": event.n}),
    HandedBack: (Deed.HANDED_BACK, _nothing),
    Released: (Deed.RELEASED, _nothing),
    Transferred: (Deed.TRANSFERRED, lambda event: {"to": event.to}),
    StaffAnswered: (Deed.ANSWERED, lambda event: {"step": event.step}),
    ConditionIssued: (Deed.CONDITION, lambda event: {"condition": event.code, "state": "issued"}),
    ConditionSettled: (
        Deed.CONDITION,
        lambda event: {"condition": event.n, "state": "waived" if event.waived else "cleared"},
    ),
    Ruled: (Deed.DECIDED, _of_a_decision),
    Proposed: (Deed.PROPOSED, _of_a_proposal),
    Confirmed: (Deed.CONFIRMED_PROPOSAL, _of_a_confirmation),
    ProposalClosed: (
        Deed.REFUSED_PROPOSAL,
        lambda event: {"proposal": event.proposal, "withdrawn": event.withdrawn},
    ),
    Snoozed: (Deed.SNOOZED, lambda event: {"until": event.until and event.until.isoformat()}),
}
