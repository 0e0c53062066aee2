"""Why a source gave nothing: a fact that travels with the case, never a zero."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fact(StrEnum):
    """Everything that can be the matter with a source; the list is closed."""

    RATE_LIMITED = "rate_limited"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 -- a reason, no password
    AUTHORISATION_WITHDRAWN = "authorisation_withdrawn"
    NOT_FOUND = "not_found"
    NOT_PERMITTED = "not_permitted"
    SERVICE_UNAVAILABLE = "service_unavailable"
    NEEDS_VERIFICATION = "needs_verification"
    BAD_REQUEST = "bad_request"
    MISCONFIGURED = "misconfigured"
    TIMED_OUT = "timed_out"
    UNREADABLE = (
        "unreadable"  #: an answer we refuse to trust: no JSON, too large, a redirect, another account
    )


@dataclass(frozen=True)
class Unavailable:
    """That the source gave nothing, why and when."""

    fact: Fact
    at: datetime
    code: str | None = None  #: the source's own error code, when it gave one

    def to_json(self) -> dict[str, str]:
        """Stands where the snapshot would have stood."""
        return {"unavailable": self.fact.value, "at": self.at.isoformat(timespec="seconds")}


class SourceUnavailable(Exception):
    """Carries the fact up to whoever records it."""

    calls: int | None = None  #: how many calls were made for it, where that is known

    def __init__(self, unavailable: Unavailable) -> None:
        super().__init__(f"{unavailable.fact} ({unavailable.code or 'no code'})")
        self.unavailable = unavailable
