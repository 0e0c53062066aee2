"""Replies at hand: those that ship with the product and those that colleagues keep, filled in. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conversations import phrases, readable
from conversations.replies import Yuan
from conversations.session import Session
from conversations.steps import STEPS
from conversations.store.desk.canned import Canned

SHIPPED = "canned."  #: the keys of those that ship
SHORT = re.compile(r"[\w-]{1,24}")
LONGEST = 2000  #: characters
VARIABLES = ("me", "merchant", "question", "amount", "limit", "city")
_VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Ready:
    """A reply that a short word stands for; `own` when colleagues keep it."""

    short: str
    text: str
    own: bool = False


def ready(kept: Iterable[Canned], language: str) -> list[Ready]:
    """The replies of a language by their short words; a colleague's takes the place of one that ships."""
    found = {
        key.removeprefix(SHIPPED): Ready(key.removeprefix(SHIPPED), text)
        for key, text in phrases.sentences(language).items()
        if key.startswith(SHIPPED)
    }
    found |= {one.short: Ready(one.short, one.text, own=True) for one in kept if one.language == language}
    return [found[short] for short in sorted(found)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known; what is not known stays in brackets, for the eye to catch.

    >>> filled("Hello {merchant}, {limit}", {"merchant": "Ann"})
    'Hello Ann, [limit?]'
    """
    return _VARIABLE.sub(lambda found: values.get(found[1]) or f"[{found[1]}?]", text)


def values(session: Session, me: str, merchant: str) -> Mapping[str, str]:
    """What is known of the merchant, as they read it."""
    language, known = session.language, {"me": me, "merchant": merchant}
    for step in ("amount", "city"):
        if session.value(step) is not None:
            known[step] = phrases.show(readable.answer(session, STEPS[step]), language)
    if f"step.{session.waiting}" in phrases.sentences(language):
        known["question"] = phrases.phrase(f"step.{session.waiting}", language)
    if session.decision is not None and session.decision.limit:
        known["limit"] = phrases.show(Yuan(session.decision.limit), language)
    return known


def expanded(text: str, replies: Iterable[Ready], known: Mapping[str, str]) -> str | None:
    """What "/short" alone stands for, None where the words are no such call."""
    called = text.strip()
    return next((filled(one.text, known) for one in replies if called == f"/{one.short}"), None)
