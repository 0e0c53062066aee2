"""What a merchant's acts amount to when they are told to the pure flow: once and in order."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from conversations.events import Chose, Connected, Decided, Event, HandleChecked, Said
from conversations.session import Session
from tests.conversations.talk import flow
from tests.faults.merchants import CONNECT, TAP, Act, Merchant

AT = datetime(2026, 11, 23, tzinfo=UTC)


def retold(merchant: Merchant, stored: Session | None) -> dict[str, Any]:
    """The answers by step. The decision is the stored one: what is told is how it was reached."""
    session = _after(Session("retold"), Said(AT, "/start"))
    for step, act in merchant.done:
        session = _after(session, _connected(stored) if act[0] == CONNECT else _event(step, act))
        if step == "brand_account" and (checked := _looked_up(merchant, act, stored)):
            session = _after(session, checked)
        if step == "check" and stored and stored.decision:
            session = _after(session, Decided(AT, stored.decision, {}))
    return {step: answer.value for step, answer in session.answers.items()}


def _event(step: str, act: Act) -> Event:
    how, what = act
    return Chose(AT, what, step) if how == TAP else Said(AT, what)


def _connected(stored: Session | None) -> Event:
    """What Weibo said is taken from what is stored; the rest must follow from it."""
    held = stored.accounts["brand"] if stored else None
    if held is None or held.uid is None or held.screen_name is None:
        raise LookupError("no account was connected")
    return Connected(AT, "brand", held.uid, held.screen_name, "sealed")


def _looked_up(merchant: Merchant, act: Act, stored: Session | None) -> Event | None:
    """What Weibo said: nothing was asked of it by a tap that leaves the account out."""
    name = merchant.account
    if name is None or act not in (("say", f"@{name}"), ("tap", "check_again")):
        return None
    held = stored.accounts.get("brand") if stored else None
    fact = held.unavailable if held else None
    proven = bool(held and held.proven and act == ("tap", "check_again"))
    uid = None if fact else f"9{int(name[1:]):09}"
    return HandleChecked(AT, "brand", name, fact, uid, name, proven)


def _after(session: Session, event: Event) -> Session:
    return replace(flow().advance(session, event).session, version=session.version + 1)
