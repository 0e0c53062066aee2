"""What is shown of a decision: the card with its offers, what a new one changed and why, and the receipt."""

from conversations import prompts, readable
from conversations.replies import Clause, Clauses, Kind, Label, Reply, Yuan
from conversations.session import Session
from conversations.steps import STEPS, Step
from scoring.decision import Decision, Outcome
from scoring.difference import Difference, explain

CHANGES_TOLD = 3  #: in one sentence
_FIGURED = ("afford", "grade", "turnover")


def decision(session: Session) -> tuple[Reply, ...]:
    """The decision card, and the offers where there are any."""
    made = session.decision
    if made is None:
        return ()
    card = Reply(Kind.DECISION, f"decision.{made.outcome}", {}, prompts.ways_on(session.stage), decision=made)
    return (card, *(Reply(Kind.OFFER, "offer.card", {}, offer=offer) for offer in made.offers))


def difference(session: Session, before: Decision) -> Reply | None:
    """What a new decision changed and why, None where there is nothing to tell."""
    changed = session.changed_since_decided()
    if session.decision is None:
        return None
    found = explain(before, session.decision, changed)
    if not changed and found.same:
        return None
    clauses = tuple(_change(STEPS[step], session) for step in found.changed[:CHANGES_TOLD])
    return prompts.say(
        f"redecided.{_what_came(found)}",
        changes=Clauses(clauses or (Clause("redecided.again"),)),
        before=Yuan(found.limit[0]),
        now=Yuan(found.limit[1]),
        because=_because(found),
    )


def _what_came(found: Difference) -> str:
    was, now = found.outcome
    if now is not Outcome.APPROVED:
        return "unchanged" if now is was else str(now)
    if was is not Outcome.APPROVED:
        return "approved"
    if found.limit[0] == found.limit[1]:
        return "same"
    return "more" if found.limit[1] > found.limit[0] else "less"


def _change(step: Step, session: Session) -> Clause:
    was, now = session.was[step.id], readable.answer(session, step)
    what = Label(f"step.{step.id}")
    if was is None:
        return Clause("redecided.added", {"what": what, "now": now})
    return Clause("redecided.changed", {"what": what, "was": readable.value(step, was), "now": now})


def _because(found: Difference) -> Clauses:
    """The clause that names what moved the limit; none where nothing single did."""
    if found.cause is None or found.cause == "rule" or (found.cause in _FIGURED and not found.figures):
        return Clauses(())
    figures = {
        name.removesuffix("_fen"): Yuan(int(value)) if name.endswith("_fen") else value
        for name, value in found.figures.items()
    }
    return Clauses((Clause(f"because.{found.cause}", figures),))


def receipt(session: Session) -> Reply:
    """What was accepted, with everything the merchant should keep."""
    return Reply(
        Kind.RECEIPT,
        "receipt.card",
        {"code": code(session)},
        (),
        offer=prompts.chosen(session),
        decision=session.decision,
    )


def code(session: Session) -> str:
    """The number of the accepted offer."""
    return f"{session.chosen}-{session.decision.decision_id[:8].upper()}" if session.decision else ""
