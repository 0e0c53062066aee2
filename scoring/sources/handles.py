"""Weibo handles as people type them: @name, a nickname, a profile address, a numeric uid."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?weibo\.(?:com|cn)/(?:(?P<kind>u|n|profile)/)?(?P<name>[^/?#\s]+)/?(?:[?#].*)?",
    re.I,
)
_NAME = re.compile(r"[\w\-·.]+(?: [\w\-·.]+){0,3}")
_UID = re.compile("[0-9]{5,12}")


@dataclass(frozen=True)
class Handle:
    """An account by its number (`uid`) or by its nickname; exactly one is set."""

    uid: str | None = None
    screen_name: str | None = None

    def __str__(self) -> str:
        return self.uid or self.screen_name or ""


def handle(text: str) -> Handle | None:
    """The account a text names, None when it names none.

    >>> handle("@小夏雲味小館"), handle("https://weibo.com/u/1404376560")
    (Handle(uid=None, screen_name='小夏雲味小館'), Handle(uid='1404376560', screen_name=None))
    """
    plain = unicodedata.normalize("NFC", _HIDDEN.sub("", text)[:300]).strip().lstrip("@＠").strip()
    if address := _ADDRESS.fullmatch(plain):
        plain = unquote(address["name"])
        if address["kind"] in ("u", "profile") and not _UID.fullmatch(plain):
            return None
    if _UID.fullmatch(plain):
        return Handle(uid=plain)
    return Handle(screen_name=plain) if 2 <= len(plain) <= 30 and _NAME.fullmatch(plain) else None
