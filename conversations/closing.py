"""From the offers to a signature: choose, read, acknowledge, then accept, decline or think about it."""

from dataclasses import replace
from datetime import datetime

from conversations import outcomes, prompts
from conversations.asking import ask_again, assess, go_on
from conversations.requests import KeepAcceptance, RecordConsent
from conversations.session import Session, Stage, Turn
from conversations.validity import lapsed


def choose(session: Session, choice: str, at: datetime) -> Turn | None:
    """What a choice in the closing steps does; None when it is not one of theirs."""
    if lapsed(session, at):
        return _expired(session)
    if choice.startswith("take:"):
        return _take(session, choice.removeprefix("take:"))
    act = {
        "back": _back,
        "think": _think,
        "decline": _decline,
        "acknowledge": _acknowledge,
        "accept": _accept,
    }.get(choice)
    return act(session) if act else None


def _take(session: Session, product: str) -> Turn | None:
    offers = session.decision.offers if session.decision else ()
    if product not in {offer.product for offer in offers}:
        return None
    return go_on(replace(session, chosen=product, acknowledged=False))


def _back(session: Session) -> Turn:
    return go_on(replace(session, chosen=None, acknowledged=False))


def _think(session: Session) -> Turn:
    expires = session.decision.offers[0].expires if session.decision else None
    waiting = replace(session, chosen=None, acknowledged=False, waiting="offer")
    return Turn(waiting, (prompts.say("offer.think", prompts.OFFERS, expires=expires or ""),))


def _decline(session: Session) -> Turn:
    closed = replace(session, stage=Stage.CLOSED, waiting=None, chosen=None, acknowledged=False)
    return Turn(closed, (prompts.say("offer.declined", prompts.OFFERS, *prompts.ways_on(Stage.CLOSED)),))


def _acknowledge(session: Session) -> Turn:
    if session.waiting != "acknowledge":
        return ask_again(session)
    read = RecordConsent("acknowledgement", "ask.acknowledge", session.chosen)
    return go_on(replace(session, acknowledged=True)).requesting(read)


def _accept(session: Session) -> Turn:
    """Only after everything before it; a second time shows the same receipt."""
    if session.waiting != "accept" or session.decision is None or session.chosen is None:
        return ask_again(session)
    accepted = replace(session, stage=Stage.ACCEPTED, waiting=None)
    keep = KeepAcceptance(session.decision.decision_id, session.chosen)
    return Turn(accepted, (outcomes.receipt(accepted),), (keep,))


def _expired(session: Session) -> Turn:
    """Terms are not stretched: the same answers are decided anew."""
    return assess(session).preceded_by(prompts.say("offer.expired"))
