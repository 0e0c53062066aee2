"""A link to another device: made for one conversation, good for minutes, made by nobody else."""

import re
from datetime import timedelta

import pytest

from bot.device_links import LASTS, TOKEN, DeviceLinks
from bot.signing import BadSignature, Signer
from conversations.store import Message
from tests.conversations.toy import START, ToyClock

ID = "0f" * 16
clock = ToyClock()
links = DeviceLinks(Signer("a secret of the tests, long enough to be one"), "https://shop.example", clock)


def shown(url: str) -> Message:
    """A message with one button."""
    choices = ({"id": "device", "label": "Go on elsewhere", "url": url},)
    return Message(1, "bot", "say", None, "device.where", "…", choices, {}, START)


def test_a_token_opens_to_its_conversation() -> None:
    assert links.opened(links.token(ID)).session_id == ID


def test_telegram_takes_a_token_after_start() -> None:
    """At most 64 of these characters."""
    token = links.token(ID)

    assert re.fullmatch("[A-Za-z0-9_-]{1,64}", token)
    assert TOKEN.fullmatch(token)


def test_no_two_tokens_are_alike() -> None:
    assert len({links.token(ID) for _ in range(100)}) == 100


def test_what_is_kept_of_a_link_does_not_open_it() -> None:
    token = links.token(ID)

    assert token not in links.opened(token).digest
    with pytest.raises(BadSignature):
        links.opened(links.opened(token).digest)


def test_a_token_altered_anywhere_is_refused() -> None:
    token = links.token(ID)

    for place, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        with pytest.raises(BadSignature):
            links.opened(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "A" * 57, "-" * 57, "饺" * 57, "\udc80" * 57, "A" * 56, "A" * 5000])
def test_a_token_that_was_never_made_is_refused(token: str) -> None:
    with pytest.raises(BadSignature):
        links.opened(token)


def test_another_secret_makes_other_tokens() -> None:
    others = DeviceLinks(Signer("another secret, just as long as the first"), "https://shop.example", clock)

    with pytest.raises(BadSignature):
        links.opened(others.token(ID))


def test_a_token_ends_with_its_minutes() -> None:
    token = links.token(ID)
    late = DeviceLinks(links.signer, links.public_url, lambda: START + LASTS + timedelta(seconds=1))

    with pytest.raises(BadSignature, match="expired"):
        late.opened(token)


def test_a_message_is_stored_without_a_token_and_shown_with_one() -> None:
    stored = shown(links.page(ID))
    [choice] = links.ready(stored).choices

    assert choice["url"].startswith("https://shop.example/device/")
    assert links.opened(choice["url"].rpartition("/")[2]).session_id == ID


def test_other_addresses_are_left_as_they_are() -> None:
    stored = shown("https://shop.example/weibo/connect/abc")

    assert links.ready(stored) == stored
