"""The pages on which the demo's user looks around and proves an account to be theirs."""

from bot.sandbox.accounts import accounts
from scoring.sources.handles import ownership_phrase
from tests.bot.sandbox.visits import Visit, visiting

PROFILE = "/profile/小夏雲味小館"


async def text(visit: Visit, path: str) -> str:
    async with visit.http.get(visit.base + path) as response:
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        return await response.text()


async def test_the_first_page_says_that_it_is_a_sandbox_and_lists_everybody() -> None:
    async with visiting() as visit:
        page = await text(visit, "/")

    assert "这是沙盒" in page
    assert "sandbox with invented people" in page
    assert all(account.screen_name in page and account.shows in page for account in accounts().values())


async def test_an_edited_description_is_what_the_api_shows() -> None:
    async with visiting() as visit:
        async with visit.http.post(
            visit.base + PROFILE, data={"description": " 云南菜 BB-4K7Q "}
        ) as response:
            saved = await response.text()
        user = await visit.read("/2/users/show.json", screen_name="小夏雲味小館")

    assert "已保存" in saved
    assert user["description"] == "云南菜 BB-4K7Q"
    assert ownership_phrase(user, "bb-4k7q")


async def test_a_description_is_text_and_never_markup() -> None:
    async with visiting() as visit:
        description = "</textarea><script>alert(1)</script>"
        async with visit.http.post(visit.base + PROFILE, data={"description": description}) as response:
            page = await response.text()

    assert "<script" not in page
    assert "&lt;script&gt;" in page


async def test_a_description_is_cut_at_140_characters() -> None:
    async with visiting() as visit:
        async with visit.http.post(visit.base + PROFILE, data={"description": "长" * 900}):
            pass
        user = await visit.read("/2/users/show.json", screen_name="小夏雲味小館")

    assert len(user["description"]) == 140


async def test_nobody_lives_at_an_unknown_name() -> None:
    async with visiting() as visit, visit.http.get(visit.base + "/profile/nobody") as response:
        assert response.status == 404


async def test_the_style_is_served_from_the_sandbox_itself() -> None:
    async with visiting() as visit, visit.http.get(visit.base + "/style.css") as response:
        assert (response.status, response.content_type) == (200, "text/css")
