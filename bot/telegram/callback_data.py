"""What a button carries: the choice and the step it answers, signed for one chat, in at most 64 bytes.

The same button of the same chat always carries the same text, so an old keyboard stays readable.
"""

from dataclasses import dataclass

from bot.signing import Signer

LIMIT = 64  #: Telegram refuses a longer one
NO_STEP = "-"

_VERSION = "v1"
_PURPOSE = "callback"
_CHAT, _TAG = 8, 6  # characters


class Forged(ValueError):
    """The data was not made here for this chat."""


@dataclass(frozen=True)
class Tap:
    """What was tapped: a choice, and the step its keyboard belonged to."""

    choice: str
    asked: str | None


@dataclass(frozen=True)
class Whose:
    """A chat, and the name it goes by on buttons: a forwarded keyboard does not give the chat away."""

    chat: str
    name: str


def conversation(signer: Signer, chat: str) -> Whose:
    return Whose(chat, signer.tag("telegram chat", chat, _CHAT))


def pack(signer: Signer, chat: str, step: str | None, choice: str) -> str:
    """The data of one button; raises as `packed` does."""
    return packed(signer, conversation(signer, chat), step, choice)


def packed(signer: Signer, whose: Whose, step: str | None, choice: str) -> str:
    """The same for one of several buttons of a chat.

    Raises:
        ValueError: the step and the choice need more room than Telegram gives.
    """
    body = f"{_VERSION}:{whose.name}:{step or NO_STEP}:{choice}"
    data = f"{body}:{signer.tag(_PURPOSE, f'{whose.chat}:{body}', _TAG)}"
    if len(data.encode()) > LIMIT:
        raise ValueError(f"no room on a button for step {step!r} and choice {choice!r}")
    return data


def unpack(signer: Signer, chat: str, data: str) -> Tap:
    """The inverse of `pack`, for the chat that the data was made for.

    Raises:
        Forged: altered, made for another chat, or not ours at all.
    """
    body, _, tag = data.rpartition(":")
    # A shorter tag would be easier to guess, a longer one is not ours.
    if len(tag) != _TAG or not signer.tagged(_PURPOSE, f"{chat}:{body}", tag):
        raise Forged("tag")
    _, _, step, choice = body.split(":", 3)  # a choice may hold colons itself: "take:BBD12"
    return Tap(choice, None if step == NO_STEP else step)
