"""The chat that the corpus is written for: 小夏 with her two offers, and what may be quoted in it."""

from conversations.guard.known import Known, Lender
from tests.scoring import builders

HANDLES = frozenset({"小夏雲味小館", "小夏在昆明"})


def known() -> Known:
    """What may be said to her: her offers' figures, the lender's general terms, her own accounts."""
    decided = builders.decided()
    return Known(Lender.of(builders.lender()), decided.offers, decided.limit, handles=HANDLES)
