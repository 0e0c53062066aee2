"""A stored decision made again from its stored inputs, and where it differs from what was stored. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from scoring import ruling
from scoring.application import ApplicationError
from scoring.decide import Inputs, decide
from scoring.decision import Decision, to_json
from scoring.policy import Policy
from scoring.scorecard import Scorecard

ACCOUNTS = ("brand", "personal")
CODE = "code"  #: the part of `made_with` that need not be the same: another release must decide alike

Json = Mapping[str, Any]


def withdrawn(inputs: Json) -> tuple[str, ...]:
    """The accounts that were taken out of stored inputs when their consent was withdrawn."""
    return tuple(name for name in ACCOUNTS if "withdrawn" in (inputs.get(name) or {}))


def made_with(decision: Json) -> dict[str, str]:
    """What a stored decision says it was made with, without the code."""
    parts = {name: str(version) for name, version in decision.get("made_with", {}).items() if name != CODE}
    return {"model": str(decision.get("model")), **parts}


def parts(model: Scorecard, policy: Policy) -> dict[str, str]:
    """The same of what is loaded."""
    own = {name: version for name, version in policy.made_with.items() if name != CODE}
    return {**own, "model": model.name}


def difference(inputs: Json, decision: Json, *, model: Scorecard, policy: Policy) -> str | None:
    """The JSON path at which a stored decision first differs from the same made again, None for none."""
    try:
        again = to_json(_again(inputs, model, policy))
    except (ApplicationError, LookupError, TypeError, ValueError) as wrong:
        return f"$: cannot be decided again: {type(wrong).__name__}: {str(wrong)[:120]}"
    return next(_differences(_without_code(decision), _without_code(again), "$"), None)


def _again(stored: Json, model: Scorecard, policy: Policy) -> Decision:
    """The same decision, by the machine or by people on top of what it found."""
    inputs, ruled = machines(stored), stored.get("ruling")
    if ruled is None:
        return decide(inputs, model=model, policy=policy)
    return ruling.rule(inputs, ruling.read(ruled), model=model, policy=policy)


def machines(stored: Json) -> Inputs:
    """The inputs that the machine was given."""
    return Inputs(
        stored["application"],
        stored["brand"],
        stored["personal"],
        date.fromisoformat(stored["as_of"]),
        stored.get("conversation"),
    )


def _without_code(decision: Json) -> Json:
    known = {name: version for name, version in decision.get("made_with", {}).items() if name != CODE}
    return {**decision, "made_with": known}


def _differences(stored: Any, again: Any, path: str) -> Iterator[str]:
    """Paths at which two JSON values differ, in the order of names; 1 and 1.0 differ."""
    if isinstance(stored, Mapping) and isinstance(again, Mapping):
        for name in sorted({*stored, *again}):
            yield from _differences(stored.get(name, _NONE), again.get(name, _NONE), f"{path}.{name}")
    elif isinstance(stored, list | tuple) and isinstance(again, list | tuple) and len(stored) == len(again):
        for place, (one, other) in enumerate(zip(stored, again, strict=True)):
            yield from _differences(one, other, f"{path}[{place}]")
    elif type(stored) is not type(again) or stored != again:
        yield f"{path}: stored {_shown(stored)}, now {_shown(again)}"


class _Nothing:
    """Where one of both has no value of a name."""

    def __repr__(self) -> str:
        return "nothing"


_NONE = _Nothing()


def _shown(value: Any) -> str:
    return repr(value)[:60]
