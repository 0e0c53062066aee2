"""PTB's calls on aiohttp, against a real server that answers well, badly, late or not at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TimedOut

from bot.telegram import transport
from bot.telegram.transport import Flooded, Transport

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Answers every call with `handler`."""

    def __init__(self) -> None:
        self.handler: Handler = reply({"ok": True, "result": True})
        self.url = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        return await self.handler(request)


def reply(body: object, status: int = 200) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return handler


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server, app = Server(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = "http://{}:{}".format(*runner.addresses[0][:2])
    yield server
    await runner.cleanup()


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[Bot]:
    carrier = Transport(read_timeout=0.2, connect_timeout=0.2)
    await carrier.initialize()
    yield Bot(
        "42:SECRET",
        f"{server.url}/bot",
        f"{server.url}/file/bot",
        request=carrier,
        get_updates_request=carrier,
    )
    await carrier.shutdown()


async def test_a_call_arrives_as_json_and_its_result_comes_back(server: Server, bot: Bot) -> None:
    seen: list[tuple[str, object]] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((request.path, await request.json()))
        return web.json_response({"ok": True, "result": True})

    server.handler = handler

    assert await bot.send_chat_action(7, "typing")
    assert seen == [("/bot42:SECRET/sendChatAction", {"chat_id": 7, "action": "typing"})]


async def test_a_file_goes_as_multipart(server: Server, bot: Bot) -> None:
    seen: list[object] = []

    async def handler(request: web.Request) -> web.Response:
        form = await request.post()
        photo = form["photo"]
        assert isinstance(photo, web.FileField)
        seen.append((form["chat_id"], photo.file.read()))
        return web.json_response({"ok": True, "result": True})

    server.handler = handler

    await bot.set_chat_photo(7, b"pixels")
    assert seen == [("7", b"pixels")]


async def test_a_file_is_fetched_with_get(server: Server, bot: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=request.method)

    server.handler = handler

    assert await bot.request.retrieve(server.url) == b"GET"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest),
        (400, {"description": "x", "parameters": {"migrate_to_chat_id": -7}}, ChatMigrated),
        (401, {"description": "Unauthorized"}, InvalidToken),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (409, {"description": "Conflict"}, Conflict),
        (429, {"description": "x", "parameters": {"retry_after": 7}}, Flooded),
        (429, {"description": "x"}, Flooded),
        (500, {"description": "x"}, NetworkError),
        (502, ["not an object"], NetworkError),
        (302, {}, NetworkError),
        (200, ["not an object"], NetworkError),
        (200, {}, NetworkError),
    ],
)
async def test_refusals_come_out_as_telegram_errors(
    server: Server, bot: Bot, status: int, body: object, error: type[Exception]
) -> None:
    server.handler = reply(body, status)

    with pytest.raises(error) as caught:
        await bot.send_chat_action(7, "typing")

    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("parameters", "seconds"), [({"retry_after": 7}, 7), ({"retry_after": "x"}, 1), ([], 1)]
)
async def test_a_flood_says_how_long_to_wait(
    server: Server, bot: Bot, parameters: object, seconds: float
) -> None:
    server.handler = reply({"parameters": parameters}, 429)

    with pytest.raises(Flooded) as caught:
        await bot.send_chat_action(7, "typing")

    assert caught.value.seconds == seconds


async def test_garbage_is_an_error_and_is_not_logged(
    server: Server, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=b"\xff\x00 what somebody said")

    server.handler = handler

    with pytest.raises(NetworkError, match="not a JSON object"):
        await bot.get_me()
    assert "somebody" not in caplog.text


async def test_a_redirect_is_not_followed(server: Server, bot: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1:9/elsewhere")

    server.handler = handler

    with pytest.raises(NetworkError, match="Found"):
        await bot.get_me()


async def test_a_silent_server_times_out(server: Server, bot: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        raise AssertionError

    server.handler = handler

    with pytest.raises(TimedOut):
        await bot.get_me()


async def test_a_long_poll_may_take_longer_than_other_calls(server: Server, bot: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        await asyncio.sleep(0.6)
        return web.json_response({"ok": True, "result": []})

    server.handler = handler

    assert await bot.do_api_request("GetUpdates", read_timeout=5) == []


async def test_a_cut_connection_is_a_network_error_without_the_token(server: Server, bot: Bot) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    server.handler = handler

    with pytest.raises(NetworkError) as caught:
        await bot.get_me()
    assert "SECRET" not in repr(caught.value)


async def test_nobody_listening_is_a_network_error_without_the_token() -> None:
    carrier = Transport()
    await carrier.initialize()
    bot = Bot("42:SECRET", "http://127.0.0.1:9/bot", request=carrier, get_updates_request=carrier)

    with pytest.raises(NetworkError) as caught:
        await bot.get_me()
    assert "SECRET" not in repr(caught.value)
    await carrier.shutdown()


async def test_an_endless_answer_is_cut_off(
    server: Server, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CAP", 1000)
    server.handler = reply({"ok": True, "result": "x" * 1001})

    with pytest.raises(NetworkError, match="too long"):
        await bot.get_me()


async def test_a_closed_transport_says_so_and_can_be_opened_again(server: Server, bot: Bot) -> None:
    await bot.request.shutdown()
    with pytest.raises(NetworkError, match="not open"):
        await bot.send_chat_action(7, "typing")

    await bot.request.initialize()
    await bot.request.initialize()
    assert await bot.send_chat_action(7, "typing")
    assert bot.request.read_timeout == 0.2


async def test_closing_what_was_never_opened_is_harmless() -> None:
    await Transport().shutdown()
