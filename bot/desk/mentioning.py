"""Notes to colleagues: who is named in one by @ and their name, and the note on record."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from conversations.deeds import Deed
from conversations.store import staff as accounts
from conversations.store.audit import Audit
from conversations.store.desk import notes
from conversations.store.desk.notes import New


def mentioned(text: str, names: Mapping[str, str]) -> Iterator[str]:
    """The ids of those named; of two names that begin alike the longer one is meant.

    >>> list(mentioned("@Ann Lee please look", {"1": "Ann", "2": "Ann Lee"}))
    ['2']
    """
    folded = text.casefold()
    for id, name in sorted(names.items(), key=lambda one: (-len(one[1]), one[0])):
        call = f"@{name.casefold()}"
        if call in folded:
            folded = folded.replace(call, " ")
            yield id


def noted(connection: Connection, audit: Audit, new: New) -> int:
    """Keep a note for those it is to and those it names, but not for its writer; the note's number."""
    named = {*mentioned(new.text, accounts.names(connection)), *new.to} - {new.by}
    note = notes.add(connection, replace(new, to=named))
    audit.add(connection, new.by, Deed.NOTED, new.session_id, {"mentions": len(named)})
    return note
