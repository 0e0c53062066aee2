"""A text before it goes out, whoever wrote it: every rule asked, each place in the text answered for once."""

from collections.abc import Iterator

from conversations.guard import sayings
from conversations.guard.figures import figures
from conversations.guard.finding import Finding, Severity
from conversations.guard.folding import Folded, fold
from conversations.guard.known import Known
from conversations.guard.people import personal
from conversations.guard.rates import small_rate, zero

RULES = ("transfer", "secret", "promise", "pressure", "personal", "small_rate", "zero", "figure")
_GRAVE = {Severity.BLOCK: 0, Severity.WARN: 1}


def check(text: str, known: Known) -> tuple[Finding, ...]:
    """What must not, or should not, be said; in the order of the text.

    Where two rules find fault with the same words, the graver finding stands, then the one whose rule is
    named first in `RULES`.
    """
    folded = fold(text)
    found = sorted(_all(folded, known), key=lambda each: (_GRAVE[each.severity], RULES.index(each.rule)))
    kept: list[Finding] = []
    for finding in found:
        if not any(_overlap(finding, other) for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda each: each.span))


def _all(folded: Folded, known: Known) -> Iterator[Finding]:
    for name in sayings.WORDS:
        yield from sayings.said(folded, name)
    yield from personal(folded, known)
    yield from small_rate(folded)
    yield from zero(folded, known)
    yield from figures(folded, known)


def _overlap(one: Finding, other: Finding) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]
