"""How long a session lasts, and what stands for it in the browser. Only hashes of tokens are kept."""

import hashlib
from datetime import datetime, timedelta

from bot.signing import Signer
from conversations.store.staff_sessions import IDLE, LONGEST, StaffSession

FRESH = timedelta(minutes=10)  #: since password or code was given, for administering
NOTED = timedelta(minutes=1)  #: between two notes that somebody is there
BROWSER = 120  #: characters kept of how a browser calls itself


def lasts(session: StaffSession, now: datetime) -> bool:
    """Whether neither time is up."""
    return now - session.seen < IDLE and now - session.created < LONGEST


def fresh(session: StaffSession, now: datetime) -> bool:
    """Whether whoever sits there has proven themselves a moment ago."""
    return now - session.confirmed < FRESH


def kept(token: str) -> str:
    """What is kept of a token that a browser or a link holds."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def form_token(signer: Signer, session: StaffSession) -> str:
    """What every form of this session carries, and no other site can know."""
    return signer.tag("desk-form", session.token, 43)


def own_form(signer: Signer, session: StaffSession, given: str) -> bool:
    return len(given) == 43 and signer.tagged("desk-form", session.token, given)
