"""What a conversation says, as posts in its topic: who speaks, masked, several lines in one. Pure.

Everybody in the group reads the same, and nobody can be asked there on record what they want to see: so words
are masked as for those who may reveal nothing.
"""

import html
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.desk import masking
from bot.desk.transcript import CARDS, SHOWN
from bot.telegram import messages
from conversations.phrases import phrase
from conversations.store.desk.notes import Note
from conversations.store.message import Message

MORE = "…"


@dataclass(frozen=True)
class Talk:
    """What there is to tell; of `said` and `noted` those numbers were written in the topic itself."""

    messages: Sequence[Message] = ()
    notes: Sequence[Note] = ()
    names: Mapping[str, str] = field(default_factory=dict)  #: of colleagues
    said: Collection[int] = ()
    noted: Collection[int] = ()


@dataclass(frozen=True)
class Post:
    """HTML, and how far the topic tells once it is there."""

    text: str
    n: int
    note: int


@dataclass(frozen=True)
class _Line:
    at: datetime
    heading: str
    text: str
    n: int = 0
    note: int = 0

    def pieces(self) -> Iterator[str]:
        """As HTML, in as many parts as its length asks for."""
        heading = f"<b>{html.escape(self.heading, quote=False)}</b>\n"
        for piece in messages.split(self.text, messages.MAX_TEXT - len(heading) * 2):
            yield heading + html.escape(piece, quote=False)


def posts(talk: Talk, language: str) -> list[Post]:
    """The lines in order of time, as many in one post as fit."""
    lines = sorted([*_said(talk, language), *_noted(talk, language)], key=lambda line: line.at)
    made: list[Post] = []
    for line in lines:
        before = made[-1] if made else Post("", 0, 0)
        *begun, last = line.pieces()
        made += [replace(before, text=piece) for piece in begun]  # a line is told when all of it is
        told = Post(last, max(line.n, before.n), max(line.note, before.note))
        if made and not begun and len(before.text) + len(last) + 2 <= messages.MAX_TEXT // 2:
            made[-1] = replace(told, text=f"{before.text}\n\n{last}")
        else:
            made.append(told)
    return made


def title(name: str, why: str | None, language: str) -> str:
    """The name of a topic.

    >>> title("小夏雲味小館", "asked", "en"), title("", None, "en")
    ('小•• · Asked for a person', 'Unnamed shop · Nobody asked')
    """
    shown = masking.name(name) or phrase("desk.nameless", language)
    return f"{shown} · {reason(why, language)}"


def reason(why: str | None, language: str) -> str:
    """Why a person is wanted."""
    return phrase(f"desk.why.{why or 'none'}", language)


def _said(talk: Talk, language: str) -> Iterator[_Line]:
    for message in talk.messages:
        if message.text.strip() and message.n not in talk.said:
            text = masking.words(_folded(message), reveals=False)
            yield _Line(message.at, _speaker(message, language), text, n=message.n)


def _noted(talk: Talk, language: str) -> Iterator[_Line]:
    for note in talk.notes:
        if note.id not in talk.noted:
            heading = phrase("desk.group.note", language, name=talk.names.get(note.by, note.by))
            yield _Line(note.at, heading, masking.words(note.text, reveals=False), note=note.id)


def _speaker(message: Message, language: str) -> str:
    if message.voice != "staff":
        return phrase("desk.merchant" if message.voice == "merchant" else "desk.bot", language)
    corrected = "edits" in message.data
    return phrase("desk.group.edited", language, name=message.speaker) if corrected else message.speaker


def _folded(message: Message) -> str:
    """A card by its first lines; all of it is at the desk."""
    rows = message.text.strip().split("\n")
    return "\n".join([*rows[:SHOWN], MORE]) if message.kind in CARDS and len(rows) > SHOWN else message.text
