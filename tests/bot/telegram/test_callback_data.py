"""Button data fits, comes back, and cannot be made up."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.signing import Signer
from bot.telegram import callback_data
from bot.telegram.callback_data import Forged, Tap
from tests.bot.telegram.builders import SIGNER

CHATS = st.integers(1, 2**52).map(str)
STEPS = st.none() | st.from_regex(r"[a-z_]{1,20}", fullmatch=True)
CHOICES = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=24)


@given(CHATS, STEPS, CHOICES)
def test_every_choice_comes_back_from_at_most_64_bytes(chat: str, step: str | None, choice: str) -> None:
    data = callback_data.pack(SIGNER, chat, step, choice)

    assert len(data.encode()) <= 64
    assert callback_data.unpack(SIGNER, chat, data) == Tap(choice, step)
    assert callback_data.pack(SIGNER, chat, step, choice) == data


@given(CHATS, STEPS, CHOICES, st.integers(0, 63), st.characters(min_codepoint=32, max_codepoint=126))
def test_one_changed_character_is_noticed(
    chat: str, step: str | None, choice: str, place: int, put: str
) -> None:
    data = callback_data.pack(SIGNER, chat, step, choice)
    place %= len(data)
    assume(data[place] != put)

    with pytest.raises(Forged):
        callback_data.unpack(SIGNER, chat, data[:place] + put + data[place + 1 :])


@given(st.text(max_size=80))
def test_what_we_never_made_is_forged(data: str) -> None:
    with pytest.raises(Forged):
        callback_data.unpack(SIGNER, "7", data)


@pytest.mark.parametrize("cut", range(1, 7))
def test_a_shorter_tag_is_no_tag(cut: int) -> None:
    data = callback_data.pack(SIGNER, "7", "rent", "skip")

    with pytest.raises(Forged):
        callback_data.unpack(SIGNER, "7", data[:-cut])


def test_another_chat_or_another_secret_cannot_use_it() -> None:
    data = callback_data.pack(SIGNER, "7", "rent", "skip")

    with pytest.raises(Forged):
        callback_data.unpack(SIGNER, "8", data)
    with pytest.raises(Forged):
        callback_data.unpack(Signer("another secret"), "7", data)


def test_what_does_not_fit_is_refused_here_and_not_by_telegram() -> None:
    with pytest.raises(ValueError, match="no room"):
        callback_data.pack(SIGNER, "7", "a_step", "a choice that is far too long for a button")
