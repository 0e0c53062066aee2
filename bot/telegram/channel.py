"""The channel as the composition root sees it: build it, mount its routes, start it, stop it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.settings import Settings, TelegramMode
from bot.signing import Signer
from bot.telegram import commands, updates
from bot.telegram.courtesy import Clock, Courtesy
from bot.telegram.intake import Intake, Turns
from bot.telegram.polling import Polling
from bot.telegram.sender import TelegramSender
from bot.telegram.transport import Transport
from bot.telegram.webhook import PATH, Webhook

CONNECTIONS = 40  #: that Telegram may open at once to push updates
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  #: seconds between tries to reach Telegram at the start

_log = logging.getLogger(__name__)


class Telegram:
    """One bot. That Telegram is away never keeps the rest of the product from starting."""

    def __init__(self, settings: Settings, turns: Turns, signer: Signer, clock: Clock) -> None:
        if settings.telegram_token is None:
            raise ValueError("the Telegram channel needs a token")
        # At a lower level PTB writes whole messages to the log.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._settings = settings
        self._transport = Transport()
        self.bot = _bot(
            settings.telegram_token.get_secret_value(), settings.telegram_api_url, self._transport
        )
        self.sender = TelegramSender(self.bot, signer)
        self._courtesy = Courtesy(self.bot, turns.idle, clock)
        self.intake = Intake(updates.Reader(signer, clock), turns, self._courtesy)
        self._polling = Polling(self.bot, self.intake)
        self._running: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()  #: Telegram knows where to bring updates

    def routes(self) -> list[web.RouteDef]:
        """Where Telegram pushes updates to; none when they are polled."""
        if self._settings.telegram_mode is TelegramMode.POLLING:
            return []
        return [web.post(PATH, Webhook(self.intake, self._secret()).receive)]

    async def start(self) -> None:
        """Returns at once; Telegram is sought beside everything else."""
        await self._transport.initialize()
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finishes what was begun. A webhook stays set: Telegram keeps what comes until we are back."""
        self._polling.stop()
        if self._running:
            if self.ready.is_set():
                await asyncio.wait([self._running], timeout=5)
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._courtesy.close()
        await self._transport.shutdown()

    async def _run(self) -> None:
        for prepare in (self.bot.get_me, self._publish, self._choose_road):
            await _insist(prepare)
        self.ready.set()
        if self._settings.telegram_mode is TelegramMode.POLLING:
            await self._polling.run()

    async def _publish(self) -> None:
        await commands.publish(self.bot)

    async def _choose_road(self) -> None:
        """Polling and webhook exclude each other; updates that wait at Telegram are kept either way."""
        if self._settings.telegram_mode is TelegramMode.POLLING:
            await self.bot.delete_webhook(drop_pending_updates=False)
            return
        await self.bot.set_webhook(
            self._settings.public_url.rstrip("/") + PATH,
            max_connections=CONNECTIONS,
            allowed_updates=updates.WANTED,
            secret_token=self._secret(),
            drop_pending_updates=False,
        )

    def _secret(self) -> str:
        secret = self._settings.telegram_webhook_secret
        return secret.get_secret_value() if secret else ""


def _bot(token: str, url: str, transport: Transport) -> Bot:
    url = url.rstrip("/")
    return Bot(
        token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=transport,
        get_updates_request=transport,
    )


async def _insist(work: Callable[[], Awaitable[Any]]) -> None:
    """Try until Telegram takes it; what only an operator can put right is said loudly."""
    pause = FIRST_PAUSE
    while True:
        try:
            await work()
        except InvalidToken:
            _log.error("Telegram does not know this bot: check BANGBANG_TELEGRAM_TOKEN")
            pause = LONGEST_PAUSE
        except BadRequest as error:
            _log.error("Telegram refuses the set-up, check BANGBANG_PUBLIC_URL: %s", error.message)
            pause = LONGEST_PAUSE
        except TelegramError as error:
            _log.warning("Telegram cannot be reached yet: %s", type(error).__name__)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
