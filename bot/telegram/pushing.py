"""Whether what Telegram pushes arrives, by its own account.

A proxy or a certificate that turns Telegram away is nothing a process could see: it merely hears nothing.
"""

import asyncio
import logging

from telegram import Bot

from bot.telegram.transport import Flooded

LOOK = 20.0  #: seconds between two questions to Telegram
FAILURES = 2  #: new ones while updates wait: one alone is a restart, or our own request for patience
QUIET = 10  #: looks without a new one that end it; Telegram tries again within two minutes

_log = logging.getLogger(__name__)


class Pushing:
    """Asks how the webhook fares, while this process leads."""

    def __init__(self, bot: Bot, *, look: float = LOOK) -> None:
        self._bot, self._look_again = bot, look
        self._failed: int | None = None  # when a push failed last, by Telegram's clock; None before a look
        self._failures = self._quiet = 0  # new failures since something arrived, and looks since the newest
        self.in_reach = asyncio.Event()  #: pushes arrive, as far as Telegram says
        self.waiting = 0  #: updates that Telegram holds for us, as of the newest look

    async def run(self) -> None:
        """Look again and again; ends by being cancelled."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._look_again)
        finally:  # the next one who leads knows better, and a lead taken again begins anew
            self._failed, self._failures, self._quiet, self.waiting = None, 0, 0, 0
            self.in_reach.clear()

    async def _look(self) -> None:
        try:
            told = await self._bot.do_api_request("GetWebhookInfo")  # unparsed; PTB wants the capital
            self._judge(int(told["pending_update_count"]), int(told.get("last_error_date", 0)))
        except Flooded:
            return
        except Exception as error:  # a strange answer too: whoever looks no more will never know
            _log.warning("Telegram does not say how the webhook fares: %s", type(error).__name__)
            self.in_reach.clear()

    def _judge(self, waiting: int, failed: int) -> None:
        """Failures while updates wait are an outage, until these become fewer or no try fails any more.

        The last failure stays in the answer for good, so that only a change of it means something.
        """
        again = self._failed is not None and failed != self._failed
        self._quiet = 0 if again else self._quiet + 1
        if waiting == 0 or waiting < self.waiting or self._quiet >= QUIET:
            self._failures = 0
        elif again:
            self._failures += 1
        self._failed, self.waiting = failed, waiting
        self._tell(refused=self._failures >= FAILURES)

    def _tell(self, *, refused: bool) -> None:
        if not refused:
            self.in_reach.set()
        elif self.in_reach.is_set():
            _log.error("pushes fail and %d updates wait: look at the proxy and its certificate", self.waiting)
            self.in_reach.clear()
