"""The product behind the peer, in one process: real store, turns, flow, jobs, delivery, pages and channel."""

import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer, unused_port
from yarl import URL

from bot import weibo_connect
from bot.dead_letters import DeadLetters
from bot.delivery import Delivery
from bot.device_links import DeviceLinks
from bot.outage import Outage
from bot.pages import Pages
from bot.settings import Settings, TelegramMode
from bot.signing import Signer
from bot.telegram.channel import Telegram
from bot.weibo_connect import WeiboConnect
from conversations import vocabulary, wording
from conversations.attempts import Attempts
from conversations.events import Decided, Event, HandleChecked
from conversations.flow import Flow
from conversations.jobs import Runner
from conversations.store import Store
from conversations.store.work import Job
from conversations.turns import Turns
from scoring import policy, scorecard
from scoring.decide import Inputs, decide
from tests import databases
from tests.bot.weibo_stand_in import WeiboStandIn
from tests.telegram_peer.peer import TOKEN, Peer

SECRET = "a webhook secret of the tests"
GOLDEN = datetime(2020, 4, 15, 9, 0, tzinfo=UTC)  #: the day of the golden case


class CountedOutage(Outage):
    """Tells how often it wrote its pulse."""

    beats = 0

    async def beat(self) -> int:
        asked = await super().beat()
        object.__setattr__(self, "beats", self.beats + 1)  # the parent is frozen
        return asked


class Product:
    """One process of the product; `opened` again on the same folder is a restart."""

    def __init__(self, store: Store, peer: Peer, mode: TelegramMode, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.ahead = timedelta()
        signer = Signer("a secret for tests, long enough to be one")
        example = resources.files("scoring").joinpath("examples/xiaoxia.json").read_text("utf-8")
        self._case = json.loads(example)
        self._policy, self._model = policy.load(), scorecard.load()
        flow = Flow(self._policy, vocabulary.load())
        devices = DeviceLinks(signer, self.url, self.now)
        links = devices.beside(weibo_connect.links(signer, self.url))
        self.store = store
        self.turns = Turns(store, flow, links, self.now, frozenset({"telegram"}), wording)
        settings = Settings.model_validate(
            {
                "telegram_token": TOKEN, "telegram_api_url": peer.url, "telegram_mode": mode,
                "telegram_webhook_secret": SECRET.replace(" ", "_"), "public_url": self.url,
            }
        )  # fmt: skip
        letters = DeadLetters(store, signer, self.now)
        self.outage = CountedOutage(self.turns, "telegram")
        self.telegram = Telegram(
            settings,
            self.turns,
            signer,
            self.now,
            letters,
            self.outage.watch,
            store.presence.leading,
            devices,
        )
        self.delivery = Delivery(store, {"telegram": self.telegram.sender}, clock=self.now)
        handlers = {"assess": self._assess, "check_handle": self._check_handle}
        self.runner = Runner(Attempts(self.turns, handlers))
        self._weibo = WeiboConnect(self.turns, signer, WeiboStandIn(), Pages(), self.url, self.now)
        self._started = datetime.now(UTC)

    def now(self) -> datetime:
        return GOLDEN + (datetime.now(UTC) - self._started) + self.ahead

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([*self.telegram.routes(), *self._weibo.routes()])
        return app

    async def _assess(self, job: Job) -> Event:
        session = await self.turns.session(job.session_id)
        assert session is not None
        answers = {step: answer.value for step, answer in session.answers.items() if step != "check"}
        inputs = Inputs(answers, self._case["brand"], self._case["personal"], self.now().date())
        made = decide(inputs, model=self._model, policy=self._policy)
        return Decided(self.now(), made, {"application": answers, "as_of": inputs.as_of.isoformat()})

    async def _check_handle(self, job: Job) -> Event:
        handle = str(job.payload["handle"])
        return HandleChecked(
            self.now(), str(job.payload["account"]), handle, uid="2", screen_name=handle, proven=True
        )


@asynccontextmanager
async def opened(
    folder: Path, peer: Peer, mode: TelegramMode = TelegramMode.POLLING, ahead: timedelta = timedelta()
) -> AsyncIterator[Product]:
    """A running product whose state lies in `folder`."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store.open(databases.with_tables(folder / "bot.db")))
        port = unused_port()
        product = Product(store, peer, mode, port)
        product.ahead = ahead
        await stack.enter_async_context(TestServer(product.app(), port=port))
        await product.telegram.start()
        stack.push_async_callback(product.telegram.stop)
        await stack.enter_async_context(product.delivery)
        await stack.enter_async_context(product.runner)
        await product.telegram.ready.wait()
        yield product


async def authorise(link: str) -> str:
    """The owner opens the link, agrees, and comes back from Weibo; the page they end on."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        async with browser.get(link) as page:
            assert page.status == 200
        async with browser.post(link) as page:
            leave, *_ = re.findall(r'https://api.weibo.test/[^"]+', await page.text())
        query = URL(html.unescape(leave)).query
        async with browser.get(
            URL(query["redirect_uri"]) % {"state": query["state"], "code": "good"}
        ) as page:
            return await page.text()
