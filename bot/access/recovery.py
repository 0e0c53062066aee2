"""Recovery codes: ten for when the phone is lost, each good once, kept hashed with a key of ours."""

import re
import secrets

from bot.signing import Signer

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  #: none that is taken for another: 31 of them
GROUPS, EACH = 4, 4  #: sixteen letters are 79 bits
_FORM = re.compile(f"[{LETTERS}]{{{GROUPS * EACH}}}")


def new() -> list[str]:
    """Ten codes as people write them down: `k3pw-…`."""
    return [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(EACH)) for _ in range(GROUPS))
        for _ in range(CODES)
    ]


def plain(given: str) -> str | None:
    """The letters of a code however it was typed; None when it cannot be one.

    >>> plain(" ABCD-efgh-jkmn-2345 "), plain("123456")
    ('abcdefghjkmn2345', None)
    """
    letters = re.sub(r"[\s-]", "", given).lower()
    return letters if _FORM.fullmatch(letters) else None


def hashed(signer: Signer, staff: str, letters: str) -> str:
    """As it is kept: worthless without our key, and for anybody else's account."""
    return signer.tag("recovery", f"{staff}:{letters}", 43)
