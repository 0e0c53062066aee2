"""One secret, one key for each purpose: signed links, short tags on buttons, sealed tokens at rest."""

import base64
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class BadSignature(ValueError):
    """The text was not signed here, was signed for something else, or has expired."""


class Signer:
    """Signs and seals for named purposes; a value made for one purpose is worthless for another."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._keys: dict[str, bytes] = {}  # a key of each purpose, made once

    def tag(self, purpose: str, payload: str, length: int = 6) -> str:
        """The first `length` characters of the payload's MAC: for places with room for a few bytes only."""
        return _text(self._mac(purpose, payload))[:length]

    def tagged(self, purpose: str, payload: str, tag: str) -> bool:
        """Whether `tag` is the payload's own, compared in constant time."""
        own = self.tag(purpose, payload, max(len(tag), 6)).encode()
        return hmac.compare_digest(own, tag.encode("utf-8", "surrogatepass"))

    def sign(self, purpose: str, payload: str, expires: datetime) -> str:
        """A URL-safe text that `open` turns back into the payload until `expires`."""
        body = f"{int(expires.timestamp())}.{_text(payload.encode())}"
        return f"{body}.{_text(self._mac(purpose, body))}"

    def open(self, purpose: str, signed: str, now: datetime) -> str:
        """The payload of a signed text.

        Raises:
            BadSignature: altered, made for another purpose, or expired.
        """
        body, _, mac = signed.rpartition(".")
        genuine = _text(self._mac(purpose, body)).encode()
        if not hmac.compare_digest(genuine, mac.encode("utf-8", "surrogatepass")):
            raise BadSignature("altered")
        expires, _, payload = body.partition(".")
        if datetime.fromtimestamp(int(expires), UTC) < now:
            raise BadSignature("expired")
        return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()

    def seal(self, purpose: str, text: str) -> str:
        """Encrypt text that is kept at rest."""
        return self._box(purpose).encrypt(text.encode()).decode()

    def unseal(self, purpose: str, sealed: str) -> str:
        """The inverse of `seal`.

        Raises:
            BadSignature: sealed with another secret or for another purpose, or damaged.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._box(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise BadSignature("cannot be unsealed") from error

    def key(self, purpose: str) -> bytes:
        """The key of one purpose, for what is signed elsewhere."""
        if purpose not in self._keys:
            self._keys[purpose] = hmac.digest(self._secret, f"bangbang/{purpose}".encode(), "sha256")
        return self._keys[purpose]

    def _mac(self, purpose: str, payload: str) -> bytes:
        data = payload.encode("utf-8", "surrogatepass")
        return hmac.digest(self.key(purpose), data, "sha256")

    def _box(self, purpose: str) -> "Fernet":
        from cryptography.fernet import Fernet  # a start seals nothing

        return Fernet(base64.urlsafe_b64encode(self.key(purpose)))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
