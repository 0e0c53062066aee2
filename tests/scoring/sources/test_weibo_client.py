"""The client against the running sandbox."""

import json
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.sandbox import merchants
from bot.sandbox.memory import SandboxConfig
from scoring.sources.handles import Handle
from scoring.sources.unavailable import Fact, SourceUnavailable
from tests.scoring.sources.peers import SHOP, START, Peer, consent, sandbox

BACK = "http://localhost/back"
DROPPED = ("gender", "geo", "url", "profile_image_url", "avatar_large", "domain", "annotations")


async def signed_in(peer: Peer, key: str) -> str:
    """A token for that account, by the sandbox's own form."""
    form = {"client_id": "sandbox", "redirect_uri": BACK, "state": "s", "account": key, "answer": "approve"}
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(f"{peer.base}/oauth2/authorize", data=form, allow_redirects=False) as response,
    ):
        code = parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
    return (await peer.client.token(code, BACK)).access_token


async def test_a_connected_account_is_read_in_full_within_the_budget() -> None:
    async with sandbox() as peer:
        token = await signed_in(peer, "xiaoxia")
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=100, token=token)

        assert snapshot.data == merchants.snapshot("xiaoxia", START)
        assert snapshot.calls < 70


async def test_without_a_token_nobody_who_mentions_the_account_is_known() -> None:
    async with sandbox() as peer:
        snapshot = await peer.client.snapshot(SHOP, consent=consent(), budget=100)

        assert snapshot.data == merchants.snapshot("xiaoxia", START) | {
            "mentions": [],
            "mentions_read": False,
        }


async def test_nothing_that_nobody_asked_for_is_kept() -> None:
    async with sandbox() as peer:
        token = await signed_in(peer, "xiaoxia_personal")
        account = Handle(uid="9800000102")
        snapshot = await peer.client.snapshot(account, consent=consent(account), budget=100, token=token)

        assert not [name for name in DROPPED if f'"{name}"' in json.dumps(snapshot.data)]


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("已注销的小店", Fact.NOT_FOUND),
        ("从来没有的店", Fact.NOT_FOUND),
        ("私密花房", Fact.NOT_PERMITTED),
        ("暂停中的早点铺", Fact.SERVICE_UNAVAILABLE),
        ("慢慢来茶馆", Fact.TIMED_OUT),
        ("限流健身房", Fact.RATE_LIMITED),
    ],
)
async def test_an_account_that_gives_nothing_is_a_fact(name: str, fact: Fact) -> None:
    account = Handle(screen_name=name)
    async with sandbox(SandboxConfig(slow_seconds=0.2), call_seconds=0.1) as peer:
        with pytest.raises(SourceUnavailable) as caught:
            await peer.client.snapshot(account, consent=consent(account), budget=100)

    assert caught.value.unavailable.fact is fact


async def test_an_empty_account_is_an_answer_and_no_failure() -> None:
    account = Handle(screen_name="空空小铺")
    async with sandbox() as peer:
        snapshot = await peer.client.snapshot(account, consent=consent(account), budget=100)

    assert (snapshot.data["statuses"], snapshot.calls) == ([], 2)
    assert "partial" not in snapshot.data


async def test_the_day_of_an_account_ends_at_its_hundredth_call() -> None:
    async with sandbox() as peer:
        first, *_, last = [await peer.client.snapshot(SHOP, consent=consent(), budget=100) for _ in range(3)]

    assert "partial" not in first.data
    assert last.data["partial"] is True


async def test_a_token_carries_its_user_and_its_end() -> None:
    async with sandbox() as peer:
        form = {
            "client_id": "sandbox",
            "redirect_uri": BACK,
            "state": "",
            "account": "lanxi",
            "answer": "approve",
        }
        async with (
            aiohttp.ClientSession() as browser,
            browser.post(f"{peer.base}/oauth2/authorize", data=form, allow_redirects=False) as response,
        ):
            code = parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]
        token = await peer.client.token(code, BACK)

        assert (token.uid, (token.expires_at - START).days) == ("9800000103", 30)
        assert token.access_token not in repr(token)


async def test_the_authorisation_page_is_asked_with_the_state_passed_through() -> None:
    async with sandbox() as peer:
        url = urlsplit(peer.client.authorize_url(BACK, "a b&c"))

        assert url.path == "/oauth2/authorize"
        assert parse_qs(url.query) == {
            "client_id": ["sandbox"], "response_type": ["code"], "redirect_uri": [BACK], "state": ["a b&c"],
        }  # fmt: skip
