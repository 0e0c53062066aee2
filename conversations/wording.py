"""Replies into a language: the text, the quick replies, and the data a card is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conversations.cards import decision_data, decision_lines, offer_data, offer_lines
from conversations.phrases import LANGUAGES, closest, phrase, show
from conversations.replies import Choice, Kind, Progress, Reply, Row

__all__ = ["LANGUAGES", "Button", "Wording", "closest", "phrase", "word"]


@dataclass(frozen=True)
class Button:
    id: str
    label: str
    link: str | None = None


@dataclass(frozen=True)
class Wording:
    """A reply as people read it: the text, the quick replies, and the data a card is drawn from."""

    text: str
    buttons: tuple[Button, ...]
    data: Mapping[str, Any]


def word(reply: Reply, language: str) -> Wording:
    """A whole reply: its own text, the card's lines under it, and the machine-readable data."""
    lines = [phrase(reply.opening, language)] if reply.opening else []
    lines.append(phrase(reply.key, language, **reply.values))
    lines += [_row(row, language) for row in reply.rows]
    if reply.decision and reply.kind is Kind.DECISION:
        lines += decision_lines(reply.decision, language)
    if reply.offer:
        lines += offer_lines(reply.offer, language)
    if reply.progress:
        lines.append(_progress(reply.progress, language))
    buttons = tuple(_button(choice, language) for choice in reply.choices)
    return Wording("\n".join(lines), buttons, _data(reply, language))


def _row(row: Row, language: str) -> str:
    return phrase("form.row", language, label=phrase(row.key, language), value=row.value)


def _progress(progress: Progress, language: str) -> str:
    return phrase("progress", language, done=progress.done, of=progress.of, minutes=progress.minutes)


def _button(choice: Choice, language: str) -> Button:
    return Button(choice.id, phrase(choice.key, language, **choice.values), choice.link)


def _data(reply: Reply, language: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if reply.decision:
        data |= decision_data(reply.decision, language)
    if reply.offer and reply.kind is Kind.RECEIPT:
        data = {"offer": offer_data(reply.offer, language), "code": reply.values["code"]}
    elif reply.offer:
        data = offer_data(reply.offer, language)
    if reply.rows:
        data["rows"] = [
            {"step": row.step, "label": phrase(row.key, language), "value": show(row.value, language)}
            for row in reply.rows
        ]
    if reply.progress:
        data["progress"] = {
            "done": reply.progress.done, "of": reply.progress.of, "minutes": reply.progress.minutes
        }  # fmt: skip
    return data
