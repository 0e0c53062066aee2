"""Colleagues named in a note by @ and their name. Pure."""

from collections.abc import Iterator, Mapping


def mentioned(text: str, names: Mapping[str, str]) -> Iterator[str]:
    """The ids of those named; of two names that begin alike the longer one is meant.

    >>> list(mentioned("@Ann Lee please look", {"1": "Ann", "2": "Ann Lee"}))
    ['2']
    """
    folded = text.casefold()
    for id, name in sorted(names.items(), key=lambda one: (-len(one[1]), one[0])):
        call = f"@{name.casefold()}"
        if call in folded:
            folded = folded.replace(call, " ")
            yield id
