"""What becomes of a message that Telegram takes, postpones or refuses."""

import pytest
from telegram.error import NetworkError, TimedOut

from bot.delivery import Refused, Silenced, TryLater, Unreachable
from bot.telegram.sender import TelegramSender
from bot.telegram.transport import Flooded
from conversations.store import Contact
from tests.bot.telegram.builders import SIGNER, journal
from tests.bot.telegram.fakes import Answer, Wire, refusal

TO = Contact("telegram", "7")


async def still_due() -> None:
    """Nobody has taken the word."""


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def sender(wire: Wire) -> TelegramSender:
    return TelegramSender(wire.bot(), SIGNER)


async def test_a_message_is_sent_as_html_without_previews(wire: Wire, sender: TelegramSender) -> None:
    choices = ({"id": "skip", "label": "跳过"},)
    await sender.send(TO, journal("租金 & 多少？", choices=choices), "zh-Hans", still_due)

    [given] = wire.made("sendMessage")
    assert (given["chat_id"], given["text"], given["parse_mode"]) == (7, "租金 &amp; 多少？", "HTML")
    assert given["link_preview_options"] == {"is_disabled": True}
    assert given["reply_markup"]["inline_keyboard"][0][0]["text"] == "跳过"


async def test_a_colleague_s_message_is_remembered_by_its_number_and_edited_in_place(
    wire: Wire, sender: TelegramSender
) -> None:
    wire.answers["sendMessage"].append({"message_id": 42})
    staff = {"sender": "staff-1", "kind": "staff"}
    number = await sender.send(TO, journal("一万", data={"name": "梅"}, **staff), "zh-Hans", still_due)
    edit = {"name": "梅", "edits": 1, "remote": number}
    await sender.send(TO, journal("一万五", data=edit, **staff), "zh-Hans", still_due)

    [given] = wire.made("editMessageText")
    assert (number, given["message_id"], given["text"]) == ("42", 42, "<b>梅</b>\n一万五")


async def test_a_message_is_not_begun_once_a_person_has_the_word(wire: Wire, sender: TelegramSender) -> None:
    async def over() -> None:
        raise Silenced

    with pytest.raises(Silenced):
        await sender.send(TO, journal(), "zh-Hans", over)

    assert wire.calls == []


async def test_what_the_merchant_said_is_not_sent_back(wire: Wire, sender: TelegramSender) -> None:
    await sender.send(TO, journal(sender="merchant"), "zh-Hans", still_due)

    assert wire.calls == []


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Flooded(7), TryLater),
        (refusal(403), Unreachable),
        (refusal(400), Refused),
        (refusal(400, migrate_to_chat_id=-7), Refused),
        (TimedOut(), TryLater),
        (NetworkError("x"), TryLater),
        (refusal(500), TryLater),
        (refusal(401), TryLater),
    ],
)
async def test_each_failure_has_its_verdict(
    wire: Wire, sender: TelegramSender, answer: Answer, verdict: type[Exception]
) -> None:
    wire.answers["sendMessage"].append(answer)

    with pytest.raises(verdict) as caught:
        await sender.send(TO, journal(), "zh-Hans", still_due)

    assert type(caught.value) is verdict


async def test_a_flood_is_waited_for_as_long_as_telegram_asks(wire: Wire, sender: TelegramSender) -> None:
    wire.answers["sendMessage"].append(Flooded(33))

    with pytest.raises(TryLater) as caught:
        await sender.send(TO, journal(), "zh-Hans", still_due)

    assert caught.value.seconds == 33


async def test_tries_are_further_apart_while_telegram_is_away_and_close_again_afterwards(
    wire: Wire, sender: TelegramSender
) -> None:
    pauses = []
    for _ in range(8):
        wire.answers["sendMessage"].append(TimedOut())
        with pytest.raises(TryLater) as caught:
            await sender.send(TO, journal(), "zh-Hans", still_due)
        pauses.append(caught.value.seconds)
    await sender.send(TO, journal(), "zh-Hans", still_due)
    wire.answers["sendMessage"].append(TimedOut())
    with pytest.raises(TryLater) as again:
        await sender.send(TO, journal(), "zh-Hans", still_due)

    assert pauses[0] <= 2
    assert 30 <= pauses[-1] <= 60
    assert again.value.seconds <= 2


async def test_a_choice_that_fits_on_no_button_is_refused(sender: TelegramSender) -> None:
    with pytest.raises(Refused):
        await sender.send(TO, journal(choices=({"id": "x" * 60, "label": "x"},)), "zh-Hans", still_due)


async def test_a_long_message_goes_on_at_the_part_that_failed(wire: Wire, sender: TelegramSender) -> None:
    long = journal("word " * 2000, n=3)
    wire.answers["sendMessage"].extend([{"ok": True}, TimedOut()])
    with pytest.raises(TryLater):
        await sender.send(TO, long, "zh-Hans", still_due)
    await sender.send(TO, long, "zh-Hans", still_due)

    texts = [given["text"] for given in wire.made("sendMessage")]
    assert len(texts) == 4
    assert texts[1] == texts[2]
    assert "".join(texts[:2] + texts[3:]).count("word") == 2000


async def test_a_chat_that_must_wait_is_not_asked_again_before_its_time(
    wire: Wire, sender: TelegramSender
) -> None:
    wire.answers["sendMessage"].append(Flooded(33))
    for _ in range(2):
        with pytest.raises(TryLater):
            await sender.send(TO, journal(), "zh-Hans", still_due)
    await sender.send(Contact("telegram", "8"), journal(), "zh-Hans", still_due)

    assert [given["chat_id"] for given in wire.made("sendMessage")] == [7, 8]
