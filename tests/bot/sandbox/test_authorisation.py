"""The road from "may this application read my account?" to a token."""

from datetime import timedelta

import pytest

from tests.bot.sandbox.visits import BACK, Visit, visiting

ASKED = {"client_id": "sandbox", "response_type": "code", "redirect_uri": BACK, "state": "<s>\"'"}


async def shown(visit: Visit, path: str, **query: str) -> tuple[int, str, str]:
    """Status, text and policy of a page."""
    async with visit.http.get(visit.base + path, params=query) as response:
        return response.status, await response.text(), response.headers.get("Content-Security-Policy", "")


async def test_the_page_offers_the_accounts_and_carries_the_state_unharmed() -> None:
    async with visiting() as visit:
        status, text, _ = await shown(visit, "/oauth2/authorize", **ASKED)

    assert status == 200
    assert "小夏雲味小館" in text
    assert "已注销的小店" not in text
    assert 'value="&lt;s&gt;&#34;&#39;"' in text


async def test_the_page_runs_no_script_and_its_form_may_lead_back_to_the_application_only() -> None:
    async with visiting() as visit:
        _, text, policy = await shown(visit, "/oauth2/authorize", **ASKED)

    assert "<script" not in text
    assert " style=" not in text
    assert policy == (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self' http://localhost:8080"
    )


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "https://evil.example/",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "javascript://localhost/",
        "http://localhost:99999999/",
        "http://localhost/#part",
        "//localhost/",
        "http://[::1",
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_known(redirect_uri: str) -> None:
    async with visiting() as visit:
        asked = await shown(visit, "/oauth2/authorize", **(ASKED | {"redirect_uri": redirect_uri}))
        form = {
            "client_id": "sandbox",
            "redirect_uri": redirect_uri,
            "account": "xiaoxia",
            "answer": "approve",
        }
        async with visit.http.post(
            f"{visit.base}/oauth2/authorize", data=form, allow_redirects=False
        ) as response:
            answered = response.status

    assert (asked[0], answered) == (400, 400)
    assert "21322" in asked[1]


async def test_a_configured_address_is_known() -> None:
    place = "https://loans.example/weibo/callback"
    async with visiting(redirect_uris=frozenset({place})) as visit:
        status, _, policy = await shown(visit, "/oauth2/authorize", **(ASKED | {"redirect_uri": place}))

    assert status == 200
    assert policy.endswith("form-action 'self' https://loans.example")


@pytest.mark.parametrize(
    ("change", "code"), [({"client_id": "x"}, "21324"), ({"response_type": "token"}, "10017")]
)
async def test_a_wrong_question_is_not_put_to_anybody(change: dict[str, str], code: str) -> None:
    async with visiting() as visit:
        status, text, _ = await shown(visit, "/oauth2/authorize", **(ASKED | change))

    assert (status, code in text) == (400, True)


async def test_yes_leads_back_with_a_code_and_the_state() -> None:
    async with visiting() as visit:
        answer = await visit.answer(answer="approve")
        token = await visit.exchange(answer["code"])

    assert answer["state"] == "s t&"
    assert set(token) == {"access_token", "remind_in", "expires_in", "uid", "isRealName"}
    assert token["uid"] == "9800000101"


@pytest.mark.parametrize("answer", ["refuse", "", "anything"])
async def test_anything_but_yes_leads_back_without_a_code(answer: str) -> None:
    async with visiting() as visit:
        back = await visit.answer(answer=answer)

    assert back == {"error": "access_denied", "error_code": "21330", "state": "s t&"}


async def test_yes_for_nobody_leads_nowhere() -> None:
    form = {"client_id": "sandbox", "redirect_uri": BACK, "account": "nobody", "answer": "approve"}
    async with (
        visiting() as visit,
        visit.http.post(f"{visit.base}/oauth2/authorize", data=form, allow_redirects=False) as response,
    ):
        assert response.status == 400


async def test_a_code_works_once() -> None:
    async with visiting() as visit:
        code = (await visit.answer(answer="approve"))["code"]
        await visit.exchange(code)

        assert (await visit.exchange(code))["error_code"] == 21314


async def test_a_code_grows_old() -> None:
    async with visiting() as visit:
        code = (await visit.answer(answer="approve"))["code"]
        visit.later(timedelta(minutes=10))

        assert (await visit.exchange(code))["error_code"] == 21325


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "x"}, 21324),
        ({"client_secret": "x"}, 21324),
        ({"grant_type": "password"}, 10017),
        ({"code": "made-up"}, 21325),
        ({"redirect_uri": "http://localhost/other"}, 21322),
    ],
)
async def test_a_wrong_exchange_gives_no_token_and_does_not_spend_the_code(
    change: dict[str, str], code: int
) -> None:
    async with visiting() as visit:
        good = (await visit.answer(answer="approve"))["code"]
        refused = await visit.exchange(**({"code": good} | change))

        assert refused["error_code"] == code
        assert "access_token" in await visit.exchange(good)
