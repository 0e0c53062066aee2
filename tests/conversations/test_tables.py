"""Times and JSON come back from both databases as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from conversations.store import Store
from conversations.tables import INBOX, SESSIONS, JsonText, UtcDateTime

CHINA = timezone(timedelta(hours=8))


async def test_a_time_comes_back_aware_and_in_utc(store: Store) -> None:
    noon = datetime(2026, 11, 23, 20, 0, 0, 123456, CHINA)
    await store.write(lambda c: c.execute(insert(INBOX), {"channel": "web", "arrival": "1", "at": noon}))

    found = await store.read(lambda c: c.execute(select(INBOX.c.at)).scalar_one())

    assert (found, found.tzinfo) == (noon, UTC)


async def test_a_naive_time_never_gets_in(store: Store) -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001  # what is to be refused
    with pytest.raises((StatementError, ValueError), match="without a zone"):
        await store.write(lambda c: c.execute(insert(INBOX), {"channel": "web", "arrival": "1", "at": naive}))


async def test_an_empty_time_stays_empty(store: Store) -> None:
    dialect = await store.read(lambda c: c.dialect)

    assert UtcDateTime().process_bind_param(None, dialect) is None
    assert UtcDateTime().process_result_value(None, dialect) is None
    assert JsonText().process_result_value(None, dialect) is None


async def test_a_value_that_is_no_json_is_refused(store: Store) -> None:
    dialect = await store.read(lambda c: c.dialect)

    with pytest.raises(ValueError, match="not JSON compliant"):
        JsonText().process_bind_param(float("nan"), dialect)


async def test_the_schema_knows_no_conversation_yet(store: Store) -> None:
    assert await store.read(lambda c: c.execute(select(SESSIONS)).all()) == []
