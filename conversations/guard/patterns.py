"""The rules' patterns, read from `rules.toml` once: parts put in, and what a match says by name."""

import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any

_PART = re.compile(r"\{([a-z_]+)\}")
_NAMED = re.compile(r"\(\?P<([a-z]+)>")


@cache
def rules() -> dict[str, Any]:
    """The tables of the file as they are written."""
    text = resources.files("conversations").joinpath("guard/rules.toml").read_text("utf-8")
    return tomllib.loads(text)


def table(name: str) -> dict[str, Any]:
    """One table of it; "figure.claims" is a table within one."""
    found = rules()
    for part in name.split("."):
        found = found[part]
    return found


@cache
def pattern(where: str, name: str) -> re.Pattern[str]:
    """A pattern of a table by its name; several are alternatives, and a group may stand in each of them."""
    written = table(where)[name]
    alternatives = [written] if isinstance(written, str) else written
    whole = "|".join(f"(?:{_whole(each)})" for each in alternatives)
    number = itertools.count()
    return re.compile(_NAMED.sub(lambda found: f"(?P<{found[1]}__{next(number)}>", whole))


def _whole(text: str) -> str:
    parts = table("parts")
    while (whole := _PART.sub(lambda found: parts[found[1]], text)) != text:
        text = whole
    return text


def group(found: re.Match[str], *names: str) -> str | None:
    """What the first group of one of these names holds."""
    held = _held(found, names)
    return next((text for _, text in held), None)


def places(found: re.Match[str], name: str) -> tuple[int, int]:
    """Where such a group stands; the whole match where there is none."""
    named = next((key for key, _ in _held(found, (name,))), None)
    return found.span(named) if named else found.span()


def _held(found: re.Match[str], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for key, text in found.groupdict().items():
        if text is not None and key.partition("__")[0] in names:
            yield key, text
