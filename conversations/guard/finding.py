"""What the guard says of a text: which rule, how grave, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    WARN = "warn"  # may go out when the writer insists
    BLOCK = "block"  # may not go out


@dataclass(frozen=True)
class Finding:
    """`span` are the places in the text as it was written, the end not included."""

    rule: str
    severity: Severity
    span: tuple[int, int]
    why: str  #: the key of the reason, in every language


def blocked(findings: tuple[Finding, ...]) -> bool:
    """Whether a text with these findings may not go out at all."""
    return any(finding.severity is Severity.BLOCK for finding in findings)
