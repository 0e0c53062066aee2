"""Why a person is wanted and how soon: by this the queue at the desk is ordered. Pure.

The order needs no clock: whoever must be answered first comes first, and waiting brings that moment nearer.
"""

from datetime import datetime, timedelta

from conversations.session import BOT, Session, Stage
from scoring.decision import Decision

LARGE = 10_000_000  #: fen wanted from which a conversation is one level more pressing
WITHIN = (timedelta(minutes=30), timedelta(minutes=10), timedelta(minutes=3))  #: to a first answer, by level

#: every reason for which a person is wanted, and how pressing it is: 0 usual, 1 pressing, 2 urgent
REASONS = {
    "asked": 1,
    "stuck": 1,
    "frustrated": 2,
    "reconsider": 1,
    "proposal": 1,
    "condition": 1,
    "referred": 0,
    "check": 0,
    "source": 0,
    "assessment_failed": 0,
}
_ON_A_DECISION = frozenset(
    {"reconsider", "proposal", "condition", "referred", "check", "source", "assessment_failed"}
)


def level(session: Session) -> int:
    """How pressing it is that a person looks: 0 usual, 1 pressing, 2 urgent."""
    wanted = session.value("amount")
    large = isinstance(wanted, int) and wanted >= LARGE
    return min(2, REASONS.get(session.person or "", 0) + large)


def answer_by(session: Session) -> datetime | None:
    """When a person should have spoken at the latest; None where nobody is wanted, or somebody is there.

    Nobody is late who waits for the merchant's answer to a condition.
    """
    if session.person is None or session.person_since is None or session.holder != BOT:
        return None
    if session.person in _ON_A_DECISION and session.waiting == "condition" and session.proposal is None:
        return None
    return session.person_since + WITHIN[level(session)]


def of_decision(made: Decision) -> str:
    """Why a person looks at a decision that was referred."""
    referring = [reason for reason in made.reasons if reason.effect == "refers"]
    if any("check" in reason.values for reason in referring):
        return "check"
    return "source" if any(reason.code == "R19" for reason in referring) else "referred"


def still_wanted(session: Session) -> str | None:
    """The reason that does not depend on how the application is decided; None where there is no such."""
    return None if session.person in _ON_A_DECISION else session.person


def after_a_person(session: Session) -> str | None:
    """Why somebody is wanted still when a colleague is done: what waits for a decision waits on."""
    if session.stage is Stage.REFERRED:
        return session.person if session.person in _ON_A_DECISION else "referred"
    if session.proposal is not None:
        return "proposal"
    return session.person if session.person == "reconsider" else None
