"""Takes the shop's own name out of what is written, so that no decision depends on what a shop is called.

A name has a tone of its own ("Tasty Corner"), and a reader for Chinese reads a sentence otherwise where a
Latin word stands in it. Every text is therefore read as if all shops had one and the same name.
"""

import re
from dataclasses import replace
from typing import TypeVar

from scoring.snapshot import Account, Post, Remark

_Said = TypeVar("_Said", Post, Remark)

ALIAS = "这家店"  #: moves the reader's odds least of all ways to speak of a shop
SHORTEST = 2  #: characters; a shorter name stands in too many words
#: Whoever calls a shop by one of these must not have their guests' complaints read away.
_COMPLAINTS = (
    *("难吃", "不好吃", "难喝", "难看", "差评", "太差", "很差", "最差", "垃圾", "恶心", "失望", "上当", "骗"),
    *("踩雷", "避雷", "投诉", "退款", "退钱", "不推荐", "不值", "别来", "别去", "后悔"),
)


def under_alias(account: Account, name: str) -> Account:
    """The account with the shop's name replaced in every text, and as its own name where it has that one."""
    written = _written(name)
    if written is None:
        return account
    posts = [_said(post, written.sub(ALIAS, post.text)) for post in account.posts]
    remarks = [_said(remark, written.sub(ALIAS, remark.text)) for remark in account.remarks]
    called = ALIAS if account.name == name else account.name
    return replace(account, name=called, posts=tuple(posts), remarks=tuple(remarks))


def _said(one: _Said, text: str) -> _Said:
    """The post or remark with that text; most hold no name and stay as they are."""
    return one if one.text == text else one._replace(text=text)


def _written(name: str) -> re.Pattern[str] | None:
    """The name as it may stand in a text; None where it is no name to take out."""
    name = name.strip()
    if len(name) < SHORTEST or any(word in name for word in _COMPLAINTS):
        return None
    before = r"(?<![A-Za-z])" if name[0].isascii() else ""
    after = r"(?![A-Za-z])" if name[-1].isascii() else ""
    return re.compile(before + re.escape(name) + after, re.IGNORECASE)
