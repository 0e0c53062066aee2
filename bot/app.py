"""The composition root: the one place where everything is built, and nothing is built at import."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from bot import desk, devices, leadership, pages, refusals, security_headers, webchat, weibo_connect
from bot.access.access import Access
from bot.access.passwords import Passwords
from bot.access_log import RouteLogger
from bot.assessment import Assessor
from bot.dead_letters import DeadLetters
from bot.delivery import Delivery
from bot.desk.bench import Bench
from bot.device_links import DeviceLinks
from bot.health import Health
from bot.housekeeping import Housekeeping
from bot.leadership import Leading
from bot.metrics import Metrics, Scrape
from bot.outage import Outage
from bot.pages import Pages
from bot.settings import Settings, SettingsError
from bot.signing import Signer
from bot.timekeeping import Timekeeping
from conversations import jobs, vocabulary
from conversations.attempts import Attempts
from conversations.flow import Flow
from conversations.store import Store
from conversations.store.audit import Audit
from conversations.timers import Rhythm
from conversations.turns import Turns
from scoring import policy, registry
from scoring.sources.weibo import Clock as SourceClock
from scoring.sources.weibo import WeiboClient, WeiboConfig

if TYPE_CHECKING:
    from bot.telegram.channel import Telegram
    from bot.telegram.group.colleagues import Office

Clock = Callable[[], datetime]
TELEGRAM = "telegram"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """What a running process is made of."""

    settings: Settings
    store: Store
    turns: Turns
    signer: Signer
    weibo: WeiboClient
    clock: Clock
    access: Access
    bench: Bench
    device_links: DeviceLinks
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def leading(self) -> Leading:
        return leadership.watched(self.store.presence.leading, self.metrics)


@asynccontextmanager
async def assembled(settings: Settings, clock: Clock = now) -> AsyncIterator[Parts]:
    """The parts on an open store, with assessments and look-ups being worked; no channel is open yet."""
    rules = policy.load(settings.products_file, settings.policy_file)
    model = registry.model(settings.model_file)
    signer = Signer(settings.secret_key.get_secret_value())
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        weibo = WeiboClient(http, _weibo(settings), SourceClock(now=clock))
        metrics = Metrics()
        store = await stack.enter_async_context(Store.open(settings.database_url, metrics))
        await stack.enter_async_context(store.present())
        push = frozenset({TELEGRAM}) if settings.telegram_token else frozenset[str]()
        flow = Flow(rules, vocabulary.load(), Rhythm(hours=settings.hours()))
        access = access_to(store, signer, clock)
        stack.callback(access.passwords.close)
        device_links = DeviceLinks(signer, settings.public_url, clock)
        links = device_links.beside(weibo_connect.links(signer, settings.public_url))
        turns = Turns(store, flow, links, clock, push, watch=metrics, audit=access.audit)
        assessor = Assessor(store, weibo, rules, model, signer, clock, metrics)
        stack.push_async_callback(_ended, asyncio.create_task(assessor.prepare()))
        await stack.enter_async_context(
            jobs.worker(Attempts(turns, assessor.handlers, metrics), settings.database_url)
        )
        bench = Bench(model, rules)
        yield Parts(settings, store, turns, signer, weibo, clock, access, bench, device_links, metrics)


def access_to(store: Store, signer: Signer, clock: Clock) -> Access:
    """The ways into the desk, and its record."""
    return Access(store, signer, Passwords(), Audit(signer.key("audit"), clock))


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def application(parts: Parts, *, sandbox: bool = False) -> web.Application:
    """The web server's application; Telegram lives and ends with it when a token is set."""
    shown = Pages(parts.settings.weibo_api_url if sandbox else None)
    url = parts.settings.public_url
    app = web.Application(middlewares=[refusals.middleware(shown)], client_max_size=1024 * 1024)
    security_headers.attach(app, url.startswith("https://"))
    app.add_routes([pages.static(), *Health(parts.store, parts.clock).routes()])
    app.add_routes(Scrape(parts.metrics, parts.store, parts.clock).routes())
    proxies = parts.settings.trusted_proxies
    streams = webchat.attach(app, parts.turns, shown, url, parts.clock, proxies)
    parts.metrics.streams_open(lambda: len(streams))
    connect = weibo_connect.WeiboConnect(parts.turns, parts.signer, parts.weibo, shown, url, parts.clock)
    app.add_routes(connect.routes())
    app.cleanup_ctx.append(_kept_tidy(parts))
    telegram = _attach_telegram(app, parts) if parts.settings.telegram_token else None
    moving = devices.Devices(
        parts.turns, parts.device_links, shown, url, lambda: telegram.address if telegram else None
    )
    app.add_routes(moving.routes())
    desk.attach(app, parts, shown, demonstration=sandbox)
    return app


@asynccontextmanager
async def serving(parts: Parts, listening: socket.socket, *, sandbox: bool = False) -> AsyncIterator[None]:
    """Serve on an open socket until the context ends."""
    site = application(parts, sandbox=sandbox)
    runner = web.AppRunner(site, access_log_class=RouteLogger, shutdown_timeout=5.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield
    finally:
        await runner.cleanup()


def _attach_telegram(app: web.Application, parts: Parts) -> "Telegram":
    """Polling or webhook, and the sender that empties the outbox."""
    from bot.telegram.channel import Telegram

    letters = DeadLetters(parts.store, parts.signer, parts.clock)
    outage = Outage(parts.turns, TELEGRAM)
    channel = Telegram(
        parts.settings,
        parts.turns,
        parts.signer,
        parts.clock,
        letters,
        outage.watch,
        parts.leading,
        parts.device_links,
        _office(parts),
    )
    app.add_routes(channel.routes())
    parts.metrics.channel(TELEGRAM, channel.in_reach.is_set, lambda: channel.pushing.waiting)

    async def running(_app: web.Application) -> AsyncIterator[None]:
        await channel.start()
        async with Delivery(parts.store, {TELEGRAM: channel.sender}, clock=parts.clock, watch=parts.metrics):
            yield
        await channel.stop()

    app.cleanup_ctx.append(running)
    return channel


def _office(parts: Parts) -> "Office | None":
    """What staff need who work from their Telegram group, where there is one."""
    from bot.telegram.group.colleagues import Office

    if parts.settings.telegram_desk is None:
        return None
    return Office(parts.turns, parts.access, parts.bench.lender, parts.settings.public_url)


def _kept_tidy(parts: Parts) -> Callable[[web.Application], AsyncIterator[None]]:
    """What has served its time is forgotten, and what only time brings is told, beside everything else."""

    async def tidying(_app: web.Application) -> AsyncIterator[None]:
        rounds = (
            Housekeeping(parts.store, parts.clock, parts.leading).run(),
            Timekeeping(parts.turns, parts.leading, parts.metrics).run(),
        )
        tasks = [asyncio.create_task(each) for each in rounds]
        yield
        await asyncio.gather(*map(_ended, tasks))

    return tidying


def _weibo(settings: Settings) -> WeiboConfig:
    secret = settings.weibo_app_secret.get_secret_value()
    try:
        return WeiboConfig(settings.weibo_api_url, settings.weibo_app_key, secret)
    except ValueError as wrong:
        raise SettingsError(f"BANGBANG_WEIBO_API_URL: {wrong}") from None
