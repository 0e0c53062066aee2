"""The log: JSON lines on standard error for machines, plain ones for people, each with its conversation.

A line holds what our own code says and nothing a merchant said: other libraries are cut to where a line
comes from, and an exception to its kinds and places, for its message may quote what was put in.
"""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO

from conversations import watch

OURS = ("bot", "conversations", "scoring", "migrations")
FRAMES = 12  #: places shown of one exception, the innermost

Line = dict[str, str | list[str]]


def configure(level: str, stream: IO[str], *, machine: bool) -> None:
    """Send everything that is logged in this process to the stream, in place of earlier arrangements."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Private(as_json if machine else readable))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.raiseExceptions = False  # a line that cannot be formatted would be printed with its arguments


class Private(logging.Formatter):
    """A record as one line; whatever a library or a mistake has added to the record is left out."""

    def __init__(self, write: Callable[[Line], str]) -> None:
        super().__init__()
        self._write = write

    def format(self, record: logging.LogRecord) -> str:
        return self._write(told(record))


def told(record: logging.LogRecord) -> Line:
    """When, how bad, where it comes from, what, and which conversation it is about, in this order."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
    line: Line = {
        "at": at.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": event(record),
    }
    if about := watch.conversation.get():
        line["conversation"] = about
    if record.exc_info:
        line["error"] = causes(record.exc_info[1])
    return line


def event(record: logging.LogRecord) -> str:
    """Our own words, which hold no personal data; of other libraries, the place that speaks."""
    # the access log is written by bot.access_log, which names routes only
    if record.name.partition(".")[0] in OURS or record.name == "aiohttp.access":
        return record.getMessage()
    return f"{record.module}:{record.lineno}"


def as_json(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False)


def readable(line: Line) -> str:
    """The same line for a person."""
    about = f" conversation={line['conversation']}" if "conversation" in line else ""
    error = "".join(f"\n  {part}" for part in line.get("error", ()))
    return f"{line['at']} {line['level']} {line['logger']} {line['event']}{about}{error}"


def causes(error: BaseException | None) -> list[str]:
    """Each exception of the chain, the last one first, as `Type at file:line function < …`."""
    told, seen = [], set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told.append(f"{type(error).__name__} at {_places(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def _places(error: BaseException) -> str:
    """Where it was raised, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    return " < ".join(places) or "no place"


def _short(file: str) -> str:
    """The module's file without the way to it."""
    return "/".join(file.replace("\\", "/").rsplit("/", 2)[-2:])
