"""Interest as it may be told: the annual rate first; "0 %" with its instalments and what follows."""

import re
from collections.abc import Iterator

from conversations import amounts
from conversations.guard.finding import Finding, Severity
from conversations.guard.folding import Folded
from conversations.guard.known import Known
from conversations.guard.patterns import group, pattern
from conversations.guard.sayings import denied_around


def small_rate(text: Folded) -> Iterator[Finding]:
    """A rate or cost by the day, week or month before any annual rate; without a figure it is only a word."""
    for found in pattern("small_rate", "says").finditer(text.text):
        begins, ends = text.sentence(*found.span())
        sentence = text.text[begins:ends]
        harmless = (
            not pattern("small_rate", "counted").search(sentence)
            or pattern("small_rate", "annual").search(text.text[: found.end()])
            or pattern("small_rate", "compared").search(sentence)
            or pattern("small_rate", "unless").search(sentence)
        )
        if not harmless:
            yield Finding("small_rate", Severity.BLOCK, text.span(*found.span()), "guard.small_rate")


def zero(text: Folded, known: Known) -> Iterator[Finding]:
    """ "0 %" needs for how many instalments (or it is blocked), and unless that is all, what then."""
    for found in pattern("zero", "says").finditer(text.text):
        if denied_around(text, *found.span()):
            continue
        begins, ends = text.sentence(*found.span())
        why = _missing(text.text, text.text[begins:ends], known)
        if why:
            severity = Severity.WARN if why == "guard.zero.then" else Severity.BLOCK
            yield Finding("zero", severity, text.span(*found.span()), why)


def _missing(whole: str, sentence: str, known: Known) -> str | None:
    if _holds("whole", sentence):
        return None
    counts = [group(found, "count") for found in pattern("zero", "part").finditer(sentence)]
    if not counts:
        return "guard.zero"
    told = _holds("then", whole) or _holds("then_en", whole) or all(_all_free(each, known) for each in counts)
    return None if told else "guard.zero.then"


def _all_free(count: str | None, known: Known) -> bool:
    """Whether a loan of so many instalments bears no interest at all."""
    return any(int(each.value) in known.wholly_free for each in amounts.quantities(count or ""))


def _holds(name: str, text: str) -> re.Match[str] | None:
    return pattern("zero", name).search(text)
