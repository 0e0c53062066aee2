"""The log: JSON lines on standard error for machines, plain ones for people, each with its conversation.

A line holds what our own code says and nothing a merchant said: other libraries are cut to where a line
comes from, and an exception to its kinds and places, for its message may quote what was put in.
"""

import logging
import traceback
from collections.abc import MutableMapping
from typing import IO, Any

import structlog
from structlog.stdlib import ProcessorFormatter

from conversations import watch

OURS = ("bot", "conversations", "scoring", "migrations")
KNOWN = ("at", "level", "logger", "event", "conversation", "error")  #: nothing else reaches a line, in order
FRAMES = 12  #: places shown of one exception, the innermost

Line = MutableMapping[str, Any]


def configure(level: str, stream: IO[str], *, machine: bool) -> None:
    """Send everything that is logged in this process to the stream, in place of earlier arrangements."""
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if machine else readable
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        ProcessorFormatter(
            processors=[
                named,
                structlog.processors.TimeStamper("iso", key="at"),
                private,
                known_only,
                renderer,
            ]
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.raiseExceptions = False  # a line that cannot be formatted would be printed with its arguments


def named(_logger: object, level: str, line: Line) -> Line:
    """Where the line comes from, and which conversation it is about."""
    line["level"], line["logger"] = level, line["_record"].name
    if about := watch.conversation.get():
        line["conversation"] = about
    return line


def private(_logger: object, _level: str, line: Line) -> Line:
    """Only our own words, which hold no personal data; exceptions without their messages."""
    record: logging.LogRecord = line["_record"]
    if record.name.partition(".")[0] not in OURS:
        line["event"] = f"{record.module}:{record.lineno}"
        if record.name == "aiohttp.access":  # written by bot.access_log, which names routes only
            line["event"] = record.getMessage()
    if raised := line.pop("exc_info", None):
        line["error"] = causes(raised[1])
    return line


def known_only(_logger: object, _level: str, line: Line) -> Line:
    """Whatever a library or a mistake has added is left out."""
    return {key: line[key] for key in KNOWN if key in line}


def readable(_logger: object, _level: str, line: Line) -> str:
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
