"""What colleagues write to a merchant is read by the message guard before it goes out, wherever they write.

What must not be said is held back with its reasons. What should not be is sent only knowingly, and on record.
"""

from dataclasses import dataclass

from conversations import wording
from conversations.guard.checking import check
from conversations.guard.finding import Finding, blocked
from conversations.guard.known import Known, Lender
from conversations.session import Session

SPOKEN = ("say", "edit", "condition")  #: acts whose text the merchant reads
INSIST = "insist"  #: the field by which a warning is overridden


@dataclass(frozen=True)
class Objection:
    """What the guard has found in words that a colleague is about to send."""

    findings: tuple[Finding, ...]

    @property
    def final(self) -> bool:
        """Whether insisting would not help."""
        return blocked(self.findings)

    def reasons(self, language: str) -> str:
        """Each reason once, in the colleague's language."""
        return " ".join(dict.fromkeys(wording.phrase(finding.why, language) for finding in self.findings))


def objection(text: str, session: Session | None, lender: Lender) -> Objection | None:
    """None where there is nothing to object to, or nobody to say it to."""
    found = check(text, Known.of(session, lender)) if session else ()
    return Objection(found) if found else None
