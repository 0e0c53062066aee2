"""Whether what Telegram pushes arrives, by its own account.

A proxy or a certificate that turns Telegram away is nothing a process could see: it merely hears nothing.
"""

import asyncio
import logging

from telegram import Bot

from bot.telegram.transport import Flooded

LOOK = 20.0  #: seconds between two questions to Telegram

_log = logging.getLogger(__name__)


class Pushing:
    """Asks how the webhook fares, while this process leads."""

    def __init__(self, bot: Bot, *, look: float = LOOK) -> None:
        self._bot, self._look_again = bot, look
        self._failed: int | None = None  # when a push failed last, by Telegram's clock; None before a look
        self._refused = False
        self.in_reach = asyncio.Event()  #: pushes arrive, as far as Telegram says
        self.waiting = 0  #: updates that Telegram holds for us, as of the newest look

    async def run(self) -> None:
        """Look again and again; ends by being cancelled."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._look_again)
        finally:  # the next one who leads knows better, and a lead taken again begins anew
            self._failed, self._refused, self.waiting = None, False, 0
            self.in_reach.clear()

    async def _look(self) -> None:
        try:
            told = await self._bot.do_api_request("GetWebhookInfo")
            self._judge(int(told["pending_update_count"]), int(told.get("last_error_date", 0)))
        except Flooded:
            return
        except Exception as error:  # a strange answer too: whoever looks no more will never know
            _log.warning("Telegram does not say how the webhook fares: %s", type(error).__name__)
            self.in_reach.clear()

    def _judge(self, waiting: int, failed: int) -> None:
        """A new failure with updates that wait is an outage, until they become fewer without another one.

        The last failure stays in the answer for good, so that only a change of it means something.
        """
        again = self._failed is not None and failed != self._failed
        stays = self._refused and waiting >= self.waiting
        refused = waiting > 0 and (again or stays)
        if refused and not self._refused:
            _log.error("pushes do not arrive, %d updates wait: check the proxy and its certificate", waiting)
        self._refused, self._failed, self.waiting = refused, failed, waiting
        if refused:
            self.in_reach.clear()
        else:
            self.in_reach.set()
