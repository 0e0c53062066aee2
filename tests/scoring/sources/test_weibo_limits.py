"""How the client behaves when Weibo does not: slow, broken, hostile, rationed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from scoring.sources.consent import Consent, ConsentMissing
from scoring.sources.handles import Handle
from scoring.sources.unavailable import Fact, SourceUnavailable
from scoring.sources.weibo import WeiboClient, WeiboConfig
from tests.scoring.sources.peers import SHOP, START, Answer, Peer, consent, scripted

USER = {"id": 7, "screen_name": SHOP.screen_name, "gender": "f"}


def body(text: str, status: int = 200) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, status=status)

    return answer


def by_path(**answers: Callable[[], web.Response]) -> Answer:
    """The user always answers; posts, comments and mentions as told."""

    async def answer(request: web.Request) -> web.Response:
        name = request.path.rsplit("/", 1)[-1].removesuffix(".json")
        if name == "show" and "users" in request.path:
            return web.json_response(USER)
        return answers["comments" if name == "show" else name]()

    return answer


def posts(count: int, comments: int = 1) -> Callable[[], web.Response]:
    found = [
        {"id": n, "created_at": "Sun Nov 22 12:00:00 +0800 2026", "comments_count": comments}
        for n in range(1, count + 1)
    ]
    return lambda: web.json_response({"statuses": found})


def refused(code: int, status: int = 403) -> Callable[[], web.Response]:
    return lambda: web.json_response({"error": "no", "error_code": code}, status=status)


def said() -> web.Response:
    return web.json_response(
        {"comments": [{"id": 1, "text": "好吃", "user": {"id": 9, "gender": "m"}}, "noise"]}
    )


async def failure(asked: Awaitable[object]) -> Fact:
    with pytest.raises(SourceUnavailable) as caught:
        await asked
    return caught.value.unavailable.fact


def user(peer: Peer) -> Awaitable[object]:
    return peer.client.user(SHOP, consent=consent())


NOBODY = [
    None,
    Consent("brand", Handle(screen_name="别人的店"), START),
    Consent("personal", Handle(uid="9800000101"), START),
    Consent("brand", SHOP, START + timedelta(seconds=1)),
]


@pytest.mark.parametrize("given", NOBODY)
async def test_without_consent_for_that_account_no_socket_is_opened(given: Consent | None) -> None:
    async with scripted(body("{}")) as peer:
        with pytest.raises(ConsentMissing):
            await peer.client.user(SHOP, consent=given)
        with pytest.raises(ConsentMissing):
            await peer.client.snapshot(SHOP, consent=given, budget=100)

        assert peer.hits == []


async def test_rate_limits_are_tried_again_with_growing_pauses_then_given_up() -> None:
    async with scripted(body('{"error_code": 10023}', 403)) as peer:
        assert await failure(user(peer)) is Fact.RATE_LIMITED

        assert len(peer.hits) == 3
        assert peer.time.slept == [0.25, 0.5]


async def test_a_second_try_that_works_is_a_success() -> None:
    answers = [web.Response(status=502), web.json_response(USER)]

    async def answer(_: web.Request) -> web.Response:
        return answers.pop(0)

    async with scripted(answer) as peer:
        assert await user(peer) == {"id": 7, "screen_name": SHOP.screen_name}


@pytest.mark.parametrize("code", [20003, 10014, 21327, 10017, 20031])
async def test_what_another_try_cannot_help_is_asked_once(code: int) -> None:
    async with scripted(body(f'{{"error_code": {code}}}', 400)) as peer:
        await failure(user(peer))

        assert len(peer.hits) == 1


async def test_a_silent_server_costs_the_time_limit_and_is_a_fact() -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response()

    async with scripted(silent, call_seconds=0.03) as peer:
        assert await failure(user(peer)) is Fact.TIMED_OUT


async def test_retries_end_with_the_total_time() -> None:
    async with scripted(body("", 503), total_seconds=0.2) as peer:
        assert await failure(user(peer)) is Fact.TIMED_OUT

        assert (len(peer.hits), peer.time.slept) == (1, [])


@pytest.mark.parametrize("text", ["<html>", "[]", '{"id": 8, "screen_name": "别人"}', "{}"])
async def test_a_broken_answer_or_another_account_is_not_trusted(text: str) -> None:
    async with scripted(body(text)) as peer:
        assert await failure(user(peer)) is Fact.UNREADABLE

        assert len(peer.hits) == 1


async def test_more_than_a_mebibyte_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(400):
            await response.write(b" " * 65536)
            sent += 65536
        return response

    async with scripted(endless) as peer:
        assert await failure(user(peer)) is Fact.UNREADABLE

    assert sent < 400 * 65536


async def test_a_small_body_that_unpacks_into_a_large_one_is_refused() -> None:
    async def bomb(_: web.Request) -> web.Response:
        response = web.Response(body=b" " * 3_000_000 + b"{}")
        response.enable_compression(web.ContentCoding.gzip)
        return response

    async with scripted(bomb) as peer:
        assert await failure(user(peer)) is Fact.UNREADABLE


async def test_a_redirect_is_not_followed() -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        raise web.HTTPFound("/stolen")

    async with scripted(elsewhere) as peer:
        assert await failure(user(peer)) is Fact.UNREADABLE

        assert peer.hits == ["/2/users/show.json"]


async def test_a_closed_port_is_the_service_being_unavailable() -> None:
    async with aiohttp.ClientSession() as http:
        client = WeiboClient(http, WeiboConfig("http://127.0.0.1:1", "key", "secret", first_pause=0.0))

        assert await failure(client.user(SHOP, consent=consent())) is Fact.SERVICE_UNAVAILABLE


async def test_the_budget_ends_the_reading_of_comments_and_marks_the_snapshot() -> None:
    async with scripted(by_path(user_timeline=posts(20), comments=said)) as peer:
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=10)

        assert (snapshot.calls, len(peer.hits)) == (10, 10)
        assert snapshot.data["partial"] is True
        assert [len(post["comments"]) for post in snapshot.data["statuses"]] == [1] * 8 + [0] * 12


async def test_no_budget_is_above_a_hundred_calls() -> None:
    async with scripted(by_path(user_timeline=posts(99), comments=refused(20101, 400))) as peer:
        await peer.client.snapshot(SHOP, consent=consent(), budget=100_000)

        assert len(peer.hits) == 100


@pytest.mark.parametrize(("budget", "hits"), [(0, 0), (1, 1)])
async def test_a_budget_too_small_for_the_account_is_a_rate_limit_of_our_own(budget: int, hits: int) -> None:
    async with scripted(by_path(user_timeline=posts(1), comments=said)) as peer:
        assert (
            await failure(peer.client.snapshot(SHOP, consent=consent(), budget=budget)) is Fact.RATE_LIMITED
        )

        assert len(peer.hits) == hits


async def test_a_rate_limit_among_comments_ends_them_and_keeps_what_there_is() -> None:
    async with scripted(
        by_path(user_timeline=posts(30), comments=refused(10023)), tries=1, at_once=1
    ) as peer:
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=100)

        assert (snapshot.data["partial"], len(peer.hits)) == (True, 3)


async def test_mentions_that_fail_make_the_snapshot_partial_and_hinder_nothing() -> None:
    answers = by_path(user_timeline=posts(2), comments=said, mentions=refused(10014))
    async with scripted(answers) as peer:
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=100, token="t")

        assert (snapshot.data["mentions"], snapshot.data["partial"]) == ([], True)
        assert all(post["comments"] for post in snapshot.data["statuses"])


async def test_a_timeline_that_is_no_list_is_not_an_empty_one() -> None:
    async with scripted(by_path(user_timeline=lambda: web.json_response({"statuses": None}))) as peer:
        assert await failure(peer.client.snapshot(SHOP, consent=consent(), budget=9)) is Fact.UNREADABLE


async def test_a_full_page_of_posts_asks_for_one_more_and_its_failure_is_partial() -> None:
    pages = [posts(100)(), refused(10001, 400)()]
    answers = by_path(user_timeline=lambda: pages.pop(0), comments=refused(20101, 400))
    async with scripted(answers, tries=1) as peer:
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=3)

        assert (len(snapshot.data["statuses"]), snapshot.data["partial"]) == (100, True)


async def test_full_pages_of_posts_are_read_until_one_is_not() -> None:
    pages = [
        posts(100, comments=0)(),
        posts(100, comments=0)(),
        posts(100, comments=0)(),
        posts(7, comments=0)(),
    ]
    async with scripted(by_path(user_timeline=lambda: pages.pop(0))) as peer:
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=9)

        assert len(snapshot.data["statuses"]) == 307
        assert "partial" not in snapshot.data


async def test_more_posts_than_are_read_make_a_part_of_an_account_and_not_another_account() -> None:
    """Whoever posts a thousand times a season would otherwise show nothing of the year before."""
    async with scripted(by_path(user_timeline=posts(100, comments=0))) as peer:
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=20)

        assert peer.hits.count("/2/statuses/user_timeline.json") == 10
        assert snapshot.data["partial"] is True


async def test_a_code_is_never_sent_twice() -> None:
    async with scripted(body("", 503)) as peer:
        assert await failure(peer.client.token("code", "http://localhost/back")) is Fact.SERVICE_UNAVAILABLE

        assert peer.hits == ["/oauth2/access_token"]


@pytest.mark.parametrize("text", ["{}", '{"access_token": "t", "uid": 7, "expires_in": "soon"}'])
async def test_a_token_that_lacks_its_parts_is_not_trusted(text: str) -> None:
    async with scripted(body(text)) as peer:
        assert await failure(peer.client.token("code", "http://localhost/back")) is Fact.UNREADABLE


@pytest.mark.parametrize(
    "address", ["http://api.weibo.com", "ftp://localhost.example", "http://169.254.169.254"]
)
def test_an_open_address_other_than_this_machine_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        WeiboConfig(address, "key", "secret")
