"""The second step: six digits that change every thirty seconds (RFC 6238), each taken once."""

import hmac
import re
from datetime import datetime

SECONDS = 30
AROUND = 1  #: steps before and after now that count, for clocks that differ
ISSUER = "Bangbang"
_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def new_secret() -> str:
    """160 bits in base32, as authenticator apps take them."""
    import pyotp  # nobody signs in while the product starts

    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, among those that count now; None when it is none of them."""
    given = "".join(code.split())
    if not _DIGITS.fullmatch(given):
        return None
    import pyotp

    generator, now = pyotp.TOTP(secret), int(at.timestamp()) // SECONDS
    found = None
    for step in range(now - AROUND, now + AROUND + 1):  # all of them, so that none can be told by its time
        if hmac.compare_digest(generator.generate_otp(step), given):
            found = step
    return found


def address(secret: str, name: str) -> str:
    """What the picture holds: `otpauth://totp/…`."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
