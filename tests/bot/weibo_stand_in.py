"""Weibo's part of an authorisation, without a network: codes stand for people."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from scoring.sources.consent import Consent
from scoring.sources.handles import Handle
from scoring.sources.unavailable import Fact, SourceUnavailable, Unavailable
from scoring.sources.weibo import Token

LATER = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass
class WeiboStandIn:
    """Each code works once and gives the token of an owner; for any other code Weibo is down."""

    codes: dict[str, str] = field(default_factory=lambda: {"good": "1001", "other": "1002"})
    names: dict[str, str] = field(default_factory=lambda: {"1001": "小夏雲味小館", "1002": "咖啡<b>馆</b>"})
    exchanged: list[str] = field(default_factory=list)
    agreed: list[Consent] = field(default_factory=list)

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        query = urlencode({"client_id": "app", "redirect_uri": redirect_uri, "state": state})
        return f"https://api.weibo.test/oauth2/authorize?{query}"

    async def token(self, code: str, redirect_uri: str) -> Token:
        self.exchanged.append(code)
        if code not in self.codes:
            raise SourceUnavailable(Unavailable(Fact.SERVICE_UNAVAILABLE, LATER))
        uid = self.codes.pop(code)
        return Token(f"token-of-{uid}", uid, LATER)

    async def user(self, account: Handle, *, consent: Consent, token: str) -> dict[str, Any]:
        self.agreed.append(consent)
        return {"id": account.uid, "screen_name": self.names[account.uid or ""]}
