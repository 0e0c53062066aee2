"""A member of staff, and names: as they are shown and as they are compared."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 40  #: characters of a name
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class Role(StrEnum):
    AGENT = "agent"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Staff:
    """Who is asking: `id` goes on record, `name` is shown to colleagues and merchants."""

    id: str
    name: str
    role: Role


def shown(text: str) -> str:
    """A name as it is shown: without what cannot be seen, and single spaces.

    Raises:
        ValueError: nothing is left, or it is too long.
    """
    name = " ".join(_UNPRINTABLE.sub("", unicodedata.normalize("NFKC", text)).split())
    if not name or len(name) > LONGEST:
        raise ValueError(f"a name should have 1 to {LONGEST} characters")
    return name


def compared(text: str) -> str:
    """The name by which an account is found; nobody can join under another's.

    >>> compared(" Ａnn\u200b  Lee "), compared("ANN LEE")
    ('ann lee', 'ann lee')
    """
    return " ".join(_UNPRINTABLE.sub("", unicodedata.normalize("NFKC", text)).casefold().split())
