"""What nobody says to anybody: code, markup, formulas, escape sequences. Their figures count for nothing."""

import re

_PARTS = (
    r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]",  # a terminal's escape sequences
    r"</?[a-z!?]|&\#?[0-9a-z]+;|javascript:|\bon[a-z]+=",  # markup
    r"http/[0-9]|%[0-9a-f]{2}%[0-9a-f]{2}",  # headers, addresses
    r"^[\s\ufeff]*=|^\s*[+-][0-9+-]*cmd|@[a-z]+\([0-9]",  # formulas
    r"'\s*(?:or|and)\s|;\s*(?:select|drop|delete|insert|update)\b|[0-9]\s*=\s*[0-9]+\s*--|\$[a-z]",  # queries
    r"\b0[xb][0-9a-f]+\b|[0-9]_[0-9]|\b[0-9]+e\b|\be[0-9]+\b|[0-9]\.[0-9]{5}",  # as programs write them
    r"[+-]{2}[0-9]|-0(?![0-9]*[1-9])|[0-9]/0\b|[0-9](?:\.[0-9]+){3}",  # no figures at all
    r"[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u2189\u20e3\U0001d7ce-\U0001d7ff]",  # ², ½, Ⅻ
)
_UNSPOKEN = re.compile("|".join(_PARTS), re.IGNORECASE)


def is_unspoken(text: str) -> bool:
    """Whether there is something in the text that a person would not write to a person.

    >>> is_unspoken("=1+1"), is_unspoken("<b>3万</b>"), is_unspoken("3万，不是2万"), is_unspoken("6½")
    (True, True, False, True)
    """
    return _UNSPOKEN.search(text) is not None
