"""Applications in, decisions out, one JSON object a line: the chat's own road, for files and pipes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

from scoring.application import ApplicationError
from scoring.decide import Inputs, decide
from scoring.decision import Decision, to_json
from scoring.policy import Policy
from scoring.scorecard import Scorecard

_NAMES = ("application", "brand", "personal", "as_of", "conversation")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
LONGEST = 50_000_000  #: characters of a line that are read

Shown = Callable[[Decision], dict[str, Any]]  #: a decision in its public shape


class LineError(ValueError):
    """A line that holds no application: the field and what it should hold."""


def score_lines(
    lines: Iterable[str], *, model: Scorecard, policy: Policy, shown: Shown = to_json
) -> Iterator[dict[str, Any]]:
    """A decision, or an error with its line number, for every line that is not blank."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield score_line(line, number, model=model, policy=policy, shown=shown)


def score_line(
    line: str, number: int, *, model: Scorecard, policy: Policy, shown: Shown = to_json
) -> dict[str, Any]:
    """One line's decision; a line that cannot be read gives `{"error": ..., "line": n}`."""
    try:
        return shown(decide(read_inputs(line), model=model, policy=policy))
    except (LineError, ApplicationError) as wrong:
        return {"error": str(wrong), "line": number}
    except RecursionError:
        return {"error": "line: should hold JSON nested less deeply", "line": number}


def read_inputs(line: str) -> Inputs:
    """The inputs in one line of JSON; raises `LineError` naming the field and what it should hold."""
    raw = _object(_json(line), "line")
    unknown = sorted(set(raw) - set(_NAMES))
    if unknown:
        raise LineError(f"{unknown[0][:60]!r}: should not be there; known are {', '.join(_NAMES)}")
    return Inputs(
        application=_object(raw.get("application"), "application"),
        brand=_optional(raw.get("brand"), "brand"),
        personal=_optional(raw.get("personal"), "personal"),
        as_of=_day(raw.get("as_of")),
        conversation=_optional(raw.get("conversation"), "conversation"),
    )


def _json(line: str) -> Any:
    if len(line) > LONGEST:
        raise LineError(f"line: should hold at most {LONGEST} characters")
    try:
        return json.loads(line, parse_constant=_no_number, object_pairs_hook=_no_doubles)
    except ValueError as wrong:
        raise LineError(f"line: should hold one JSON object ({str(wrong)[:120]})") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name given twice in one object")
    return found


def _object(raw: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise LineError(f"{name}: should hold a JSON object")
    return raw


def _optional(raw: Any, name: str) -> Mapping[str, Any] | None:
    return None if raw is None else _object(raw, name)


def _day(raw: Any) -> date:
    try:
        day = date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise LineError('as_of: should hold a day as "YYYY-MM-DD"') from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise LineError(f"as_of: should lie between {_FIRST_YEAR} and {_LAST_YEAR}")
    return day
