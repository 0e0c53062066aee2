"""Who talks and what was said: the two values every channel shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Contact:
    """Where a merchant can be met: ("telegram", chat id), ("web", a cookie's hash), ("terminal", "local")"""

    channel: str
    address: str


@dataclass(frozen=True)
class Message:
    """One line of the journal; `n` counts 1, 2, 3 ... within a conversation and is public."""

    n: int
    sender: str  #: "bot" | "merchant" | a colleague's id, which is not public
    kind: str
    step: str | None
    key: str | None
    text: str
    choices: tuple[Mapping[str, str], ...]
    data: Mapping[str, Any]
    at: datetime

    @property
    def voice(self) -> str:
        """Who says it, in public: "bot", "merchant" or "staff"."""
        return self.sender if self.sender in ("bot", "merchant") else "staff"

    @property
    def speaker(self) -> str:
        """The same, a colleague by name."""
        return str(self.data.get("name", self.voice)) if self.voice == "staff" else self.voice

    def to_json(self) -> dict[str, Any]:
        """The shape that every channel publishes."""
        return {
            "id": self.n,
            "kind": self.kind,
            "step": self.step,
            "key": self.key,
            "text": self.text,
            "choices": [dict(choice) for choice in self.choices],
            "data": dict(self.data),
            "from": self.speaker,
            "at": self.at.isoformat(),
        }
