"""Who a browser belongs to, and where it is.

A browser belongs to a random token in a cookie, of which only the hash is ever kept.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

from conversations.store.message import Contact

YEAR = timedelta(days=365)


class Proxies:
    """Those whose word about a request is taken: networks, with commas between them."""

    def __init__(self, networks: str) -> None:
        self._networks = [ip_network(each.strip()) for each in networks.split(",")]

    def origin(self, request: web.Request) -> str:
        """Where the request comes from: the nearest address on its way that is none of these proxies."""
        return self.nearest(request.remote or "", request.headers.getall("X-Forwarded-For", []))

    def nearest(self, remote: str, forwarded: Sequence[str]) -> str:
        """The same for the other end of a connection, and the X-Forwarded-For headers that came over it."""
        farthest, named = remote, ",".join(forwarded).split(",")
        for stop in [remote, *reversed([each.strip() for each in named if each.strip()])]:
            address = _address(stop)
            if address is None:
                break  # what is no address, a trusted proxy did not write
            farthest = _household(address)
            if not any(address in network for network in self._networks):
                break
        return farthest


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


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _household(address: IPv4Address | IPv6Address) -> str:
    """Whoever has an IPv6 address has 2**64 of them: they count as one."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, 64), strict=False))
