"""What a merchant is told who comes back after a while: one line, with what has changed meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from conversations.asking import assess
from conversations.prompts import say
from conversations.replies import Choice, Clause, Clauses, Kind, Reply
from conversations.session import Session, Stage, Turn
from conversations.steps import CLOSING
from conversations.validity import lapsed
from scoring.calendar import day
from scoring.months import Month

ASLEEP = timedelta(days=30)  #: without a word; nothing is forgotten, and the return is a longer story
SALES = "sales_last_month"
_CLOSING = {step.id for step in CLOSING}
_CHANGE_SALES = Choice(f"/edit {SALES}", "choice.change_sales")


def decided_anew(turn: Turn, at: datetime) -> Turn:
    """The turn; where it asks about offers that have run out, they are decided anew instead."""
    if not any(reply.step in _CLOSING for reply in turn.replies) or not lapsed(turn.session, at):
        return turn
    rest = tuple(reply for reply in turn.replies if not _is_of_offers(reply))
    anew = assess(turn.session).preceded_by(say("offer.expired"))
    return replace(turn, replies=rest).followed_by(anew)


def _is_of_offers(reply: Reply) -> bool:
    return reply.step in _CLOSING or reply.kind is Kind.OFFER or reply.key == "recap.offered"


def caught_up(before: Session, turn: Turn, at: datetime) -> Turn:
    """The turn; where it says how things stand, what has changed meanwhile is said with it."""
    n = next((n for n, reply in enumerate(turn.replies) if reply.key.startswith("recap.")), None)
    news = tuple(_news(before, turn.session, at)) if n is not None else ()
    if n is None or not news:
        return turn
    recap = turn.replies[n]
    told = replace(
        recap,
        key="recap.news",
        values={"recap": Clause(recap.key, recap.values), "news": Clauses(news)},
        choices=(*recap.choices, *((_CHANGE_SALES,) if _old_sales(turn.session, at) else ())),
    )
    replies = (*turn.replies[:n], told, *turn.replies[n + 1 :])
    return replace(turn, session=replace(turn.session, revised=False), replies=replies)


def _news(before: Session, now: Session, at: datetime) -> Iterator[Clause]:
    away = at - before.seen if before.seen else timedelta()
    if away >= ASLEEP:
        yield Clause("news.away", {"days": away.days})
    if now.revised:
        yield Clause("news.questions")
    if month := _old_sales(now, at):
        yield Clause("news.sales", {"month": month})


def _old_sales(session: Session, at: datetime) -> Month | None:
    """The month that was "last month" when its sales were told, where it is no longer."""
    told = session.answers.get(SALES)
    if told is None or session.stage is not Stage.APPLYING:
        return None
    then = Month.of(day(told.at))
    return then.plus(-1) if then != Month.of(day(at)) else None
