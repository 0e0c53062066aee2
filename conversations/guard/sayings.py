"""Rules that are words: promises, pressure, secrets, money asked for. What a sentence denies is not said."""

from collections.abc import Iterator

from conversations.guard.finding import Finding, Severity
from conversations.guard.folding import Folded
from conversations.guard.patterns import pattern, table

WORDS = ("transfer", "secret", "promise", "pressure", "hurry")


def said(text: Folded, name: str) -> Iterator[Finding]:
    """Where a rule's words stand."""
    rule = table(name).get("rule", name)
    severity = Severity(table(name)["severity"])
    for found in pattern(name, "says").finditer(text.text):
        if not denied(text, *found.span()):
            yield Finding(rule, severity, text.span(*found.span()), f"guard.{name}")
    if "flat" in table(name):
        for found in pattern(name, "flat").finditer(text.text):
            yield Finding(rule, severity, text.span(*found.span()), f"guard.{name}")


def denied(text: Folded, start: int, end: int) -> bool:
    """Whether the sentence says the opposite: "cannot guarantee approval", "nobody can promise"."""
    return denied_around(text, start, end) or _search("inside", text.text[start:end])


def denied_around(text: Folded, start: int, end: int) -> bool:
    """The same of words that hold a "no" themselves, like "no interest"."""
    begins, ends = text.sentence(start, end)
    before, after = text.text[begins:start], text.text[end:ends]
    return _search("before", before) or _search("before_en", before) or _search("after", after)


def _search(name: str, text: str) -> bool:
    return pattern("denial", name).search(text) is not None
