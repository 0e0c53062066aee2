"""The one sanitiser at the edge: what a database driver would refuse never gets further than here."""

import dataclasses
from typing import Any, TypeVar, cast

T = TypeVar("T")


def clean(value: T) -> T:
    """The same value, its texts without NUL and lone surrogates; dataclasses, mappings and lists are entered.

    >>> clean({"a": ["x\\0y", "\\ud83d"]})
    {'a': ['xy', '\N{REPLACEMENT CHARACTER}']}
    """
    return cast(T, _clean(value))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value if type(value) is not str else _text(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_clean(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    return value


def _record(value: Any) -> Any:
    held = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    changed = {name: new for name, old in held.items() if (new := _clean(old)) != old}
    return dataclasses.replace(value, **changed) if changed else value


def _text(text: str) -> str:
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:  # two halves of one character may still meet
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
