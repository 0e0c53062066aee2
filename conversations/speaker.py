"""Who speaks to the merchant: a colleague takes the word, keeps it, passes it on or hands it back to the bot.

While a person has the word the bot says nothing of its own, and what the merchant writes answers no question.
Every change of the holder raises the epoch; what was said under an earlier one is never sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from conversations import commands, details, outcomes, prompts, urgency
from conversations.asking import go_on, refused, where_it_stands
from conversations.events import (
    Arrived,
    Chose,
    Edited,
    Event,
    HandedBack,
    LinkFailed,
    MovedHere,
    Released,
    Said,
    Shared,
    Snoozed,
    StaffEdited,
    StaffSaid,
    TakenOver,
    Transferred,
    words_of,
)
from conversations.replies import Choice, Colleague, Kind, Labels, Reply
from conversations.session import BOT, Session, Stage, Turn
from conversations.steps import open_details, pending

Heard: TypeAlias = Arrived | MovedHere | LinkFailed | Said | Chose | Shared | Edited

RATES = tuple(Choice(f"/rate {score}", f"choice.rate.{score}") for score in range(1, 6))
#: what a merchant may do whoever has the word
RIGHTS = frozenset({"delete", "withdraw", "stop", "language", "mydata"})


def heard(session: Session, event: Heard) -> Turn:
    """What the merchant does while a person has the word: left to that person, unless it is a right."""
    words = words_of(event)
    command = commands.name(words) if words.startswith("/") else ""
    if command in RIGHTS:
        turn = commands.run(session, words, event.at)
        return replace(turn, replies=tuple(filter(_asks_nothing, turn.replies)))
    if isinstance(event, Arrived) or command == "start":
        return Turn(session)
    if isinstance(event, MovedHere):
        here = prompts.say("human.here", name=session.holder_name)
        return Turn(session, (prompts.moved_here(event.left), here))
    if isinstance(event, LinkFailed):
        return Turn(session, (prompts.say("device.link_failed"),))
    waits = replace(session, unanswered=session.unanswered or event.at)
    here = prompts.say("human.here", name=session.holder_name)
    return Turn(waits, (here,) if command == "human" else ())


def _asks_nothing(reply: Reply) -> bool:
    return reply.kind is Kind.SAY and reply.step is None


def acted(session: Session, event: Event) -> Turn:
    """What a colleague does."""
    return ACTS[type(event)](session, event)


def fell_silent(session: Session, _at: datetime) -> Turn:
    """Whoever has the word left the merchant without an answer for too long."""
    return _left(session, "colleague.silent")


def freed(session: Session) -> Session:
    """The session with the word given back to the bot."""
    return replace(
        session, holder=BOT, holder_name="", held_since=None, unanswered=None, untold=False, doubt=None
    )


def settled(before: Session, turn: Turn, at: datetime) -> Turn:
    """The turn with what follows from who had the word before it, and who has it now."""
    after = turn.session
    if before.holder == after.holder == BOT and before.person == after.person:
        return turn
    changed = after.holder != before.holder
    wanted = after.person is not None and (before.person is None or changed)
    after = replace(
        after,
        epoch=before.epoch + changed,
        person_since=at if wanted else after.person_since if after.person else None,
    )
    return replace(turn, session=after)


def silenced(before: Session, turn: Turn) -> Turn:
    """What came back while a person has the word is kept, and nothing said over them."""
    said = tuple(reply for reply in turn.replies if reply.by)
    after = turn.session
    untold = after.decision is not before.decision and not any(r.kind is Kind.DECISION for r in said)
    return replace(turn, session=replace(after, untold=True) if untold else after, replies=said)


def _taken_over(session: Session, event: TakenOver) -> Turn:
    if session.holder == event.by:
        return Turn(session)
    if session.holder != BOT:
        return _held(session)
    who = Colleague(event.by, event.name)
    return Turn(_given(session, who, event.at), (_line("colleague.joined", who, name=who.name),))


def _said(session: Session, event: StaffSaid) -> Turn:
    """Whoever writes first has the word."""
    if not session.yields_to(event.by):
        return _held(session)
    who = Colleague(event.by, event.name)
    mine = session if session.holder == event.by else _given(session, who, event.at)
    line = replace(_line("colleague.said", who, text=event.text), quoting=event.quoting, quoted=event.quoted)
    return Turn(replace(mine, unanswered=None), (line,))


def _edited(session: Session, event: StaffEdited) -> Turn:
    """The shell has made sure that the message is their own; who has the word does not matter."""
    line = _line("colleague.said", Colleague(event.by, event.name), text=event.text)
    return Turn(session, (replace(line, edits=event.n),))


def _handed_back(session: Session, event: HandedBack) -> Turn:
    if session.holder != event.by:
        return _not_yours(session)
    free = replace(session, person=urgency.after_a_person(session))
    if session.helped_by is None and session.unanswered is None:
        return _goes_on(replace(free, helped_by=event.by)).preceded_by(_filled_in(session), _rated(session))
    return _goes_on(free).preceded_by(_filled_in(session))


def _released(session: Session, event: Released) -> Turn:
    if session.holder != event.by:
        return _not_yours(session)
    return _left(session, "colleague.left")


def _transferred(session: Session, event: Transferred) -> Turn:
    if session.holder != event.by:
        return _not_yours(session)
    if event.to == event.by:
        return Turn(session)
    line = _line("colleague.transferred", Colleague(event.by, session.holder_name), name=event.to_name)
    return Turn(_given(session, Colleague(event.to, event.to_name), event.at), (line,))


def _snoozed(session: Session, event: Snoozed) -> Turn:
    return Turn(replace(session, snoozed_until=event.until))


def _given(session: Session, who: Colleague, at: datetime) -> Session:
    """The session whose merchant waits for this colleague's word."""
    return replace(
        session,
        holder=who.id,
        holder_name=who.name,
        held_since=at,
        unanswered=at,
        snoozed_until=None,
        leaving=False,
    )


def _left(session: Session, key: str) -> Turn:
    """The bot goes on, and a person is wanted as before."""
    turn = _goes_on(replace(session, person=session.person or "asked"))
    return turn.preceded_by(prompts.say(key, name=session.holder_name))


def _goes_on(session: Session) -> Turn:
    """The bot has the word again: what it has not shown yet, then the first thing still missing."""
    free = freed(session)
    shown = outcomes.decision(free) if session.untold else ()
    if free.stage is Stage.DETAILING:
        turn = go_on(free) if open_details(free) else details.enough(free)
        return turn.preceded_by(*shown[:1])
    if free.stage is Stage.APPLYING or pending(free):
        return go_on(free).preceded_by(*shown)
    return Turn(replace(free, waiting=None), shown or (where_it_stands(free),))


def _filled_in(session: Session) -> Reply:
    """One line of recap, which names what the colleague filled in."""
    since = session.held_since
    theirs = [
        step
        for step, answer in session.answers.items()
        if answer.source == "staff" and since is not None and answer.at >= since
    ]
    if not theirs:
        return prompts.say("colleague.back", name=session.holder_name)
    what = Labels(tuple(f"step.{step}" for step in theirs))
    return prompts.say("colleague.back_filled", name=session.holder_name, what=what)


def _rated(session: Session) -> Reply:
    """Asked once, of a colleague who has answered."""
    return prompts.say("colleague.rate", *RATES, name=session.holder_name)


def _line(key: str, who: Colleague, **values: str) -> Reply:
    return Reply(Kind.STAFF, key, values, by=who)


def _held(session: Session) -> Turn:
    return refused(session, "desk.refused.held")


def _not_yours(session: Session) -> Turn:
    key = "desk.refused.bot" if session.holder == BOT else "desk.refused.held"
    return refused(session, key)


ACTS: Mapping[type[Event], Callable[[Session, Any], Turn]] = {
    TakenOver: _taken_over,
    StaffSaid: _said,
    StaffEdited: _edited,
    HandedBack: _handed_back,
    Released: _released,
    Transferred: _transferred,
    Snoozed: _snoozed,
}
