"""The intents that the conversation knows what to do with."""

from enum import StrEnum
from typing import Protocol


class Intent(StrEnum):
    CORRECT = "correct"
    WHY = "why"
    RATE = "rate"
    TIME = "time"
    PRIVACY = "privacy"
    DOCUMENTS = "documents"
    EARLY = "early"
    LATE = "late"
    SKIP = "skip"
    UNKNOWN = "unknown"
    BACK = "back"
    CANCEL = "cancel"
    RESTART = "restart"
    HUMAN = "human"
    LANGUAGE = "language"
    SMALL_TALK = "small_talk"
    THANKS = "thanks"
    FRUSTRATION = "frustration"
    GLOSSARY = "glossary"
    MORE = "more"
    STATUS = "status"


class Intents(Protocol):
    """Whoever says what somebody wants, or None where that is not sure."""

    def read(self, text: str) -> Intent | None: ...


NONE = "none"  #: the class of everything else: answers, other talk, noise
CLASSES = (*(str(intent) for intent in Intent), NONE)
