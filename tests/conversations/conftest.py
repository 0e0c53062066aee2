"""Whoever does what conversations ask for."""

import pytest

from conversations import jobs
from conversations.attempts import Attempts
from tests.conversations.working import Hire


@pytest.fixture
def hired(url: str) -> Hire:
    """Whoever does the work on this database."""
    return lambda turns, handlers, **given: jobs.worker(Attempts(turns, handlers), url, **given)
