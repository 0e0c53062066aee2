"""Who a browser belongs to: a random token in a cookie, of which only the hash is ever kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from conversations.store.message import Contact

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Visitors:
    """Reads and sets the visitor's cookie; `secure` when the public address is https."""

    secure: bool

    @property
    def cookie(self) -> str:
        return "__Host-bangbang" if self.secure else "bangbang"

    def contact(self, request: web.Request) -> Contact | None:
        """The contact of the cookie, None without a cookie of our own making."""
        token = request.cookies.get(self.cookie, "")
        return contact_of(token) if len(token) == 43 and token.isascii() else None

    def welcome(self, response: web.StreamResponse, token: str) -> None:
        """Hand the token to the browser, out of reach of scripts and of other sites."""
        keep(response, self.cookie, token, YEAR, secure=self.secure)


def keep(response: web.StreamResponse, name: str, value: str, age: timedelta, *, secure: bool) -> None:
    """Set a cookie that scripts cannot read and that other sites' requests do not carry."""
    response.set_cookie(
        name, value, max_age=int(age.total_seconds()), path="/", httponly=True, samesite="Lax", secure=secure
    )


def new_token() -> str:
    """256 random bits; always ours, so that nobody can plant a token they know."""
    return secrets.token_urlsafe(32)


def contact_of(token: str) -> Contact:
    return Contact("web", hashlib.sha256(token.encode()).hexdigest())
