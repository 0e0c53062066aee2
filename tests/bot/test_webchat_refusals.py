"""What the web chat turns down: a code and a sentence in the visitor's language, never a trace."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.site import Site, Visitor, kept_in, site_in
from tests.bot.weibo_stand_in import WeiboStandIn

ID = "11111111-2222-4333-8444-555555555555"
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with site_in(tmp_path, WeiboStandIn()) as opened:
        yield opened


@pytest.fixture
async def visitor(site: Site) -> AsyncIterator[Visitor]:
    async with site.visitor() as one:
        await one.agrees()
        yield one


BAD_BODIES: list[tuple[bytes, int, str]] = [
    (b"", 400, "bad_json"),
    (b"{", 400, "bad_json"),
    (b"\xff\xfe", 400, "bad_json"),
    (b"[" * 60_000, 400, "bad_json"),
    (b"[]", 422, "bad_json"),
    (b"null", 422, "bad_json"),
    (b'"text"', 422, "bad_json"),
    (json.dumps({"text": "hello"}).encode(), 422, "bad_id"),
    (json.dumps({"id": 7, "text": "hello"}).encode(), 422, "bad_id"),
    (json.dumps({"id": "not-a-uuid", "text": "hello"}).encode(), 422, "bad_id"),
    (json.dumps({"id": ID}).encode(), 422, "text_or_choice"),
    (json.dumps({"id": ID, "text": "a", "choice": "b"}).encode(), 422, "text_or_choice"),
    (json.dumps({"id": ID, "text": 35000}).encode(), 422, "empty"),
    (json.dumps({"id": ID, "text": ["a"]}).encode(), 422, "empty"),
    (json.dumps({"id": ID, "text": " \n "}).encode(), 422, "empty"),
    (json.dumps({"id": ID, "text": "长" * 4097}).encode(), 422, "too_long"),
    (json.dumps({"id": ID, "choice": {}}).encode(), 422, "bad_choice"),
    (json.dumps({"id": ID, "choice": "x" * 65}).encode(), 422, "bad_choice"),
    (json.dumps({"id": ID, "choice": "\ud800"}).encode(), 422, "bad_choice"),
    (json.dumps({"id": ID, "choice": "never shown"}).encode(), 422, "unknown_choice"),
    (json.dumps({"id": ID, "choice": "owner", "asked": 3}).encode(), 422, "bad_asked"),
    (b" " * 70_000, 413, "too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES)
async def test_a_body_that_is_no_message_changes_nothing(
    visitor: Visitor, body: bytes, status: int, code: str
) -> None:
    said = await visitor.messages()

    headers = {"Content-Type": "application/json"}
    async with visitor.client.post("/chat/messages", data=body, headers=headers) as answer:
        problem = (await answer.json())["error"]

    assert (answer.status, problem["code"]) == (status, code)
    assert problem["message"]
    assert await visitor.messages() == said


@pytest.mark.parametrize("kibibytes", [80, 2000])
async def test_a_body_sent_in_chunks_is_bounded_too(visitor: Visitor, kibibytes: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(kibibytes):
            yield b" " * 1024

    headers = {"Content-Type": "application/json"}
    async with visitor.client.post("/chat/messages", data=chunks(), headers=headers) as answer:
        assert answer.status == 413


async def test_only_json_and_forms_are_read(visitor: Visitor) -> None:
    body = json.dumps({"id": ID, "text": "hello"})
    async with visitor.client.post(
        "/chat/messages", data=body, headers={"Content-Type": "text/plain"}
    ) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (415, "not_json")


async def test_a_refusal_speaks_the_conversation_s_language(visitor: Visitor) -> None:
    await visitor.send(choice="/language en")

    _, refused = await visitor.send(choice="never shown")

    assert refused["error"]["message"] == "There is no such choice here."


@pytest.mark.parametrize("path", ["/chat/messages", "/chat/stream"])
async def test_without_a_conversation_nothing_is_told(site: Site, path: str) -> None:
    async with site.visitor() as stranger, stranger.client.get(path) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (401, "no_session")


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 42, "é" * 43, "../../etc/passwd"])
async def test_a_cookie_that_is_not_ours_opens_nothing(site: Site, visitor: Visitor, token: str) -> None:
    async with site.visitor(Cookie=f"bangbang={token}") as stranger:
        async with stranger.client.get("/chat/messages") as answer:
            assert answer.status == 401
        assert (await stranger.send(text="hello"))[0] == 401


async def test_a_planted_cookie_is_replaced_by_one_of_ours(site: Site) -> None:
    planted = f"bangbang={'x' * 43}"
    async with site.visitor(Cookie=planted) as stranger, stranger.client.post("/chat/sessions") as answer:
        assert answer.cookies["bangbang"].value != "x" * 43


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "٣", "9" * 10, "1;drop"])
async def test_after_is_the_number_of_a_message(visitor: Visitor, after: str) -> None:
    async with visitor.client.get("/chat/messages", params={"after": after}) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (400, "bad_after")


FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.test"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/sessions"])
async def test_another_site_cannot_speak_for_the_visitor(
    visitor: Visitor, path: str, headers: dict[str, str]
) -> None:
    body = {"id": ID, "text": "hello"}
    async with visitor.client.post(path, json=body, headers=headers) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "foreign_origin")


async def test_our_own_page_may_speak(visitor: Visitor) -> None:
    body = {"id": ID, "text": "hello"}
    own = {"Origin": "http://127.0.0.1:8080"}
    async with visitor.client.post("/chat/messages", json=body, headers=own) as answer:
        assert answer.status == 200


async def test_sixty_messages_a_minute_and_no_more(site: Site, visitor: Visitor) -> None:
    answers = [await visitor.send(choice="/status") for _ in range(60)]

    assert {status for status, _ in answers[:-1]} == {200}
    assert answers[-1][0] == 429
    site.clock.pass_by(minutes=1)
    assert (await visitor.send(choice="/status"))[0] == 200


async def test_thirty_conversations_a_minute_from_one_address(site: Site) -> None:
    proxied = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    async with site.visitor(**proxied) as crowd:
        for _ in range(30):
            await crowd.start()
            crowd.client.cookie_jar.clear()
        async with crowd.client.post("/chat/sessions") as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    async with site.visitor() as elsewhere:
        await elsewhere.start()


async def test_an_unknown_address_gets_a_small_page(visitor: Visitor) -> None:
    async with visitor.client.get("/no/such/page") as answer:
        page = await answer.text()

    assert (answer.status, answer.content_type) == (404, "text/html")
    assert 'href="/"' in page


async def test_a_wrong_method_is_refused(visitor: Visitor) -> None:
    async with visitor.client.delete("/chat/messages") as answer:
        assert answer.status == 405


async def test_an_answer_of_another_route_s_own_is_left_alone(site: Site, visitor: Visitor) -> None:
    async with visitor.client.get("/static/no-such-file.css") as answer:
        assert answer.status == 404
    async with visitor.client.get("/static/chat.css") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
    async with visitor.client.get("/static/chat.css?v=1") as answer:
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/", "/chat/messages", "/no/such/page", "/weibo/callback", "/static/chat.js"]
)
async def test_every_answer_carries_the_policy(visitor: Visitor, path: str) -> None:
    async with visitor.client.get(path) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


async def test_no_page_has_script_or_style_of_its_own(visitor: Visitor) -> None:
    page = await visitor.page()

    assert page.count("<script") == 1
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick" not in page.lower()


async def test_the_cookie_is_out_of_reach_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    async with site_in(tmp_path, WeiboStandIn(), "https://bangbang.test") as site, site.visitor() as visitor:
        async with visitor.client.post("/chat/sessions") as answer:
            cookie = answer.cookies["__Host-bangbang"]
            header = answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")

    assert all(part in header for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))
    assert "Domain" not in header
    assert len(cookie.value) == 43
    assert cookie.value.encode() not in kept_in(tmp_path)


async def test_one_visitor_sees_nothing_of_another(site: Site, visitor: Visitor) -> None:
    await visitor.send(text="大理的小馆")
    async with site.visitor() as other:
        await other.agrees()
        await other.send(text="上海的咖啡馆")

        assert "大理" not in json.dumps(await other.messages(), ensure_ascii=False) + await other.page()
        assert "上海" not in json.dumps(await visitor.messages(), ensure_ascii=False) + await visitor.page()


async def test_two_visitors_with_the_same_message_id_do_not_collide(site: Site, visitor: Visitor) -> None:
    async with site.visitor() as other:
        await other.agrees()

        assert (await visitor.send(ID, text="hello"))[1]["fresh"]
        assert (await other.send(ID, text="hello"))[1]["fresh"]


async def test_a_crash_tells_nothing_of_the_inside(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    english = {"Accept-Language": "en"}
    async with site.visitor(**english) as visitor, visitor.client.get("/crash") as answer:
        page = await answer.text()

    assert (answer.status, "secret" in page) == (500, False)
    assert "The fault is ours" in page
    assert "request failed" in caplog.text
