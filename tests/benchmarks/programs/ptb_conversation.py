"""python-telegram-bot's ConversationHandler kept by its PicklePersistence, beside users stored earlier.

What changed is written every second; by its default it would be every minute, and a crash would lose that.
"""

import asyncio
import pickle
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.benchmarks.programs.ptb import serve
from tests.benchmarks.programs.told import TOKEN, told

ASKED = 0
ANSWERS = {f"step {n}": "37单 120元 30天" for n in range(14)}  #: what one merchant has said so far


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None
    assert update.message.text is not None
    assert context.user_data is not None
    context.user_data[f"step {len(context.user_data) % 14}"] = update.message.text
    await update.message.reply_text(update.message.text)
    return ASKED


def filled(file: Path, users: int) -> Path:
    """A file as the persistence itself would have left it."""
    chats = range(1, users + 1)
    kept = {
        "conversations": {"talk": {(chat, chat): ASKED for chat in chats}},
        "user_data": {chat: dict(ANSWERS) for chat in chats},
        "chat_data": {},
        "bot_data": {},
        "callback_data": None,
    }
    file.write_bytes(pickle.dumps(kept))
    return file


async def main() -> None:
    given = told()
    heard: MessageHandler[Any, Any] = MessageHandler(filters.TEXT, answer)
    kept = PicklePersistence(filled(given.folder / "kept", given.users), update_interval=1)
    build = Application.builder().token(TOKEN).base_url(f"{given.api}/bot").persistence(kept)
    application = build.build()
    application.add_handler(ConversationHandler([heard], {ASKED: [heard]}, [], name="talk", persistent=True))
    await serve(application)


if __name__ == "__main__":
    asyncio.run(main())
