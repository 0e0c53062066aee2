"""What colleagues do to a conversation: each act is an event on the same road as a merchant's words. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.access.staff import Staff
from conversations import conditions
from conversations.events import (
    ConditionIssued,
    ConditionSettled,
    Event,
    HandedBack,
    ProposalClosed,
    Released,
    Snoozed,
    StaffAnswered,
    StaffEdited,
    StaffSaid,
    TakenOver,
    Transferred,
)
from conversations.replies import Value
from scoring.calendar import CHINA

Fields: TypeAlias = Mapping[str, str]

LONGEST = 4000  #: characters of a message; Telegram takes 4,096
ANSWER = 500
NOTE = 2000  #: of a note to colleagues
MORNING = 9  #: the hour at which what was put aside for days comes back


class Unfit(Exception):
    """What was sent will not do; `desk.unfit.<code>` says why, with these values."""

    def __init__(self, code: str, **values: Value) -> None:
        super().__init__(code)
        self.code, self.values = code, values


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


def _issued(at: datetime, me: Staff, fields: Fields) -> Event:
    code = fields.get("code", "")
    if code == conditions.OWN:
        return ConditionIssued(at, me.id, me.name, code, words(fields, ANSWER))
    if code not in conditions.CODES:
        raise Unfit("condition")
    return ConditionIssued(at, me.id, me.name, code)


def _settled(waived: bool) -> Act:
    def act(at: datetime, me: Staff, fields: Fields) -> Event:
        n = _number(fields, "n")
        if n is None:
            raise Unfit("condition")
        return ConditionSettled(at, me.id, n, waived, words(fields, ANSWER))

    return act


def _refused(at: datetime, me: Staff, fields: Fields) -> Event:
    return ProposalClosed(at, me.id, fields.get("proposal", ""), False, words(fields, ANSWER))


def _withdrawn(at: datetime, me: Staff, fields: Fields) -> Event:
    return ProposalClosed(at, me.id, fields.get("proposal", ""), True)


ACTS: Mapping[str, Act] = {
    "take": lambda at, me, _: TakenOver(at, me.id, me.name),
    "say": _said,
    "edit": _edited,
    "answer": _answered,
    "hand-back": lambda at, me, _: HandedBack(at, me.id),
    "release": lambda at, me, _: Released(at, me.id),
    "transfer": _transferred,
    "snooze": _snoozed,
    "condition": _issued,
    "clear": _settled(False),
    "waive": _settled(True),
    "refuse": _refused,
    "withdraw": _withdrawn,
}
