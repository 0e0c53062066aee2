"""What a turn asked to be kept or erased, done in the turn's own transaction."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from conversations import requests
from conversations.crashpoints import crashpoint
from conversations.store import journal, work
from conversations.store.desk import proposals, search, topics
from conversations.store.statements import upsert
from conversations.tables import (
    ACCEPTANCES,
    ANSWERS,
    AUTHORISATIONS,
    CONSENTS,
    DECISIONS,
    JOBS,
    MESSAGES,
    OFFERS,
    OUTBOX,
    SNAPSHOTS,
    TIMERS,
)
from conversations.tables_desk import LABELS, MENTIONS, NOTES, OUTCOMES, PROPOSALS, RATINGS
from scoring import decision


@dataclass(frozen=True)
class Context:
    """The turn in which something is kept; `phrase` gives a text of this key in the session's language."""

    session_id: str
    language: str
    now: datetime
    phrase: Callable[[str], str]


_BY_POINTS = ("lowers", "raises")
_FROM_POSTS = "X12"  #: the check whose figure is read off the shop's account


def erase(connection: Connection, session_id: str) -> None:
    """Delete everything held about a merchant except what belongs to an accepted offer."""
    accepted = select(ACCEPTANCES.c.offer).where(ACCEPTANCES.c.session_id == session_id)
    lent = select(OFFERS.c.decision).where(OFFERS.c.id.in_(accepted))
    theirs = select(DECISIONS.c.id).where(DECISIONS.c.session_id == session_id)
    search.forget(connection, session_id)
    topics.erase(connection, session_id)
    for table in (
        OUTBOX, MESSAGES, ANSWERS, SNAPSHOTS, AUTHORISATIONS, JOBS, TIMERS, MENTIONS, NOTES, LABELS,
    ):  # fmt: skip
        connection.execute(delete(table).where(table.c.session_id == session_id))
    consents = delete(CONSENTS).where(CONSENTS.c.session_id == session_id)
    signed = (
        connection.execute(accepted).first() is not None
    )  # then that the terms were read is part of the loan
    connection.execute(consents.where(CONSENTS.c.scope != "acknowledgement") if signed else consents)
    connection.execute(delete(OFFERS).where(OFFERS.c.decision.in_(theirs), OFFERS.c.id.not_in(accepted)))
    proposed = delete(PROPOSALS).where(PROPOSALS.c.session_id == session_id)
    connection.execute(proposed.where(PROPOSALS.c.state != "confirmed") if signed else proposed)
    counted = delete(OUTCOMES).where(OUTCOMES.c.session_id == session_id)
    connection.execute(counted.where(OUTCOMES.c.decision.not_in(lent)))
    connection.execute(
        delete(DECISIONS).where(DECISIONS.c.session_id == session_id, DECISIONS.c.id.not_in(lent))
    )


@singledispatch
def keep(request: requests.Request, connection: Connection, context: Context) -> bool:
    """Do what a request asks; whether there is now work to be done outside."""
    raise TypeError(f"no way to keep {type(request).__name__}")


@keep.register
def _(request: requests.RecordConsent, connection: Connection, context: Context) -> bool:
    shown = journal.shown(connection, context.session_id, request.key)
    text, language = shown or (context.phrase(request.key), context.language)
    connection.execute(
        insert(CONSENTS),
        {
            "session_id": context.session_id,
            "scope": request.scope,
            "version": _next(connection, CONSENTS, "version", context, scope=request.scope),
            "key": request.key,
            "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "language": language,
            "account": request.account,
            "at": context.now,
        },
    )
    crashpoint("consent written")
    return False


@keep.register
def _(request: requests.WithdrawConsent, connection: Connection, context: Context) -> bool:
    standing = (
        CONSENTS.c.session_id == context.session_id,
        CONSENTS.c.scope == request.scope,
        CONSENTS.c.withdrawn_at.is_(None),
    )
    connection.execute(update(CONSENTS).where(*standing).values(withdrawn_at=context.now))
    for table in (SNAPSHOTS, AUTHORISATIONS):
        connection.execute(
            delete(table).where(table.c.session_id == context.session_id, table.c.account == request.scope)
        )
    _take_out(connection, context, request.scope)
    return False


def _take_out(connection: Connection, context: Context, account: str) -> None:
    """Remove what was read of an account from decisions already made: inputs, and figures made of them.

    The one change a decision's row ever sees: the outcome and its reasons stay, and the inputs say since when
    they can no longer be replayed. An accepted loan keeps its record.
    """
    accepted = select(OFFERS.c.decision).join(ACCEPTANCES, ACCEPTANCES.c.offer == OFFERS.c.id)
    theirs = select(DECISIONS.c.id, DECISIONS.c.inputs, DECISIONS.c.decision).where(
        DECISIONS.c.session_id == context.session_id, DECISIONS.c.id.not_in(accepted)
    )
    for row in connection.execute(theirs).all():
        if row.inputs.get(account):
            left = {**row.inputs, account: {"withdrawn": context.now.isoformat(timespec="seconds")}}
            shown = _without_figures(row.decision, f"{account}_")
            changed = update(DECISIONS).where(DECISIONS.c.id == row.id)
            connection.execute(changed.values(inputs=left, decision=shown))


def _without_figures(shown: dict[str, Any], prefix: str) -> dict[str, Any]:
    """A decision whose figures of one account are gone; codes, effects and points stay.

    A reason does not say which account its figure is from, so a reason by points keeps no figure at all.
    """
    kept = dict(shown.get("facts", {}))
    for part in ("features", "contributions"):
        if part in kept:
            kept[part] = {name: value for name, value in kept[part].items() if not name.startswith(prefix)}
    if "social" in kept:
        kept["social"] = {name: value for name, value in kept["social"].items() if f"{name}_" != prefix}
    checks = [{**c, "value": None} if c["id"] == _FROM_POSTS else c for c in shown.get("checks", [])]
    reasons = [{**r, "values": {}} if r["effect"] in _BY_POINTS else r for r in shown["reasons"]]
    return {**shown, "facts": kept, "reasons": reasons, "checks": checks}


@keep.register
def _(request: requests.CheckHandle, connection: Connection, context: Context) -> bool:
    payload = {"account": request.account, "handle": request.handle, "phrase": request.phrase}
    work.add(connection, context.session_id, "check_handle", payload, context.now)
    return True


@keep.register
def _(request: requests.Assess, connection: Connection, context: Context) -> bool:
    if not work.queued(
        connection, context.session_id, "assess"
    ):  # one that waits will read the newest answers
        work.add(connection, context.session_id, "assess", {}, context.now)
    return True


@keep.register
def _(request: requests.KeepToken, connection: Connection, context: Context) -> bool:
    key = (AUTHORISATIONS.c.session_id == context.session_id, AUTHORISATIONS.c.account == request.account)
    connection.execute(delete(AUTHORISATIONS).where(*key))
    connection.execute(
        insert(AUTHORISATIONS),
        {
            "session_id": context.session_id,
            "account": request.account,
            "uid": request.uid,
            "sealed_token": request.sealed_token,
        },
    )
    crashpoint("token written")
    return False


@keep.register
def _(request: requests.KeepDecision, connection: Connection, context: Context) -> bool:
    shown = decision.to_json(request.decision)
    row = connection.execute(
        insert(DECISIONS).returning(DECISIONS.c.id),
        {
            "session_id": context.session_id,
            "attempt": _next(connection, DECISIONS, "attempt", context),
            "decision_id": request.decision.decision_id,
            "inputs": dict(request.inputs),
            "decision": shown,
            "at": context.now,
        },
    ).scalar_one()
    offers = [
        {"decision": row, "product": o["product"], "offer": o, "expires": date.fromisoformat(o["expires"])}
        for o in shown["offers"]
    ]
    crashpoint("decision written")
    if offers:
        connection.execute(insert(OFFERS), offers)
    connection.execute(insert(OUTCOMES), {"decision": row, **_outcome(request, context)})
    return False


@keep.register
def _(request: requests.KeepProposal, connection: Connection, context: Context) -> bool:
    proposals.add(connection, context.session_id, request, context.now)
    return False


@keep.register
def _(request: requests.SettleProposal, connection: Connection, context: Context) -> bool:
    proposals.settle(connection, context.session_id, request, context.now)
    return False


def _outcome(request: requests.KeepDecision, context: Context) -> dict[str, Any]:
    made = request.decision
    return {
        "session_id": context.session_id,
        "at": context.now,
        "outcome": made.outcome.value,
        "grade": made.grade,
        "trade": request.inputs.get("application", {}).get("trade"),
        "amount": made.limit,
        "binding": made.binding,
        "reasons": [reason.code for reason in made.reasons if reason.effect != "raises"],
        "by": request.by,
    }


@keep.register
def _(request: requests.KeepAcceptance, connection: Connection, context: Context) -> bool:
    offer = _offer(connection, context.session_id, request)
    accepted = select(ACCEPTANCES.c.offer).where(ACCEPTANCES.c.offer == offer)
    if connection.execute(accepted).first() is None:
        row = {"offer": offer, "session_id": context.session_id, "at": context.now}
        connection.execute(insert(ACCEPTANCES), row)
    crashpoint("acceptance written")
    return False


@keep.register
def _(request: requests.KeepRating, connection: Connection, context: Context) -> bool:
    row = {"session_id": context.session_id, "score": request.score, "by": request.by, "at": context.now}
    connection.execute(upsert(RATINGS, connection.dialect.name), row)
    crashpoint("rating written")
    return False


@keep.register
def _(request: requests.Erase, connection: Connection, context: Context) -> bool:
    return False  # done before the turn's own rows were written


def _offer(connection: Connection, session_id: str, wanted: requests.KeepAcceptance) -> int:
    """The offer's row; the first one when the same decision was reached twice, so that it stays one."""
    row = connection.execute(
        select(OFFERS.c.id)
        .join(DECISIONS, DECISIONS.c.id == OFFERS.c.decision)
        .where(
            DECISIONS.c.session_id == session_id,
            DECISIONS.c.decision_id == wanted.decision_id,
            OFFERS.c.product == wanted.product,
        )
        .order_by(OFFERS.c.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise LookupError("an offer that was never made cannot be accepted")
    return int(row.id)


def _next(connection: Connection, table: Table, column: str, context: Context, **where: str) -> int:
    """One more than the highest number so far: rows may be missing in between, numbers never repeat."""
    highest = select(func.coalesce(func.max(table.c[column]), 0)).where(
        table.c.session_id == context.session_id
    )
    for name, value in where.items():
        highest = highest.where(table.c[name] == value)
    return int(connection.execute(highest).scalar_one()) + 1
