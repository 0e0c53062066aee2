"""What a merchant types to name a Weibo account, read into one account or none. Fetches nothing."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

#: Letters, digits, Han and the two signs that Weibo allows in a nickname.
NICKNAME = re.compile(r"[\w\-·]{2,30}")
UID = re.compile(r"[0-9]{5,11}")
ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?weibo\.(?:com|cn)/(?:(u|n|profile)/)?([^/?#\s]+)/?(?:[?#].*)?", re.I
)
#: First parts of addresses that lead to Weibo's own pages, not to an account.
PAGES = frozenset(
    {"login", "signup", "home", "search", "status", "detail", "p", "tv", "u", "n", "profile", "hot"}
)


@dataclass(frozen=True)
class Handle:
    """An account named by its number or by its nickname, never by both."""

    uid: str | None = None
    screen_name: str | None = None

    def __post_init__(self) -> None:
        if (self.uid is None) == (self.screen_name is None):
            raise ValueError("a handle is a uid or a screen name")

    def __str__(self) -> str:
        return self.uid or self.screen_name or ""


def handle(text: str) -> Handle | None:
    """The account that these words name.

    >>> handle("＠小夏雲味小館")
    Handle(uid=None, screen_name='小夏雲味小館')
    >>> handle("https://m.weibo.cn/u/1404376560?from=page")
    Handle(uid='1404376560', screen_name=None)
    >>> handle("https://example.com/u/1404376560") is None
    True
    """
    words = _visible(text)
    address = ADDRESS.fullmatch(words)
    if address is None:
        return _named(words.removeprefix("@").strip())
    kind, name = address.group(1), unquote(address.group(2))
    if kind == "n":
        return _nickname(name)
    if kind is not None:
        return _number(name)
    return None if name.lower() in PAGES else _named(name)


def ownership_phrase(user: Mapping[str, Any], phrase: str) -> bool:
    """Whether the account's own description contains the phrase; width, case and spaces do not matter.

    >>> ownership_phrase({"description": "菜馆 ｂｂ－4K 7q"}, "BB-4k7q")
    True
    """
    wanted = _squeezed(phrase)
    return bool(wanted) and wanted in _squeezed(str(user.get("description") or ""))


def _named(words: str) -> Handle | None:
    return _number(words) or (None if words.isdigit() else _nickname(words))


def _number(words: str) -> Handle | None:
    return Handle(uid=words) if UID.fullmatch(words) else None


def _nickname(words: str) -> Handle | None:
    return Handle(screen_name=words) if NICKNAME.fullmatch(words) else None


def _visible(text: str) -> str:
    """Compatibility forms unified, zero-width and other unseen characters gone, ends trimmed."""
    unified = unicodedata.normalize("NFKC", text)
    return "".join(char for char in unified if unicodedata.category(char) not in {"Cf", "Cc"}).strip()


def _squeezed(text: str) -> str:
    return "".join(_visible(text).split()).casefold()
