"""The channel as the composition root sees it: build it, mount its routes, start it, stop it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.device_links import DeviceLinks
from bot.leadership import Leading, until_lost
from bot.settings import Settings, TelegramMode
from bot.signing import Signer
from bot.telegram import commands, updates
from bot.telegram.courtesy import Clock, Courtesy
from bot.telegram.group.answers import Answers
from bot.telegram.group.colleagues import Colleagues, Office
from bot.telegram.group.mirror import Mirror
from bot.telegram.group.supergroup import Supergroup
from bot.telegram.intake import DeadLetters, Intake, Turns
from bot.telegram.pace import Pace
from bot.telegram.polling import Polling
from bot.telegram.pushing import Pushing
from bot.telegram.sender import TelegramSender
from bot.telegram.transport import Transport
from bot.telegram.webhook import PATH, Webhook

CONNECTIONS = 40  #: that Telegram may open at once to push updates
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  #: seconds between tries while Telegram cannot be talked to

Watch = Callable[
    [asyncio.Event], Coroutine[Any, Any, None]
]  #: goes on beside the channel while it is in reach

_log = logging.getLogger(__name__)


class Telegram:
    """One bot. That Telegram is away never keeps the rest of the product from starting."""

    def __init__(  # noqa: PLR0913, PLR0917  # the composition root alone calls it
        self,
        settings: Settings,
        turns: Turns,
        signer: Signer,
        clock: Clock,
        letters: DeadLetters,
        watch: Watch,
        leading: Leading,
        links: DeviceLinks,
        office: Office | None = None,
    ) -> None:
        if settings.telegram_token is None:
            raise ValueError("the Telegram channel needs a token")
        # At a lower level PTB writes whole messages to the log.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._settings, self._watch, self._leading = settings, watch, leading
        self._transport = Transport()
        self.bot = _bot(
            settings.telegram_token.get_secret_value(), settings.telegram_api_url, self._transport
        )
        pace = Pace(lambda: clock().timestamp())  # the clock by which the outbox holds a chat too
        self.sender = TelegramSender(self.bot, signer, pace, links.ready)
        self._courtesy = Courtesy(self.bot, turns.quiet, clock, pace)
        desk, self._mirror = self._at_desk(settings.telegram_desk, office)
        reader = updates.Reader(signer, clock, links, settings.telegram_desk)
        self.intake = Intake(reader, turns, self._courtesy, letters, desk)
        self._polls = settings.telegram_mode is TelegramMode.POLLING
        self._polling, self.pushing = Polling(self.bot, self.intake), Pushing(self.bot)
        self._stopping = False
        self._running: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()  #: Telegram knows where to bring updates

    @property
    def in_reach(self) -> asyncio.Event:
        """Set while this process leads and what merchants do arrives."""
        return self._polling.in_reach if self._polls else self.pushing.in_reach

    @property
    def address(self) -> str | None:
        """Where people open a chat with the bot; None until Telegram has told its name."""
        return f"https://t.me/{self.bot.username}" if self.ready.is_set() else None

    def routes(self) -> list[web.RouteDef]:
        """Where Telegram pushes updates to; none when they are polled."""
        if self._polls:
            return []
        return [web.post(PATH, Webhook(self.intake, self._secret()).receive)]

    async def start(self) -> None:
        """Returns at once; Telegram is sought beside everything else."""
        await self._transport.initialize()
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finishes what was begun. A webhook stays set: Telegram keeps what comes until we are back."""
        self._stopping = True
        self._polling.stop()
        if self._running:
            if self.ready.is_set() and self._polls:
                await asyncio.wait([self._running], timeout=5)
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._courtesy.close()
        await self._transport.shutdown()

    def _at_desk(self, group: int | None, office: Office | None) -> tuple[Colleagues | None, Mirror | None]:
        """What lets staff work from their group, where there is one."""
        if group is None or office is None:
            return None, None
        there = Supergroup(self.bot, group)
        mirror = Mirror(office.access.store, office.access.now, there, office.page)
        return Colleagues(office, Answers(there, self._courtesy)), mirror

    async def _run(self) -> None:
        for prepare in (self.bot.get_me, self._choose_road):
            await insist(prepare)
        self.ready.set()
        publishing = asyncio.create_task(insist(self._publish))  # no merchant waits for the menu
        try:
            while not self._stopping:
                await insist(self._lead_in_turn)
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)

    async def _lead_in_turn(self) -> None:
        async with self._leading(f"telegram {self._settings.telegram_mode.value}") as lost:
            await self._lead(lost)

    async def _lead(self, lost: asyncio.Event) -> None:
        """What one process does for all: it polls or asks about pushes, and knows when none arrived."""
        beside = [asyncio.create_task(self._watch(self.in_reach))]
        if self._mirror is not None:
            beside.append(asyncio.create_task(self._mirror.run()))
        try:
            await (self._poll(lost) if self._polls else self._ask_about_pushes(lost))
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _ask_about_pushes(self, lost: asyncio.Event) -> None:
        await until_lost(asyncio.create_task(self.pushing.run()), lost)

    async def _poll(self, lost: asyncio.Event) -> None:
        """What is being taken when the lead is lost is finished: another process may take it too, once."""
        polling, losing = asyncio.create_task(self._polling.run()), asyncio.create_task(lost.wait())
        try:
            await asyncio.wait({polling, losing}, return_when=asyncio.FIRST_COMPLETED)
            self._polling.stop()
            await polling
        finally:
            losing.cancel()
            polling.cancel()

    async def _publish(self) -> None:
        await commands.publish(self.bot)

    async def _choose_road(self) -> None:
        """Polling and webhook exclude each other; updates that wait at Telegram are kept either way."""
        if self._polls:
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


async def insist(work: Callable[[], Awaitable[Any]]) -> None:
    """Try until it is done; what only an operator can put right is said loudly.

    Whatever goes wrong, it is tried again: a channel that has given up is deaf, and nobody would know.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            await work()
        except InvalidToken:
            _log.error("Telegram does not know this bot: check BANGBANG_TELEGRAM_TOKEN")
            pause = LONGEST_PAUSE
        except BadRequest:  # its message may quote what it was sent, so the step is named and no more
            _log.error(
                "Telegram refuses %s: check BANGBANG_PUBLIC_URL",
                getattr(work, "__name__", "the set-up").strip("_"),
            )
            pause = LONGEST_PAUSE
        except TelegramError as error:
            _log.warning("Telegram cannot be reached yet: %s", type(error).__name__)
        except Exception:  # PTB could not read an answer, the database is away, or it is our own mistake
            _log.exception("the channel goes on after a failure")
        else:
            return
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
