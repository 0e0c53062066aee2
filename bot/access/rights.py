"""What each role may do. A page or a button asks for a right, never for a role."""

from enum import StrEnum

from bot.access.staff import Role


class Right(StrEnum):
    SEE = "see"
    TALK = "talk"
    ANSWER = "answer"
    DECIDE = "decide"
    PROPOSE = "propose"
    REVEAL = "reveal"  #: personal data, on the record
    AUDIT = "audit"
    ADMINISTER = "administer"


_AT_WORK = frozenset({Right.SEE, Right.TALK, Right.ANSWER, Right.PROPOSE, Right.REVEAL})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.AGENT: _AT_WORK,
    Role.REVIEWER: _AT_WORK | {Right.DECIDE},
    Role.ADMINISTRATOR: frozenset(Right),
    Role.AUDITOR: frozenset({Right.SEE, Right.AUDIT}),
}


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]


#: the highest limit in fen that a role may grant; a role without one is bound by products and law alone
MOST: dict[Role, int] = {Role.REVIEWER: 10_000_000}


def grants(role: Role, limit: int) -> bool:
    """Whether a role may decide on such a limit, in fen, alone or as the second person."""
    return may(role, Right.DECIDE) and limit <= MOST.get(role, limit)
