"""What colleagues are told in the group of what they wrote there: as courtesies, which no act waits for."""

from collections.abc import Coroutine
from typing import Any

from bot.telegram.courtesy import Courtesy, Once
from bot.telegram.group.supergroup import Supergroup
from bot.telegram.updates import AtDesk
from conversations import wording
from conversations.replies import Value


class Answers:
    """Below what was written; what comes again is not answered again."""

    def __init__(self, group: Supergroup, courtesy: Courtesy) -> None:
        self._group, self._courtesy = group, courtesy
        self._answered = Once(10_000)
        self.writing = group.writing

    def say(self, words: AtDesk, key: str, language: str, **values: Value) -> None:
        """A sentence of ours."""
        self.tell(words, wording.phrase(key, language, **values))

    def tell(self, words: AtDesk, text: str) -> None:
        if self._answered.first(words.arrival):
            self._beside(self._group.answer(text, words.thread, words.message))

    def done(self, words: AtDesk) -> None:
        """A mark that it is done."""
        self._beside(self._group.seen(words.message))

    def remove(self, words: AtDesk) -> None:
        """What others had better not read."""
        self._beside(self._group.remove(words.message))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        self._courtesy.beside(str(self._group.chat), work)
