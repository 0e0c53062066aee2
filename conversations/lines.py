"""What a turn adds to the journal: the merchant's own line, and every reply as it reads in their language."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from conversations.replies import Kind, Reply
from conversations.session import BOT, Session, Turn
from conversations.store.message import Message

Links = Callable[[str, str, datetime], str]  #: the address of a page of ours for one session, made at a time


class Button(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def link(self) -> str | None: ...


class Wording(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def buttons(self) -> Sequence[Button]: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Speech(Protocol):
    """What turns need of `conversations.wording`; the module itself serves."""

    def word(self, reply: Reply, language: str, /) -> Wording: ...
    def closest(self, tag: str | None, /) -> str: ...
    def phrase(self, key: str, language: str, /) -> str: ...


@dataclass(frozen=True)
class Lines:
    """Messages made of replies; a choice that opens a page gets its address here."""

    speech: Speech
    links: Links

    def of(self, turn: Turn, counter: int, words: str | None, now: datetime) -> list[Message]:
        """The turn's lines in order, numbered after `counter`; `words` are the merchant's, if any."""
        number = itertools.count(counter + 1)
        messages = [] if words is None else [_said(next(number), words, now)]
        return messages + [self._message(next(number), reply, turn.session, now) for reply in turn.replies]

    def _message(self, n: int, reply: Reply, session: Session, now: datetime) -> Message:
        worded = self.speech.word(reply, session.language)
        choices = tuple(self._choice(button, session.id, now) for button in worded.buttons)
        sender = reply.by.id if reply.by else BOT
        data = {**worded.data, **_marks(reply)}
        return Message(n, sender, reply.kind.value, reply.step, reply.key, worded.text, choices, data, now)

    def _choice(self, button: Button, session_id: str, now: datetime) -> dict[str, str]:
        shown = {"id": button.id, "label": button.label}
        return shown if button.link is None else shown | {"url": self.links(session_id, button.link, now)}


def _marks(reply: Reply) -> dict[str, Any]:
    """What people must know of a line beside its words: whose it is, what it answers, what it replaces."""
    marks = {
        "name": reply.by.name if reply.by else None,
        "quoting": reply.quoting,
        "quoted": reply.quoted or None,
        "edits": reply.edits,
    }
    return {name: mark for name, mark in marks.items() if mark is not None}


def _said(n: int, words: str, now: datetime) -> Message:
    return Message(n, "merchant", Kind.SAY.value, None, None, words, (), {}, now)
