"""The named places in the product's code, as its source says them, and what must have one beside it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("bot", "conversations")

#: calls after which something outside has changed: a commit, a message, an update that Telegram forgets
EFFECTS = frozenset({"commit", "send_message", "do_api_request"})


@dataclass(frozen=True)
class Function:
    """A function of the product, with the places and the effects in its own body."""

    file: str
    name: str
    places: frozenset[str]
    effects: frozenset[str]

    @property
    def where(self) -> str:
        return f"{self.file}:{self.name}"


@cache
def functions() -> tuple[Function, ...]:
    found = []
    for file in sorted(file for folder in CODE for file in (ROOT / folder).rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                calls = list(_calls(node))
                passed = frozenset(str(argument) for called, argument in calls if called == "crashpoint")
                done = EFFECTS & {called for called, _ in calls}
                found.append(Function(name, node.name, passed, done))
    return tuple(found)


def named() -> dict[str, str]:
    """Every place, and the function it is in."""
    return {place: function.where for function in functions() for place in sorted(function.places)}


#: places that no process of this harness passes, and who does
ELSEWHERE: dict[str, str] = {}


def visited() -> list[str]:
    return sorted(named().keys() - ELSEWHERE.keys())


def mode(place: str) -> str:
    """How updates come so that the place is passed."""
    return "webhook" if place.startswith("webhook") else "polling"


def _calls(node: ast.AST) -> Iterator[tuple[str, object]]:
    """The name of each thing called, and its first argument if that is written out."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            first = call.args[0] if call.args else None
            yield name, first.value if isinstance(first, ast.Constant) else None
