"""What colleagues do to a conversation: each act is an event on the same road as a merchant's words. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.access.staff import Staff
from conversations.events import (
    Event,
    HandedBack,
    Released,
    Snoozed,
    StaffAnswered,
    StaffEdited,
    StaffSaid,
    TakenOver,
    Transferred,
)
from scoring.calendar import CHINA

Fields: TypeAlias = Mapping[str, str]

LONGEST = 4000  #: characters of a message; Telegram takes 4,096
ANSWER = 500
MORNING = 9  #: the hour at which what was put aside for days comes back


class Unfit(Exception):
    """What was sent will not do; `desk.unfit.<code>` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


#: the event that a form becomes; what goes on record is told from the event, in its own transaction
Act = Callable[[datetime, Staff, Fields], Event]


def words(fields: Fields, longest: int = LONGEST) -> str:
    """
    Raises:
        Unfit: there are none, or too many.
    """
    text = fields.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        raise Unfit("empty")
    if len(text) > longest:
        raise Unfit("long")
    return text


def until(choice: str, now: datetime) -> datetime | None:
    """When a conversation that is put aside comes back; None where it comes back now.

    Raises:
        Unfit: there is no such choice.
    """
    if choice == "wake":
        return None
    if choice in _HOURS:
        return now + timedelta(hours=_HOURS[choice])
    if choice not in _DAYS:
        raise Unfit("until")
    then = now.astimezone(CHINA) + timedelta(days=_DAYS[choice])
    return then.replace(hour=MORNING, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)


_HOURS = {"hour": 1, "three_hours": 3}
_DAYS = {"tomorrow": 1, "three_days": 3, "week": 7}
SNOOZES = (*_HOURS, *_DAYS)


def _number(fields: Fields, name: str) -> int | None:
    given = fields.get(name, "")
    return int(given) if re.fullmatch(r"[0-9]{1,9}", given) else None


def _said(at: datetime, me: Staff, fields: Fields) -> Event:
    return StaffSaid(at, me.id, me.name, words(fields), _number(fields, "quoting"))


def _edited(at: datetime, me: Staff, fields: Fields) -> Event:
    n = _number(fields, "n")
    if n is None:
        raise Unfit("gone")
    return StaffEdited(at, me.id, me.name, n, words(fields))


def _answered(at: datetime, me: Staff, fields: Fields) -> Event:
    return StaffAnswered(at, me.id, me.name, fields.get("step", ""), words(fields, ANSWER))


def _transferred(at: datetime, me: Staff, fields: Fields) -> Event:
    return Transferred(at, me.id, fields["to"], fields["to_name"])


def _snoozed(at: datetime, me: Staff, fields: Fields) -> Event:
    return Snoozed(at, me.id, until(fields.get("until", ""), at))


ACTS: Mapping[str, Act] = {
    "take": lambda at, me, _: TakenOver(at, me.id, me.name),
    "say": _said,
    "edit": _edited,
    "answer": _answered,
    "hand-back": lambda at, me, _: HandedBack(at, me.id),
    "release": lambda at, me, _: Released(at, me.id),
    "transfer": _transferred,
    "snooze": _snoozed,
}
