"""What the merchants of the load say, and how many messages each line is answered with."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`replies` messages answer this text; the last of them, or an echo, holds `heard`."""

    text: str
    replies: int = 1
    heard: str = ""


@dataclass(frozen=True)
class Script:
    """What a chat says first, and what it then says over and over."""

    opening: Sequence[Line]
    cycle: Sequence[Line]

    def lines(self) -> Iterator[Line]:
        return itertools.chain(self.opening, itertools.cycle(self.cycle))


#: an application with every answer typed, begun again before it is submitted
APPLICATION = Script(
    (Line("/start", 2), Line("同意", 1, "老板")),
    (
        Line("老板"),
        Line("餐馆"),
        Line("昆明 2017年2月"),
        Line("个体户"),
        Line("跳过", 2),
        Line("跳过", 2),
        Line("13万"),
        Line("37单 120元 30天"),
        Line("15000"),
        Line("6.5人 29900"),
        Line("没有"),
        Line("5万 12期"),
        Line("进货"),
        Line("/restart yes", 2),
    ),
)
ECHO = Script((), [Line(text) for text in ("你好", "昆明 2017年2月", "13万", "6.5人 29900")])


class Updates:
    """Updates in the shape in which Telegram pushes them, numbered from a start of their own."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)

    def said(self, chat: int, text: str) -> bytes:
        number = next(self._numbers)
        person = {"id": chat, "is_bot": False, "first_name": "Xia", "language_code": "zh-hans"}
        message = {
            "message_id": number,
            "from": person,
            "chat": {"id": chat, "first_name": "Xia", "type": "private"},
            "date": 1_790_000_000 + number % 1_000_000,
            "text": text,
        }
        if text.startswith("/"):
            length = len(text.split()[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()
