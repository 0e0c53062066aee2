"""Every route of the desk and the right it needs: the one table that gate and tests work from.

A route under /desk that is not in here fails the start, and so does an entry without its route.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aiohttp import web

from bot.access.rights import Right

PREFIX = "/desk"


@dataclass(frozen=True)
class Rule:
    """Who may: everybody without a right (`right` is None), else whoever's role has it.

    `fresh` routes also need a password or code given a moment ago.
    """

    right: Right | None
    fresh: bool = False


OPEN = Rule(None)
SEE, TALK, ANSWER = Rule(Right.SEE), Rule(Right.TALK), Rule(Right.ANSWER)
PROPOSE, DECIDE = Rule(Right.PROPOSE), Rule(Right.DECIDE)
TALK_FRESH = Rule(Right.TALK, fresh=True)
REVEAL, AUDIT = Rule(Right.REVEAL), Rule(Right.AUDIT)
ADMINISTER, OWN_SECRETS = Rule(Right.ADMINISTER, fresh=True), Rule(Right.SEE, fresh=True)

RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/desk/sign-in"): OPEN,
    ("POST", "/desk/sign-in"): OPEN,
    ("GET", "/desk/invitation/{token}"): OPEN,
    ("POST", "/desk/invitation/{token}"): OPEN,
    ("GET", "/desk"): SEE,
    ("POST", "/desk/search"): SEE,
    ("GET", "/desk/live"): SEE,
    ("GET", "/desk/numbers"): SEE,
    ("GET", "/desk/replies"): SEE,
    ("POST", "/desk/replies"): TALK,
    ("POST", "/desk/replies/drop"): TALK,
    ("GET", "/desk/conversations/{id}"): SEE,
    ("GET", "/desk/conversations/{id}/evidence"): SEE,
    ("POST", "/desk/conversations/{id}/seen"): SEE,
    ("POST", "/desk/conversations/{id}/take"): TALK,
    ("POST", "/desk/conversations/{id}/say"): TALK,
    ("POST", "/desk/conversations/{id}/edit"): TALK,
    ("POST", "/desk/conversations/{id}/preview"): TALK,
    ("POST", "/desk/conversations/{id}/answer"): ANSWER,
    ("POST", "/desk/conversations/{id}/hand-back"): TALK,
    ("POST", "/desk/conversations/{id}/release"): TALK,
    ("POST", "/desk/conversations/{id}/transfer"): TALK,
    ("POST", "/desk/conversations/{id}/snooze"): TALK,
    ("POST", "/desk/conversations/{id}/note"): TALK,
    ("POST", "/desk/conversations/{id}/label"): TALK,
    ("POST", "/desk/conversations/{id}/condition"): ANSWER,
    ("POST", "/desk/conversations/{id}/clear"): ANSWER,
    ("POST", "/desk/conversations/{id}/waive"): DECIDE,
    ("POST", "/desk/conversations/{id}/decide"): DECIDE,
    ("POST", "/desk/conversations/{id}/propose"): PROPOSE,
    ("POST", "/desk/conversations/{id}/withdraw"): PROPOSE,
    ("POST", "/desk/conversations/{id}/confirm"): DECIDE,
    ("POST", "/desk/conversations/{id}/refuse"): DECIDE,
    ("POST", "/desk/sign-out"): SEE,
    ("GET", "/desk/confirm"): SEE,
    ("POST", "/desk/confirm"): SEE,
    ("GET", "/desk/account"): SEE,
    ("POST", "/desk/account/language"): SEE,
    ("POST", "/desk/account/password"): SEE,
    ("GET", "/desk/account/second-step"): OWN_SECRETS,
    ("POST", "/desk/account/second-step"): OWN_SECRETS,
    ("POST", "/desk/account/codes"): OWN_SECRETS,
    ("POST", "/desk/account/sessions"): SEE,
    ("POST", "/desk/account/telegram"): TALK_FRESH,
    ("POST", "/desk/account/telegram/unlink"): TALK,
    ("GET", "/desk/staff"): ADMINISTER,
    ("POST", "/desk/staff"): ADMINISTER,
    ("POST", "/desk/staff/{id}/role"): ADMINISTER,
    ("POST", "/desk/staff/{id}/disable"): ADMINISTER,
    ("POST", "/desk/staff/{id}/enable"): ADMINISTER,
    ("POST", "/desk/staff/{id}/reset"): ADMINISTER,
    ("GET", "/desk/activity"): AUDIT,
    ("POST", "/desk/activity/export"): AUDIT,
    ("POST", "/desk/conversations/{id}/reveal"): REVEAL,
}


class Undeclared(RuntimeError):
    """Routes and table differ; the desk does not start."""


def rule(method: str, path: str) -> Rule | None:
    """The rule of a route by its pattern; HEAD asks for what GET does."""
    return RULES.get(("GET" if method == "HEAD" else method, path))


def declared(routes: Iterable[web.AbstractRoute]) -> Iterator[tuple[str, str]]:
    """Method and pattern of every route of the desk that the application has."""
    for route in routes:
        path = route.resource.canonical if route.resource else ""
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            yield route.method, path


def check(routes: Iterable[web.AbstractRoute]) -> None:
    """
    Raises:
        Undeclared: naming what has no rule, or no route.
    """
    there = set(declared(routes))
    bare = {each for each in there if rule(*each) is None}
    if lacking := bare | (set(RULES) - there):
        told = ", ".join(" ".join(each) for each in sorted(lacking))
        raise Undeclared(f"routes of the desk and their rights differ: {told}")
