"""aiogram's states with their storage in memory, by its own webhook handler."""

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from tests.benchmarks.programs.serving import serve
from tests.benchmarks.programs.told import PATH, SECRET, TOKEN, told


class Talk(StatesGroup):
    asked = State()


async def answer(message: Message, state: FSMContext) -> None:
    assert message.text is not None
    await state.set_state(Talk.asked)
    await state.update_data(said=message.text)
    await message.answer(message.text)


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(told().api))
    bot, dispatcher = Bot(TOKEN, session), Dispatcher(storage=MemoryStorage())
    dispatcher.message.register(answer)
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(application, PATH)
    setup_application(application, dispatcher, bot=bot)
    await serve(application)


if __name__ == "__main__":
    asyncio.run(main())
