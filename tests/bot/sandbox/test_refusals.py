"""Whom the sandbox refuses, and with which code."""

from datetime import timedelta

import pytest

from tests.bot.sandbox.visits import visiting

SHOW = "/2/users/show.json"
TIMELINE = "/2/statuses/user_timeline.json"
SHOP = {"uid": "9800000101"}
KEY = {"source": "sandbox"}


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (SHOW, SHOP, 10006),
        (SHOW, SHOP | {"source": "somebody"}, 10005),
        (SHOW, SHOP | {"access_token": "made-up"}, 21332),
        (SHOW, KEY, 10016),
        (SHOW, KEY | {"uid": "abc"}, 10017),
        (SHOW, KEY | {"uid": "1"}, 20003),
        (SHOW, KEY | {"screen_name": "已注销的小店"}, 20003),
        (SHOW, KEY | {"screen_name": "私密花房"}, 10014),
        (SHOW, KEY | {"screen_name": "暂停中的早点铺"}, 10002),
        (SHOW, KEY | {"screen_name": "慢慢来茶馆"}, 10002),
        (SHOW, KEY | {"screen_name": "限流健身房"}, 10023),
        (TIMELINE, KEY | SHOP | {"count": "101"}, 10017),
        (TIMELINE, KEY | SHOP | {"page": "0"}, 10017),
        (TIMELINE, KEY | SHOP | {"page": "9" * 5000}, 10017),
        ("/2/comments/show.json", KEY, 10016),
        ("/2/comments/show.json", KEY | {"id": "7"}, 20101),
        ("/2/comments/show.json", KEY | {"id": "980000010100001"}, 20101),
        ("/2/statuses/mentions.json", KEY, 21301),
        ("/2/nothing.json", KEY, 10020),
    ],
)
async def test_a_wrong_call_gets_its_code(path: str, query: dict[str, str], code: int) -> None:
    async with visiting(slow_seconds=0.0) as visit:
        assert (await visit.get(path, **query))["error_code"] == code


async def test_reading_by_post_is_the_wrong_method() -> None:
    async with visiting() as visit:
        assert (await visit.post(SHOW, **SHOP))["error_code"] == 10021


async def test_the_calls_of_a_day_end_and_come_back_the_next_day() -> None:
    async with visiting(daily_calls=2) as visit:
        codes = [(await visit.read(SHOW, **SHOP)).get("error_code") for _ in range(3)]
        other = await visit.read(SHOW, uid="9800000103")
        visit.later(timedelta(days=1))
        tomorrow = await visit.read(SHOW, **SHOP)

    assert codes == [None, None, 10023]
    assert "error_code" not in other
    assert "error_code" not in tomorrow


async def test_a_token_is_good_until_its_end() -> None:
    async with visiting(token_seconds=3600) as visit:
        token = await visit.token()
        fresh = await visit.get(SHOW, access_token=token, **SHOP)
        visit.later(timedelta(hours=1))
        stale = await visit.get(SHOW, access_token=token, **SHOP)

    assert fresh["screen_name"] == "小夏雲味小館"
    assert stale["error_code"] == 21327


async def test_leave_taken_back_ends_the_token_at_once() -> None:
    async with visiting() as visit:
        token = await visit.token()
        await visit.post("/oauth2/revokeoauth2", access_token=token)

        assert (await visit.get(SHOW, access_token=token, **SHOP))["error_code"] == 21319
