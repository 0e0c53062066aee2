"""What the desk's commands do, on the database of the settings or of a demonstration."""

import csv
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import app, audit
from bot.access import administering, staff
from bot.access.access import Access, Mistake
from bot.access.staff import Role
from bot.commanding import CannotStart, desk_settings, say, usable
from bot.desk import numbers, questions
from bot.signing import Signer
from conversations.deeds import OPERATOR
from conversations.store import Store, invitations
from conversations.store import staff as accounts
from conversations.store.staff import Account
from scoring.calendar import day

WHY = {
    "name": f"should have 1 to {staff.LONGEST} characters",
    "taken": "there is an account of this name already",
    "missing": "there is no account of this name: see `bangbang staff list`",
}


@dataclass(frozen=True)
class Office:
    """The ways into one desk, and where it is."""

    access: Access
    url: str


async def invite(name: str, role: str, data: Path | None) -> int:
    async with _office(data) as office:
        try:
            token = await administering.invite(office.access, name, Role(role), OPERATOR)
        except Mistake as mistake:
            raise CannotStart(f"NAME: {WHY[mistake.code]}") from None
        say(f"{office.url}/desk/invitation/{token}", "opens once, in the next 24 hours")
    return 0


async def everyone(data: Path | None) -> int:
    async with _office(data) as office:
        now = office.access.now()
        known = await office.access.store.read(accounts.everyone)
        links = await office.access.store.read(lambda c: invitations.standing(c, now))
        say(*(_line(account) for account in known))
        invited = [link for link in links if link.staff is None]
        say(*(f"{link.name or '(chosen by whoever comes)'}\t{link.role}\tinvited\t-" for link in invited))
    return 0


async def disable(name: str, data: Path | None) -> int:
    async with _office(data) as office:
        account = await _found(office, name)
        await administering.disable(office.access, account.id, OPERATOR)
        say(f"{account.name} is disabled, and signed out everywhere")
        if not await office.access.store.read(lambda c: accounts.count(c, Role.ADMINISTRATOR)):
            say("no administrator is left: `bangbang staff add NAME --role administrator` invites one")
    return 0


async def reset(name: str, data: Path | None) -> int:
    async with _office(data) as office:
        account = await _found(office, name)
        if account.disabled:
            await administering.enable(office.access, account.id, OPERATOR)
        token = await administering.reset(office.access, account.id, OPERATOR)
        say(f"{office.url}/desk/invitation/{token}", "opens once, in the next 24 hours")
    return 0


async def report(since: date | None, until: date | None, file: Path | None, data: Path | None) -> int:
    """The table of questions, of conversations begun in the period; `file` gets it as CSV."""
    async with _office(data) as office:
        now = office.access.now()
        given = {"from": since.isoformat() if since else "", "to": until.isoformat() if until else ""}
        period = numbers.chosen(given, day(now))
        asked = await numbers.asked_in(office.access.store, period, now)
    rows = [questions.NAMES, *(one.cells() for one in asked)]
    say(f"conversations begun from {period.first} to {period.last}", *_aligned(rows))
    if file is not None:
        _write(file, rows)
    return 0


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under each other: the first to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(map(str.rjust, row[1:], widths[1:]))]).rstrip() for row in rows
    ]


def _write(file: Path, rows: Sequence[Sequence[str]]) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(rows)
    except OSError as error:
        raise CannotStart(f"--csv: {file}: {error.strerror}") from None


async def verify(anchor: Path | None, data: Path | None) -> int:
    """1 when a row is not what it was, or the end is gone."""
    async with _office(data) as office:
        try:
            kept = audit.anchored(anchor) if anchor else {}
            found = await audit.verify(office.access.store, office.access.audit, kept)
            if anchor and found.broken is None and found.head.rows not in kept:
                audit.anchor(anchor, found.head, office.access.now())
        except audit.BadAnchor as error:
            raise CannotStart(str(error)) from None
        except OSError as error:
            raise CannotStart(f"{error.filename or anchor}: {error.strerror or error}") from None
        say(found.line)
    return 0 if found.broken is None else 1


@asynccontextmanager
async def _office(data: Path | None) -> AsyncIterator[Office]:
    """The desk of the settings, or of a demonstration: of the usual folder where nothing else is set."""
    given = desk_settings(data)
    await (usable(given, "--data") if data else usable(given))
    async with Store.open(given.database_url) as store:
        signer = Signer(given.secret_key.get_secret_value())
        access = app.access_to(store, signer, app.now)
        yield Office(access, given.public_url)
        access.passwords.close()


async def _found(office: Office, name: str) -> Account:
    login = staff.compared(name)
    account = await office.access.store.read(lambda c: accounts.by_login(c, login))
    if account is None:
        raise CannotStart(f"NAME: {WHY['missing']}")
    return account


def _line(account: Account) -> str:
    state = "disabled" if account.disabled else "second step" if account.totp else "no second step"
    return f"{account.name}\t{account.role}\t{state}\t{account.id}"
