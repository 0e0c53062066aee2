"""What an approval depends on: issued by a colleague, answered by the merchant, cleared or waived. Pure."""

from dataclasses import replace
from datetime import datetime

from conversations import prompts
from conversations.asking import go_on, refused
from conversations.events import ConditionIssued, ConditionSettled
from conversations.replies import Colleague, Kind, Reply
from conversations.session import BOT, Condition, Session, Stage, Turn

#: what is asked for in words of ours, in every language; beside them a colleague may ask in their own
CODES = ("statement", "orders", "lease", "quote", "licence", "debts", "fall")
OWN = "own"
MOST = 20  #: of one application
LONGEST = 1000  #: characters kept of an answer
_OVER = ("cleared", "waived")


def issued(session: Session, event: ConditionIssued) -> Turn:
    """Ask the merchant: by the bot, or in the name of the colleague who has the word."""
    if not session.yields_to(event.by):
        return refused(session, "desk.refused.held")
    if session.stage is not Stage.REFERRED or len(session.conditions) >= MOST:
        return refused(session, "desk.refused.not_referred")
    new = Condition(len(session.conditions) + 1, event.code, event.by, event.at, event.text)
    after = replace(session, conditions=(*session.conditions, new), snoozed_until=None)
    if session.holder != BOT:
        asks = {"what": prompts.asked_for(new)}
        said = Reply(Kind.STAFF, "colleague.condition", asks, by=Colleague(event.by, event.name))
        return Turn(replace(after, unanswered=None), (said,))
    return go_on(after) if session.waiting is None else Turn(after)  # else it is asked after what is open


def answered(session: Session, text: str, at: datetime) -> Turn | None:
    """Keep the merchant's words; None where nothing was asked. After the last answer a person looks again."""
    asked = session.unanswered_condition
    if asked is None:
        return None
    after = _with(session, replace(asked, state="answered", answer=text[:LONGEST]))
    if after.unanswered_condition is None and session.proposal is None:
        after = replace(after, person="condition", person_since=at)
    return go_on(after).preceded_by(prompts.say("condition.noted"))


def settled(session: Session, event: ConditionSettled) -> Turn:
    """It is met, or let be; whoever was just being asked it is told that this is over."""
    found = next((each for each in session.conditions if each.n == event.n), None)
    if found is None or found.state in _OVER:
        return refused(session, "desk.refused.condition")
    state = "waived" if event.waived else "cleared"
    after = _with(session, replace(found, state=state, settled_by=event.by, reason=event.reason))
    asked = session.holder == BOT and session.waiting == "condition" and found == session.unanswered_condition
    return go_on(after).preceded_by(prompts.say("condition.over")) if asked else Turn(after)


def unmet(session: Session) -> bool:
    """Whether an approval still depends on something."""
    return any(each.state not in _OVER for each in session.conditions)


def _with(session: Session, changed: Condition) -> Session:
    conditions = tuple(changed if each.n == changed.n else each for each in session.conditions)
    return replace(session, conditions=conditions)
