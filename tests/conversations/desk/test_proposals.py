"""Proposals as they are kept: settled once, never by whoever made them, and on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from conversations.requests import KeepProposal, SettleProposal
from conversations.store import Store
from conversations.store.desk import proposals
from tests.conversations.desk.rows import Row, put
from tests.conversations.toy import START

MEI, LIN = "staff-1", "staff-2"
NEW = KeepProposal("p", MEI, "d", {"limit": 100}, {"after": {}}, "why", START + timedelta(days=3))


async def settle(store: Store, by: str, how: str, session_id: str = "a") -> None:
    settled = SettleProposal("p", by, how, "seen")
    await store.write(lambda c: proposals.settle(c, session_id, settled, START))


@pytest.fixture
async def kept(store: Store) -> Store:
    await store.write(lambda c: put(c, Row("a"), Row("b")))
    await store.write(lambda c: proposals.add(c, "a", NEW, START))
    return store


async def test_a_proposal_is_kept_word_for_word(kept: Store) -> None:
    [found] = await kept.read(lambda c: proposals.of(c, "a"))

    assert (found.proposer, found.ruling, found.difference, found.comment) == (
        MEI, {"limit": 100}, {"after": {}}, "why",
    )  # fmt: skip
    assert (found.made, found.expires, found.state) == (START, START + timedelta(days=3), "open")


@pytest.mark.parametrize(("by", "how"), [(LIN, "confirmed"), (LIN, "refused"), (MEI, "withdrawn")])
async def test_a_proposal_is_settled_once(kept: Store, by: str, how: str) -> None:
    await settle(kept, by, how)
    with pytest.raises(LookupError):
        await settle(kept, "staff-3", "confirmed")

    [found] = await kept.read(lambda c: proposals.of(c, "a"))
    assert (found.state, found.settler, found.settled, found.answer) == (how, by, START, "seen")


async def test_whoever_made_it_does_not_confirm_it(kept: Store) -> None:
    with pytest.raises(IntegrityError):
        await settle(kept, MEI, "confirmed")


async def test_a_proposal_belongs_to_its_conversation(kept: Store) -> None:
    with pytest.raises(LookupError):
        await settle(kept, LIN, "confirmed", "b")
