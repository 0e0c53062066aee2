"""The commands shown in Telegram's menu, in the reader's language."""

from telegram import Bot, BotCommand

from conversations import wording

NAMES = (
    "start", "help", "status", "edit", "why", "human", "restart", "language", "mydata",
    "withdraw", "delete", "stop", "device",
)  # fmt: skip

#: by the two letters that Telegram knows; None is everybody else
_LANGUAGES = {None: "zh-Hans", "zh": "zh-Hans", "en": "en"}


async def publish(bot: Bot) -> None:
    """Set the menu for every language we speak."""
    for code, language in _LANGUAGES.items():
        await bot.set_my_commands(menu(language), language_code=code)


def menu(language: str) -> list[BotCommand]:
    return [BotCommand(name, wording.phrase(f"telegram.command.{name}", language)) for name in NAMES]
