"""What people have to decide of an application, and what was asked and proposed, for the page. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.access import rights
from bot.access.staff import Staff
from conversations import conditions, phrases, prompts, rulings
from conversations.cards import reason_text
from conversations.session import Condition, Session, Stage
from conversations.store.desk.proposals import Proposal
from scoring.decision import Outcome, Reason
from scoring.ruling import AGAINST, NAMED

Told = tuple[tuple[str, str], ...]  #: codes with their sentences


@dataclass(frozen=True)
class Proposed:
    """A proposal that waits for a second person, seen by one colleague."""

    kept: Proposal
    rows: tuple[tuple[str, Any, Any], ...]  #: what it would change: name, before, after
    own: bool
    expired: bool
    beyond: bool  #: above what whoever looks may grant


@dataclass(frozen=True)
class Deciding:
    """`now` is whether anything can be decided; `alone` what one person may do."""

    now: bool
    stands: Outcome
    over: str  #: the decision that whoever decides has before them
    limit: int  #: what the machine found, fen
    alone: tuple[Outcome, ...]
    conditions: tuple[tuple[Condition, str], ...]
    unmet: bool
    askable: Told  #: conditions that can be issued; empty where none can
    proposed: Proposed | None
    past: tuple[Proposal, ...]
    against: Told
    speaking_for: Told


def deciding(
    session: Session, proposed: Sequence[Proposal], me: Staff, now: datetime, language: str
) -> Deciding:
    """Everything about people's decisions on one conversation."""
    made, stands = session.decision, rulings.stands(session)
    return Deciding(
        now=rulings.open_to(session),
        stands=stands,
        over=made.decision_id if made else "",
        limit=made.limit if made else 0,
        alone=_alone(session, stands),
        conditions=tuple((each, _asked(each, language)) for each in session.conditions),
        unmet=conditions.unmet(session),
        askable=_askable(session, language),
        proposed=_open(session, proposed, me, now),
        past=tuple(one for one in proposed if not (session.proposal and one.id == session.proposal.id)),
        against=tuple((code, reason_text(Reason(code, "declines", 0), language)) for code in AGAINST),
        speaking_for=tuple(
            (code, reason_text(Reason(code, "raises", 0), language)) for code in NAMED if code not in AGAINST
        ),
    )


def _alone(session: Session, stands: Outcome) -> tuple[Outcome, ...]:
    """What one person may decide: what stands referred, and that a refusal stays."""
    if not rulings.open_to(session) or stands is Outcome.APPROVED:
        return ()
    grantable = stands is Outcome.REFERRED and session.decision is not None and session.decision.limit > 0
    return (Outcome.APPROVED, Outcome.DECLINED) if grantable else (Outcome.DECLINED,)


def _asked(condition: Condition, language: str) -> str:
    return phrases.show(prompts.asked_for(condition), language)


def _askable(session: Session, language: str) -> Told:
    if session.stage is not Stage.REFERRED or len(session.conditions) >= conditions.MOST:
        return ()
    return tuple((code, phrases.phrase(f"condition.{code}", language)) for code in conditions.CODES)


def _open(session: Session, proposed: Sequence[Proposal], me: Staff, now: datetime) -> Proposed | None:
    standing = session.proposal
    kept = next((one for one in proposed if standing and one.id == standing.id), None)
    if kept is None:
        return None
    after = kept.difference["after"]
    return Proposed(
        kept,
        rows=tuple(_rows(kept.difference["before"] or {}, after)),
        own=kept.proposer == me.id,
        expired=now >= kept.expires,
        beyond=not rights.grants(me.role, after["limit"]),
    )


def _rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Outcome, grade, limit and reasons side by side, then each product that is offered before or after."""
    rows = [(name, before.get(name), after.get(name)) for name in ("outcome", "limit", "grade", "reasons")]
    was, becomes = _by_product(before), _by_product(after)
    return [*rows, *((product, was.get(product), becomes.get(product)) for product in {**was, **becomes})]


def _by_product(terms: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {offer["product"]: offer for offer in terms.get("offers", ())}
