"""Key by key, what the sandbox answers is what the Open API v2 documents."""

from typing import Any

from tests.bot.sandbox.visits import visiting

# fmt: off
USER = {
    "id", "idstr", "screen_name", "name", "province", "city", "location", "description", "url",
    "profile_image_url", "domain", "gender", "followers_count", "friends_count", "statuses_count",
    "favourites_count", "created_at", "following", "allow_all_act_msg", "geo_enabled", "verified",
    "verified_type", "allow_all_comment", "avatar_large", "verified_reason", "follow_me",
    "online_status", "bi_followers_count",
}
STATUS = {
    "created_at", "id", "idstr", "mid", "text", "source", "favorited", "truncated",
    "in_reply_to_status_id", "in_reply_to_user_id", "in_reply_to_screen_name", "geo",
    "reposts_count", "comments_count", "attitudes_count", "annotations",
}
# fmt: on
PICTURES = {"pic_urls", "thumbnail_pic"}
COMMENT = {"created_at", "id", "text", "source", "mid", "user", "status"}
PAGE = {"previous_cursor", "next_cursor", "total_number"}
SHOP = "小夏雲味小館"


def status_keys(status: dict[str, Any]) -> set[str]:
    """Without the picture fields, which only posts with pictures have in full."""
    return set(status) - PICTURES


async def test_a_user_has_the_documented_keys_and_its_latest_post() -> None:
    async with visiting() as visit:
        user = await visit.read("/2/users/show.json", screen_name=SHOP)

    assert set(user) == USER | {"status"}
    assert status_keys(user["status"]) == STATUS


async def test_a_timeline_has_the_documented_keys_and_as_many_posts_as_asked_for() -> None:
    async with visiting() as visit:
        first = await visit.read("/2/statuses/user_timeline.json", uid="9800000101", count="25")
        second = await visit.read("/2/statuses/user_timeline.json", uid="9800000101", count="25", page="2")

    assert set(first) == PAGE | {"statuses"}
    assert all(status_keys(status) == STATUS | {"user"} for status in first["statuses"])
    assert set(first["statuses"][0]["user"]) >= USER
    assert (len(first["statuses"]), len(second["statuses"]), first["total_number"]) == (25, 15, 40)


async def test_comments_have_the_documented_keys() -> None:
    async with visiting() as visit:
        timeline = await visit.read("/2/statuses/user_timeline.json", screen_name=SHOP)
        page = await visit.read("/2/comments/show.json", id=timeline["statuses"][3]["idstr"], count="200")

    assert set(page) == PAGE | {"comments"}
    assert all(set(comment) - {"reply_comment"} == COMMENT for comment in page["comments"])
    assert all(set(comment["user"]) == USER for comment in page["comments"])
    assert all(status_keys(comment["status"]) == STATUS for comment in page["comments"])
    assert page["total_number"] == timeline["statuses"][3]["comments_count"]


async def test_mentions_have_the_keys_of_a_timeline() -> None:
    async with visiting() as visit:
        page = await visit.get("/2/statuses/mentions.json", access_token=await visit.token())

    assert set(page) == PAGE | {"statuses"}
    assert all(status_keys(status) == STATUS | {"user"} for status in page["statuses"])
    assert all(set(status["user"]) == USER for status in page["statuses"])


async def test_an_error_has_the_documented_keys() -> None:
    async with visiting() as visit:
        error = await visit.read("/2/users/show.json", screen_name="从来没有的店")

    assert error == {"error": "User does not exists", "error_code": 20003, "request": "/2/users/show.json"}
