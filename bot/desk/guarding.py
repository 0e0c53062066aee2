"""What colleagues write to a merchant is read by the message guard before it goes out.

What must not be said is held back with its reasons. What should not be is sent only knowingly, and on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations import wording
from conversations.guard.checking import check
from conversations.guard.finding import blocked
from conversations.guard.known import Known, Lender
from conversations.session import Session

SPOKEN = ("say", "edit", "condition")  #: acts whose text the merchant reads
INSIST = "insist"  #: the field by which a warning is overridden


@dataclass(frozen=True)
class Objection:
    """Why words do not go out as they are; `final` where insisting would not help."""

    problem: str  #: in the colleague's language
    final: bool


def objection(
    act: str, fields: Mapping[str, str], session: Session, lender: Lender, language: str
) -> Objection | None:
    """None where the act says nothing to the merchant, or nothing that the guard finds fault with."""
    found = check(fields.get("text", ""), Known.of(session, lender)) if act in SPOKEN else ()
    if not found:
        return None
    why = " ".join(dict.fromkeys(wording.phrase(finding.why, language) for finding in found))
    return Objection(wording.phrase("desk.guarded", language, why=why), blocked(found))
