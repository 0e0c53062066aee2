"""python-telegram-bot by its own webhook server and with its own defaults: an echo that stores nothing."""

import asyncio

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from tests.benchmarks.programs.ptb import serve
from tests.benchmarks.programs.told import TOKEN, told


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    assert update.message.text is not None
    await update.message.reply_text(update.message.text)


async def main() -> None:
    application = Application.builder().token(TOKEN).base_url(f"{told().api}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    await serve(application)


if __name__ == "__main__":
    asyncio.run(main())
