"""What a shop is called moves nothing: neither its tone, nor its script, nor how often it is written."""

import json
from typing import Any

import pytest

from scoring import snapshot
from scoring.snapshot import Account
from scoring.social import accounts
from scoring.social.naming import ALIAS, under_alias
from tests.scoring import builders
from tests.scoring.social.shops import shop

NAMES = ("小夏滇味馆", "超好吃米线", "三顿半", "Xia Kitchen", "Amy's", "夏天 Coffee", "7号", "Кафе")


def called(name: str) -> dict[str, Any]:
    """A shop whose guests write its name where it helps, hurts and says nothing."""
    said = (
        f"{name}的汽锅鸡真香",
        f"今天去了{name}，太难吃了",
        f"@{name} 周三去的",
        f"{name}",
        f"在{name}等位",
    )
    remarks = [builders.said(text, 5 + n, 100 + n) for n, text in enumerate(said)]
    posts = [
        builders.status(days, remarks if days == 4 else [], text=f"{name}今日供应") for days in (4, 8, 12)
    ]
    return shop(posts, [builders.said(f"推荐{name}", 20, 300)], user={"screen_name": name})


def measured(raw: dict[str, Any], personal: dict[str, Any] | None = None) -> dict[str, float | None]:
    brand, owner = snapshot.read(raw), snapshot.read(personal)
    return dict(accounts.measure(brand, owner, builders.DAY, builders.lender().reader))


@pytest.mark.parametrize("name", NAMES)
def test_under_any_name_a_shop_measures_the_same(name: str) -> None:
    assert measured(called(name)) == measured(called("老街面馆"))


def test_an_owner_who_names_the_shop_is_still_seen_as_tied_to_it() -> None:
    raw = called("Xia Kitchen")
    owner = {
        "user": {"id": 8, "screen_name": "xia"},
        "statuses": [builders.status(5, text="看 @Xia Kitchen")],
    }

    assert measured(raw, owner)["brand_owner_ties"] == 1.0
    assert measured(raw, json.loads(json.dumps(owner).replace("@", "")))["brand_owner_ties"] == 0.0


@pytest.mark.parametrize("name", ["难吃", "太难吃了", "踩雷小店"])
def test_nobody_reads_complaints_away_by_their_name(name: str) -> None:
    assert under_alias(account(name), name) == account(name)


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("Amy", "amy的店", f"{ALIAS}的店"),
        ("Amy", "Amyloid", "Amyloid"),
        ("An", "and than", "and than"),
        ("店", "这店不错", "这店不错"),
        ("", "这店不错", "这店不错"),
        ("老街(总店)", "老街(总店)好", f"{ALIAS}好"),
    ],
)
def test_only_the_name_itself_is_taken_out(name: str, text: str, read: str) -> None:
    [said] = under_alias(account(name, text), name).remarks
    assert said.text == read


def account(name: str, text: str = "难吃") -> Account:
    raw = shop([builders.status(4, [builders.said(text, 3, 100)])], user={"screen_name": name})
    found = snapshot.read(raw)
    assert isinstance(found, Account)
    return found
