"""The named places in the product's code, as its source says them, and what must have one beside it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("bot", "conversations")

#: calls with which something changes that a crash cannot take back: a commit, a message, a source asked, work
#: handed over, and the turn behind every acknowledgement
EFFECTS = frozenset(
    {
        "connection.commit", "engine.begin", "request.post", "bot.send_message", "bot.do_api_request",
        "turns.handle", "turns.handle_session", "turns.finish", "store.write",
        "weibo.token", "weibo.user", "weibo.snapshot",
    }
)  # fmt: skip


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


#: passed once by each process: to die there again takes another process
ONCE = frozenset({"before the pulse", "pulse written"})

#: what leads a process to a place, where it is not the merchants of a bot that polls
_MODES: dict[str, tuple[str, ...]] = {
    "webhook": ("webhook received", "webhook stored"),
    "chat": ("visitor came", "visitor stored", "chat message received", "chat message stored"),
    "connect": (
        "before the token", "after the token", "token written", "connection proven", "connection stored",
    ),
    "sources": (
        "look-up set aside", "profile read",
        "calls set aside", "source fetched", "calls settled", "source kept",
    ),
    "absence": ("before asking again", "asked again"),
    "old": ("forgotten",),
    "timers": ("before a timer rings", "a timer rang"),
    "desk": ("bot silenced",),
    "rating": ("rating written",),
    "group": ("topic made", "topic told"),
    "devices": ("device moved",),
    "floods": ("messages taken",),
    "server": ("written to the server", "committed to the server"),
}  # fmt: skip


def visited() -> list[str]:
    return sorted(named())


def mode(place: str) -> str:
    """What leads a process there: "polling", or a key of the table above."""
    return next((mode for mode, theirs in _MODES.items() if place in theirs), "polling")


def _calls(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Each thing called, with whose it is, and its first argument if that is written out."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            first = call.args[0] if call.args else None
            yield _called(call.func), first.value if isinstance(first, ast.Constant) else None


def _called(function: ast.expr) -> str:
    """The last two words of a name, without an underscore: "store.write" of `self._store.write`."""
    if not isinstance(function, ast.Attribute):
        return getattr(function, "id", "")
    owner = function.value
    whose = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return f"{whose.lstrip('_')}.{function.attr}"
