"""What a decision tells of the accounts: six sub-scores, and how many followers count. Plain JSON."""

from typing import Any

from scoring.social import standing
from scoring.social.accounts import Accounts
from scoring.social.effective import effective_followers
from scoring.social.table import Side
from scoring.social.view import View


def summary(accounts: Accounts, trade: str | None) -> dict[str, Any]:
    """Of each account that could be read: `scores`, `effective_followers`; and the `norms` they stand on.

    One that was read only in part has the scores of what is known, and no effective followers.
    """
    norms, fingerprint = standing.bundled()
    found: dict[str, Any] = {"norms": fingerprint}
    sides: tuple[tuple[Side, View | None], ...] = (("brand", accounts.brand), ("personal", accounts.personal))
    for side, view in sides:
        if view is not None:
            effective = None if view.account.partial else effective_followers(view)
            found[side] = {
                "scores": standing.subscores(accounts.measured, side, trade, norms),
                "effective_followers": effective.json() if effective else None,
            }
    return found
