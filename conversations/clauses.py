"""A message in its parts: what is told and what is asked, each clause on its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_END = re.compile(
    r"[，。；;！!…\n]+|[?？]+|(?<![0-9]),|,(?![0-9])|\.(?=\s|$)"
    r"|\s(?:and|but|also|by the way|btw)\s+(?=(?:what|how|why|who|when|can|do|does|is)\b)"
)


@dataclass(frozen=True)
class Clause:
    text: str
    asks: bool = False  #: it ends with a question mark


def split(text: str) -> tuple[Clause, ...]:
    """The clauses of a message in order, as written; a comma inside a number parts nothing.

    >>> [(clause.text, clause.asks) for clause in split("15,000，利率多少？3 staff")]
    [('15,000', False), ('利率多少', True), ('3 staff', False)]
    """
    found, start = [], 0
    for end in _END.finditer(text):
        found.append(Clause(text[start : end.start()].strip(), end[0][0] in "?？"))
        start = end.end()
    found.append(Clause(text[start:].strip()))
    return tuple(clause for clause in found if clause.text)


def joined(texts: Iterable[str]) -> str:
    """Clauses as one message again.

    >>> joined(["昆明", "2017年2月"])
    '昆明，2017年2月'
    """
    return "，".join(texts)
