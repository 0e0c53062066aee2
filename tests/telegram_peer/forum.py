"""A supergroup with topics: what stands in each, what people wrote, and twenty messages a minute at most."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.telegram_peer.bridge import Refusal
from tests.telegram_peer.chats import Shown

GROUP = -100500
MOST, SPAN = 20, timedelta(minutes=1)

_MESSAGE = ("deletemessage", "setmessagereaction")
_TOPIC = ("closeforumtopic", "reopenforumtopic", "deleteforumtopic")


@dataclass
class Topic:
    """A topic, and the bot's posts in it."""

    thread: int
    name: str
    closed: bool = False
    posts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.posts)


class Forum:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.topics: dict[int, Topic] = {}
        self.general: list[str] = []  #: the bot's posts in the topic for everything
        self.written: set[int] = set()  #: what people wrote and nobody has deleted
        self.marked: list[int] = []  #: messages under which the bot put a mark
        self.may_manage = self.may_delete = True  #: whether the bot is an administrator with that right
        self.sent: list[datetime] = []

    @property
    def newest(self) -> Topic | None:
        return next(reversed(self.topics.values()), None)

    def drop(self, thread: int) -> None:
        """Somebody deletes the topic."""
        del self.topics[thread]

    def judge(self, method: str, given: dict[str, Any]) -> None:
        """
        Raises:
            Refusal: there is no such topic or message, the bot may not, or has sent too much.
        """
        if method == "sendmessage":
            self._judge_post(given)
        elif method == "createforumtopic" and not self.may_manage:
            raise Refusal(400, "Bad Request: not enough rights to create a topic")
        elif method in _TOPIC:
            self._judge_topic(method, given)
        elif method in _MESSAGE and int(given["message_id"]) not in self.written:
            raise Refusal(400, "Bad Request: message not found")

    def begin(self, name: str, number: int) -> dict[str, Any]:
        """A new topic, as Telegram tells of it."""
        self.topics[number] = Topic(number, name)
        return {"message_thread_id": number, "name": name, "icon_color": 0x6FB9F0}

    def keep(self, method: str, given: dict[str, Any], shown: Sequence[Shown]) -> None:
        """What the call changed; `shown` are the bot's messages in the group."""
        thread = int(given.get("message_thread_id", 0))
        if method == "sendmessage":
            self.sent.append(self._clock())
            (self.topics[thread].posts if thread else self.general).append(shown[-1].text)
        elif method == "deleteforumtopic":
            self.drop(thread)
        elif method in _TOPIC:
            self.topics[thread].closed = method == "closeforumtopic"
        elif method == "deletemessage":
            self.written.discard(int(given["message_id"]))
        elif method == "setmessagereaction":
            self.marked.append(int(given["message_id"]))

    def _judge_post(self, given: dict[str, Any]) -> None:
        thread = int(given.get("message_thread_id", 0))
        if thread and thread not in self.topics:
            raise Refusal(400, "Bad Request: message thread not found")
        now = self._clock()
        lately = [at for at in self.sent if now - at < SPAN]
        if len(lately) >= MOST:
            seconds = int((lately[0] + SPAN - now).total_seconds()) + 1
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _judge_topic(self, method: str, given: dict[str, Any]) -> None:
        topic = self.topics.get(int(given["message_thread_id"]))
        if method == "deleteforumtopic" and not self.may_delete:
            raise Refusal(400, "Bad Request: not enough rights to delete a topic")
        if topic is None:
            raise Refusal(400, "Bad Request: TOPIC_ID_INVALID")
        if method != "deleteforumtopic" and topic.closed == (method == "closeforumtopic"):
            raise Refusal(400, "Bad Request: TOPIC_NOT_MODIFIED")
