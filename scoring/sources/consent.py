"""The merchant's agreement to one account being read; without it nothing is asked of any network."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scoring.sources.handles import Handle


@dataclass(frozen=True)
class Consent:
    """Given for that very account; the shop's and the owner's own are two consents."""

    kind: Literal["brand", "personal"]
    account: Handle
    granted_at: datetime


class ConsentMissing(Exception):
    """Somebody asked for an account that nobody agreed to."""


def require(consent: Consent | None, account: Handle, now: datetime) -> None:
    """Raise unless this account was agreed to before now."""
    if consent is None or consent.account != account or consent.granted_at > now:
        raise ConsentMissing("no consent for this account")
