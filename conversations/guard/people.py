"""Other people's data: numbers and addresses that are nobody's business here, and what others borrowed."""

import re
from collections.abc import Iterator

from conversations.guard.finding import Finding, Severity
from conversations.guard.folding import Folded, fold
from conversations.guard.known import Known
from conversations.guard.patterns import group, pattern
from conversations.guard.sayings import denied

_NUMBERS = ("identity", "card", "phone", "mail", "messenger")
_SAID = ("asks_identity", "others")


def personal(text: Folded, known: Known) -> Iterator[Finding]:
    """Numbers and addresses, accounts that are not this merchant's, and what another one was lent."""
    ours = {_bare(contact) for contact in known.contacts}
    for kind in _NUMBERS:
        for found in pattern("personal", kind).finditer(text.text):
            if not ours & {_bare(found[0]), _bare(group(found, "name") or "")}:
                yield _finding(text, found, kind)
    for kind in _SAID:
        for found in pattern("personal", kind).finditer(text.text):
            if not denied(text, *found.span()):
                yield _finding(text, found, kind)
    yield from _handles(text, known)


def _handles(text: Folded, known: Known) -> Iterator[Finding]:
    """An account is known by its name alone: a sentence may run on after it without a space."""
    theirs = tuple(fold(handle).text.lstrip("@") for handle in known.handles)
    for found in pattern("personal", "handle").finditer(text.text):
        if not (theirs and (group(found, "name") or "").startswith(theirs)):
            yield _finding(text, found, "handle")


def _finding(text: Folded, found: re.Match[str], kind: str) -> Finding:
    severity = Severity.WARN if kind == "handle" else Severity.BLOCK
    return Finding("personal", severity, text.span(*found.span()), f"guard.personal.{kind}")


def _bare(text: str) -> str:
    return re.sub(r"[\s+-]", "", text).lower()
