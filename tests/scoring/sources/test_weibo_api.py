"""Answers and refusals of the Open API, read without any network."""

import json

import pytest

from scoring.sources import kept, weibo_api
from scoring.sources.handles import Handle
from scoring.sources.unavailable import Fact, SourceUnavailable, Unavailable
from scoring.sources.weibo_api import Problem, Reader
from tests.scoring.sources.peers import START

FACTS = {
    Fact.SERVICE_UNAVAILABLE: "10001 10002 10003 10009 21331",
    Fact.RATE_LIMITED: "10022 10023 10024",
    Fact.NOT_PERMITTED: "10004 10005 10014",
    Fact.MISCONFIGURED: "10006 10020 10021 21321 21322 21324 21326",
    Fact.BAD_REQUEST: "10008 10012 10016 10017",
    Fact.NOT_FOUND: "10013 20003 20101 20201",
    Fact.NEEDS_VERIFICATION: "20031",
    Fact.TOKEN_EXPIRED: "21301 21314 21315 21325 21327 21332",
    Fact.AUTHORISATION_WITHDRAWN: "21316 21317 21319 21330",
}
CODES = [(code, fact) for fact, codes in FACTS.items() for code in codes.split()]
HELPS = {Fact.SERVICE_UNAVAILABLE, Fact.RATE_LIMITED}


@pytest.mark.parametrize(("code", "fact"), CODES)
def test_every_documented_code_is_a_fact_in_both_styles(code: str, fact: Fact) -> None:
    expected = Problem(fact, code, retry=fact in HELPS)

    for written in (int(code), code, f"{code}:some words behind it!"):
        body = json.dumps({"error": "words", "error_code": written, "request": "/2/x.json"}).encode()
        assert weibo_api.read(400, body) == expected
        assert weibo_api.read(200, body) == expected


def test_the_table_holds_the_documented_codes_and_no_other() -> None:
    assert set(weibo_api.errors()) == {code for code, _ in CODES}


@pytest.mark.parametrize("code", [99999, "99999:new", None, [], "x" * 900])
def test_an_unknown_code_means_the_service_failed_and_is_kept(code: object) -> None:
    problem = weibo_api.problem(code)

    assert (problem.fact, problem.retry) == (Fact.SERVICE_UNAVAILABLE, False)
    assert problem.code == str(code)[:40]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b"1", b"\xff\xfe", b'{"a":', b"[" * 100_000, b'"text"']
)
def test_a_body_that_is_no_object_is_not_trusted(body: bytes) -> None:
    assert weibo_api.read(200, body) == weibo_api.UNREADABLE


@pytest.mark.parametrize(
    ("status", "fact"), [(500, Fact.SERVICE_UNAVAILABLE), (503, Fact.SERVICE_UNAVAILABLE)]
)
def test_a_server_error_without_a_code_is_worth_another_try(status: int, fact: Fact) -> None:
    assert weibo_api.read(status, b"<html>") == Problem(fact, str(status), retry=True)


def test_too_many_requests_without_a_code_is_a_rate_limit() -> None:
    assert weibo_api.read(429, b"slow down") == Problem(Fact.RATE_LIMITED, retry=True)


@pytest.mark.parametrize("status", [201, 302, 404])
def test_any_other_status_is_not_trusted(status: int) -> None:
    assert weibo_api.read(status, b"{}") == weibo_api.UNREADABLE


def test_no_address_holds_a_secret() -> None:
    reader = Reader("key", "top-secret")
    account = Handle(uid="1404376560")
    requests = [reader.user(account), reader.timeline(account, 1), reader.comments(7), reader.mentions()]

    assert all("top-secret" not in str(request.query) + request.path + repr(request) for request in requests)
    assert all(request.headers == {"Authorization": "OAuth2 top-secret"} for request in requests)
    assert weibo_api.token("key", "app-secret", "code", "http://localhost/").query == {}


def test_without_a_token_the_application_names_itself() -> None:
    request = Reader("key").user(Handle(screen_name="zaku"))

    assert (request.query, request.headers) == ({"screen_name": "zaku", "source": "key"}, {})


@pytest.mark.parametrize(
    "text", [None, "", "Tue May 31", "Tue Foo 31 17:46:55 +0800 2011", "Tue May 99 17:46:55 +0800 2011"]
)
def test_a_time_that_is_none_is_none(text: object) -> None:
    assert weibo_api.read_time(text) is None


def test_a_zone_west_of_greenwich_is_read() -> None:
    moment = weibo_api.read_time("Tue May 31 17:46:55 -0330 2011")

    assert moment is not None
    assert moment.isoformat() == "2011-05-31T17:46:55-03:30"


def test_only_what_scoring_needs_is_kept() -> None:
    raw = {
        "id": 7,
        "gender": "f",
        "geo": {},
        "url": "u",
        "profile_image_url": "p",
        "avatar_large": "a",
        "domain": "d",
    }
    post = raw | {"annotations": [], "text": "t", "user": raw, "retweeted_status": raw}

    assert kept.user(raw) == {"id": 7}
    assert kept.status(post) == {"id": 7, "text": "t", "retweeted_status": {"id": 7}}
    assert kept.comment(post | {"reply_comment": raw}) == {
        "id": 7, "text": "t", "user": {"id": 7}, "reply_comment": {"id": 7},
    }  # fmt: skip


def test_unavailable_stands_where_the_snapshot_would_have_stood() -> None:
    refused = SourceUnavailable(Unavailable(Fact.RATE_LIMITED, START, "10023"))

    assert refused.unavailable.to_json() == {"unavailable": "rate_limited", "at": "2026-11-23T00:00:00+00:00"}
    assert str(refused) == "rate_limited (10023)"
